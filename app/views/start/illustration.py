"""What the studio is for, in one drawing: a dimmed picture, three lit instances, hops between them, a number."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style.fonts import font
from app.style.tokens import instance_colours, radius, tokens_of

WIDTH, HEIGHT = 480.0, 240.0
"""The drawing's own units; it is scaled to fit and the wall and the table reach to the edges."""
_TABLE_Y = 178.0
_WALL, _TABLE = QColor("#6E6A63"), QColor("#8A6F52")
_DIM = 0.56
_WORDS_FROM = 0.7
"""Drawn smaller than this, words on chips cannot be read and are left out."""
_DARK_TEXT = QColor("#10131A")


class Illustration(QWidget):
    """Says nothing that the words beside it do not say; a screen reader passes it by."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 96)

    def sizeHint(self) -> QSize:
        return QSize(int(WIDTH), int(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        frame = QPainterPath()
        frame.addRoundedRect(whole, radius("card"), radius("card"))
        scale = min(whole.width() / WIDTH, whole.height() / HEIGHT)
        painter.save()
        painter.setClipPath(frame)
        painter.translate(whole.center())
        painter.scale(scale, scale)
        painter.translate(-WIDTH / 2, -HEIGHT / 2)
        reach = QRectF(-4 * WIDTH, -4 * HEIGHT, 9 * WIDTH, 9 * HEIGHT)
        painter.fillRect(reach, _WALL)
        painter.fillRect(QRectF(reach.left(), _TABLE_Y, reach.width(), reach.height()), _TABLE)
        for path, colour in _things():
            painter.fillPath(path, colour)
        dark = QColor("#0D0E11")
        dark.setAlphaF(_DIM)
        painter.fillRect(reach, dark)
        self._paint_chain(painter, has_words=scale > _WORDS_FROM)
        painter.restore()
        painter.setPen(QPen(tokens_of(self).line, 1))
        painter.drawPath(frame)

    def _paint_chain(self, painter: QPainter, *, has_words: bool) -> None:
        sky, lemon, magenta = instance_colours()[:3]
        lit = (
            (_jug(), QColor("#7FA0C9"), sky),
            (_lemon_fruit(), QColor("#D9C23A"), lemon),
            (_cup(), QColor("#B7506F"), magenta),
        )
        for path, own, colour in lit:
            painter.fillPath(path, own)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(11, 12, 16, 204), 4.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPath(path)
            painter.setPen(QPen(colour, 2))
            painter.drawPath(path)
        _paint_hop(painter, QPointF(118, 92), QPointF(196, 152), 26)
        _paint_hop(painter, QPointF(238, 152), QPointF(306, 114), 22)
        for middle, number, word, colour in (
            (QPointF(88, 46), "1", "tallest", sky),
            (QPointF(217, 204), "2", "nearest", lemon),
            (QPointF(316, 76), "3", "how many right of it?", magenta),
        ):
            _paint_chip(painter, middle, number, word if has_words else "", colour)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("#FFFFFF"), 1.5, Qt.PenStyle.DotLine, Qt.PenCapStyle.RoundCap))
        for path in _apples():
            painter.drawPath(path)
        _paint_answer(painter, QRectF(412, 30, 52, 52), "3")


def _things() -> list[tuple[QPainterPath, QColor]]:
    """What stands on the table beside the lit ones."""
    book = QPainterPath()
    book.addRoundedRect(QRectF(18, 160, 46, 18), 2, 2)
    things = [(book, QColor("#7A8F6A"))]
    things += zip(_apples(), (QColor("#C25A33"), QColor("#D2743F"), QColor("#B54F36")), strict=True)
    bowl = QPainterPath()
    bowl.moveTo(140, 160)
    bowl.lineTo(182, 160)
    bowl.quadTo(180, 182, 161, 182)
    bowl.quadTo(142, 182, 140, 160)
    things.append((bowl, QColor("#8C8577")))
    frame = QPainterPath()
    frame.addRect(QRectF(196, 22, 76, 56))
    frame.addRect(QRectF(202, 28, 64, 44))
    things.append((frame, QColor("#8A7B5E")))
    return things


def _apples() -> list[QPainterPath]:
    apples = []
    for x, half in ((390, 14), (421, 16), (454, 15)):
        apple = QPainterPath()
        apple.addEllipse(QPointF(x, _TABLE_Y + 8 - half), half, half)
        apples.append(apple)
    return apples


def _jug() -> QPainterPath:
    path = QPainterPath(QPointF(72, 66))
    path.lineTo(104, 66)
    path.cubicTo(102, 92, 122, 112, 118, 148)
    path.cubicTo(117, 168, 106, 184, 88, 184)
    path.cubicTo(70, 184, 59, 168, 58, 148)
    path.cubicTo(54, 112, 74, 92, 72, 66)
    path.closeSubpath()
    return path


def _lemon_fruit() -> QPainterPath:
    path = QPainterPath(QPointF(194, 172))
    path.cubicTo(200, 154, 232, 152, 238, 170)
    path.quadTo(246, 173, 238, 178)
    path.cubicTo(232, 192, 202, 192, 194, 178)
    path.quadTo(188, 174, 194, 172)
    path.closeSubpath()
    return path


def _cup() -> QPainterPath:
    cup = QPainterPath(QPointF(298, 126))
    cup.lineTo(350, 126)
    cup.lineTo(346, 172)
    cup.quadTo(344, 186, 332, 186)
    cup.lineTo(316, 186)
    cup.quadTo(304, 186, 302, 172)
    cup.closeSubpath()
    handle = QPainterPath()
    handle.addEllipse(QRectF(336, 136, 32, 30))
    hole = QPainterPath()
    hole.addEllipse(QRectF(343, 143, 18, 16))
    return cup.united(handle.subtracted(hole))


def _paint_hop(painter: QPainter, start: QPointF, end: QPointF, bend: float) -> None:
    """A white arrow that leaves upward and comes in from above."""
    curve = QPainterPath(start)
    control = QPointF((start.x() + end.x()) / 2 + 6, min(start.y(), end.y()) - bend)
    curve.quadTo(control, end)
    for colour, width in ((QColor(11, 12, 16, 204), 5.0), (QColor("#FFFFFF"), 2.0)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(curve)
        direction = end - control
        length = (direction.x() ** 2 + direction.y() ** 2) ** 0.5
        along = QPointF(direction.x() / length, direction.y() / length)
        across = QPointF(-along.y(), along.x())
        head = QPainterPath(end - along * 9 + across * 5)
        head.lineTo(end)
        head.lineTo(end - along * 9 - across * 5)
        painter.drawPath(head)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#FFFFFF"))
    painter.drawEllipse(start, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_chip(painter: QPainter, middle: QPointF, number: str, word: str, colour: QColor) -> None:
    strong = QFont(font("caption-strong"))
    if not word:
        strong.setPixelSize(16)
    painter.setFont(strong)
    width = painter.fontMetrics().horizontalAdvance(word) + 34.0 if word else 26.0
    chip = QRectF(middle.x() - width / 2, middle.y() - 10, width, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(_DARK_TEXT)
    painter.drawText(chip.adjusted(8, 0, 8, 0), Qt.AlignmentFlag.AlignVCenter, number)
    painter.setFont(font("caption"))
    painter.drawText(chip.adjusted(22, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)


def _paint_answer(painter: QPainter, box: QRectF, number: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#FFFFFF"))
    painter.drawRoundedRect(box, 8, 8)
    big = QFont(font("figure-small"))
    big.setPixelSize(30)
    painter.setFont(big)
    painter.setPen(_DARK_TEXT)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)
