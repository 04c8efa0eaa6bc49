"""The list of files that were not taken in."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.models.refused_files import _MENDS, mend_of
from app.studio import Studio, Toast
from app.views.library.refused import RefusedDialog
from hopchain_core.pictures.problems import PictureProblem
from hopchain_core.project import RefusedFile


@pytest.fixture
def refused(studio: Studio, tmp_path: Path) -> Path:
    """A folder with two files that are no pictures, taken into the open project."""
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "words.png").write_bytes(b"not a picture at all, only words")
    studio.need_project().ingest([folder])
    return folder


def _dialog(composed: Composed, qtbot: QtBot) -> RefusedDialog:
    qtbot.waitUntil(lambda: composed.window.findChild(RefusedDialog) is not None)
    found = composed.window.findChild(RefusedDialog)
    assert isinstance(found, RefusedDialog)
    return found


def test_that_every_reason_has_something_to_do() -> None:
    assert set(_MENDS) == {problem.value for problem in PictureProblem}
    assert mend_of(RefusedFile("a.png", "of a newer version", "It is odd.", "")).startswith("Mend the file")


def test_that_the_palette_opens_the_list_and_it_can_be_copied(
    composed: Composed, studio: Studio, refused: Path, qtbot: QtBot
) -> None:
    qtbot.keyClick(composed.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(composed.over.palette.field, "refused")
    qtbot.keyClick(composed.over.palette.field, Qt.Key.Key_Return)
    dialog = _dialog(composed, qtbot)
    assert [Path(file.path).name for file in dialog.model.files] == ["empty.jpg", "words.png"]
    dialog.copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "File\tWhy\tWhat to do"
    assert "empty.jpg" in lines[1]
    assert lines[1].endswith(_MENDS["empty"])
    dialog.table.selectRow(1)
    dialog.copy.click()
    assert "empty.jpg" not in QGuiApplication.clipboard().text()
    dialog.close()


def test_that_the_word_on_refused_files_leads_to_the_list(
    composed: Composed, studio: Studio, tmp_path: Path, refused: Path, qtbot: QtBot
) -> None:
    said: list[Toast] = []
    studio.toast_asked.connect(said.append)
    composed.shell.tell_report(studio.need_project().ingest([refused]))
    assert said[-1].action == "Show the files"
    composed.window.toasts._button.click()
    assert len(_dialog(composed, qtbot).model.files) == 2


def test_that_a_project_of_which_all_was_taken_says_so(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    studio.actions.trigger("project.refused")
    assert _dialog(composed, qtbot).title.text() == "Every file was taken in"
