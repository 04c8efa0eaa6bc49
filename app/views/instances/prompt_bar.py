"""Beneath the canvas: how the tool at hand is used, or a model that is prompted, what it found and what is kept of it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.actions import ActionTable
from app.presenters.instance_candidates import Candidates
from app.presenters.instance_prompts import MOST_SCORE, Asked, Phase, PromptMode, PromptState
from app.views.instances import actions as ids
from app.views.instances.hint_bar import HintBar
from app.views.instances.mode_control import ModeControl
from app.views.instances.prompt_field import PromptField
from app.views.instances.prompt_words import words_of
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import ElidedLabel, Label
from app.widgets.panel import Ground, IconLabel, Line
from app.widgets.segmented import Segment, Segmented
from app.widgets.slider import Slider
from hopchain_core.prompting import SCORE_FROM, Sam3Profile

HEIGHT_PX = 56
_FIELD_PX, _LEAST_FIELD_PX = 184, 120
_STATE_PX, _FAILED_PX = 132, 300
_TICK_MS = 500
_STEPS = 7
_MODELS = "app.models"
"""The frame's action."""


class PromptBar(Ground):
    """One row of one height, whatever it shows, so that the picture above it never moves.

    Args:
        actions: The table.
        hints: Shown while nobody prompts.
    """

    mode_chosen = Signal(object)
    """`PromptMode`."""
    submitted = Signal(str)
    """The field was taken."""
    given_up = Signal()
    score_chosen = Signal(float)
    profile_chosen = Signal(str)
    retried = Signal()
    left = Signal()
    """The keyboard belongs to the canvas again."""

    def __init__(self, actions: ActionTable, hints: HintBar, parent: QWidget | None = None) -> None:
        super().__init__("surface", is_row=True, margins=(12, 0, 12, 0), spacing=12, parent=parent)
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._actions = actions
        self._mode = PromptMode.WORD
        self._state, self._asked, self._candidates = PromptState(), Asked(), Candidates()
        self._profiles: tuple[Sam3Profile, ...] | None = None
        self.modes = ModeControl()
        self.stack = QStackedWidget()
        self.hints = hints
        self.page = self._made_page()
        self.none = self._made_none()
        for page in (hints, self.page, self.none):
            self.stack.addWidget(page)
        self.box.addWidget(self.modes)
        self.box.addWidget(self.stack, 1)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._show_words)
        self._connect()
        self._tell_keys()
        self._show()

    def _made_page(self) -> Ground:
        page = Ground("surface", is_row=True, spacing=12)
        self.field = PromptField()
        inside, outside = (
            Segment("inside", icon="plus", name="Meant"),
            Segment("outside", icon="minus", name="Not meant"),
        )
        self.signs = Segmented([inside, outside], "What is shown", is_small=True)
        self.text, self.detail = ElidedLabel("", "label"), ElidedLabel("", "meta", "tertiary")
        self._words = words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self.text)
        column.addWidget(self.detail)
        column.addStretch(1)
        self.profiles = Button("", "server", ButtonKind.QUIET, size_=ButtonSize.SMALL, has_menu=True, name="Model")
        self.retry = Button("Try again", "retry", size_=ButtonSize.SMALL)
        self.back = ActionButton(
            self._actions, ids.BRING_BACK, ButtonKind.QUIET, size_=ButtonSize.SMALL, shows_text=False
        )
        self._score_word = Label("Score from", "meta", "secondary")
        self.score = Slider()
        self.score.setRange(round(100 * SCORE_FROM), round(100 * MOST_SCORE))
        self.score.setPageStep(10)
        self.score.setFixedWidth(88)
        self.score.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.score.setAccessibleName("Least score of candidates")
        self._figure = Label("0.00", "meta")
        self._figure.setFixedWidth(self._figure.sizeHint().width() + 2)
        self.discard = Button("Discard", "cross", ButtonKind.QUIET, shows_keys=True)
        self.discard_small = Button("", "cross", ButtonKind.QUIET, name="Discard")
        self.keep = Button("Keep", "check", ButtonKind.PRIMARY, shows_keys=True)
        self._score = (Line(is_vertical=True, inset=16), self._score_word, self.score, self._figure)
        page.box.addWidget(self.field)
        page.box.addWidget(self.signs)
        page.box.addWidget(words, 1)
        for widget in (self.retry, self.back, self.profiles, *self._score, self.discard, self.discard_small, self.keep):
            page.box.addWidget(widget)
        return page

    def _made_none(self) -> Ground:
        page = Ground("surface", is_row=True, spacing=12)
        page.box.addWidget(IconLabel("server", 20, "text-tertiary"))
        self.none_text = ElidedLabel("SAM 3 is not set up yet.", "label")
        self.none_hint = ElidedLabel("Add a profile that says where it is.", "meta", "secondary")
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self.none_text)
        column.addWidget(self.none_hint)
        column.addStretch(1)
        page.box.addLayout(column, 1)
        self.close_none = Button("Not now", kind=ButtonKind.QUIET)
        page.box.addWidget(self.close_none)
        self.models = ActionButton(self._actions, _MODELS, ButtonKind.PRIMARY)
        page.box.addWidget(self.models)
        return page

    def _connect(self) -> None:
        self.modes.chosen.connect(lambda value: self.mode_chosen.emit(PromptMode(value)))
        self.field.submitted.connect(self.submitted)
        self.field.escaped.connect(self.left)
        self.score.valueChanged.connect(lambda value: self.score_chosen.emit(value / 100))
        self.profiles.clicked.connect(self._offer_profiles)
        self.retry.clicked.connect(self.retried)
        for button in (self.discard, self.discard_small, self.close_none):
            button.clicked.connect(self.given_up)
        self.keep.clicked.connect(lambda: self._actions.trigger(ids.KEEP_ALL))
        self._actions.changed.connect(self._tell_keys)

    # What is shown

    def show_open(self, is_open: bool) -> None:
        """Prompting begins, or is over."""
        self._is_open = is_open
        self._show()

    def show_mode(self, mode: PromptMode) -> None:
        """Shows by what one prompts."""
        self._mode = mode
        self.field.setPlaceholderText("Word" if mode is PromptMode.WORD else "Category")
        self.field.setAccessibleName("What to look for" if mode is PromptMode.WORD else "Category of what is found")
        self.signs.set_value("inside")
        self._show()

    def show_profiles(self, profiles: Sequence[Sam3Profile], chosen: str) -> None:
        """Shows which models there are."""
        self._profiles = tuple(profiles)
        self._model = chosen
        self.profiles.set_name(f"Model: {chosen}")
        self._show()

    def show_word(self, text: str, detail: str) -> None:
        """Says something until anything else happens. A toast would cover the bar."""
        self._said = (text, detail)
        self._show_words()

    def show_state(self, state: PromptState) -> None:
        """Shows how it stands."""
        self._state, self._said = state, None
        self._show()

    def show_asked(self, asked: Asked) -> None:
        """Shows what the model was asked."""
        self._asked, self._said = asked, None
        self._show()

    def show_candidates(self, candidates: Candidates) -> None:
        """Shows how many were found."""
        self._candidates, self._said = candidates, None
        self._show()

    def show_score_from(self, score: float) -> None:
        """Puts the slider where the least score is."""
        self.score.blockSignals(True)
        self.score.setValue(round(100 * score))
        self.score.blockSignals(False)
        self._figure.setText(f"{score:.2f}")

    def set_able(self, has_picture: bool) -> None:
        """Without a picture there is nothing to prompt on."""
        self.modes.setEnabled(has_picture)

    @property
    def is_outside(self) -> bool:
        """Whether boxes and points are of what is not meant."""
        return self.signs.value() == "outside"

    _is_open = False
    _model = ""
    _said: tuple[str, str] | None = None

    def _show(self) -> None:
        self.modes.show_mode(self._mode if self._is_open else None)
        has_none = self._profiles is not None and not self._profiles
        page: QWidget = self.hints if not self._is_open else self.none if has_none else self.page
        self.stack.setCurrentWidget(page)
        state, is_failed = self._state, self._state.phase is Phase.FAILED
        if state.is_busy and self._is_open and not self._tick.isActive():
            self._tick.start()
        elif not state.is_busy or not self._is_open:
            self._tick.stop()
        new = len(self._candidates.new)
        self.keep.set_text(f"Keep {new:,}" if new else "Keep")
        self.keep.set_available(bool(new) and not state.is_busy, "nothing was found yet")
        self.discard.set_text("Cancel" if state.is_busy else "Discard" if self._has_any else "Close")
        self.discard_small.set_name(self.discard.text())
        self.retry.setVisible(is_failed and self._asked.is_anything)
        self.back.setVisible(bool(self._candidates.rejected))
        self.text.set_tone("bad" if is_failed else "text")
        self._show_words()
        self._fit()

    @property
    def _has_any(self) -> bool:
        return self._asked.is_anything or bool(self._candidates.found) or self._state.phase is not Phase.READY

    def _show_words(self) -> None:
        text, detail = self._said or words_of(
            self._state, self._mode, self._asked, self._candidates, self._model or "SAM 3", time.monotonic()
        )
        self.text.setText(text)
        self.detail.setText(detail)
        self.text.setAccessibleDescription(detail)

    def _tell_keys(self) -> None:
        self._fit()
        self.discard.set_keys(self._actions.first_key(ids.ESCAPE) if self._actions.has(ids.ESCAPE) else "")

    def _offer_profiles(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for profile in self._profiles or ():
            action = menu.addAction(profile.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(profile.name == self._model)
            action.triggered.connect(lambda _, name=profile.name: self.profile_chosen.emit(name))
        menu.popup(self.profiles.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    # Where there is little room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, HEIGHT_PX)

    def _fit(self) -> None:
        for step in range(_STEPS):
            self._arrange(step)
            if self.page.box.minimumSize().width() + self._rest_px() <= self.width():
                return

    def _rest_px(self) -> int:
        margins = self.box.contentsMargins()
        return self.modes.sizeHint().width() + self.box.spacing() + margins.left() + margins.right()

    def _arrange(self, step: int) -> None:
        """Shows everything at step 0; at each further one something gives way."""
        is_failed = self._state.phase is Phase.FAILED
        has_score = self._mode is not PromptMode.POINTS and not is_failed and bool(self._candidates.found)
        for part in self._score:
            part.setVisible(has_score)
        self._score_word.setVisible(has_score and step < 1)
        self.signs.setVisible(self._mode is not PromptMode.WORD)
        self.discard.setVisible(step < 2)
        self.discard_small.setVisible(step >= 2)
        several = self._profiles is not None and len(self._profiles) > 1
        self.profiles.setVisible(several and step < 6)
        self.keep.set_keys(self._actions.first_key(ids.KEEP_ALL) if step < 5 else "")
        self.keep.setVisible(not is_failed)
        self._words.setMinimumWidth(_FAILED_PX if is_failed else _STATE_PX)
        self.field.setFixedWidth(_FIELD_PX if step < 2 else _LEAST_FIELD_PX)
        self.modes.set_words(step < 3)
        self._figure.setVisible(has_score and step < 4)
        self.page.box.invalidate()
