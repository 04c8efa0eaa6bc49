"""What a person may choose about scenes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

WIDTH_PX, HEIGHT_PX = 1200, 900


class Setting(StrEnum):
    """Where things stand."""

    TABLE = "table"
    SHELF = "shelf"
    WINDOWSILL = "windowsill"


@dataclass(frozen=True, slots=True)
class SceneStyle:
    """What all scenes of a set have in common.

    Attributes:
        settings: Which are drawn; one is chosen per scene.
        least_things: Fewest things in a scene.
        most_things: Most things in a scene.
        min_visible: Least share of each thing that other things leave in sight, in [0, 0.9]. What a book hides of the
            books under it in its own stack is not counted.
        least_cap_px: Smallest height of a printed capital in a picture 1200 pixels wide; in proportion in others.

    Raises:
        ValueError: No setting, or numbers that no scene can meet.
    """

    settings: tuple[Setting, ...] = tuple(Setting)
    least_things: int = 8
    most_things: int = 25
    min_visible: float = 0.65
    least_cap_px: float = 22.0

    def __post_init__(self) -> None:
        if not self.settings:
            raise ValueError("a style names at least one setting")
        if not 8 <= self.least_things <= self.most_things <= 25:
            raise ValueError(f"a scene holds 8 to 25 things, not {self.least_things} to {self.most_things}")
        if not 0.0 <= self.min_visible <= 0.9:
            raise ValueError(f"the least visible share lies in [0, 0.9], not {self.min_visible}")
        if not 0.0 < self.least_cap_px <= 26.0:
            raise ValueError(f"the smallest capital is at most 26 pixels high, not {self.least_cap_px}")
