"""The overview: all of the picture in a corner, with a frame round what is seen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.canvas.look import CanvasLook
from app.canvas.pyramid import Pyramid
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Box, Point

LONG_SIDE_PX = 168.0
MOST_SEEN = 0.7
"""Share of the picture from which on an overview tells nothing. Chosen."""
_MARGIN_PX = 12.0
_LEAST_FRAME_PX = 5.0


class Minimap:
    """Where in the picture the view is; shown only while the picture is larger than the window."""

    def __init__(self) -> None:
        self.avoided: tuple[Box, ...] = ()
        """Boxes of the picture that it does not cover where another corner has room."""
        self._of: Pyramid | None = None
        self._image = QImage()

    def rect(self, view: ViewTransform, window: QRectF) -> QRectF:
        """Its place in the window, logical pixels; empty where it is not shown."""
        longer = max(view.picture_width, view.picture_height)
        seen = view.visible
        share = seen.width * seen.height / max(1, view.picture_width * view.picture_height)
        if longer == 0 or share > MOST_SEEN or window.width() < 3 * LONG_SIDE_PX or window.height() < 2 * LONG_SIDE_PX:
            return QRectF()
        width = max(24.0, round(LONG_SIDE_PX * view.picture_width / longer))
        height = max(24.0, round(LONG_SIDE_PX * view.picture_height / longer))
        right, bottom = window.right() - width - _MARGIN_PX, window.bottom() - height - _MARGIN_PX
        left, top = window.left() + _MARGIN_PX, window.top() + _MARGIN_PX
        corners = [QRectF(x, y, width, height) for x, y in ((right, bottom), (left, bottom), (right, top), (left, top))]
        boxes = [view.box_to_view(box) for box in self.avoided]
        return min(corners, key=lambda corner: _covered(corner, boxes))

    def point(self, at: QPointF, view: ViewTransform, window: QRectF) -> Point:
        """Point of the picture under a place of the overview."""
        rect = self.rect(view, window)
        x = (at.x() - rect.left()) / rect.width() * view.picture_width
        y = (at.y() - rect.top()) / rect.height() * view.picture_height
        return Point(min(max(x, 0.0), float(view.picture_width)), min(max(y, 0.0), float(view.picture_height)))

    def paint(
        self, painter: QPainter, view: ViewTransform, window: QRectF, pyramid: Pyramid | None, look: CanvasLook
    ) -> None:
        """Draws it, if it is shown."""
        rect = self.rect(view, window)
        if rect.isEmpty():
            return
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.tag_ground)
        painter.drawRect(rect.adjusted(-3, -3, 3, 3))
        if pyramid is not None:
            painter.drawImage(rect.topLeft(), self._small(pyramid, rect, view.ratio))
        frame = self._frame(rect, view)
        shade = QColor(look.dim)
        shade.setAlphaF(0.5)
        painter.setBrush(shade)
        for outside in (
            QRectF(rect.left(), rect.top(), rect.width(), frame.top() - rect.top()),
            QRectF(rect.left(), frame.bottom(), rect.width(), rect.bottom() - frame.bottom()),
            QRectF(rect.left(), frame.top(), frame.left() - rect.left(), frame.height()),
            QRectF(frame.right(), frame.top(), rect.right() - frame.right(), frame.height()),
        ):
            painter.drawRect(outside)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.evidence, 1.5))
        painter.drawRect(frame)
        painter.restore()

    def _frame(self, rect: QRectF, view: ViewTransform) -> QRectF:
        seen = view.visible
        kx, ky = rect.width() / view.picture_width, rect.height() / view.picture_height
        frame = QRectF(rect.left() + seen.x0 * kx, rect.top() + seen.y0 * ky, seen.width * kx, seen.height * ky)
        frame.setWidth(max(_LEAST_FRAME_PX, frame.width()))
        frame.setHeight(max(_LEAST_FRAME_PX, frame.height()))
        return frame.intersected(rect)

    def _small(self, pyramid: Pyramid, rect: QRectF, ratio: float) -> QImage:
        width, height = round(rect.width() * ratio), round(rect.height() * ratio)
        if self._of is not pyramid or (self._image.width(), self._image.height()) != (width, height):
            self._of = pyramid
            level = pyramid.level_for(width / pyramid.width_px)
            self._image = level.image.scaled(
                width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._image.setDevicePixelRatio(ratio)
        return self._image


def _covered(corner: QRectF, boxes: list[QRectF]) -> float:
    """Area of boxes beneath a corner, logical pixels squared. The first of equal corners is taken."""
    parts = [corner.intersected(box) for box in boxes]
    return sum(part.width() * part.height() for part in parts)
