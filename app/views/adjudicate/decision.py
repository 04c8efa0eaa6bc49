"""What an adjudicator can decide: buttons, and the small panels that ask for a number or a reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from app.actions import ActionTable
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind
from app.widgets.choice_row import ChoiceRow
from app.widgets.dialog import Dialog
from app.widgets.field import CheckedField, Field
from app.widgets.label import Label
from app.widgets.panel import Ground
from app.widgets.popup import Popup
from hopchain_core.domain.answers import Answer

WRITE, SEND_BACK, REFUSE, TAKE_BACK = (
    "adjudicate.write",
    "adjudicate.send_back",
    "adjudicate.refuse",
    "adjudicate.take_back",
)
REASONS = (
    "More than one answer is right",
    "Cannot be seen in the picture",
    "The question is unclear",
    "The answer is wrong",
)
"""Those that come up most, chosen; anything else is typed."""


class DecisionBar(Ground):
    """Take, write another, send back, refuse; or take the decision back.

    Args:
        actions: What the buttons do.
    """

    taken = Signal()
    """The chosen number is taken."""

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__("window", margins=(16, 4, 16, 16), spacing=8, parent=parent)
        # No shortcut of the window: Enter belongs to whatever button the keyboard has gone to.
        self.take = Button("Take", "check", ButtonKind.PRIMARY, keys="Return", shows_keys=True)
        self.take.clicked.connect(self.taken)
        self.write = ActionButton(actions, WRITE, shows_keys=True)
        self.send_back = ActionButton(actions, SEND_BACK, shows_keys=True)
        self.refuse = ActionButton(actions, REFUSE, shows_keys=True)
        self.take_back = ActionButton(actions, TAKE_BACK)
        self.said = Label("", "meta", "secondary", wraps=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.take)
        row.addWidget(self.write)
        row.addStretch(1)
        for button in (self.take_back, self.send_back, self.refuse):
            row.addWidget(button)
        self.box.addLayout(row)
        self.box.addWidget(self.said)

    def show_state(self, *, is_settled: bool, can_write: bool, text: str) -> None:
        """Shows what can be done.

        Args:
            is_settled: A decision stands.
            can_write: The project can be written to.
            text: Beneath the buttons.
        """
        for button in (self.take, self.write, self.send_back, self.refuse):
            button.setVisible(not is_settled)
        self.take_back.setVisible(is_settled)
        self.said.setText(text if can_write else "The project is open for reading only.")

    def show_choice(self, answer: Answer | None, can_write: bool) -> None:
        """Shows which number would be taken."""
        self.take.set_text(f"Take {answer.text}" if answer is not None else "Take")
        why = "the project is open for reading only" if not can_write else "no number is chosen"
        self.take.set_available(answer is not None and can_write, why)


class NumberPopup(Popup):
    """Asks for a number that nobody gave.

    Args:
        send: Takes it; says why it is none.
        parent: Whose palette it shares.
    """

    def __init__(self, send: Callable[[str], str], parent: QWidget) -> None:
        super().__init__("Another number", parent)
        self._send = send
        self.setFixedWidth(300)
        self.box.setContentsMargins(16, 12, 16, 16)
        self.box.setSpacing(8)
        self.field = Field("Number")
        self.checked = CheckedField(self.field)
        self.take = Button("Take it", kind=ButtonKind.PRIMARY, keys="Return", shows_keys=True)
        self.box.addWidget(Label("The right number", "caption-strong", "secondary"))
        self.box.addWidget(self.checked)
        self.box.addWidget(self.take)
        self.take.clicked.connect(self._try)
        self.field.returnPressed.connect(self._try)
        self.field.textEdited.connect(lambda _: self.checked.show_refusal(""))
        self.field.setFocus()

    def _try(self) -> None:
        why_not = self._send(self.field.text())
        if why_not:
            self.checked.show_refusal(why_not)
            self.adjustSize()
        else:
            self.close()


class RefusePopup(Popup):
    """Asks why a question is dropped: a row by its digit, or words of one's own."""

    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Why it is refused", parent)
        self.setFixedWidth(320)
        self.box.setContentsMargins(8, 12, 8, 12)
        self.box.setSpacing(2)
        title = Label("Why is it refused?", "caption-strong", "secondary")
        title.setContentsMargins(10, 0, 0, 6)
        self.box.addWidget(title)
        self.rows: list[ChoiceRow] = []
        for number, text in enumerate(REASONS, start=1):
            row = ChoiceRow(text, keys=str(number))
            row.clicked.connect(lambda _=False, text=text: self._choose(text))
            self.rows.append(row)
            self.box.addWidget(row)
        self.field = Field("Another reason")
        self.field.returnPressed.connect(lambda: self._choose(self.field.text()))
        holder = QHBoxLayout()
        holder.setContentsMargins(8, 8, 8, 0)
        holder.addWidget(self.field)
        self.box.addLayout(holder)
        self.rows[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1
        if 0 <= number < len(REASONS) and not self.field.hasFocus():
            self._choose(REASONS[number])
            return
        super().keyPressEvent(event)

    def _choose(self, text: str) -> None:
        if text.strip():
            self.close()
            self.refused.emit(text.strip())


class SendBackDialog(Dialog):
    """The question mended, to be asked again in the next round.

    Args:
        question: As it is.
        answer: The proposed one.
        send: Takes question, answer and reason; says why not.
        parent: The window.
    """

    def __init__(
        self, question: str, answer: str, send: Callable[[str, str, str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Edit and send back",
            "A new version is made and asked again in the next round. The answers to the old one are kept and no longer count.",
            width_px=640,
            parent=parent,
        )
        self._send = send
        self.question = QPlainTextEdit(question)
        self.question.setProperty("field", True)
        self.question.setAccessibleName("Question")
        self.question.setTabChangesFocus(True)
        self.question.setFixedHeight(140)
        self.answer = Field("Number")
        self.answer.setText(answer)
        self.checked = CheckedField(self.answer)
        self.reason = Field("What was wrong; optional")
        for title, part in (("Question", self.question), ("Proposed answer", self.checked), ("Reason", self.reason)):
            self.box.addWidget(Label(title, "caption-strong", "secondary"))
            self.box.addWidget(part)
        self.add_button("Cancel")
        self.send = self.add_button("Send back", ButtonKind.PRIMARY, icon="return", closes=False)
        self.send.clicked.connect(self._try)
        self.question.setFocus()

    def _try(self) -> None:
        why_not = self._send(self.question.toPlainText(), self.answer.text(), self.reason.text())
        if why_not:
            self.checked.show_refusal(why_not)
        else:
            self.accept()
