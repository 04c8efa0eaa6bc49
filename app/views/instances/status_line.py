"""What the space says of a picture in passing."""

from __future__ import annotations

from app.models.status_words import counted
from app.presenters.instance_picture import Picture
from hopchain_core.domain.geometry import Point


def status_of(picture: Picture, selected: int, cursor: Point | None) -> str:
    """For the status bar: where the cursor is, how large the picture is, and how many instances it has.

    Args:
        picture: That is shown.
        selected: How many instances are selected.
        cursor: In pixels of the picture; None outside of it.
    """
    hidden = sum(row.is_hidden for row in picture.rows)
    counts = counted(len(picture.rows), "instance")
    if hidden:
        counts += f", {hidden:,} hidden"
    if selected:
        counts += f", {selected:,} selected"
    parts = [f"{picture.image.width_px:,} × {picture.image.height_px:,}", counts]
    if cursor is not None:
        parts.insert(0, f"x {int(cursor.x)}  y {int(cursor.y)}")
    return "     ".join(parts)


def removed_words(count: int, chains: int) -> str:
    """That instances were deleted, and chains that used them are stale now."""
    text = f"{counted(count, 'instance')} deleted"
    if chains:
        used = "it" if count == 1 else "them"
        text += f"; {counted(chains, 'chain')} used {used} and {'is' if chains == 1 else 'are'} stale"
    return text
