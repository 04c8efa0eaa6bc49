"""What stands on the canvas in place of a picture that could not be read."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

_SIDE_PX = 32.0
_LIGHT, _DARK = QColor("#e6e7ea"), QColor("#24262b")


def notice_of(name: str, error: Exception) -> str:
    """Says in plain words which picture is not there, why, and what to do.

    Args:
        name: Of the picture.
        error: What reading it ended with; its `hint` says what to do where it has one.
    """
    what = getattr(error, "hint", "") or "Put the file back where it was, or relink the project's pictures."
    return f"{name} cannot be shown\n\n{error}\n\n{what}"


def paint_notice(painter: QPainter, window: QRectF, text: str, ground: QColor) -> None:
    """Draws the words in the middle of the window, as plain text, so that they stand out from the ground."""
    painter.setPen(_DARK if ground.lightness() > 127 else _LIGHT)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(window.adjusted(_SIDE_PX, _SIDE_PX, -_SIDE_PX, -_SIDE_PX), int(flags), text)
