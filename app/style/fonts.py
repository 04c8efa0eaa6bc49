"""The fonts that ship with the studio, by what they are for."""

from __future__ import annotations

import logging
from functools import cache
from importlib.resources import as_file, files

from PySide6.QtGui import QFont, QFontDatabase

from app.style.tokens import raw_tokens

_log = logging.getLogger(__name__)
_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "JetBrainsMono-Regular.ttf",
)
_MONO = frozenset({"log", "mono"})


def load_fonts() -> None:
    """Makes the shipped fonts known; needs a QGuiApplication. A font that does not load is logged and replaced by Qt."""
    for name in _FILES:
        with as_file(files("resources").joinpath(f"fonts/{name}")) as path:
            if QFontDatabase.addApplicationFont(str(path)) < 0:
                _log.warning("font %s cannot be loaded", name)


@cache
def font(role: str) -> QFont:
    """The font of a role in the tokens file: body, label, meta, caption, heading, title, question and so on.

    Figures are tabular. Do not change the font that is given; copy it with ``QFont(font(role))``.
    """
    type_ = raw_tokens()["type"]
    spec = type_["log" if role == "mono" else role]
    made = QFont(type_["mono"] if role in _MONO else type_["family"])
    made.setPixelSize(int(spec["size"]))
    made.setWeight(_weight(int(spec["weight"])))
    if role not in _MONO:
        made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@cache
def line_height(role: str) -> int:
    """Height of a line of a role, in logical pixels."""
    return int(raw_tokens()["type"]["log" if role == "mono" else role]["line"])


def _weight(value: int) -> QFont.Weight:
    # The shipped faces are 400, 500, 600 and 700; what lies between is drawn by the lighter one.
    return {500: QFont.Weight.Medium, 600: QFont.Weight.DemiBold, 700: QFont.Weight.Bold}.get(
        value, QFont.Weight.Normal
    )
