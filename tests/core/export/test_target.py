"""Where an export may be written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hopchain_core.errors import InputError
from hopchain_core.export.target import MANIFEST_FORMAT, check_target


def _export(out: Path) -> None:
    out.mkdir()
    (out / "records.jsonl").write_text("{}\n")
    (out / "manifest.json").write_text(json.dumps({"format": MANIFEST_FORMAT, "files": [{"path": "records.jsonl"}]}))


def test_that_a_new_place_an_empty_folder_and_an_earlier_export_are_taken(tmp_path: Path) -> None:
    check_target(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    check_target(tmp_path / "empty")
    _export(tmp_path / "earlier")
    check_target(tmp_path / "earlier")


def test_that_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(InputError, match="holds other files"):
        check_target(tmp_path)


def test_that_a_manifest_of_another_program_makes_no_export(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": "other/1", "files": []}')
    with pytest.raises(InputError, match="holds other files"):
        check_target(tmp_path)


def test_that_a_file_added_to_an_earlier_export_saves_it_from_being_replaced(tmp_path: Path) -> None:
    _export(tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt"):
        check_target(tmp_path / "out")


def test_that_a_file_and_a_link_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(InputError, match="is not a folder"):
            check_target(tmp_path / name)
