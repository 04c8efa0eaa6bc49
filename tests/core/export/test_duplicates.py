"""Pictures that look alike: never on both sides of the split, and of each group only one where that is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from hopchain_core.cli.main import run
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.export.admission import Reason, Terms
from hopchain_core.export.duplicates import Duplicates
from hopchain_core.project import Project
from tests.core.export.birds import IMAGE

ALL = Terms(accept_by_construction=True, allow_simulated=True, keep_too_easy=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four scenes with their questions."""
    folder = tmp_path_factory.mktemp("demo") / "d"
    assert run(["demo", str(folder), "--scenes", "4", "--seed", "3"]) == 0
    return next(folder.glob("*.hopchain"))


def _records(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "records.jsonl").read_text(encoding="utf-8").splitlines()]


def _grouped(project: Path, of: int) -> None:
    """Puts pictures into groups of `of`, as taking in near-duplicates does."""
    from hopchain_core.store.project_file import ProjectFile
    from hopchain_core.store.rows_images import write_split_groups

    with ProjectFile.open(project) as file:
        with file.read() as read:
            keys = [image.key for image in read.images()]
        groups = {key: str(keys[n - n % of]) for n, key in enumerate(keys)}
        file.writer.submit(lambda uow: write_split_groups(uow, groups)).result()


def test_that_a_group_stays_on_one_side_or_gives_one_picture(made: Path, tmp_path: Path) -> None:
    _grouped(made, 2)
    with Project.open(made, read_only=True) as opened:
        opened.export(tmp_path / "all", ALL)
        terms = replace(ALL, without_near_duplicates=True)
        foretold = opened.export_preview(terms)
        summary = opened.export(tmp_path / "one", terms)
        with opened.read() as read:
            group_of = {image.key: image.split_group for image in read.images()}
    assert foretold is not None
    assert (foretold.taken, foretold.pictures, foretold.left_out) == (
        summary.records,
        summary.images,
        summary.left_out,
    )
    sides: dict[str, set[str]] = {}
    for record in _records(tmp_path / "all"):
        sides.setdefault(group_of[record["provenance"]["source_sha256"][0]], set()).add(record["split"])
    assert len(sides) == 2
    assert all(len(found) == 1 for found in sides.values())
    pictures = {record["provenance"]["source_sha256"][0] for record in _records(tmp_path / "one")}
    assert len({group_of[key] for key in pictures}) == len(pictures) == 2
    assert summary.left_out[Reason.NEAR_DUPLICATE] == len(_records(tmp_path / "all")) - summary.records
    manifest = json.loads((tmp_path / "one/manifest.json").read_text())
    assert any("looks like" in left["detail"] for left in manifest["left_out"])


def test_that_scaled_copies_come_into_one_group_when_taken_in(tmp_path: Path) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    with Pillow.effect_mandelbrot((640, 480), (-2.0, -1.2, 1.0, 1.2), 60) as picture:
        picture.convert("RGB").save(scenes / "a.png")
        picture.convert("RGB").resize((480, 360)).save(scenes / "b.jpg", quality=80)
    assert run(["new", str(tmp_path / "p.hopchain")]) == 0
    assert run(["ingest", str(tmp_path / "p.hopchain"), str(scenes)]) == 0
    with Project.open(tmp_path / "p.hopchain", read_only=True) as opened, opened.read() as read:
        assert len({image.split_group for image in read.images()}) == 1


def _image(key: str, group: str) -> Image:
    return replace(IMAGE, key=ImageKey(key), path=f"{key}.png", split_group=group)


def test_that_nothing_is_left_out_unless_asked() -> None:
    for is_asked in (True, False):
        duplicates = Duplicates(is_asked=is_asked)
        first, second, other = _image("a", "g"), _image("b", "g"), _image("c", "h")
        assert duplicates.why(first) == ""
        duplicates.took("g", first.key, first.path)
        assert duplicates.why(first) == ""
        assert duplicates.why(other) == ""
        assert bool(duplicates.why(second)) is is_asked
