"""Outlines and boxes over the frame: vectors only for what stands out, or where there are few."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from app.canvas.content import Content
from app.canvas.look import CanvasLook
from app.canvas.outlines import MOST_PATHS, Outlines
from app.canvas.values import CanvasInstance
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.keys import InstanceKey

MOST_VECTORS_PX = 24_000.0
"""Device pixels of outline, roughly; with more in view, outlines at rest come from the label map (measured: smooth
lines take 0.2 ms for 1,000)."""
_REST_PX, _HOVER_PX, _LIT_PX, _LIT_CASING_PX = 1.5, 2.25, 2.25, 4.5
_SELECTED_PX, _SELECTED_WHITE_PX, _SELECTED_CASING_PX = 1.5, 3.5, 6.0
_CANDIDATE_PX, _CANDIDATE_DASH = 1.75, (6.0, 5.0)
_MEMBER_PX, _MEMBER_DASH, _MEMBER_OPACITY = 1.25, (2.0, 3.0), 0.42
_LIMIT_PX = 16_000.0
"""The painter cannot draw farther out than 32,767."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """What is shown.

    Attributes:
        has_outlines: Of every instance.
        has_boxes: Of every instance; one without a mask has its box always.
        has_names: Chips where they fit.
        has_scores: After the names.
        is_bare: Nothing but the picture.
    """

    has_outlines: bool = True
    has_boxes: bool = False
    has_names: bool = True
    has_scores: bool = False
    is_bare: bool = False


class Marks:
    """Draws what stands out.

    Args:
        content: Instances and their states.
        outlines: Paths of them.
    """

    def __init__(self, content: Content, outlines: Outlines) -> None:
        self._content = content
        self._outlines = outlines
        self._is_whole = True

    def in_view(self, view: ViewTransform) -> list[InstanceKey]:
        """Those not hidden whose box is in the window, in their order."""
        content, seen = self._content, view.visible
        if not len(content.boxes):
            return []
        x0, y0, x1, y1 = content.boxes.T
        is_seen = (x1 > seen.x0) & (y1 > seen.y0) & (x0 < seen.x1) & (y0 < seen.y1)
        return [i.key for i, yes in zip(content.instances.values(), is_seen, strict=True) if yes and not i.is_hidden]

    def make_ready(self, view: ViewTransform, display: Display, in_view: list[InstanceKey], until_s: float) -> bool:
        """Traces outlines that `paint` draws, at least one, until a time of `time.perf_counter`; whether all are there."""
        content = self._content
        if content.labels is None:
            return True
        rest = [key for key in in_view if content.instances[key].is_candidate]
        if display.has_outlines and not content.is_dimmed and self.has_vectors_at_rest(view):
            rest = in_view
        members = content.overlay.members if content.overlay is not None else ()
        drawn = dict.fromkeys((*content.lit, *members, *content.selected, *rest, content.hovered))
        is_late = False
        # More than are kept would be traced again and again.
        for key in [key for key in drawn if key in content.instances][: MOST_PATHS // 2]:
            if self._outlines.has(content.labels, key, view):
                continue
            if is_late:
                return False
            self._outlines.path(content.labels, key, view)
            # After one at least, so that it comes to an end on any machine.
            is_late = time.perf_counter() > until_s
        return True

    def paint(
        self,
        painter: QPainter,
        view: ViewTransform,
        display: Display,
        in_view: list[InstanceKey],
        *,
        is_whole: bool = True,
    ) -> None:
        """Draws outlines and boxes.

        Args:
            painter: In logical pixels of the window.
            view: Snapped.
            display: What is shown.
            in_view: As `in_view` gives it.
            is_whole: Trace outlines that are not there yet; otherwise leave them out.
        """
        self._is_whole = is_whole
        content, look = self._content, self._content.look
        instances = content.instances
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        special = {*content.lit, *content.selected, content.hovered, content.edited}
        rest = [key for key in in_view if key not in special]
        if not content.is_dimmed:
            self._paint_rest(painter, view, display, [key for key in rest if not instances[key].is_candidate])
        if content.overlay is not None:
            faint = QColor(look.evidence)
            faint.setAlphaF(_MEMBER_OPACITY)
            for key in self._known(content.overlay.members - content.lit):
                self._stroke(painter, key, view, [_pen(faint, _MEMBER_PX, _MEMBER_DASH)])
        for key in rest:
            if instances[key].is_candidate:
                self._stroke(painter, key, view, self._candidate_pens(look))
        for key in self._known(content.lit):
            pens = [_pen(look.casing, _LIT_CASING_PX), _pen(content.colour(key), _LIT_PX)]
            self._stroke(painter, key, view, pens)
        for key in self._known(content.selected):
            pens = [_pen(look.casing, _SELECTED_CASING_PX), _pen(look.evidence, _SELECTED_WHITE_PX)]
            self._stroke(painter, key, view, [*pens, _pen(content.colour(key), _SELECTED_PX)])
        if content.hovered is not None and content.hovered not in content.selected:
            for key in self._known([content.hovered]):
                is_candidate = instances[key].is_candidate
                pens = [_pen(look.casing, _LIT_CASING_PX), _pen(content.colour(key), _HOVER_PX)]
                self._stroke(painter, key, view, self._candidate_pens(look) if is_candidate else pens)
        painter.restore()

    def has_vectors_at_rest(self, view: ViewTransform) -> bool:
        """Whether outlines at rest are drawn here, and not by the frame."""
        boxes, seen = self._content.boxes, view.visible
        if not len(boxes):
            return True
        width = np.minimum(boxes[:, 2], seen.x1) - np.maximum(boxes[:, 0], seen.x0)
        height = np.minimum(boxes[:, 3], seen.y1) - np.maximum(boxes[:, 1], seen.y0)
        is_seen = (width > 0) & (height > 0)
        return float((width + height)[is_seen].sum()) * 2 * view.scale <= MOST_VECTORS_PX

    def _paint_rest(self, painter: QPainter, view: ViewTransform, display: Display, keys: list[InstanceKey]) -> None:
        content = self._content
        is_few = self.has_vectors_at_rest(view)
        for key in keys:
            has_mask = content.has_mask(key)
            if display.has_outlines and has_mask and is_few:
                self._stroke(painter, key, view, [_pen(content.colour(key), _REST_PX)])
            if display.has_boxes or not has_mask:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
                painter.setPen(_on_screen(_pen(content.colour(key), 1.0 if has_mask else _REST_PX), view))
                painter.drawRect(_limited(view.box_to_view(content.box(key))))
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _known(self, keys: frozenset[InstanceKey] | tuple[InstanceKey, ...] | list[InstanceKey]) -> list[InstanceKey]:
        found: list[CanvasInstance] = [i for key in keys if (i := self._content.instances.get(key)) is not None]
        return [i.key for i in sorted(found, key=lambda i: i.key) if not i.is_hidden and i.key != self._content.edited]

    @staticmethod
    def _candidate_pens(look: CanvasLook) -> list[QPen]:
        return [_pen(look.casing, _CANDIDATE_PX + 1.5), _pen(look.evidence, _CANDIDATE_PX, _CANDIDATE_DASH)]

    def _stroke(self, painter: QPainter, key: InstanceKey, view: ViewTransform, pens: list[QPen]) -> None:
        content = self._content
        labels = content.labels
        if labels and not self._is_whole and not self._outlines.has(labels, key, view):
            return
        path = self._outlines.path(labels, key, view) if labels else QPainterPath()
        if content.has_mask(key):
            painter.save()
            painter.setTransform(to_picture_pixels(view), True)
            for pen in pens:
                painter.setPen(_on_screen(pen, view))
                painter.drawPath(path)
            painter.restore()
            return
        rect = _limited(view.box_to_view(content.instances[key].box))
        for pen in pens:
            painter.setPen(_on_screen(pen, view))
            painter.drawRect(rect)


def to_picture_pixels(view: ViewTransform) -> QTransform:
    """Lets a painter in logical pixels of the window draw in pixels of the picture."""
    scale = view.logical_scale
    return QTransform(scale, 0, 0, scale, view.x / view.ratio, view.y / view.ratio)


def _limited(rect: QRectF) -> QRectF:
    return rect.intersected(QRectF(-_LIMIT_PX, -_LIMIT_PX, 2 * _LIMIT_PX, 2 * _LIMIT_PX))


def _pen(colour: QColor, width: float, pattern: tuple[float, float] | None = None) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if pattern is not None:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([length / width for length in pattern])
    return pen


def _on_screen(pen: QPen, view: ViewTransform) -> QPen:
    """A cosmetic pen of so many logical pixels: its width counts in device pixels."""
    pen.setWidthF(pen.widthF() * view.ratio)
    return pen
