"""How a person likes instances shown, kept between sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.canvas import Colouring, Display
from app.models.instance_list import InstanceColumn
from app.views.instances.tool_row import USUAL_OPACITY

SWITCHES = {"outlines": "has_outlines", "names": "has_names", "scores": "has_scores", "boxes": "has_boxes"}
"""Words of actions, and the field of `Display` that each switches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What is remembered.

    Attributes:
        display: What is drawn.
        opacity: Of fills, per cent.
        colouring: What colours tell.
        has_minimap: The overview may be shown.
        has_crops: Crops stand in place of the list.
        sorted_by: Column that the list goes by.
        is_descending: The largest stands first in the list.
    """

    display: Display = field(default_factory=Display)
    opacity: int = USUAL_OPACITY
    colouring: Colouring = Colouring.INSTANCE
    has_minimap: bool = True
    has_crops: bool = False
    sorted_by: InstanceColumn = InstanceColumn.NAME
    is_descending: bool = False

    @classmethod
    def read(cls, kept: object) -> Looks:
        """From settings; what is missing or makes no sense is as usual."""
        usual = cls()
        if not isinstance(kept, Mapping):
            return usual
        shown = {name: bool(kept.get(name, getattr(usual.display, name))) for name in SWITCHES.values()}
        opacity, colouring, column = kept.get("opacity"), kept.get("colouring"), kept.get("sorted_by")
        return cls(
            display=Display(**shown),
            opacity=min(100, max(0, opacity)) if isinstance(opacity, int) else usual.opacity,
            colouring=Colouring(colouring) if colouring in list(Colouring) else usual.colouring,
            has_minimap=bool(kept.get("minimap", usual.has_minimap)),
            has_crops=bool(kept.get("crops", usual.has_crops)),
            sorted_by=next((one for one in InstanceColumn if one.name == column), usual.sorted_by),
            is_descending=bool(kept.get("descending", usual.is_descending)),
        )

    def to_settings(self) -> dict[str, Any]:
        """Plain JSON for the settings."""
        return {
            **{name: getattr(self.display, name) for name in SWITCHES.values()},
            "opacity": self.opacity,
            "colouring": self.colouring.value,
            "minimap": self.has_minimap,
            "crops": self.has_crops,
            "sorted_by": self.sorted_by.name,
            "descending": self.is_descending,
        }

    def is_on(self, what: str) -> bool:
        """Whether something is shown: a word of `SWITCHES`, or colour, minimap or crops."""
        if what in SWITCHES:
            return bool(getattr(self.display, SWITCHES[what]))
        return {
            "colour": self.colouring is Colouring.CATEGORY,
            "minimap": self.has_minimap,
            "crops": self.has_crops,
        }[what]

    def toggled(self, what: str) -> Looks:
        """The same with one thing switched."""
        is_on = not self.is_on(what)
        if what in SWITCHES:
            shown = {name: getattr(self.display, name) for name in SWITCHES.values()}
            return replace(self, display=Display(**{**shown, SWITCHES[what]: is_on}))
        if what == "colour":
            return replace(self, colouring=Colouring.CATEGORY if is_on else Colouring.INSTANCE)
        return replace(self, has_minimap=is_on) if what == "minimap" else replace(self, has_crops=is_on)
