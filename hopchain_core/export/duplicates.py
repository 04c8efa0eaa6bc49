"""Leaves out pictures that look like one already taken: of each group of near-duplicates the first that gives a record."""

from __future__ import annotations

from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey


class Duplicates:
    """What was taken of each group; about 250 bytes a picture, and nothing where it is not asked for.

    Args:
        is_asked: Near-duplicates are left out; otherwise they are only kept on one side of the split.
    """

    def __init__(self, *, is_asked: bool) -> None:
        self._is_asked = is_asked
        self._taken: dict[str, tuple[ImageKey, str]] = {}

    def took(self, group: str, image: ImageKey, path: str) -> None:
        """A picture of this group is in the export."""
        if self._is_asked:
            self._taken.setdefault(group, (image, path))

    def why(self, image: Image) -> str:
        """Which picture it looks like; empty when none of its group, or itself, was taken."""
        taken = self._taken.get(image.split_group or image.key)
        return f"{image.path}: looks like {taken[1]}" if taken is not None and taken[0] != image.key else ""
