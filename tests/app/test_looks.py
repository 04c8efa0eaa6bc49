"""How the spaces look, beside small pictures of how they looked when somebody was content with them.

Compared are 320 x 200 averages, so that another rasteriser of fonts passes and a panel that is gone, cut off or of the
wrong theme does not. To take new ones after looking at them: HOPCHAIN_RECORD_LOOKS=1.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.style.theme import ThemeMode
from app.thumbnails import Thumbnails

KEPT = Path(__file__).parent / "looks"
SIZE = (320, 200)
BLOCK = 20
MOST_MEAN = 4.0
"""Of 255, over the whole window. Chosen: other versions of FreeType differ by less than 1."""
MOST_BLOCK = 40.0
"""Of 255, over a hundredth or so of the window: a button or a line of text that is not there."""
WHERE: dict[str, dict[str, object]] = {
    "library": {},
    "pipeline": {},
    "instances": {},
    "chains": {"chain": 1, "hop": 2},
    "difficulty": {},
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("space", WHERE)
def test_that_a_space_looks_as_it_did(composed: Composed, studio: Studio, qtbot: QtBot, space: str, theme: str) -> None:
    studio.theme.set_mode(ThemeMode(theme))
    studio.go(space, **WHERE[space])
    seen = settled_look(composed, qtbot)
    kept = KEPT / f"{space}-{theme}.png"
    if os.environ.get("HOPCHAIN_RECORD_LOOKS"):
        KEPT.mkdir(exist_ok=True)
        Image.fromarray(seen).save(kept, optimize=True)
    with Image.open(kept) as image:
        wanted = np.asarray(image.convert("RGB"))
    apart = np.abs(seen.astype(np.int16) - wanted).mean(axis=2)
    blocks = apart.reshape(SIZE[1] // BLOCK, BLOCK, SIZE[0] // BLOCK, BLOCK).mean(axis=(1, 3))
    assert apart.mean() < MOST_MEAN, f"{space} in {theme} differs by {apart.mean():.1f} of 255"
    row, column = np.unravel_index(blocks.argmax(), blocks.shape)
    assert blocks.max() < MOST_BLOCK, f"{space} in {theme} differs by {blocks.max():.0f} at block {column}, {row}"


def test_that_light_and_dark_are_told_apart() -> None:
    for space in WHERE:
        looks = [
            np.asarray(Image.open(KEPT / f"{space}-{theme}.png").convert("RGB"), float) for theme in ("light", "dark")
        ]
        assert np.abs(looks[0] - looks[1]).mean() > 10 * MOST_MEAN


def settled_look(composed: Composed, qtbot: QtBot) -> NDArray[np.uint8]:
    """The window once nothing is read and nothing moves any more, small."""
    last: list[NDArray[np.uint8]] = []
    thumbnails = composed.studio.findChild(Thumbnails)
    assert thumbnails is not None

    def is_still() -> bool:
        if not composed.studio.bridge.is_idle or not thumbnails.is_idle:
            last.clear()
            return False
        last.append(_small(composed))
        return len(last) > 3 and all((look == last[-1]).all() for look in last[-4:])

    qtbot.waitUntil(is_still, timeout=60_000)
    return last[-1]


def _small(composed: Composed) -> NDArray[np.uint8]:
    image = composed.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    width, height = image.width(), image.height()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())[:, : 3 * width]
    whole = Image.fromarray(rows.reshape(height, width, 3).copy())
    return np.asarray(whole.resize(SIZE, Image.Resampling.BOX))
