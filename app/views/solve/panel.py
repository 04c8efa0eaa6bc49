"""The question and the ways to answer it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QSizePolicy, QSpacerItem, QWidget

from app.actions import ActionTable
from app.presenters.solve import Question
from app.views.solve.answer_field import AnswerField
from app.views.solve.words import said_words
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.field import RefusalLine
from app.widgets.keycap import KeyCap
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Ground

WIDTH_PX, NARROW_PX = 480, 400
_MARGIN_PX, _NARROW_MARGIN_PX = 40, 24
_GAP_PX = 40
_NOTE_PX = 96
ROLES = ("question-solve", "question")
"""Of the question, the larger first."""
_HINT = "A number. Decimals and fractions are read as typed."
CANNOT_TELL, AMBIGUOUS, SKIP, FIT = "{}.cannot_tell", "{}.ambiguous", "{}.skip", "{}.fit"
"""Names of actions, with the space they belong to put in."""


class QuestionPanel(Ground):
    """Question, box, buttons, note.

    Args:
        actions: What the buttons do.
        space: Whose actions they are.
    """

    typed = Signal(str, str)
    """(answer, note) as they stand now."""
    submitted = Signal()
    """Enter in the box."""

    def __init__(self, actions: ActionTable, space: str, parent: QWidget | None = None) -> None:
        super().__init__("surface", margins=(_MARGIN_PX, 48, _MARGIN_PX, 24), spacing=0, parent=parent)
        self.setFixedWidth(WIDTH_PX)
        self.question = QuestionLabel("", "question-solve")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        holder = Ground("surface")
        holder.box.addWidget(self.question)
        holder.box.addStretch(1)
        self._scroll.setWidget(holder)
        self.field = AnswerField()
        self.refusal = RefusalLine(self.field)
        self.hint = Label(_HINT, "meta", "tertiary", wraps=True)
        # No shortcut of the window: Enter belongs to whatever button the keyboard has gone to.
        self.submit = Button("Submit", kind=ButtonKind.PRIMARY, size_=ButtonSize.LARGE, keys="Return", shows_keys=True)
        self.submit.clicked.connect(self.submitted)
        self.cannot_tell = ActionButton(actions, CANNOT_TELL.format(space), shows_keys=True)
        self.ambiguous = ActionButton(actions, AMBIGUOUS.format(space), shows_keys=True)
        self.add_note = Button("Add a note", "comment", ButtonKind.QUIET)
        self.skip = ActionButton(actions, SKIP.format(space), ButtonKind.QUIET, shows_keys=True)
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText("What should be known about this answer")
        self.note.setAccessibleName("Note")
        self.note.setProperty("field", True)
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(_NOTE_PX)
        self.note.hide()
        self._lay_out()
        self.note.installEventFilter(self)
        self.field.textEdited.connect(lambda _: self._tell())
        self.field.returnPressed.connect(self.submitted)
        self.note.textChanged.connect(self._tell)
        self.add_note.clicked.connect(self.open_note)
        self._actions = actions
        self._space = space
        actions.changed.connect(self._tell_keys)
        self._tell_keys()

    def _lay_out(self) -> None:
        two = QHBoxLayout()
        two.setSpacing(8)
        for button in (self.cannot_tell, self.ambiguous):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setMinimumHeight(40)
            two.addWidget(button)
        last = QHBoxLayout()
        last.addWidget(self.add_note)
        last.addStretch(1)
        last.addWidget(self.skip)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        self._fit = KeyCap()
        for text, cap in (("Zoom", KeyCap("Wheel")), ("Pan", KeyCap("Drag")), ("Fit", self._fit)):
            foot.addWidget(Label(text, "caption", "secondary"))
            foot.addWidget(cap)
            foot.addSpacing(8)
        foot.addStretch(1)
        self._works = Label("", "caption", "secondary")
        foot.addWidget(self._works)
        box = self.box
        box.addWidget(self._scroll)
        self._gap = QSpacerItem(0, _GAP_PX, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        box.addSpacerItem(self._gap)
        box.addWidget(Label("Your answer", "caption-strong", "secondary"))
        box.addSpacing(8)
        box.addWidget(self.field)
        box.addSpacing(8)
        box.addWidget(self.refusal)
        box.addWidget(self.hint)
        box.addSpacing(16)
        box.addWidget(self.submit)
        box.addSpacing(8)
        box.addLayout(two)
        box.addSpacing(12)
        box.addLayout(last)
        box.addSpacing(8)
        box.addWidget(self.note)
        box.addStretch(1)
        box.addSpacing(16)
        box.addLayout(foot)

    def set_narrow(self, is_narrow: bool) -> None:
        """Gives way where the window is small."""
        margin = _NARROW_MARGIN_PX if is_narrow else _MARGIN_PX
        self.setFixedWidth(NARROW_PX if is_narrow else WIDTH_PX)
        self.box.setContentsMargins(margin, margin if is_narrow else 48, margin, 16)
        self._works.setVisible(not is_narrow)
        self._gap.changeSize(0, margin if is_narrow else _GAP_PX, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.box.invalidate()
        self._fit_question()

    def show_question(self, question: Question) -> None:
        """Shows a question with what was typed or sent before."""
        self.question.setText(question.item.question)
        self._scroll.verticalScrollBar().setValue(0)
        self.field.setText(question.draft.text)
        self.note.blockSignals(True)
        self.note.setPlainText(question.draft.note)
        self.note.blockSignals(False)
        self.note.setVisible(bool(question.draft.note))
        self.add_note.setVisible(not question.draft.note)
        given = question.given
        is_reopened = given is not None
        self.hint.setText(f"You said {said_words(given)}. It stands until you send another." if given else _HINT)
        self.hint.set_tone("accent" if is_reopened else "tertiary")
        self.show_refusal("")
        self._fit_question()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def show_refusal(self, text: str) -> None:
        """Says why what stands in the box is no answer."""
        self.refusal.show_refusal(text)
        self.hint.setVisible(not text)
        if text:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_note(self) -> None:
        """Opens the field for a note."""
        self.note.show()
        self.add_note.hide()
        self._fit_question()
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the note, Enter sends as well, Shift+Enter begins a line, and Esc goes back to the box."""
        if watched is not self.note or not isinstance(event, QKeyEvent):
            return False
        is_escape = event.key() == Qt.Key.Key_Escape
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() is QEvent.Type.ShortcutOverride and (is_escape or is_enter):
            event.accept()
            return True
        if event.type() is not QEvent.Type.KeyPress:
            return False
        if is_escape:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
        else:
            return False
        return True

    def _tell_keys(self) -> None:
        self._fit.set_keys(self._actions.first_key(FIT.format(self._space)))
        letters = [self._actions.first_key(action.format(self._space)) for action in (CANNOT_TELL, AMBIGUOUS, SKIP)]
        self._works.setText(f"{', '.join(key for key in letters if key)} work while you type")

    def _tell(self) -> None:
        self.typed.emit(self.field.text(), self.note.toPlainText())

    def _fit_question(self) -> None:
        # As high as the question needs; in smaller letters where it would not fit, and scrolled where even these do not.
        margins = self.box.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        rest = self.box.minimumSize().height() - self._scroll.minimumHeight()
        room = max(128, self.height() - rest)
        for role in ROLES:
            self.question.set_role(role)
            wanted = self.question.heightForWidth(width) + 2
            if wanted <= room:
                break
        self._scroll.setFixedHeight(min(wanted, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_question()
