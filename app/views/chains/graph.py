"""The strip beneath the picture: the whole chain as a graph."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from app.models.chain_words import LEVEL_ICONS, level_word
from app.presenters.chain_graph import Edge, Graph, Node
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius, tokens_of
from app.views.chains.hop_row import output_font
from app.widgets.label import elided_name
from app.widgets.panel import Ground
from hopchain_core.domain.findings import Severity

_HEAD_PX = 32
_BOX_HEIGHT = 48.0
_BOX_WIDEST, _BOX_NARROWEST = 112.0, 76.0
_GAP_WIDEST, _GAP_NARROWEST = 48.0, 32.0
_LANE_PX, _FIRST_LANE_PX = 14.0, 16.0
_MOST_LANES = 4
_SIDE_PX = 16.0
_HEAD_LENGTH = 6.0
_DIAMOND = 5.0


class GraphStrip(Ground):
    """A chain as a graph, with a legend. A click on a hop goes to it."""

    hop_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.drawing = GraphDrawing()
        self.drawing.hop_asked.connect(self.hop_asked)
        area = QScrollArea()
        area.setWidget(self.drawing)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        self.drawing.setAutoFillBackground(False)
        self._area = area
        self.box.addWidget(_Legend())
        self.box.addWidget(area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_graph(self, graph: Graph, hop: int | None) -> None:
        """Shows another chain."""
        self.drawing.show_graph(graph, hop)
        self._area.setFixedHeight(self.drawing.wanted_height())

    def show_hop(self, hop: int | None) -> None:
        """Marks another hop as the one that is open."""
        self.drawing.show_hop(hop)
        if hop is not None:
            rect = self.drawing.rect_of(hop).toRect()
            self._area.ensureVisible(rect.center().x(), rect.center().y(), rect.width() // 2 + 24, 0)


class GraphDrawing(QWidget):
    """Boxes and edges; Left and Right go to another hop while it has the keyboard."""

    hop_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graph = Graph()
        self._hop: int | None = None
        self._hot: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAutoFillBackground(False)

    def show_graph(self, graph: Graph, hop: int | None) -> None:
        """Shows another graph."""
        self._graph, self._hop = graph, hop
        self.setFixedHeight(self.wanted_height())
        self.setMinimumWidth(round(self._least_width()))
        self._tell()
        self.update()

    def show_hop(self, hop: int | None) -> None:
        """Marks another hop."""
        self._hop = hop
        self._tell()
        self.update()

    def wanted_height(self) -> int:
        """With room for the lanes there are."""
        return round(self._top() + _BOX_HEIGHT + 20)

    def rect_of(self, hop: int) -> QRectF:
        """Where a hop's box lies; empty for none."""
        return self._boxes().get(hop, QRectF())

    def sizeHint(self) -> QSize:
        return QSize(640, self.wanted_height())

    # Where things lie

    def _top(self) -> float:
        lanes = min(self._graph.lanes, _MOST_LANES)
        return _FIRST_LANE_PX + lanes * _LANE_PX if lanes else 12.0

    def _least_width(self) -> float:
        count = len(self._graph.nodes)
        return count * _BOX_NARROWEST + max(0, count - 1) * _GAP_NARROWEST + 2 * _SIDE_PX

    def _boxes(self) -> dict[int, QRectF]:
        nodes = self._graph.nodes
        if not nodes:
            return {}
        room = self.width() - 2 * _SIDE_PX
        count = len(nodes)
        # Boxes take two thirds of the room, gaps the rest.
        wide = min(_BOX_WIDEST, max(_BOX_NARROWEST, room / (count + 0.45 * (count - 1))))
        gap = (room - count * wide) / (count - 1) if count > 1 else 0.0
        gap = min(max(gap, _GAP_NARROWEST), 2.2 * _GAP_WIDEST)
        return {
            node.index: QRectF(_SIDE_PX + n * (wide + gap), self._top(), wide, _BOX_HEIGHT)
            for n, node in enumerate(nodes)
        }

    # The mouse and the keyboard

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hot = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if hot is not None else Qt.CursorShape.ArrowCursor)
        if hot != self._hot:
            self._hot = hot
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hot = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        hop = self._at(event.position())
        if hop is not None and event.button() is Qt.MouseButton.LeftButton:
            self.hop_asked.emit(hop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        numbers = [node.index for node in self._graph.nodes]
        if step is None or self._hop not in numbers:
            super().keyPressEvent(event)
            return
        place = numbers.index(self._hop) + step
        if 0 <= place < len(numbers):
            self.hop_asked.emit(numbers[place])

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            hop = self._at(QPointF(event.pos()))
            node = next((n for n in self._graph.nodes if n.index == hop), None)
            text = f"Hop {node.index}: {node.output} ({level_word(node.level)})" if node is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _at(self, place: QPointF) -> int | None:
        return next((hop for hop, rect in self._boxes().items() if rect.contains(place)), None)

    def _tell(self) -> None:
        said = [f"hop {e.start} feeds hop {e.end}" for e in self._graph.edges]
        here = f"hop {self._hop} is open; " if self._hop is not None else ""
        self.setAccessibleName("Chain as a graph")
        self.setAccessibleDescription(here + ", ".join(said))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        boxes = self._boxes()
        # Those of the open hop last, so that they lie above the others.
        for edge in sorted(self._graph.edges, key=lambda e: e.end == self._hop):
            self._paint_edge(painter, edge, boxes, t)
        for node in self._graph.nodes:
            self._paint_node(painter, node, boxes[node.index], t)

    def _paint_edge(self, painter: QPainter, edge: Edge, boxes: dict[int, QRectF], t: Tokens) -> None:
        is_incoming = edge.end == self._hop
        colour = t.accent if is_incoming else t.text_tertiary
        pen = QPen(colour, 1.75 if is_incoming else 1.5)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if not edge.is_instance:
            pen.setDashPattern([3.0, 2.2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        start, end = boxes[edge.start], boxes[edge.end]
        if edge.lane == 0:
            y = start.center().y()
            line = QPainterPath(QPointF(start.right(), y))
            line.lineTo(end.left() - 1, y)
            painter.drawPath(line)
            self._paint_head(painter, QPointF(end.left() - 1, y), (1.0, 0.0), colour)
            middle = QPointF((start.right() + end.left()) / 2 - 2, y)
        else:
            middle = self._paint_arc(painter, edge, start, end, colour)
        if edge.changes_level:
            self._paint_diamond(painter, middle, colour, t)

    def _paint_arc(self, painter: QPainter, edge: Edge, start: QRectF, end: QRectF, colour: QColor) -> QPointF:
        lane = min(edge.lane, _MOST_LANES)
        y = start.top() - _FIRST_LANE_PX - (lane - 1) * _LANE_PX + 4
        out = self._spread(edge, [e for e in self._graph.edges if e.lane and e.start == edge.start], start, 0.66)
        into = self._spread(edge, [e for e in self._graph.edges if e.lane and e.end == edge.end], end, 0.34)
        corner = 6.0
        line = QPainterPath(QPointF(out, start.top()))
        line.lineTo(out, y + corner)
        line.quadTo(out, y, out + corner, y)
        line.lineTo(into - corner, y)
        line.quadTo(into, y, into, y + corner)
        line.lineTo(into, end.top() - 1)
        painter.drawPath(line)
        self._paint_head(painter, QPointF(into, end.top() - 1), (0.0, 1.0), colour)
        return QPointF((out + into) / 2, y)

    def _spread(self, edge: Edge, siblings: list[Edge], box: QRectF, share: float) -> float:
        """Where an edge leaves or meets a box: several keep apart, in an order in which they do not cross."""
        ordered = sorted(siblings, key=lambda e: (-e.lane, e.start, e.end))
        if share > 0.5:
            ordered.reverse()
        place = ordered.index(edge)
        return box.left() + box.width() * share + (place - (len(ordered) - 1) / 2) * 12.0

    def _paint_head(self, painter: QPainter, tip: QPointF, along: tuple[float, float], colour: QColor) -> None:
        ux, uy = along
        painter.save()
        painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        for side in (-1, 1):
            back = QPointF(
                tip.x() - _HEAD_LENGTH * ux + side * 0.7 * _HEAD_LENGTH * uy,
                tip.y() - _HEAD_LENGTH * uy + side * 0.7 * _HEAD_LENGTH * ux,
            )
            painter.drawLine(tip, back)
        painter.restore()

    def _paint_diamond(self, painter: QPainter, middle: QPointF, colour: QColor, t: Tokens) -> None:
        painter.save()
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(t.surface)
        d = _DIAMOND
        path = QPainterPath(middle + QPointF(0, -d))
        for dx, dy in ((d, 0.0), (0.0, d), (-d, 0.0)):
            path.lineTo(middle + QPointF(dx, dy))
        path.closeSubpath()
        painter.drawPath(path)
        painter.restore()

    def _paint_node(self, painter: QPainter, node: Node, rect: QRectF, t: Tokens) -> None:
        is_open = node.index == self._hop
        width = 2 if is_open else 1
        edge = t.accent if is_open else t.text_tertiary if node.index == self._hot else t.line_strong
        painter.setPen(QPen(edge, width))
        painter.setBrush(t.accent_soft if is_open else t.hover if node.index == self._hot else t.surface)
        inset = width / 2
        painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius("card"), radius("card"))
        colour = t.accent if is_open else t.text_secondary
        painter.setFont(font("caption"))
        painter.setPen(colour)
        vcenter = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(rect.left() + 10, rect.top() + 6, 30, 16), int(vcenter), str(node.index))
        paint_icon(painter, LEVEL_ICONS[node.level], QRectF(rect.right() - 25, rect.top() + 6, 16, 16), colour)
        painter.setFont(output_font())
        painter.setPen(t.text)
        room = rect.width() - 20
        shown = elided_name(QFontMetricsF(output_font()), node.output, room)
        painter.drawText(QRectF(rect.left() + 10, rect.top() + 22, room + 1, 20), int(vcenter), shown)
        if node.severity is not None and node.severity is not Severity.NOTE:
            tone = t.bad if node.severity is Severity.ERROR else t.warn
            badge = QRectF(rect.right() - 12, rect.bottom() - 7, 16, 14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.surface)
            painter.drawRect(badge)
            paint_icon(painter, "warning", QRectF(badge.center().x() - 6.5, badge.center().y() - 6.5, 13, 13), tone)


class _Legend(QWidget):
    """What lines and signs mean; the last ones are left out where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_HEAD_PX)
        self.setAccessibleName("Solid: hands on an instance. Dashed: a value. Diamond: the level changes.")

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2 + 2
        vcenter = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.setFont(font("caption-strong"))
        painter.setPen(t.text_secondary)
        painter.drawText(QRectF(_SIDE_PX, 4, 80, self.height() - 4), vcenter, "Chain")
        painter.setFont(font("caption"))
        metrics = QFontMetricsF(font("caption"))
        entries = [
            ("solid", "hands on an instance"),
            ("dashed", "a value"),
            ("diamond", "level changes"),
            ("level-one", "one object"),
            ("level-many", "several"),
        ]
        widths = [
            metrics.horizontalAdvance(text) + (28 if sign in ("solid", "dashed") else 18) for sign, text in entries
        ]
        while entries and sum(widths) + 16 * (len(widths) - 1) > self.width() - 2 * _SIDE_PX - 64:
            entries.pop()
            widths.pop()
        x = self.width() - _SIDE_PX - sum(widths) - 16 * max(0, len(widths) - 1)
        for (sign, text), width in zip(entries, widths, strict=True):
            mark = self._paint_sign(painter, sign, x, middle, t)
            painter.setPen(t.text_secondary)
            painter.drawText(QRectF(x + mark, 4, width, self.height() - 4), vcenter, text)
            x += width + 16

    def _paint_sign(self, painter: QPainter, sign: str, x: float, middle: float, t: Tokens) -> float:
        pen = QPen(t.text_secondary, 1.5)
        if sign in ("solid", "dashed"):
            if sign == "dashed":
                pen.setDashPattern([3.0, 2.2])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, middle), QPointF(x + 22, middle))
            return 28
        if sign == "diamond":
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            c, d = QPointF(x + 6, middle), 4.5
            path = QPainterPath(c + QPointF(0, -d))
            for dx, dy in ((d, 0.0), (0.0, d), (-d, 0.0)):
                path.lineTo(c + QPointF(dx, dy))
            path.closeSubpath()
            painter.drawPath(path)
        else:
            paint_icon(painter, sign, QRectF(x - 2, middle - 8, 16, 16), t.text_secondary)
        return 18
