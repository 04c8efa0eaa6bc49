"""Widgets side by side that go on in the next line where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Flow(QWidget):
    """Children in lines, each of its own size.

    Args:
        spacing: Between them and between lines.
    """

    def __init__(self, spacing: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spacing = spacing
        self._parts: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, part: QWidget) -> None:
        """Puts one at the end."""
        part.setParent(self)
        part.show()
        self._parts.append(part)
        self._place()

    def clear(self) -> None:
        """Takes all of them away."""
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts.clear()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rects = self._rects(width)
        return max((rect.bottom() + 1 for rect in rects), default=0)

    def sizeHint(self) -> QSize:
        wide = sum(part.sizeHint().width() + self._spacing for part in self._parts)
        return QSize(min(wide, 320), self.heightForWidth(self.width() or 320))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.heightForWidth(self.width() or 320))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        for part, rect in zip(self._parts, self._rects(self.width()), strict=True):
            part.setGeometry(rect)
        self.updateGeometry()

    def _rects(self, width: int) -> list[QRect]:
        rects, x, y, line = [], 0, 0, 0
        for part in self._parts:
            hint = part.sizeHint()
            if x and x + hint.width() > width:
                x, y, line = 0, y + line + self._spacing, 0
            rects.append(QRect(x, y, min(hint.width(), max(1, width)), hint.height()))
            x += hint.width() + self._spacing
            line = max(line, hint.height())
        return rects
