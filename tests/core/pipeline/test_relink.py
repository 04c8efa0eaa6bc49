"""Pictures that were moved are found again by their bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hopchain_core.errors import InputError
from hopchain_core.project import Project
from hopchain_core.scenes import write_scenes

SCENES = 3


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Three rendered pictures in a folder beside the project."""
    write_scenes(tmp_path / "pictures", SCENES, seed=1)
    with Project.create(tmp_path / "p.hopchain") as made:
        made.ingest([tmp_path / "pictures"])
        yield made


def _paths(project: Project) -> list[str]:
    with project.read() as read:
        return [image.path for image in read.images()]


def test_that_a_moved_folder_is_found_again_and_undo_forgets_it(project: Project, tmp_path: Path) -> None:
    before = _paths(project)
    assert project.missing_pictures() == ()
    (tmp_path / "pictures").rename(tmp_path / "elsewhere")
    assert [image.path for image in project.missing_pictures()] == before
    report = project.relink([tmp_path / "elsewhere"])
    assert [old for old, _ in report.found] == before
    assert report.still_missing == ()
    assert _paths(project) == [path.replace("pictures/", "elsewhere/") for path in before]
    assert project.read_picture(_paths(project)[0]).ndim == 3
    assert project.undo() == f"Relink {SCENES} pictures"
    assert _paths(project) == before


def test_that_a_renamed_picture_is_told_by_its_bytes(project: Project, tmp_path: Path) -> None:
    first, second, third = _paths(project)
    (tmp_path / first).rename(tmp_path / "pictures" / "zebra.bin")
    (tmp_path / second).unlink()
    # Another picture under the name of the lost one is not taken for it.
    shutil.copy(tmp_path / third, tmp_path / second)
    (tmp_path / second).rename(tmp_path / "other.png")
    report = project.relink([tmp_path])
    assert report.found == ((first, "pictures/zebra.bin"),)
    assert report.still_missing == (second,)


def test_that_a_search_without_a_folder_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        project.relink([tmp_path / "nowhere"])


def test_that_a_cancelled_search_keeps_what_it_found(project: Project, tmp_path: Path) -> None:
    before = _paths(project)
    (tmp_path / "pictures").rename(tmp_path / "elsewhere")
    asked: list[None] = []

    def is_cancelled() -> bool:
        asked.append(None)
        return len(asked) > 2

    report = project.relink([tmp_path / "elsewhere"], is_cancelled=is_cancelled)
    assert (len(report.found), len(report.still_missing), report.is_complete) == (2, SCENES - 2, False)
    assert len(project.missing_pictures()) == SCENES - 2
    assert set(_paths(project)) != set(before)
