"""Drawings of evidence: what leads to what, what was not chosen, how far, which side counts.

All in white with a dark casing, so that none looks like an instance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.canvas.chips import Chip, ChipMeasures, PlacedChip, Taken, inside
from app.canvas.content import Content
from app.canvas.look import CanvasLook
from app.canvas.values import HalfPlane, Overlay, Place
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.keys import InstanceKey

_MOST_EDGE_POINTS = 400
_SAMPLES_SIDE_PX = 192
_BEND = 0.16
"""How far an arrow swings out, as a share of its length. Chosen."""
_HEAD_PX = 12.0
_LINE_PX, _CASING_PX = 2.25, 5.5
_THIN_PX, _THIN_CASING_PX = 1.75, 3.75
_DOT_PX = 4.0
_END_PX = 8.0
"""Kept free of names round the end of a line. Chosen."""
_ASIDE_PX = 8.0
_SHADE = QColor(12, 13, 17, 96)


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two points of the picture."""

    start: Point
    end: Point
    text: str


@dataclass(frozen=True, slots=True)
class PlacedTag:
    """Words at a point; where they speak of an instance they stand below it, so that what is read off it is seen."""

    at: Point
    text: str
    below: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An overlay whose places are points: found once, drawn often."""

    arrows: tuple[Link, ...] = ()
    dashes: tuple[Link, ...] = ()
    tags: tuple[PlacedTag, ...] = ()
    half_plane: HalfPlane | None = None


def found_in(overlay: Overlay, content: Content) -> Evidence:
    """The points that the places of an overlay stand for; what names an unknown instance is left out."""
    return Evidence(
        arrows=tuple(link for a in overlay.arrows if (link := _link(a.start, a.end, a.text, content))),
        dashes=tuple(link for d in overlay.dashes if (link := _link(d.start, d.end, d.text, content))),
        tags=tuple(PlacedTag(at, t.text, _box(t.at, content)) for t in overlay.tags if (at := _middle(t.at, content))),
        half_plane=overlay.half_plane,
    )


def _link(start: Place, end: Place, text: str, content: Content) -> Link | None:
    a, b = _edge(start, content), _edge(end, content)
    if a is None or b is None:
        return None
    apart = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
    i, j = np.unravel_index(int(np.argmin(apart)), apart.shape)
    if apart[i, j] < 2 and isinstance(start, str) and isinstance(end, str):
        # They touch: an arrow of no length says nothing, so it goes from the middle of one to that of the other.
        from_middle, to_middle = _middle(start, content), _middle(end, content)
        return Link(from_middle, to_middle, text) if from_middle and to_middle else None
    return Link(Point(*(float(v) for v in a[i])), Point(*(float(v) for v in b[j])), text)


def _edge(place: Place, content: Content) -> NDArray[np.float64] | None:
    """Points along the edge of a place, float64, (N, 2)."""
    if isinstance(place, Point):
        return np.array([[place.x, place.y]])
    if place not in content.instances:
        return None
    labels = content.labels
    if labels is None or place not in labels.places:
        box = content.instances[place].box
        t = np.linspace(0, 1, 33)
        xs, ys = box.x0 + t * box.width, box.y0 + t * box.height
        sides = [(xs, ys * 0 + box.y0), (xs, ys * 0 + box.y1), (xs * 0 + box.x0, ys), (xs * 0 + box.x1, ys)]
        return np.concatenate([np.column_stack(side) for side in sides])
    region = labels.places[place].region
    step = max(1, math.ceil(max(region.width, region.height) / _SAMPLES_SIDE_PX))
    padded = np.pad(labels.bitmap(place, region, step), 1)
    core = padded[1:-1, 1:-1]
    is_edge = core & ~(padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:])
    rows, columns = np.nonzero(is_edge if is_edge.any() else core)
    if not len(rows):
        rows, columns = np.array([0]), np.array([0])
    chosen = slice(None, None, math.ceil(len(rows) / _MOST_EDGE_POINTS))
    corner = np.array([region.x0 + 0.5, region.y0 + 0.5])
    points: NDArray[np.float64] = np.column_stack((columns[chosen], rows[chosen])).astype(np.float64) * step + corner
    return points


def _middle(place: Place, content: Content) -> Point | None:
    if isinstance(place, Point):
        return place
    if content.labels and place in content.labels.places:
        return content.labels.places[place].inside
    instance = content.instances.get(InstanceKey(place))
    return instance.box.centre if instance else None


def _box(place: Place, content: Content) -> Box | None:
    instance = None if isinstance(place, Point) else content.instances.get(InstanceKey(place))
    return instance.box if instance else None


def ends_of(evidence: Evidence, view: ViewTransform) -> list[QRectF]:
    """Where lines begin and end, in logical pixels of the window: no name should stand there."""
    links = (*evidence.arrows, *evidence.dashes)
    places = [view.to_view(p.x, p.y) for link in links for p in (link.start, link.end)]
    reach = QPointF(_END_PX, _END_PX)
    return [QRectF(place - reach, place + reach) for place in places]


def paint_evidence(
    painter: QPainter,
    evidence: Evidence,
    view: ViewTransform,
    look: CanvasLook,
    measures: ChipMeasures,
    taken: Taken,
    window: QRectF,
    *,
    has_shade: bool,
) -> list[PlacedChip]:
    """Draws lines and gives back the tags that belong to them, placed but not drawn yet.

    Args:
        painter: In logical pixels of the window.
        evidence: What to draw.
        view: Snapped.
        look: Colours.
        measures: Of texts.
        taken: Tags keep off what is taken, and are added.
        window: Tags stay inside.
        has_shade: Darken the side of a half plane that does not count; not where all but the lit is dark already.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    tags: list[PlacedChip] = []
    if evidence.half_plane is not None:
        tags += _half_plane(painter, evidence.half_plane, view, look, measures, taken, window, has_shade=has_shade)
    for dash in evidence.dashes:
        start, end = view.to_view(dash.start.x, dash.start.y), view.to_view(dash.end.x, dash.end.y)
        _thin(painter, start, end, look)
        tags += _tag(dash.text, QLineF(start, end).center(), start, end, look, measures, taken, window)
    for arrow in evidence.arrows:
        start, end = view.to_view(arrow.start.x, arrow.start.y), view.to_view(arrow.end.x, arrow.end.y)
        middle = _arrow(painter, start, end, look)
        tags += _tag(arrow.text, middle, start, end, look, measures, taken, window)
    for tag in evidence.tags:
        point = view.to_view(tag.at.x, tag.at.y)
        below = view.box_to_view(tag.below) if tag.below is not None else None
        tags += _tag(tag.text, point, point, point, look, measures, taken, window, below=below)
    painter.restore()
    return tags


def _pen(colour: QColor, width: float, pattern: tuple[float, float] | None = None) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if pattern is not None:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([length / width for length in pattern])
    return pen


def _thin(painter: QPainter, start: QPointF, end: QPointF, look: CanvasLook) -> None:
    painter.setPen(_pen(look.casing, _THIN_CASING_PX))
    painter.drawLine(start, end)
    painter.setPen(_pen(look.evidence, _THIN_PX, (6, 5)))
    painter.drawLine(start, end)


def _arrow(painter: QPainter, start: QPointF, end: QPointF, look: CanvasLook) -> QPointF:
    """Draws a curved arrow; gives the middle of the curve."""
    dx, dy = end.x() - start.x(), end.y() - start.y()
    length = math.hypot(dx, dy)
    if length < 1:
        return start
    # It swings to the side that lies higher up, so that arrows of one picture bend alike.
    side = 1.0 if dx >= 0 else -1.0
    across = QPointF(dy / length * side, -dx / length * side)
    bend = min(_BEND * length, 90.0)
    control = QLineF(start, end).center() + across * (2 * bend)
    curve = QPainterPath(start)
    curve.quadTo(control, end)
    along = end - control
    size = math.hypot(along.x(), along.y()) or 1.0
    ux, uy = along.x() / size, along.y() / size
    head_px = min(_HEAD_PX, max(6.0, length / 2))
    head = QPolygonF(
        [
            QPointF(end.x() - head_px * (ux * 0.9 - uy * 0.52), end.y() - head_px * (uy * 0.9 + ux * 0.52)),
            end,
            QPointF(end.x() - head_px * (ux * 0.9 + uy * 0.52), end.y() - head_px * (uy * 0.9 - ux * 0.52)),
        ]
    )
    for colour, width, dot in ((look.casing, _CASING_PX, _DOT_PX + 1.75), (look.evidence, _LINE_PX, _DOT_PX)):
        painter.setPen(_pen(colour, width))
        painter.drawPath(curve)
        painter.drawPolyline(head)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(start, dot, dot)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    return curve.pointAtPercent(0.5)


def _tag(
    text: str,
    at: QPointF,
    start: QPointF,
    end: QPointF,
    look: CanvasLook,
    measures: ChipMeasures,
    taken: Taken,
    window: QRectF,
    *,
    below: QRectF | None = None,
) -> list[PlacedChip]:
    """A tag at a point: below what it speaks of or beside its line, where that is free."""
    if not text:
        return []
    chip = Chip(text=text, ground=look.tag_ground, ink=look.tag_text)
    width, height = measures.size(chip)
    dx, dy = end.x() - start.x(), end.y() - start.y()
    length = math.hypot(dx, dy)
    aside = width / 2 + _ASIDE_PX
    shifts = [(0.0, 0.0), *((0.0, y * height) for y in (-1, 1))]
    # Farther off only where nearer it would stand on a name.
    shifts += [(x * aside, y * height) for y in (0, -1, 1) for x in (1, -1)] + [(0.0, y * height) for y in (-2.5, 2.5)]
    if length > 0:
        # Just far enough across the line that the tag leaves it free.
        nx, ny = -dy / length, dx / length
        reach = abs(nx) * width / 2 + abs(ny) * height / 2 + 9
        beside = [(nx * reach * s, ny * reach * s) for s in ((1, -1) if nx > 0 else (-1, 1))]
        shifts = [*beside, *shifts] if length > 2 * height else [*beside]
    foot = QRectF(0, 0, width, height)
    if below is not None:
        foot.moveCenter(QPointF(below.center().x(), below.bottom() + _ASIDE_PX + height / 2))
        if window.contains(foot) and taken.is_free(foot):
            taken.add(foot)
            return [PlacedChip(chip, foot)]
    rects = [inside(QRectF(at.x() + x - width / 2, at.y() + y - height / 2, width, height), window) for x, y in shifts]
    fitting = [r for r in rects if r is not None]
    if not fitting:
        return []
    rect = next((r for r in fitting if taken.is_free(r)), fitting[0])
    taken.add(rect)
    return [PlacedChip(chip, rect)]


def _half_plane(
    painter: QPainter,
    half: HalfPlane,
    view: ViewTransform,
    look: CanvasLook,
    measures: ChipMeasures,
    taken: Taken,
    window: QRectF,
    *,
    has_shade: bool,
) -> list[PlacedChip]:
    at = view.to_view(half.through.x, half.through.y)
    size = math.hypot(*half.towards)
    ux, uy = half.towards[0] / size, half.towards[1] / size
    far = window.width() + window.height() + abs(at.x()) + abs(at.y())
    along = QPointF(-uy, ux)
    picture = view.box_to_view(_whole(view)).intersected(window)
    away = QPolygonF(
        [
            at + along * far,
            at - along * far,
            at - along * far - QPointF(ux, uy) * far,
            at + along * far - QPointF(ux, uy) * far,
        ]
    )
    painter.save()
    painter.setClipRect(picture, Qt.ClipOperation.IntersectClip)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_SHADE if has_shade else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(away)
    _thin(painter, at + along * far, at - along * far, look)
    painter.restore()
    # Small arrows from the line to the side that counts.
    middle = picture.center()
    offset = (middle.x() - at.x()) * along.x() + (middle.y() - at.y()) * along.y()
    foot = at + along * offset
    if not picture.contains(foot):
        return []
    for shift in (-28.0, 28.0):
        begin = foot + along * shift + QPointF(ux, uy) * 5
        tip = begin + QPointF(ux, uy) * 14
        barbs = [tip - QPointF(ux * 5 - uy * 5 * s, uy * 5 + ux * 5 * s) for s in (1, -1)]
        for colour, width in ((look.casing, _THIN_CASING_PX), (look.evidence, _THIN_PX)):
            painter.setPen(_pen(colour, width))
            painter.drawLine(begin, tip)
            painter.drawPolyline(QPolygonF([barbs[0], tip, barbs[1]]))
    width, height = measures.size(Chip(text=half.text, ground=look.tag_ground, ink=look.tag_text))
    beside = foot + QPointF(ux * (width / 2 + 12), uy * (height / 2 + 12))
    return _tag(half.text, beside, beside, beside, look, measures, taken, window)


def _whole(view: ViewTransform) -> Box:
    return Box(0.0, 0.0, float(view.picture_width), float(view.picture_height))
