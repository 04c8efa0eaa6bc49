"""The column in which a chain is edited: question, hops, answer, and what saving does."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.actions import ActionSpec
from app.canvas import PictureCanvas
from app.models.chain_words import chain_name
from app.models.draft_picks import Pick, PickField
from app.presenters.chain_edit import ChainEdit
from app.studio import Studio
from app.views.chains.edit.finding_list import FindingList
from app.views.chains.edit.hop_actions import GO_ACTIONS, HOP_ACTIONS, go_actions, hop_actions
from app.views.chains.edit.hop_editor import HopEditor
from app.views.chains.edit.hop_fields import HopFields
from app.views.chains.edit.instance_picker import InstancePicker
from app.views.chains.edit.notices import ResumedStrip, StaleStrip
from app.views.chains.edit.question_editor import QuestionEditor
from app.views.chains.edit.save_bar import AnswerEditor, SaveBar
from app.views.chains.edit.sight import EditSight, Wanted
from app.widgets.panel import Ground, Line, PanelHead
from app.widgets.scroll import ScrollColumn
from app.widgets.shortcuts import is_text_field
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.keys import InstanceKey

SPACE = "chains"
SAVE, CLOSE = "chains.save_edit", "chains.close_edit"
WIDTH_PX = 440


class EditPanel(Ground):
    """Edits the chain that `edit` began with; shows nothing of its own before.

    Args:
        studio: What everything shares.
        edit: What is edited.
    """

    hop_opened = Signal(int)
    """A person opened another hop here."""
    instance_hovered = Signal(object)
    """`InstanceKey` or None: the chip under the cursor."""

    def __init__(self, studio: Studio, edit: ChainEdit, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._studio = studio
        self.edit = edit
        self._canvas: PictureCanvas | None = None
        self._hop: int | None = None
        self._ids: tuple[int, ...] = ()
        self._back_to: QWidget | None = None
        self.head = PanelHead("Edit")
        self.resumed = ResumedStrip(edit)
        self.stale = StaleStrip(edit)
        self.question = QuestionEditor(edit, self.colour)
        self.hops: dict[int, HopEditor] = {}
        self.whole = FindingList(foot_px=16)
        self.answer = AnswerEditor(edit)
        self.save_bar = SaveBar(edit)
        self.picker = InstancePicker(edit, self.colour)
        self._hop_column = QVBoxLayout()
        self._hop_column.setSpacing(0)
        self._inside = QWidget()
        self.stack = QStackedWidget()
        self._lay_out()
        self._sight = EditSight(self.area, self._wanted, self)
        edit.began.connect(self._begin)
        edit.changed.connect(self._refresh)
        edit.checked.connect(self._sight.follow_growth)
        edit.replaced.connect(self._show_texts)
        edit.hop_placed.connect(self._open_asked)
        edit.ended.connect(self._end)
        self.question.pick_asked.connect(lambda: self._pick(Pick(PickField.CHOSEN)))
        self.question.instance_hovered.connect(self._hover)
        self.picker.done_asked.connect(edit.end_pick)
        self.picker.cancel_asked.connect(lambda: edit.end_pick(is_kept=False))
        self.save_bar.save_asked.connect(self.press_save)
        self.save_bar.cancel_asked.connect(self.press_escape)
        self.save_bar.keep_asked.connect(edit.put_aside)
        self.save_bar.discard_asked.connect(edit.discard)
        if edit.is_editing:
            self._begin()
            self._refresh()

    # For the space

    def attach_canvas(self, canvas: PictureCanvas) -> None:
        """Takes the picture on which instances are picked, and their colours."""
        self._canvas = canvas
        self.picker.attach(canvas)
        canvas.installEventFilter(self)
        canvas.colours_changed.connect(self._refresh)

    def start(self, hop: int | None = None) -> None:
        """Gives the keyboard to the sub-question of a hop, or to the question where there is none."""
        if not self.edit.is_editing:
            return
        number = self.edit.state.number_of(hop) if hop is not None else None
        if number in self.hops:
            self.open_hop(number)
            fields = self.hops[number].fields
            if fields is not None:
                fields.focus_field()
        else:
            self.question.focus_field()

    def open_hop(self, hop: int | None) -> None:
        """Opens a hop, and closes the one that is open."""
        if hop is not None and hop not in self.hops:
            return
        focused = QApplication.focusWidget()
        old = self.hops.get(self._hop or 0)
        was_inside = old is not None and focused is not None and old.isAncestorOf(focused)
        self._hop = hop
        if hop is not None and not self.hops[hop].is_open:
            self.hops[hop].set_open(True)
        if was_inside and hop is not None:
            # What is hidden would hand the keyboard to whatever comes next in the window.
            self._focus_hop(hop)
        for index, editor in self.hops.items():
            if index != hop and editor.is_open:
                editor.set_open(False)
        self._sight.reveal_soon()

    def go_to_hop(self, hop: int) -> None:
        """Opens a hop and gives it the keyboard, as a click on its head does."""
        if hop in self.hops:
            self._open_asked(hop)

    @property
    def hop(self) -> int | None:
        """The hop that is open."""
        return self._hop

    def colour(self, key: InstanceKey) -> QColor | None:
        """Of an instance on the picture; None while there is no picture."""
        return self._canvas.colour(key) if self._canvas is not None else None

    def press_save(self) -> None:
        """Ctrl+Enter: done with picking, else saves."""
        if self.edit.picking is not None:
            self.edit.end_pick()
        elif self.edit.is_editing and self.edit.save():
            self.save_bar.set_asking(False)

    def press_escape(self) -> None:
        """Escape: picks are as before; nothing is asked where nothing was changed; else offers to keep editing."""
        if self.edit.picking is not None:
            self.edit.end_pick(is_kept=False)
        elif self.edit.is_editing and self.edit.removing is not None:
            self.edit.keep_hop()
            if self._hop is not None:
                self._focus_hop(self._hop)
        elif self.save_bar.is_asking:
            self._stop_asking()
        elif not self.edit.is_changed:
            self.edit.discard()
        else:
            self._back_to = QApplication.focusWidget()
            self.save_bar.set_asking(True)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH_PX, 800)

    # Inside

    def _lay_out(self) -> None:
        inside = self._inside
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.question)
        # Above the hops, for they are about the question and its instances.
        whole = QVBoxLayout()
        whole.setContentsMargins(16, 0, 16, 0)
        whole.addWidget(self.whole)
        column.addLayout(whole)
        column.addWidget(Line())
        column.addLayout(self._hop_column)
        column.addStretch(1)
        self.area = ScrollColumn(inside, is_clear=True)
        fields = QWidget()
        outer = QVBoxLayout(fields)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for part in (self.resumed, self.stale):
            outer.addWidget(part)
        outer.addWidget(self.area, 1)
        outer.addWidget(self.answer)
        outer.addWidget(self.save_bar)
        self.stack.addWidget(fields)
        self.stack.addWidget(self.picker)
        self.box.addWidget(self.head)
        self.box.addWidget(self.stack, 1)
        self.setMinimumWidth(304)

    def _begin(self) -> None:
        state = self.edit.state
        self.head.title.setText(f"Edit {chain_name(state.number)}")
        self.save_bar.set_asking(False)
        self.question.begin()
        self.answer.begin()
        self._build_hops()
        # Escape and Ctrl+Enter belong to the edit while there is one, and to nobody else's list or field before.
        self._studio.actions.add(*self._actions())
        self.area.verticalScrollBar().setValue(0)

    def _build_hops(self) -> None:
        self._clear()
        state = self.edit.state
        self._ids = state.ids
        for hop in state.hops:
            editor = HopEditor(self.edit, hop.index, self.colour)
            editor.open_asked.connect(self._open_asked)
            editor.built.connect(self._take_fields)
            self.hops[hop.index] = editor
            self._hop_column.addWidget(editor)

    def _follow_order(self) -> None:
        """Shows the hops that there are now, in their order; the one that was open stays open."""
        ids, opened = self._ids, self._hop
        if self.edit.state.ids == ids:
            return
        focused = QApplication.focusWidget()
        was_inside = any(focused is not None and e.isAncestorOf(focused) for e in self.hops.values())
        hop = self.edit.state.number_of(dict(zip(self.hops, ids, strict=True))[opened]) if opened is not None else None
        if opened is not None and hop is None:
            hop = min(opened, len(self.edit.state.hops))
        self._build_hops()
        self.open_hop(hop)
        if was_inside and hop is not None:
            self._focus_hop(hop)

    def _take_fields(self, fields: HopFields) -> None:
        fields.pick_asked.connect(self._pick)
        fields.instance_hovered.connect(self._hover)

    def _open_asked(self, hop: int) -> None:
        self.open_hop(hop)
        self._focus_hop(hop)
        self.hop_opened.emit(self.edit.state.id_of(hop))

    def _focus_hop(self, hop: int) -> None:
        fields = self.hops[hop].fields
        if fields is not None:
            fields.sub_question.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pick(self, pick: Pick) -> None:
        self._back_to = QApplication.focusWidget()
        self.edit.begin_pick(pick)

    def _go_to_question(self) -> None:
        self.area.verticalScrollBar().setValue(0)
        self.question.focus_field()

    def _hover(self, key: object) -> None:
        self.instance_hovered.emit(key)
        if self._canvas is not None:
            self._canvas.set_hovered(key if isinstance(key, str) else None)  # type: ignore[arg-type]

    def _refresh(self) -> None:
        if not self.edit.is_editing:
            return
        state, checked = self.edit.state, self.edit.result
        self.head.show_figure(f"version {state.base.version} → {state.base.version + 1}")
        self._follow_order()
        was_picking = self.stack.currentWidget() is self.picker
        is_picking = self.edit.picking is not None
        self.stack.setCurrentIndex(1 if is_picking else 0)
        self.picker.show_pick(self.edit.picking)
        if is_picking:
            return
        if was_picking:
            self._return_keyboard()
        self.resumed.refresh()
        self.stale.refresh()
        self.question.refresh()
        for editor in self.hops.values():
            editor.refresh()
        if self.edit.removing is not None:
            self._sight.reveal_soon()
        self._show_whole(checked.beside(None) if checked is not None else ())
        self.answer.refresh()
        self.save_bar.refresh()
        if self.save_bar.is_asking and not self.edit.is_changed:
            self.save_bar.set_asking(False)

    def _show_whole(self, findings: tuple[Finding, ...]) -> None:
        if findings == self.whole.findings:
            return
        focused = QApplication.focusWidget()
        is_below = (
            focused is not None and self._inside.isAncestorOf(focused) and not self.question.isAncestorOf(focused)
        )
        with self._sight.kept(focused if is_below else None):
            self.whole.show_findings(findings)

    def _show_texts(self) -> None:
        if self.edit.is_editing:
            self._follow_order()
            self.question.show_texts()
            self.answer.show_texts()
            for editor in self.hops.values():
                editor.show_texts()

    def _end(self) -> None:
        self.picker.show_pick(None)
        self._studio.actions.remove((SAVE, CLOSE, *HOP_ACTIONS, *GO_ACTIONS))
        self._clear()

    def _clear(self) -> None:
        self._hop = None
        self.hops.clear()
        while (item := self._hop_column.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()

    def _stop_asking(self) -> None:
        self.save_bar.set_asking(False)
        self._return_keyboard()

    def _return_keyboard(self) -> None:
        back, self._back_to = self._back_to, None
        if back is not None and self.isAncestorOf(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _wanted(self) -> Wanted | None:
        """The hop that is open, and its tools where it is asked whether it shall go."""
        editor = self.hops.get(self._hop or 0)
        if editor is None:
            return None
        is_asked = editor.fields is not None and self.edit.is_editing and self.edit.removing == self._hop
        return Wanted(editor, editor.fields.tools if is_asked and editor.fields is not None else None)

    def _actions(self) -> tuple[ActionSpec, ...]:
        edit = self.edit
        return (
            ActionSpec(
                id=SAVE,
                text="Save the edit",
                icon="check",
                keys=("Ctrl+Return", "Ctrl+Enter"),
                group="Chains",
                space=SPACE,
                run=self.press_save,
                in_text=True,
                enabled_when=lambda: edit.is_editing and not edit.is_saving,
            ),
            ActionSpec(
                id=CLOSE,
                text="Close the edit",
                icon="cross",
                keys=("Esc",),
                group="Chains",
                space=SPACE,
                run=self.press_escape,
                in_text=True,
                enabled_when=lambda: edit.is_editing,
            ),
            *hop_actions(edit, lambda: self._hop),
            *go_actions(edit, self._go_to_question, self._open_asked),
        )

    # Beside text fields, which have an undo of their own, undo takes back a choice made here, on the picture too; never a
    # decision made in the project before.

    def event(self, event: QEvent) -> bool:
        if self._is_undo(event, QEvent.Type.ShortcutOverride) and not is_text_field(QApplication.focusWidget()):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_undo(event, QEvent.Type.KeyPress):
            self.edit.step_back()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas:
            if self._is_undo(event, QEvent.Type.ShortcutOverride):
                event.accept()
                return True
            if self._is_undo(event, QEvent.Type.KeyPress):
                self.edit.step_back()
                return True
        return super().eventFilter(watched, event)

    def _is_undo(self, event: QEvent, kind: QEvent.Type) -> bool:
        if event.type() is not kind or not isinstance(event, QKeyEvent) or not self.edit.is_editing:
            return False
        pressed = QKeySequence(event.keyCombination())
        actions = self._studio.actions
        keys = actions.keys("edit.undo") if actions.has("edit.undo") else ("Ctrl+Z",)
        return any(pressed == QKeySequence(key) for key in keys)
