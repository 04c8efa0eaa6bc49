"""Brings a model that is prompted together with the canvas, the bar beneath it and the keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from app.actions import ActionTable, is_plain_key
from app.canvas import CanvasInstance
from app.canvas.tools import Pointer
from app.presenters.instance_candidates import Candidates
from app.presenters.instance_prompts import Phase, PromptMode, PromptsPresenter, PromptState
from app.presenters.instances import InstancesPresenter
from app.studio import Studio
from app.views.instances.candidate_pill import CandidatePill
from app.views.instances.prompt_bar import PromptBar
from app.views.instances.prompt_tools import PromptBoxTool, PromptPointsTool
from app.views.instances.stage import InstancesStage
from app.widgets.keycap import key_text
from hopchain_core.domain.keys import InstanceKey

_STEPS = {
    Qt.Key.Key_Tab: 1,
    Qt.Key.Key_Backtab: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
}
_UNDO = "edit.undo"
"""The frame's action."""
_DRAWING = frozenset({"box", "polygon", "brush", "erase"})


class PromptDesk(QObject):
    """What a person does to prompt, and what they see of it.

    Args:
        studio: What everything shares.
        instances: Whose picture it is.
        prompts: Asks the model.
        stage: Shows the picture.
        bar: Stands beneath it.
    """

    def __init__(
        self,
        studio: Studio,
        instances: InstancesPresenter,
        prompts: PromptsPresenter,
        stage: InstancesStage,
        bar: PromptBar,
    ) -> None:
        super().__init__(stage)
        self._studio = studio
        self._instances = instances
        self._prompts = prompts
        self._stage = stage
        self._canvas = stage.canvas
        self._bar = bar
        self._word = ""
        table: ActionTable = studio.actions
        self.pill = CandidatePill(table, stage)
        bar.show_score_from(prompts.score_from)
        prompts.opened.connect(self._show_open)
        prompts.mode_changed.connect(self._show_mode)
        prompts.state_changed.connect(self._show_state)
        prompts.asked_changed.connect(bar.show_asked)
        prompts.asked_changed.connect(lambda _: self._canvas.repaint_tool())
        prompts.candidates_changed.connect(self._show_candidates)
        prompts.kept.connect(self._tell_kept)
        prompts.name_wanted.connect(self._ask_name)
        prompts.engine.profiles_changed.connect(self._show_profiles)
        bar.mode_chosen.connect(self.open)
        bar.submitted.connect(self._submit)
        bar.given_up.connect(self.give_up)
        bar.left.connect(self._focus_canvas)
        bar.retried.connect(prompts.retry)
        bar.profile_chosen.connect(prompts.engine.choose)
        bar.score_chosen.connect(self._choose_score)
        instances.categories_changed.connect(self._offer)
        instances.picture_changed.connect(lambda _: self._offer())
        self._canvas.view_changed.connect(lambda _: self._place_pill())
        self._canvas.installEventFilter(self)

    # For the keys

    def open(self, mode: PromptMode) -> None:
        """Prompts in a mode."""
        self._prompts.open(mode)
        if mode is PromptMode.WORD:
            self._bar.field.take_keyboard()
        else:
            self._focus_canvas()

    def give_up(self) -> None:
        """One step back."""
        if self._prompts.candidates.focus is not None and not self._prompts.state.is_busy:
            self._prompts.look_at(None)
        else:
            self._prompts.give_up()
        self._focus_canvas()

    def keep(self, *, only_one: bool) -> None:
        """Keeps all that are shown, or the one looked at, under the category in the field."""
        if only_one:
            self._prompts.keep_one(self._bar.field.text())
        else:
            self._prompts.keep_all(self._bar.field.text())

    def select(self, keys: tuple[InstanceKey, ...]) -> None:
        """A person clicked on these, which may be candidates."""
        self._prompts.look_at(keys[0] if len(keys) == 1 else None)

    def place_outside(self, where: QPoint) -> bool:
        """The right button at a place of the screen: beside what is meant. False where nobody places points."""
        tool = self._canvas.tool
        if not isinstance(tool, PromptPointsTool):
            return False
        place = self._canvas.mapFromGlobal(where).toPointF()
        tool.place(Pointer(self._canvas.view.to_picture(place), place), is_inside=False)
        return True

    def take_tool(self, tool: str) -> None:
        """Another tool is taken: who draws no longer prompts."""
        if tool in _DRAWING:
            self._prompts.close()

    # What is shown

    def _show_open(self, is_open: bool) -> None:
        self._bar.show_open(is_open)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        if is_open:
            self._offer()
            application.focusWindowChanged.connect(self._look_again)
        else:
            application.focusWindowChanged.disconnect(self._look_again)
            if self._stage.tool_name.startswith("prompt"):
                self._stage.take_tool("select")
        self._studio.actions.refresh()

    def _look_again(self, window: object) -> None:
        # A profile may have been added in the dialog that is closed now.
        if window is not None and not self._prompts.engine.profiles:
            self._prompts.engine.read_profiles()

    def _show_mode(self, mode: PromptMode) -> None:
        self._bar.show_mode(mode)
        if mode is PromptMode.WORD:
            if self._stage.tool_name not in ("select", "hand"):
                self._stage.take_tool("select")
        else:
            kind = PromptBoxTool if mode is PromptMode.BOX else PromptPointsTool
            self._stage.take_made_tool(kind(self._canvas, self._prompts, lambda: self._bar.is_outside))
        self._studio.actions.refresh()

    def _show_profiles(self, profiles: tuple[object, ...]) -> None:
        chosen = self._prompts.engine.profile
        self._bar.show_profiles(self._prompts.engine.profiles or (), chosen.name if chosen is not None else "")

    def _show_state(self, state: PromptState) -> None:
        self._bar.show_state(state)
        is_word = self._prompts.mode is PromptMode.WORD
        if state.phase is Phase.FOUND and is_word and not self._prompts.candidates.found and self._canvas.hasFocus():
            # Another word is tried next.
            self._bar.field.take_keyboard()
        self._studio.actions.refresh()

    def _show_candidates(self, candidates: Candidates) -> None:
        shown = {one.key for one in candidates.shown}
        name = self._bar.field.text().strip() or self._prompts.asked.word or "new"
        made = tuple(
            CanvasInstance(
                key=one.key,
                name=f"is {one.twin}" if one.twin else name,
                category=name,
                box=one.box,
                mask=one.mask,
                score=one.score,
                is_hidden=one.key not in shown,
                is_candidate=True,
            )
            for one in candidates.found
        )
        self._bar.show_candidates(candidates)
        if candidates.focus is not None and self._instances.selected:
            self._instances.select(())
        self._stage.show_candidates(made)
        self.show_focus()
        self._studio.actions.refresh()

    def show_focus(self) -> None:
        """Marks the candidate that is looked at; what is selected of the project where there is none."""
        candidates = self._prompts.candidates
        focus = candidates.focus
        self._canvas.set_selection(self._instances.selected if focus is None else (focus,))
        current = candidates.current
        if focus is not None and current is not None:
            seen = self._canvas.view.visible.box()
            if not seen.intersection_area(current.box):
                self._canvas.navigator.centre_on(current.box.centre.x, current.box.centre.y)
        self._place_pill()

    def _place_pill(self) -> None:
        candidates = self._prompts.candidates
        current = candidates.current if candidates.focus is not None else None
        if current is None:
            self.pill.hide()
            return
        rect = self._canvas.view.box_to_view(current.box)
        inside = rect.intersected(QRectF(self._canvas.rect()))
        self.pill.show_beneath(inside if not inside.isEmpty() else QRectF(self._canvas.rect()))

    def _offer(self) -> None:
        picture = self._instances.picture
        here = [row.category for row in picture.rows] if picture is not None else []
        self._bar.field.set_categories(list(dict.fromkeys((*here, *self._instances.categories))))

    def _tell_kept(self, count: int, category: str) -> None:
        # The keyboard may be in the field: a plain letter would be typed there.
        keys = [key for key in self._studio.actions.keys(_UNDO) if not is_plain_key(key)]
        undo = key_text(keys[0]) if keys else "Undo"
        self._bar.show_word(f"{count:,} kept as {category}", f"{undo} takes {'it' if count == 1 else 'them'} back")
        if self._prompts.mode is PromptMode.WORD and not self._prompts.candidates.found:
            self._bar.field.take_keyboard()
        else:
            self._focus_canvas()

    def _ask_name(self) -> None:
        self._bar.field.take_keyboard()
        self._bar.show_word("Say what it is", "Type its category, then Enter")

    # From the person

    def _submit(self, text: str) -> None:
        if self._prompts.mode is PromptMode.WORD:
            is_same = self._prompts.candidates.found and " ".join(text.split()) == self._prompts.asked.word
            if text.strip() and not is_same:
                self._prompts.ask_word(text)
            self._focus_canvas()
        elif self._prompts.candidates.new:
            self._prompts.keep_all(text)
        else:
            self._focus_canvas()

    def _choose_score(self, score: float) -> None:
        self._prompts.set_score_from(score)
        self._bar.show_score_from(score)

    def _focus_canvas(self) -> None:
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Tab and arrows go from candidate to candidate while there are some."""
        if event.type() is QEvent.Type.Resize:
            self._place_pill()
        if not isinstance(event, QKeyEvent) or not self._prompts.candidates.shown:
            return False
        step = _STEPS.get(Qt.Key(event.key()))
        plain = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if step is None or plain:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() is QEvent.Type.KeyPress:
            self._prompts.move(step)
            return True
        return False
