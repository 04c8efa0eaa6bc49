"""Where the keyboard goes in the grid."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView

from app.views.library.geometry import GAP_PX, GridGeometry

_Move = QAbstractItemView.CursorAction


def moved(geometry: GridGeometry, row: int, action: QAbstractItemView.CursorAction, height_px: int) -> int:
    """The row of the list that a key leads to.

    Args:
        geometry: Of at least one card.
        row: Where the keyboard is; negative for nowhere.
        action: What the key asks for.
        height_px: Of the viewport: a page is as many rows of cards as fit.
    """
    if row < 0:
        return geometry.count - 1 if action is _Move.MoveEnd else 0
    last, columns = geometry.count - 1, geometry.columns
    page = max(1, height_px // (geometry.cell_height_px + GAP_PX)) * columns
    step = {
        _Move.MoveLeft: -1, _Move.MovePrevious: -1, _Move.MoveRight: 1, _Move.MoveNext: 1,
        _Move.MoveUp: -columns, _Move.MoveDown: columns,
        _Move.MovePageUp: -page, _Move.MovePageDown: page,
        _Move.MoveHome: -row, _Move.MoveEnd: last - row,
    }[action]  # fmt: skip
    if action in (_Move.MoveUp, _Move.MoveDown) and not 0 <= row + step <= last:
        # Below the last but one row there may be nothing: then the last picture is meant.
        is_above_last = action is _Move.MoveDown and row // columns < last // columns
        return last if is_above_last else row
    return max(0, min(last, row + step))
