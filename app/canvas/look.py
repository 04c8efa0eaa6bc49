"""Colours and sizes of what the canvas draws; sizes are logical pixels at 100 %."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtGui import QColor, QFont, QPalette

from app.style.tokens import raw_tokens, tokens_of_palette

INSTANCE_COLOURS = (
    "#789FF3",
    "#F2ED2B",
    "#DD389D",
    "#9FF9E7",
    "#B88255",
    "#9D5BF4",
    "#F8B694",
    "#B5B100",
    "#C4BFFF",
    "#FA7BA7",
)
"""Chosen by search: any two differ by 0.10 or more in OKLab also under protanopia, deuteranopia and tritanopia (Machado
2009), all are light enough for dark text, and none is a pure red, green or blue, of which photographs are full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasLook:
    """How the canvas looks. The defaults are those of the dark theme.

    Attributes:
        ground: Around the picture.
        accent: Rubber band and the view in the overview.
        instances: Colours of instances, in order; past the last they repeat.
        chip_text: On a chip of an instance's colour.
        tag_ground: Behind evidence, hover and candidate tags.
        tag_text: On these.
        tag_text_faint: Second part of a tag.
        evidence: Arrows, candidates, measures: never the colour of an instance.
        casing: Under each line, so that it is seen on light and dark pictures.
        dim: What all else is darkened with.
        family: Font family of chips and tags.
        chip_px: Size of their text.
        fill_rest: Opacity of an instance's fill; the opacity of the canvas replaces it.
        fill_hover: Of the one under the cursor.
        fill_selected: Of selected ones.
        fill_lit: Of lit ones.
        chip_radius_px: Of the corners of a chip.
    """

    ground: QColor = field(default_factory=lambda: QColor("#0D0E11"))
    accent: QColor = field(default_factory=lambda: QColor("#94A2FF"))
    instances: tuple[QColor, ...] = field(default_factory=lambda: tuple(QColor(c) for c in INSTANCE_COLOURS))
    chip_text: QColor = field(default_factory=lambda: QColor("#10131A"))
    tag_ground: QColor = field(default_factory=lambda: QColor("#14161C"))
    tag_text: QColor = field(default_factory=lambda: QColor("#FFFFFF"))
    tag_text_faint: QColor = field(default_factory=lambda: QColor("#A9AFBB"))
    evidence: QColor = field(default_factory=lambda: QColor("#FFFFFF"))
    casing: QColor = field(default_factory=lambda: QColor(0x0B, 0x0C, 0x10, 204))
    dim: QColor = field(default_factory=lambda: QColor("#0C0D11"))
    family: str = "Inter"
    chip_px: int = 11
    fill_rest: float = 0.3
    fill_hover: float = 0.46
    fill_selected: float = 0.12
    fill_lit: float = 0.1
    chip_radius_px: float = 3.0

    def colour(self, index: int) -> QColor:
        """Colour of an index; past the last they repeat."""
        return self.instances[index % len(self.instances)]

    def font(self, *, is_strong: bool = True) -> QFont:
        """Of chips and tags."""
        font = QFont(self.family)
        font.setPixelSize(self.chip_px)
        font.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    @classmethod
    def from_tokens(cls, tokens: Mapping[str, Any], scheme: str) -> CanvasLook:
        """From the design tokens.

        Args:
            tokens: `colour.<scheme>`, `instance`, `canvas` and `type` as in the tokens file; what is missing keeps its
                default.
            scheme: "light" or "dark".
        """
        theme: Mapping[str, str] = tokens.get("colour", {}).get(scheme, {})
        instance: Mapping[str, Any] = tokens.get("instance", {})
        canvas: Mapping[str, Any] = tokens.get("canvas", {})
        fills: Mapping[str, float] = canvas.get("fill_opacity", {})
        base = cls() if scheme == "dark" else replace(cls(), ground=QColor("#D5D8DD"), accent=QColor("#3D4FC4"))
        casing = QColor(instance.get("casing", {}).get("hex", "#0B0C10"))
        casing.setAlphaF(float(instance.get("casing", {}).get("opacity", 0.8)))
        order = instance.get("order", [])
        return replace(
            base,
            ground=QColor(theme.get("canvas", base.ground.name())),
            accent=QColor(theme.get("accent", base.accent.name())),
            instances=tuple(QColor(c["hex"]) for c in order) or base.instances,
            chip_text=QColor(instance.get("text_on_chip", base.chip_text.name())),
            tag_ground=QColor(canvas.get("tag", {}).get("background", base.tag_ground.name())),
            tag_text=QColor(canvas.get("tag", {}).get("text", base.tag_text.name())),
            evidence=QColor(canvas.get("arrow", {}).get("hex", base.evidence.name())),
            casing=casing,
            dim=QColor(canvas.get("dim", {}).get("hex", base.dim.name())),
            family=tokens.get("type", {}).get("family", base.family),
            fill_rest=float(fills.get("rest", base.fill_rest)),
            fill_hover=float(fills.get("hover", base.fill_hover)),
            fill_selected=float(fills.get("selected", base.fill_selected)),
            fill_lit=float(fills.get("lit_in_hop", base.fill_lit)),
        )


def themed_look(palette: QPalette) -> CanvasLook:
    """The look of the theme that a palette belongs to."""
    return CanvasLook.from_tokens(raw_tokens(), tokens_of_palette(palette).scheme)
