"""The picture canvas of Instances, Chains, Solve and Adjudicate."""

from __future__ import annotations

from app.canvas.canvas import PictureCanvas
from app.canvas.feed import PictureSource
from app.canvas.look import CanvasLook
from app.canvas.marks import Display
from app.canvas.values import Arrow, CanvasInstance, Colouring, Dash, HalfPlane, Overlay, Tag

__all__ = [
    "Arrow",
    "CanvasInstance",
    "CanvasLook",
    "Colouring",
    "Dash",
    "Display",
    "HalfPlane",
    "Overlay",
    "PictureCanvas",
    "PictureSource",
    "Tag",
]
