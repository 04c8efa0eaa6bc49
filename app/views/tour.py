"""Coach marks: the window dimmed but for what is spoken of, and a card beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.presenters.tour import TourStep
from app.style.tokens import tokens_of
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import Label, QuestionLabel

_CARD_PX = 360
_GAP_PX = 16
_LOOK_MS = 100
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_SCRIM_OPACITY = {"light": 0.32, "dark": 0.56}


class TourView(QWidget):
    """Lies over the window while the tour goes on. Enter and Right go on, Left goes back, Esc leaves.

    Args:
        window: What is explained.
    """

    forward = Signal()
    back = Signal()
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._find: Callable[[], QWidget | None] = _nothing
        self._target: QWidget | None = None
        self._placed_for = QRect()
        self._before: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("rings", False)
        self.card = _Card(self)
        self.card.next.clicked.connect(self.forward)
        self.card.back.clicked.connect(self.back)
        self.card.skip.clicked.connect(self.left)
        for button in (self.card.next, self.card.back, self.card.skip):
            # A button takes arrows for the way to its neighbours.
            button.installEventFilter(self)
        window.installEventFilter(self)
        # What a step speaks of may come a moment later, when a picture or a chain has been read.
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._look_again)
        self.hide()

    def show_step(self, step: TourStep, index: int, count: int, find: Callable[[], QWidget | None]) -> None:
        """Speaks of something.

        Args:
            step: Its words.
            index: Which one it is.
            count: Of how many.
            find: Gives what is left undimmed; None for nothing in particular.
        """
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self._find = find
        self._target = find()
        self.card.show_words(step.title, step.text, index, count)
        self.setAccessibleName(f"{step.title}. {step.text}")
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.place()
        self.card.next.setFocus(Qt.FocusReason.OtherFocusReason)
        # A space that has just been built takes its size when events have been worked through.
        QTimer.singleShot(0, self, self.place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._look.stop()
        super().hideEvent(event)

    def finish(self) -> None:
        """Goes away; the keyboard goes back to where it was."""
        if not self.isHidden():
            # The keyboard goes first: what hides with it looks for the next widget in the middle of hiding.
            if self._before is not None and isValid(self._before) and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self._window.setFocus(Qt.FocusReason.OtherFocusReason)
            self.hide()
        self._before = self._target = None
        self._find = _nothing

    def hole(self) -> QRect:
        """What is not dimmed."""
        if self._target is None or not self._target.isVisible():
            return QRect()
        corner = self._target.mapTo(self._window, QPoint(0, 0))
        return QRect(corner, self._target.size()).intersected(self.rect())

    def _look_again(self) -> None:
        before = self.hole()
        self._target = self._find()
        if self.hole() != before or self._placed_for != self.hole():
            self.place()
        # A space takes the keyboard when what it waited for has come; the tour keeps it.
        focused = QApplication.focusWidget()
        is_ours = focused is not None and self.isAncestorOf(focused)
        if not is_ours and QApplication.activeModalWidget() is None and self._window.isActiveWindow():
            self.card.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Puts the card beside what it speaks of, where there is room."""
        self.card.resize(_CARD_PX, self.card.heightForWidth(_CARD_PX))
        self._placed_for = self.hole()
        self.card.move(_place(self._placed_for, self.card.size(), self.size()))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps covering the window when its size changes; takes the arrows before a button does."""
        if watched is not self._window:
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() in _ARROWS:
                self.keyPressEvent(event)
                return True
            return False
        if event.type() is QEvent.Type.Resize and watched is self._window and not self.isHidden():
            self.setGeometry(self._window.rect())
            QTimer.singleShot(0, self, self.place)
        return False

    def focusNextPrevChild(self, forwards: bool) -> bool:
        inside = [b for b in (self.card.skip, self.card.back, self.card.next) if b.isVisible() and b.isEnabled()]
        if not inside:
            return False
        at = next((i for i, b in enumerate(inside) if b.hasFocus()), 0)
        inside[(at + (1 if forwards else -1)) % len(inside)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Right | Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.forward.emit()
            case Qt.Key.Key_Left | Qt.Key.Key_Backspace:
                self.back.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scrim = QColor(0, 0, 0)
        scrim.setAlphaF(_SCRIM_OPACITY[t.scheme])
        dimmed = QPainterPath()
        dimmed.addRect(QRectF(self.rect()))
        hole = self.hole()
        if not hole.isEmpty():
            lit = QPainterPath()
            lit.addRoundedRect(QRectF(hole), 6, 6)
            dimmed = dimmed.subtracted(lit)
        painter.fillPath(dimmed, scrim)
        if not hole.isEmpty():
            painter.setPen(QPen(t.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(hole).adjusted(1, 1, -1, -1), 6, 6)


class _Card(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = Label("", "heading", wraps=True)
        self.text = QuestionLabel("", "body", tone="text-secondary")
        self.figure = Label("", "meta", "tertiary")
        self.skip = Button("Leave", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL, keys="Esc", shows_keys=True)
        self.back = Button("Back", kind=ButtonKind.DEFAULT)
        self.next = Button("Next", kind=ButtonKind.PRIMARY, keys="Return", shows_keys=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(4)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.figure)
        foot.addWidget(self.skip)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        layout.addLayout(foot)

    def show_words(self, title: str, text: str, index: int, count: int) -> None:
        self.title.setText(title)
        self.text.setText(text)
        self.figure.setText(f"{index + 1} of {count}")
        self.back.setEnabled(index > 0)
        self.next.set_text("Done" if index + 1 == count else "Next")

    def heightForWidth(self, width: int) -> int:
        inner = width - 32
        title = self.title.heightForWidth(inner)
        return 16 + max(title, 24) + 8 + self.text.heightForWidth(inner) + 12 + 8 + 32 + 12

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.line_strong, 1))
        painter.setBrush(t.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


def _nothing() -> QWidget | None:
    return None


def _place(hole: QRect, card: QSize, area: QSize) -> QPoint:
    """Right, left, below or above what is spoken of; inside its lower right corner when it fills the window."""
    if hole.isEmpty():
        return QPoint((area.width() - card.width()) // 2, (area.height() - card.height()) // 2)
    y = max(_GAP_PX, min(hole.top(), area.height() - card.height() - _GAP_PX))
    x = max(_GAP_PX, min(hole.left(), area.width() - card.width() - _GAP_PX))
    if hole.right() + _GAP_PX + card.width() < area.width():
        return QPoint(hole.right() + _GAP_PX, y)
    if hole.left() - _GAP_PX - card.width() > 0:
        return QPoint(hole.left() - _GAP_PX - card.width(), y)
    if hole.bottom() + _GAP_PX + card.height() < area.height():
        return QPoint(x, hole.bottom() + _GAP_PX)
    if hole.top() - _GAP_PX - card.height() > 0:
        return QPoint(x, hole.top() - _GAP_PX - card.height())
    return QPoint(hole.right() - card.width() - 24, hole.bottom() - card.height() - 24)
