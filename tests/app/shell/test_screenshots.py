"""The script that renders every space for the docs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.style.tokens import tokens

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_that_the_script_renders_whole_windows_within_their_size(
    sample_project: Path, tmp_path: Path, theme: str
) -> None:
    out = tmp_path / "out"
    done = subprocess.run(
        [
            *(sys.executable, str(ROOT / "packaging" / "screenshots.py"), "--out", str(out)),
            *("--project", str(sample_project), "--theme", theme),
            *("--only", "start", "--only", "library", "--only", "settings"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    names = {"start", "library", "settings"}
    assert {path.name for path in out.iterdir()} == {f"{name}-{theme}.png" for name in names}
    for path in out.iterdir():
        assert path.stat().st_size < 400_000
        with Image.open(path) as image:
            assert image.size == (1600, 1000)
            # The frame has the colour of the theme to the bit, but for the scrim of a dialog.
            corner = image.convert("RGB").getpixel((1590, 4))
        is_dimmed = path.name.startswith("settings")
        assert (corner == tokens(theme).window.getRgb()[:3]) is not is_dimmed
