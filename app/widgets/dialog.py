"""Dialogs: opened, never executed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.style.tokens import tokens_of
from app.widgets.button import Button, ButtonKind
from app.widgets.focus import FocusRing
from app.widgets.label import Label, QuestionLabel


class Dialog(QDialog):
    """A dialog with a title, a body and buttons at the foot. Call `open()`; it deletes itself when it is closed.

    Args:
        title: What it is about.
        text: One or two sentences beneath, shown as plain text.
        width_px: Of the dialog.
        parent: The window it belongs to.
    """

    def __init__(self, title: str, text: str = "", *, width_px: int = 480, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setMinimumWidth(width_px)
        self.resize(width_px, 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        inner = QWidget()
        self.box = QVBoxLayout(inner)
        self.box.setContentsMargins(24, 24, 24, 24)
        self.box.setSpacing(12)
        self.title = Label(title, "title", wraps=True)
        self.box.addWidget(self.title)
        self.text = QuestionLabel(text, "body", tone="text-secondary")
        if not text:
            self.text.hide()
        self.box.addWidget(self.text)
        outer.addWidget(inner, 1)
        self._foot = _Foot()
        outer.addWidget(self._foot)
        self._ring = FocusRing(self)

    def add_button(
        self,
        text: str,
        kind: ButtonKind = ButtonKind.DEFAULT,
        *,
        icon: str = "",
        is_default: bool = False,
        closes: bool = True,
        is_left: bool = False,
    ) -> Button:
        """Puts a button at the foot, from the left to the right.

        Args:
            text: On it.
            kind: How much it asks for.
            icon: Before the text.
            is_default: Enter presses it.
            closes: The dialog closes when it is pressed: accepted by the main or default one, rejected by others.
            is_left: At the left edge, for what is beside the point.
        """
        button = Button(text, icon, kind)
        self._foot.add(button, is_left=is_left)
        is_main = is_default or kind is ButtonKind.PRIMARY
        if closes:
            button.clicked.connect(self.accept if is_main else self.reject)
        if is_main:
            self._foot.main = button
        return button

    def fit(self) -> None:
        """Grows to the height that its words and parts ask for at this width."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            wanted = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else 0
            self.resize(self.width(), max(wanted, layout.totalMinimumSize().height(), self.height()))

    def showEvent(self, event: QShowEvent) -> None:
        # Not in the beginning: what stands in it is put in later.
        if not event.spontaneous():
            self.fit()
            self._give_main_focus()
        super().showEvent(event)

    def _give_main_focus(self) -> None:
        """Gives the keyboard to the main button where there is nothing but buttons: Enter presses what has it.

        Qt would give it to the first button there is, such as Close or Cancel.
        """
        main = self._foot.main
        if main is None or not main.isEnabled() or self.focusWidget() is not None:
            return
        takers = [part for part in self.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
        if not any(part.isVisibleTo(self) and not self._foot.isAncestorOf(part) for part in takers):
            main.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_main(self) -> None:
        """As Enter does."""
        if self._foot.main is not None and self._foot.main.isEnabled():
            self._foot.main.click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.press_main()
            return
        super().keyPressEvent(event)


class _Foot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.main: Button | None = None
        self._left = QHBoxLayout()
        self._right = QHBoxLayout()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 12)
        for part in (self._left, self._right):
            part.setSpacing(8)
        layout.addLayout(self._left)
        layout.addStretch(1)
        layout.addLayout(self._right)
        self.setFixedHeight(56)

    def add(self, button: Button, *, is_left: bool) -> None:
        (self._left if is_left else self._right).addWidget(button)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.window)
        painter.fillRect(0, 0, self.width(), 1, t.line)
