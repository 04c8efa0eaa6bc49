"""Crops of instances as the composer is given them: the picture inside the box, without anything drawn over it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.canvas.pyramid import Pyramid
from hopchain_core.domain.geometry import Box


def crop_rect(box: Box, room: QRectF) -> QRectF:
    """Where a crop lies in the room there is: whole, in the middle, never stretched."""
    scale = min(room.width() / max(1.0, box.width), room.height() / max(1.0, box.height))
    width, height = max(1.0, box.width * scale), max(1.0, box.height * scale)
    return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)


def paint_crop(painter: QPainter, pyramid: Pyramid | None, box: Box, room: QRectF) -> QRectF:
    """Paints a crop; nothing while the picture is not there.

    Args:
        painter: Of a widget or a delegate, in logical pixels.
        pyramid: The picture.
        box: In pixels of the picture.
        room: Where it may stand.

    Returns:
        Where it stands.
    """
    target = crop_rect(box, room)
    if pyramid is None:
        return target
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    level = pyramid.level_for(target.width() * ratio / max(1.0, box.width))
    source = QRectF(
        box.x0 * level.scale_x, box.y0 * level.scale_y, box.width * level.scale_x, box.height * level.scale_y
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, level.image, source)
    painter.restore()
    return target
