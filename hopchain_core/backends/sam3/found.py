"""What SAM 3 is asked with and what it finds, whichever package it runs in."""

from __future__ import annotations

from dataclasses import dataclass

from hopchain_core.domain.geometry import Box, Mask


@dataclass(frozen=True, slots=True)
class Found:
    """One instance that the model sees.

    Attributes:
        score: The query's score times the concept's presence in the picture, in [0, 1].
        mask: In pixels of the picture.
        box: As the model gives it, in pixels of the picture.
    """

    score: float
    mask: Mask
    box: Box


@dataclass(frozen=True, slots=True)
class BoxPrompt:
    """A box that shows what is meant, or what is not."""

    box: Box
    is_inside: bool

    def relative(self, width_px: int, height_px: int) -> list[float]:
        """Centre x and y, width and height, in shares of the picture."""
        box = self.box
        return [
            (box.x0 + box.x1) / 2 / width_px,
            (box.y0 + box.y1) / 2 / height_px,
            box.width / width_px,
            box.height / height_px,
        ]
