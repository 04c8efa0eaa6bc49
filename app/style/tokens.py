"""Colours and sizes from ``resources/style/tokens.json``.

A widget asks `tokens_of` for its colours when it paints. The answer follows the palette in force, so a change of theme
needs nothing but a repaint.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Colours of one theme; what each is for stands in `docs/` and beside the mock-ups' names.

    Attributes:
        scheme: "light" or "dark".
        window: Frame of the window.
        surface: Panels and cards.
        sunken: Chips and logs.
        raised: What lies above a surface: menus, key caps.
        canvas: Around a picture.
        line: Dividers.
        line_strong: Edges of controls.
        text: First, second and third rank; each at least 4.5 : 1 on every ground.
        accent: Where one is, what is selected, the one main action, what runs, data in charts.
        ok: State only, with an icon or a word; so are `warn` and `bad`.
        hover: Ground under the cursor.
        track: Empty part of a bar.
    """

    scheme: str
    window: QColor
    surface: QColor
    sunken: QColor
    raised: QColor
    canvas: QColor
    line: QColor
    line_strong: QColor
    text: QColor
    text_secondary: QColor
    text_tertiary: QColor
    accent: QColor
    accent_hover: QColor
    accent_pressed: QColor
    accent_soft: QColor
    accent_line: QColor
    on_accent: QColor
    ok: QColor
    ok_soft: QColor
    warn: QColor
    warn_soft: QColor
    warn_line: QColor
    bad: QColor
    bad_soft: QColor
    hover: QColor
    track: QColor

    def named(self, name: str) -> QColor:
        """A colour by its name, with hyphens or underscores.

        Raises:
            AttributeError: There is no such colour.
        """
        colour: QColor = getattr(self, name.replace("-", "_"))
        return colour

    @property
    def is_dark(self) -> bool:
        """Light text on a dark ground."""
        return self.scheme == "dark"


@cache
def raw_tokens() -> Mapping[str, Any]:
    """The tokens file as it is: colours, instance colours, canvas, type, space, radius, size, motion."""
    data: dict[str, Any] = json.loads(files("resources").joinpath("style/tokens.json").read_text(encoding="utf-8"))
    return data


@cache
def tokens(scheme: str) -> Tokens:
    """The colours of a theme.

    Args:
        scheme: "light" or "dark".
    """
    colours = {name.replace("-", "_"): QColor(value) for name, value in raw_tokens()["colour"][scheme].items()}
    return Tokens(scheme=scheme, **colours)


def tokens_of(widget: QWidget) -> Tokens:
    """The colours that a widget paints with now."""
    return tokens_of_palette(widget.palette())


def tokens_of_palette(palette: QPalette) -> Tokens:
    """The colours of the theme that a palette belongs to."""
    # A role that no style sheet touches: a ground of `transparent` would make the window's own black.
    return tokens("dark" if palette.color(QPalette.ColorRole.ToolTipBase).lightness() < 128 else "light")


@cache
def size(name: str) -> int:
    """A size by its name in the tokens file, in logical pixels."""
    return int(raw_tokens()["size"][name])


@cache
def radius(name: str) -> float:
    """A corner's radius by its name in the tokens file, in logical pixels."""
    return float(raw_tokens()["radius"][name])


@cache
def instance_colours() -> tuple[QColor, ...]:
    """Colours of instances, in order; past the last they repeat."""
    return tuple(QColor(colour["hex"]) for colour in raw_tokens()["instance"]["order"])
