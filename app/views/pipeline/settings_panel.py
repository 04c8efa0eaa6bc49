"""Settings of one stage, and beneath them what they would redo."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.models.stage_settings import (
    DECIDE,
    PROFILE,
    backend_fields,
    backends_of,
    kind_for,
    policy_of,
    policy_values,
    stage_fields,
    with_profiles,
    with_settings,
)
from app.models.status_words import counted, stage_word
from app.presenters.pipeline_reading import Overview, Preview
from app.views.pipeline.profile_select import ProfileSelect
from app.views.pipeline.schema_form import SchemaForm
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import Chip, ChipKind
from app.widgets.choice import Select
from app.widgets.label import Label
from app.widgets.panel import Ground, Line, PanelHead
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.policy import Policy
from hopchain_core.errors import InputError
from hopchain_core.models import Profile, trouble
from hopchain_core.project import ROLES, RunOptions

_PAUSE_MS = 250
"""What settings would redo is found out when the typing pauses so long."""


class SettingsPanel(Ground):
    """A form for the backend and options of a stage, or for the policy."""

    preview_wanted = Signal(object)
    """`RunOptions` whose consequences are wanted."""
    models_wanted = Signal(str, str)
    """(name, kind): the models are to be shown, at this one, or at a new one of this kind."""
    kept = Signal(object)
    """`RunOptions` to put in force."""
    policy_kept = Signal(object)
    """A `Policy` to put in force."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.stage = ""
        self._options = RunOptions()
        self._policy = Policy()
        self._profiles: tuple[Profile, ...] = ()
        close = Button("", "cross", ButtonKind.QUIET, size_=ButtonSize.SMALL, name="Close settings")
        close.clicked.connect(self.closed)
        self.head = PanelHead("Settings", [close])
        self.backend = Select("Backend")
        self._backend_label = Label("Backend", "meta", "secondary")
        self._about = Label("", "caption", "tertiary", wraps=True)
        self._simulated = Chip("Simulated", ChipKind.WARN)
        self.backend_form = SchemaForm()
        self.stage_form = SchemaForm()
        self._problem = Label("", "meta", "bad", wraps=True)
        self.redo = RedoTable()
        self.keep_button = Button("Use these settings", "check", ButtonKind.PRIMARY)
        self.models = Button("Models…", "server")
        self.models.clicked.connect(lambda: self.models_wanted.emit(self._profile(), ""))
        self.backend_form.model_wanted.connect(lambda: self.models_wanted.emit("", kind_for(self.stage)))
        self.reset = Button("Defaults", "undo", name="Back to the defaults")
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.backend.activated.connect(lambda _: self._choose_backend())
        self.backend_form.changed.connect(self._changed)
        self.stage_form.changed.connect(self._changed)
        self.keep_button.clicked.connect(self._keep)
        self.reset.clicked.connect(self._to_defaults)

    def show_stage(self, stage: str, overview: Overview) -> None:
        """Shows the settings in force of a stage."""
        self.stage = stage
        self._options, self._policy = overview.options, overview.policy
        self._profiles = overview.profiles
        self.head.title.setText(f"{stage_word(stage)} settings")
        role = ROLES.get(stage)
        choices = backends_of(stage)
        self.backend.clear()
        for registration in choices:
            self.backend.addItem(registration.name, registration.name)
        for widget in (self.backend, self._backend_label, self._about):
            widget.setVisible(role is not None)
        if role is not None:
            chosen = overview.options.choice(role)
            self.backend.setCurrentIndex(self.backend.findData(chosen.name))
            self._show_backend(chosen.name, chosen.options)
        else:
            self._simulated.hide()
            self.models.hide()
            self.backend_form.show_fields((), {})
        values: dict[str, Any] = policy_values(self._policy) if stage == DECIDE else overview.options.model_dump()
        self.stage_form.show_fields(stage_fields(stage), values)
        self._say("")
        self.redo.show_nothing()
        self._show_change()
        self._order_keys()

    def chosen(self) -> RunOptions | None:
        """The options as the form has them; None while something is refused."""
        backend_values, stage_values = self.backend_form.values(), self.stage_form.values()
        if backend_values is None or stage_values is None:
            return None
        try:
            return with_settings(
                self._options, self.stage, str(self.backend.currentData() or ""), backend_values, stage_values
            )
        except InputError as error:
            self._say(error.line)
            return None

    def chosen_policy(self) -> Policy | None:
        """The policy as the form has it; None while something is refused."""
        values = self.stage_form.values()
        if values is None:
            return None
        try:
            return policy_of(values, self._policy)
        except InputError as error:
            self._say(error.line)
            return None

    def show_preview(self, preview: Preview) -> None:
        """Says what the settings would redo."""
        self._say(preview.problem)
        if preview.problem:
            self.redo.show_nothing()
        else:
            self.redo.show_preview(preview)

    def show_refusal(self, text: str) -> None:
        """Says why settings were not taken."""
        self._say(text)

    def _lay_out(self) -> None:
        inside = Ground(margins=(16, 12, 16, 16), spacing=8)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._backend_label)
        row.addStretch(1)
        row.addWidget(self._simulated)
        inside.box.addLayout(row)
        for widget in (self.backend, self._about, self.backend_form, self.models, self.stage_form, self._problem):
            inside.box.addWidget(widget)
        inside.box.addSpacing(8)
        inside.box.addWidget(self.redo)
        inside.box.addStretch(1)
        scroll = ScrollColumn(inside)
        foot = Ground("surface", is_row=True, margins=(16, 8, 16, 8), spacing=8)
        foot.box.addWidget(self.reset)
        foot.box.addStretch(1)
        foot.box.addWidget(self.keep_button)
        self.box.addWidget(self.head)
        self.box.addWidget(scroll, 1)
        self.box.addWidget(Line())
        self.box.addWidget(foot)

    def _show_backend(self, name: str, values: dict[str, Any]) -> None:
        registration = next((r for r in backends_of(self.stage) if r.name == name), None)
        fields, problem = backend_fields(registration) if registration is not None else ((), "")
        self._about.setText(registration.title if registration is not None else f"{name} is not installed.")
        self._simulated.setVisible(name == "simulated")
        self.backend_form.show_fields(with_profiles(fields, self.stage, self._profiles), values)
        self._say_trouble()
        self.models.setVisible(any(field.path == ("profile",) for field in fields))
        self._say(problem)

    def show_profiles(self, overview: Overview, choose: str = "") -> None:
        """Offers the models there are now, leaving what was entered; chooses one that was just added."""
        self._profiles = overview.profiles
        if not any(field.path == PROFILE for field in self.backend_form.fields):
            return
        before = self._profile()
        field = next(
            f for f in with_profiles(self.backend_form.fields, self.stage, self._profiles) if f.path == PROFILE
        )
        name = next((str(c) for c in field.choices if str(c).casefold() == choose.casefold()), before)
        select = self.backend_form.input("profile")
        assert isinstance(select, ProfileSelect)
        select.show_choices(field, name)
        if name != before:
            self._changed()
        self._say_trouble()

    def focus_model(self) -> None:
        """Puts the keyboard on the choice of a model."""
        if any(field.path == PROFILE for field in self.backend_form.fields):
            self.backend_form.input("profile").setFocus(Qt.FocusReason.OtherFocusReason)

    def _profile(self) -> str:
        if not any(field.path == PROFILE for field in self.backend_form.fields):
            return ""
        select = self.backend_form.input("profile")
        return str(select.currentData() or "") if isinstance(select, ProfileSelect) else ""

    def _order_keys(self) -> None:
        """Tab goes on from the last field to the buttons at the foot, though fields are made after them."""
        fields = [form.input(field.name) for form in (self.backend_form, self.stage_form) for field in form.fields]
        for before, after in pairwise((self.backend, *fields, self.reset, self.keep_button)):
            QWidget.setTabOrder(before, after)

    def _say_trouble(self) -> None:
        name, role = self._profile(), ROLES.get(self.stage)
        if name and role is not None:
            self.backend_form.show_refusal("profile", trouble(name, role, self._profiles))

    def _choose_backend(self) -> None:
        name = str(self.backend.currentData())
        kept = self._options.choice(ROLES[self.stage] or "")
        self._show_backend(name, kept.options if kept.name == name else {})
        self._order_keys()
        self._changed()

    def _changed(self) -> None:
        self._say("")
        self._say_trouble()
        self._show_change()
        self._pause.start()

    def _show_change(self) -> None:
        if self.stage == DECIDE:
            policy = self.chosen_policy()
            is_other = policy is not None and policy != self._policy
        else:
            options = self.chosen()
            is_other = options is not None and options != self._options
        self.keep_button.set_available(is_other, "nothing is changed")

    def _ask(self) -> None:
        options = self.chosen() if self.stage != DECIDE else None
        if options is None or options == self._options:
            self.redo.show_nothing()
        else:
            self.redo.show_asking()
            self.preview_wanted.emit(options)

    def _keep(self) -> None:
        self._pause.stop()
        if self.stage == DECIDE:
            policy = self.chosen_policy()
            if policy is not None:
                self.policy_kept.emit(policy)
            return
        options = self.chosen()
        if options is not None:
            self.kept.emit(options)

    def _to_defaults(self) -> None:
        role = ROLES.get(self.stage)
        if role is not None:
            name = RunOptions().choice(role).name
            self.backend.setCurrentIndex(self.backend.findData(name))
            self._show_backend(name, {})
        self.stage_form.show_fields(stage_fields(self.stage), {})
        self._order_keys()
        self._changed()

    def _say(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))


class RedoTable(QWidget):
    """What other settings would redo, stage by stage."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is changed."""
        self._begin()
        self._grid.addWidget(
            Label("Change a setting to see what it would redo.", "meta", "tertiary", wraps=True), 1, 0, 1, 3
        )

    def show_asking(self) -> None:
        """It is being found out."""
        self._begin()
        self._grid.addWidget(Label("Counting…", "meta", "tertiary"), 1, 0, 1, 3)

    def show_preview(self, preview: Preview) -> None:
        """Shows what would be done anew."""
        self._begin()
        right = Qt.AlignmentFlag.AlignRight
        for column, head in enumerate(("redone", "kept"), start=1):
            self._grid.addWidget(Label(head, "caption", "tertiary"), 0, column, right)
        redone, changes_before = 0, False
        for row, (now, then) in enumerate(zip(preview.now.stages, preview.then.stages, strict=True), start=1):
            again = max(0, then.owed - now.owed)
            redone += again
            # Where an earlier stage begins anew, how much follows is known only then.
            figure = f"{again:,}" if again else "follows" if changes_before else "—"
            tone = "text" if again else "secondary" if changes_before else "tertiary"
            self._grid.addWidget(Label(stage_word(then.stage)), row, 0)
            self._grid.addWidget(Label(figure, "body", tone), row, 1, right)
            self._grid.addWidget(Label(f"{then.done + then.revived:,}", "body", "secondary"), row, 2, right)
            changes_before = changes_before or (now.owed, now.revived) != (then.owed, then.revived)
        risk = max(0, preview.then.answers_at_risk - preview.now.answers_at_risk)
        row = len(preview.then.stages) + 1
        if risk:
            text = f"{counted(risk, 'answer')} of people may no longer count: they belong to chains made anew."
            self._grid.addWidget(Label(text, "meta", "warn", wraps=True), row, 0, 1, 3)
        elif not redone:
            self._grid.addWidget(Label("Nothing has to be done anew.", "meta", "ok", wraps=True), row, 0, 1, 3)
        else:
            text = "What was made before stays in the project; going back costs nothing."
            self._grid.addWidget(Label(text, "meta", "tertiary", wraps=True), row, 0, 1, 3)

    def text(self) -> str:
        """All that is shown, for screen readers and tests."""
        return "\n".join(label.text() for label in self.findChildren(Label) if not label.isHidden())

    def _begin(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self._grid.addWidget(Label("What this would redo", "caption-strong", "secondary"), 0, 0)
