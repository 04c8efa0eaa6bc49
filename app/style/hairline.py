"""Thin lines that are as thick everywhere, also where a logical pixel is one and a half on the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter


def fill_lines(painter: QPainter, lines: Sequence[QRectF], colour: QColor, casing: QColor | None = None) -> None:
    """Fills thin upright and level lines.

    Args:
        painter: Neither turned nor sheared.
        lines: In its pixels; the thin side of each is the thickness that is meant.
        colour: Of the lines.
        casing: About a pixel of this round all of them, beneath.
    """
    placed = [on_pixels(painter, line) for line in lines]
    if casing is not None:
        ratio = painter.deviceTransform().m11()
        around = max(1, round(ratio)) / ratio
        for line in placed:
            painter.fillRect(line.adjusted(-around, -around, around, around), casing)
    for line in placed:
        painter.fillRect(line, colour)


def on_pixels(painter: QPainter, rect: QRectF) -> QRectF:
    """A thin line moved to whole pixels of the screen, its thickness rounded down to them, one at least."""
    to_screen = painter.deviceTransform()
    there = to_screen.mapRect(rect)
    width, height = (max(1, math.floor(side + 0.01)) for side in (there.width(), there.height()))
    left, top = math.floor(there.left() + 0.5), math.floor(there.top() + 0.5)
    if there.width() > there.height():
        width = math.floor(there.right() + 0.5) - left
    else:
        height = math.floor(there.bottom() + 0.5) - top
    back, _ = to_screen.inverted()
    return back.mapRect(QRectF(left, top, width, height))
