"""What the left button does on the canvas: select, hand, box, polygon, points, brush, eraser.

A tool gives back finished shapes through its stage and never touches a project.
"""

from __future__ import annotations

from app.canvas.tools.box import BoxTool
from app.canvas.tools.brush import BrushTool
from app.canvas.tools.hand import HandTool
from app.canvas.tools.points import PointsTool
from app.canvas.tools.polygon import PolygonTool
from app.canvas.tools.select import SelectTool
from app.canvas.tools.tool import Pointer, Stage, Tool

__all__ = [
    "BoxTool",
    "BrushTool",
    "HandTool",
    "PointsTool",
    "PolygonTool",
    "SelectTool",
    "Stage",
    "Pointer",
    "Tool",
]
