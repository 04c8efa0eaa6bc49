"""A few choices side by side, one of them chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, size, tokens_of


class Segment:
    """One choice.

    Attributes:
        value: What is reported when it is chosen.
        text: Shown; may be empty beside an icon.
        icon: Shown before the text.
        name: For screen readers and the tooltip; the text when empty.
    """

    __slots__ = ("icon", "name", "text", "value")

    def __init__(self, value: str, text: str = "", *, icon: str = "", name: str = "") -> None:
        self.value, self.text, self.icon, self.name = value, text, icon, name or text


class Segmented(QWidget):
    """Choices side by side. Left and Right change the choice while it has the focus.

    Args:
        segments: In their order.
        name: What is being chosen, for screen readers.
        is_small: 24 instead of 32 pixels high.
        fills: Stretches over the width there is, all segments alike.
    """

    chosen = Signal(str)
    """A person chose another value."""

    def __init__(
        self,
        segments: Sequence[Segment],
        name: str = "",
        *,
        is_small: bool = False,
        fills: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._segments = list(segments)
        self._name = name
        self._index = 0
        self._hot = -1
        self._is_small = is_small
        self._fills = fills
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        horizontal = QSizePolicy.Policy.Expanding if fills else QSizePolicy.Policy.Fixed
        self.setSizePolicy(horizontal, QSizePolicy.Policy.Fixed)
        self._tell()

    def value(self) -> str:
        """The value chosen."""
        return self._segments[self._index].value if self._segments else ""

    def set_value(self, value: str) -> None:
        """Chooses without reporting; an unknown value changes nothing."""
        for index, segment in enumerate(self._segments):
            if segment.value == value and index != self._index:
                self._index = index
                self._tell()
                self.update()

    def set_segments(self, segments: Sequence[Segment]) -> None:
        """Offers other choices; what was chosen stays chosen where it is still there."""
        value = self.value()
        self._segments = list(segments)
        self._index = next((i for i, s in enumerate(self._segments) if s.value == value), 0)
        self._tell()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._widths()) + 1), size("button_small" if self._is_small else "button"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().x())
        if event.button() is Qt.MouseButton.LeftButton and index >= 0:
            self._choose(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().x())
        if index != self._hot:
            self._hot = index
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hot = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif 0 <= self._index + step < len(self._segments):
            self._choose(self._index + step)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and self._hot >= 0 and not self._segments[self._hot].text:
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self._segments[self._hot].name, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(whole, radius("button"), radius("button"))
        painter.fillPath(shape, t.raised if t.is_dark else t.surface)
        painter.save()
        painter.setClipPath(shape)
        for index, rect in enumerate(self._rects()):
            if index == self._index:
                painter.fillRect(rect, t.accent_soft)
            elif index == self._hot and self.isEnabled():
                painter.fillRect(rect, t.hover)
            if index:
                painter.fillRect(QRectF(rect.left(), rect.top(), 1, rect.height()), t.line_strong)
        painter.restore()
        painter.setPen(QPen(t.line_strong, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
        for index, (rect, segment) in enumerate(zip(self._rects(), self._segments, strict=True)):
            colour = t.accent if index == self._index else t.text
            width = self._content_width(segment)
            x = rect.center().x() - width / 2
            if segment.icon:
                paint_icon(painter, segment.icon, QRectF(x, rect.center().y() - 8, 16, 16), colour)
                x += 24
            if segment.text:
                painter.setFont(self._font())
                painter.setPen(colour)
                painter.drawText(
                    QRectF(x, rect.top(), rect.right() - x, rect.height()),
                    Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
                    segment.text,
                )

    def _choose(self, index: int) -> None:
        if index != self._index:
            self._index = index
            self._tell()
            self.update()
            self.chosen.emit(self._segments[index].value)

    def _font(self) -> QFont:
        return font("meta") if self._is_small else font("label")

    def _content_width(self, segment: Segment) -> float:
        text = QFontMetricsF(self._font()).horizontalAdvance(segment.text) if segment.text else 0.0
        return text + (16.0 if segment.icon else 0.0) + (8.0 if segment.icon and segment.text else 0.0)

    def _widths(self) -> list[float]:
        padding = 16.0 if self._is_small else 24.0
        return [self._content_width(s) + padding for s in self._segments]

    def _rects(self) -> list[QRectF]:
        widths = self._widths()
        if self._fills and widths:
            spare = max(0.0, self.width() - sum(widths)) / len(widths)
            widths = [w + spare for w in widths]
        rects, x = [], 0.0
        for width in widths:
            rects.append(QRectF(x, 0, width, self.height()))
            x += width
        return rects

    def _at(self, x: float) -> int:
        return next((i for i, rect in enumerate(self._rects()) if rect.left() <= x < rect.right()), -1)

    def _tell(self) -> None:
        chosen = self._segments[self._index].name if self._segments else ""
        self.setAccessibleName(f"{self._name}: {chosen}" if self._name else chosen)
