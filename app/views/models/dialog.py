"""Model profiles: a list at the left, the chosen one as a form at the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.profile_list import KINDS, ProfileListModel, abilities_text
from app.presenters.models import ModelFacts, ModelsPresenter
from app.views.models.delegate import ProfileDelegate
from app.views.models.editor import ProfileEditor
from app.views.models.engines import EnginesPage
from app.views.models.server_box import ServerBox
from app.widgets.button import Button, ButtonKind
from app.widgets.dialog import Dialog
from app.widgets.label import Label, QuestionLabel
from app.widgets.segmented import Segment, Segmented
from hopchain_core.models import Checked, EndpointProfile, Profile, VllmProfile, fit, set_ups

_SETTINGS, _SERVER = "settings", "server"
_LOOK_EVERY_MS = 700


class ModelsDialog(Dialog):
    """What is kept holds at once; "Keep" keeps what was entered.

    Args:
        presenter: Keeps and checks.
        parent: The window.
    """

    def __init__(self, presenter: ModelsPresenter, parent: QWidget | None = None) -> None:
        super().__init__("Models", width_px=880, parent=parent)
        self.setMinimumHeight(640)
        self._presenter = presenter
        self._kind = ""
        self._before: Profile | None = None
        self.model = ProfileListModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(ProfileDelegate(self.list))
        self.list.setAccessibleName("Models")
        self.list.setFixedWidth(280)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._choose)
        self.new = Button("Add", "plus", has_menu=True)
        self.new.clicked.connect(self._open_menu)
        self.copy = Button("Duplicate", "copy")
        self.copy.clicked.connect(lambda: self._with_chosen(presenter.duplicate))
        self.gone = Button("Remove", "trash")
        self.gone.clicked.connect(lambda: self._with_chosen(presenter.remove))
        self.check = Button("Check", "server")
        self.check.clicked.connect(self._check)
        self.keep = Button("Keep", kind=ButtonKind.PRIMARY)
        self.keep.clicked.connect(self._keep)
        self.editor = ProfileEditor()
        self.editor.edited.connect(self._edited)
        self._wanted = ""
        self._keeping = ""
        self.heading = Label("", "label", wraps=True)
        self.can = QuestionLabel("", "meta", tone="text-secondary")
        self.said = QuestionLabel("", "meta", tone="warn")
        self.fits = Label("", "meta", "secondary", wraps=True)
        self.tabs = Segmented([Segment(_SETTINGS, "Settings"), Segment(_SERVER, "Server")], "Shown", is_small=True)
        self.server = ServerBox()
        self.engines_page = EnginesPage()
        self.engines = Button("Engines", "server")
        self.engines.setCheckable(True)
        self.discard = Button("Discard edits", "undo", ButtonKind.QUIET)
        self._pristine: dict[str, Any] = {}
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK_EVERY_MS)
        self._looking.setSingleShot(True)
        self._looking.timeout.connect(self._look)
        self._lay_out()
        self.tabs.chosen.connect(self._choose_tab)
        self.engines.clicked.connect(self.show_engines)
        self.discard.clicked.connect(self._discard)
        self.server.start_wanted.connect(lambda: self._with_chosen(presenter.start_server))
        self.server.stop_wanted.connect(lambda: self._with_chosen(presenter.stop_server))
        self.engines_page.set_up_wanted.connect(presenter.set_up)
        self.engines_page.cancel_wanted.connect(presenter.cancel_set_up)
        presenter.fields_refused.connect(self._show_refusals)
        presenter.facts_changed.connect(self._show_facts)
        presenter.setting_up.connect(self._show_set_up)
        self._bring_back: Callable[[], object] | None = None
        # The window's own offer lies behind this dialog.
        self.back = self.add_button("Undo", icon="undo", closes=False, is_left=True)
        self.back.hide()
        self.back.clicked.connect(self._undo)
        presenter.removed.connect(self._offer_back)
        self.add_button("Done")
        presenter.profiles_changed.connect(self._show_profiles)
        presenter.checked.connect(self._show_checked)
        presenter.checking.connect(self._show_checking)
        presenter.refused.connect(self._say_refused)
        presenter.saved.connect(self._saved)
        self.finished.connect(lambda _: presenter.cancel_check())
        self._begin(None, "")
        if presenter.is_setting_up:
            self._show_set_up(presenter.is_setting_up, "goes on")
        presenter.refresh()
        presenter.look()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.check, self.copy, self.gone):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.discard)
        buttons.addWidget(self.keep)
        beneath = QHBoxLayout()
        beneath.setSpacing(8)
        beneath.addWidget(self.new)
        beneath.addStretch(1)
        beneath.addWidget(self.engines)
        left.addWidget(self.list, 1)
        left.addLayout(beneath)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.tabs)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.editor)
        self._middle.addWidget(self.server)
        page = QWidget()
        right = QVBoxLayout(page)
        right.setContentsMargins(0, 0, 0, 0)
        right.addLayout(head)
        right.addWidget(self.can)
        right.addWidget(self.fits)
        right.addWidget(self._middle, 1)
        right.addWidget(self.said)
        right.addLayout(buttons)
        self._right = QStackedWidget()
        self._right.addWidget(page)
        self._right.addWidget(self.engines_page)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left)
        row.addWidget(self._right, 1)
        self.box.addLayout(row, 1)

    def begin_at(self, name: str = "", kind: str = "") -> None:
        """Shows a profile once the profiles are there, or begins a new one of a kind."""
        if kind:
            self.add(kind)
        else:
            self._wanted = name

    def show_engines(self, is_on: bool) -> None:
        """Shows the engines in place of the profile."""
        self.engines.setChecked(is_on)
        self._right.setCurrentIndex(1 if is_on else 0)
        self._presenter.look(self._server_name())

    def press_main(self) -> None:
        # Enter keeps what was entered, and never closes the dialog over it.
        if self.keep.isEnabled():
            self.keep.click()

    def add(self, kind: str) -> None:
        """Begins a new profile of a kind; it is there once it is kept."""
        self.list.clearSelection()
        self.list.setCurrentIndex(QModelIndex())
        self._begin(None, kind)
        self.editor.form.input("name").setFocus(Qt.FocusReason.OtherFocusReason)

    def menu(self) -> QMenu:
        """What can be added."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind, text in KINDS.items():
            menu.addAction(text, partial(self.add, kind))
        menu.addSeparator()
        for preset in set_ups():
            action = menu.addAction(f"{preset.title} – needs {preset.needs}")
            action.triggered.connect(partial(self._presenter.add_set_up, preset.name))
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.new.mapToGlobal(self.new.rect().bottomLeft()))

    def _show_profiles(self, profiles: tuple[Profile, ...], name: str) -> None:
        wanted = name or self._wanted or (self._before.name if self._before is not None else "")
        self._wanted = ""
        is_at_engines = self.engines.isChecked() and not name
        self.model.show_profiles(profiles)
        row = self.model.row_of(wanted)
        if row < 0 and profiles and not (self._kind and self._before is None):
            row = 0
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row, 0))
        elif not self._kind or self._before is not None:
            self._begin(None, "")
        if is_at_engines:
            # Somebody went there while the profiles were read.
            self.show_engines(True)

    def _choose(self, index: QModelIndex) -> None:
        profile = self.model.profile(index.row()) if index.isValid() else None
        if profile is not None:
            self._begin(profile, profile.kind)

    def _begin(self, profile: Profile | None, kind: str) -> None:
        self._presenter.cancel_check()
        self._right.setCurrentIndex(0)
        self.engines.setChecked(False)
        self._before, self._kind = profile, kind
        self._say("")
        self.editor.show_profile(profile, kind)
        self._pristine = self.editor.entered
        draft = self._presenter.drafts.get(self._draft_name())
        if draft is not None:
            self.editor.put_back(draft)
        title = "No models yet. Add a server, or a set-up to begin with." if not kind else KINDS[kind]
        self.heading.setText(title)
        self.can.setText(abilities_text(profile) if profile is not None else "")
        self.can.setVisible(bool(self.can.text()))
        is_kept = profile is not None
        for button in (self.copy, self.gone):
            button.setEnabled(is_kept)
        self.check.setEnabled(isinstance(profile, EndpointProfile))
        self.keep.setEnabled(bool(kind))
        has_server = isinstance(profile, VllmProfile)
        self.tabs.setVisible(has_server)
        if not has_server:
            self.tabs.set_value(_SETTINGS)
        self._middle.setCurrentIndex(1 if has_server and self.tabs.value() == _SERVER else 0)
        self._show_edited()
        self._show_fit()
        self._presenter.look(self._server_name())

    def _keep(self) -> None:
        read = self.editor.read()
        if read is None:
            return
        data, secret = read
        before = self._before
        if isinstance(before, EndpointProfile) and before.can is not None:
            is_same = (before.url, before.model) == (str(data["url"]).rstrip("/"), data["model"])
            # What was found holds for this server and this model only.
            data |= {"can": before.can.model_dump()} if is_same else {}
        self._say("")
        self._keeping = self._draft_name()
        self._presenter.save(data, before.name if before is not None else "", secret)

    # What was entered and not kept

    def _draft_name(self) -> str:
        return self._before.name if self._before is not None else f"\0{self._kind}"

    def _edited(self) -> None:
        entered = self.editor.entered
        if entered == self._pristine:
            self._presenter.drafts.pop(self._draft_name(), None)
        else:
            self._presenter.drafts[self._draft_name()] = entered
        self._show_edited()

    def _show_edited(self) -> None:
        drafts = self._presenter.drafts
        self.model.show_edited(frozenset(drafts))
        self.discard.setVisible(self._draft_name() in drafts and bool(self._kind))

    def _discard(self) -> None:
        self._presenter.drafts.pop(self._draft_name(), None)
        self._begin(self._before, self._kind)

    def _saved(self, name: str) -> None:
        self.editor.secret.clear()
        self._presenter.drafts.pop(self._keeping, None)
        self._keeping = ""

    def _show_refusals(self, by_field: dict[str, str]) -> None:
        self._say("\n".join(self.editor.show_refusals(by_field)))

    # What there is to run models on

    def _server_name(self) -> str:
        return self._before.name if isinstance(self._before, VllmProfile) else ""

    def _choose_tab(self, value: str) -> None:
        self._middle.setCurrentIndex(1 if value == _SERVER else 0)
        self._look()

    def _look(self) -> None:
        if self.isVisible():
            self._presenter.look(self._server_name())

    def _show_facts(self, facts: ModelFacts) -> None:
        self.engines_page.show_facts(facts)
        if facts.name == self._server_name():
            self.server.show_facts(facts)
        self._show_fit()
        # Only what is on the screen is looked at again and again.
        if self.isVisible() and self._middle.currentWidget() is self.server and self._right.currentIndex() == 0:
            self._looking.start()

    def _show_fit(self) -> None:
        text = fit(self._before, self._presenter.facts.cards) if self._before is not None else ""
        self.fits.setText(text)
        self.fits.set_tone("warn" if "does not fit" in text or "wants card" in text else "secondary")
        self.fits.setVisible(bool(text))

    def _show_set_up(self, engine: str, line: str) -> None:
        self.engines_page.show_progress(engine, line, self._presenter.facts)

    def _with_chosen(self, do: Any) -> None:
        if self._before is not None:
            do(self._before.name)

    def _offer_back(self, name: str, bring_back: Callable[[], object]) -> None:
        self._bring_back = bring_back
        self.back.set_text(f"Bring back {name}")
        self.back.show()

    def _undo(self) -> None:
        self.back.hide()
        if self._bring_back is not None:
            self._bring_back()

    def _check(self) -> None:
        if self.check.text() == "Cancel":
            self._presenter.cancel_check()
        else:
            self._with_chosen(self._presenter.check)

    def _show_checking(self, name: str) -> None:
        self.check.set_text("Cancel" if name else "Check")
        if name:
            self._say(f"Asking {name}…")
        elif self.said.text().startswith("Asking "):
            self._say("")

    def _show_checked(self, name: str, found: Checked) -> None:
        words = [f"{ability.replace('_', ' ')}: {text}" for ability, text in found.problems.items()]
        self._say("\n".join([f"{name} answered in {found.seconds:.1f} s.", *words]))

    def _say_refused(self, text: str) -> None:
        self.server.give_up_waiting()
        if self._right.currentWidget() is self.engines_page:
            self.engines_page.say(text)
        else:
            self._say(text)

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
