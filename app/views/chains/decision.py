"""What a curator says of a chain: accept, reject with a reason, flag, skip, comment."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.actions import ActionTable
from app.models.chain_words import MARK_WORDS
from app.presenters.chain_detail import ChainDetail
from app.views.chains import actions as ids
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.field import Field
from app.widgets.label import ElidedLabel, Label
from app.widgets.panel import Ground, IconLabel, Line
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import MarkKind

REASONS = (
    "Ambiguous reference",
    "Wrong answer",
    "Cannot be seen",
    "Answers itself",
    "Hard to read",
    "Too contrived",
)
"""Those that curators give most, chosen; anything else is typed."""


class DecisionBar(QWidget):
    """The buttons; while a reason is asked for, the reasons stand in their place.

    Args:
        actions: The table.
    """

    rejected = Signal(str)
    """The reason; may be empty."""

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._standing = _Standing()
        self._key: ChainKey | None = None
        self.reasons = ReasonPanel()
        buttons = Ground("surface", margins=(16, 12, 16, 8), spacing=4)
        main = QHBoxLayout()
        main.setSpacing(8)
        self.accept = ActionButton(actions, ids.ACCEPT, ButtonKind.PRIMARY, shows_keys=True)
        self.reject = ActionButton(actions, ids.REJECT, shows_keys=True)
        main.addWidget(self.accept, 1)
        main.addWidget(self.reject, 1)
        more = QHBoxLayout()
        more.setSpacing(0)
        self.flag = ActionButton(actions, ids.FLAG, ButtonKind.QUIET, shows_keys=True)
        self.skip = ActionButton(actions, ids.SKIP, ButtonKind.QUIET, shows_keys=True)
        self.comment = ActionButton(actions, ids.COMMENT, ButtonKind.QUIET)
        for button in (self.flag, self.skip, self.comment):
            more.addWidget(button, 1)
        buttons.box.addWidget(self._standing)
        buttons.box.addLayout(main)
        buttons.box.addLayout(more)
        self._buttons = buttons
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Line())
        column.addWidget(buttons)
        column.addWidget(self.reasons)
        self.reasons.hide()
        self.reasons.chosen.connect(self._take_reason)
        self.reasons.given_up.connect(self.close_reasons)

    def show_chain(self, detail: ChainDetail | None) -> None:
        """Shows what was decided before."""
        self._standing.show_mark(detail)
        key = detail.key if detail is not None else None
        if key != self._key:
            self._key = key
            self.close_reasons()

    def ask_reason(self) -> None:
        """Shows the reasons and gives them the keyboard."""
        self._buttons.hide()
        self.reasons.open()

    @property
    def is_asking(self) -> bool:
        """Whether a reason is asked for."""
        return not self.reasons.isHidden()

    def close_reasons(self) -> None:
        """Shows the buttons again."""
        if self.is_asking:
            self.reasons.hide()
            self._buttons.show()

    def _take_reason(self, reason: str) -> None:
        self.close_reasons()
        self.rejected.emit(reason)


class ReasonPanel(Ground):
    """Why a chain is rejected: a digit rejects with that reason; or words of one's own and Enter. Esc gives up."""

    chosen = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", margins=(16, 12, 16, 12), spacing=8, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("rings", False)
        self.setAccessibleName("Why is it rejected?")
        head = QHBoxLayout()
        head.addWidget(Label("Why is it rejected?", "label"))
        head.addStretch(1)
        head.addWidget(Label("a digit, or words and Enter", "meta", "tertiary"))
        grid = QGridLayout()
        grid.setSpacing(6)
        self.buttons: list[Button] = []
        for n, reason in enumerate(REASONS, start=1):
            button = Button(reason, size_=ButtonSize.SMALL, keys=str(n), shows_keys=True)
            button.clicked.connect(lambda _=False, text=reason: self.chosen.emit(text))
            grid.addWidget(button, (n - 1) // 2, (n - 1) % 2)
            self.buttons.append(button)
        self.field = Field("Another reason")
        self.field.returnPressed.connect(lambda: self.chosen.emit(self.field.text().strip()))
        self.field.escaped.connect(self.given_up)
        self.reject = Button("Reject", kind=ButtonKind.DANGER)
        self.reject.clicked.connect(lambda: self.chosen.emit(self.field.text().strip()))
        cancel = Button("Cancel", kind=ButtonKind.QUIET)
        cancel.clicked.connect(self.given_up)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.field, 1)
        foot.addWidget(self.reject)
        foot.addWidget(cancel)
        self.box.addLayout(head)
        self.box.addLayout(grid)
        self.box.addLayout(foot)

    def open(self) -> None:
        """Begins anew, with the keyboard on the digits."""
        self.field.clear()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent) -> bool:
        # Its own digits, Enter and Esc go before the hops' and the list's.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.isHidden() or self.field.hasFocus():
            # The field took it already, and hands on what it does not need.
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.field.text().strip())
        elif (n := _digit(event)) is not None:
            self.chosen.emit(REASONS[n - 1])
        elif event.text().isalpha():
            # Whoever begins to type means words of one's own.
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.field.insert(event.text())
        else:
            super().keyPressEvent(event)

    def _wants(self, event: QKeyEvent) -> bool:
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return event.key() in keys or _digit(event) is not None or event.text().isalpha()


def _digit(event: QKeyEvent) -> int | None:
    text = event.text()
    return int(text) if text.isdigit() and text.isascii() and 1 <= int(text) <= len(REASONS) else None


class _Standing(QWidget):
    """What was decided before, and why."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = IconLabel("check", 16, "ok")
        self.text = ElidedLabel("", "meta", "secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 6)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        self.hide()

    def show_mark(self, detail: ChainDetail | None) -> None:
        mark = detail.mark if detail is not None else None
        self.setVisible(mark is not None)
        if mark is None:
            return
        word = MARK_WORDS[mark.kind]
        self._icon.show_icon(word.icon, word.tone)
        again = "" if mark.kind is MarkKind.REJECT else " · once more takes it back"
        self.text.setText(f"{word.text}: {mark.reason}" if mark.reason else f"{word.text}{again}")
