"""What keeps a project from being opened, in plain words, and what can be done about each."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.views.errors import OpenErrorDialog
from app.views.start.new_project import NewProjectDialog
from hopchain_core.project import Project
from tests.app.shell.person import no_dialog, press, the_dialog, words_of

HOLDER = """
import sys
from pathlib import Path
from hopchain_core.project import Project
with Project.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def held(sample_project: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the sample project open for writing."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(sample_project)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "open"
    yield holder
    holder.communicate("\n", timeout=20)


def _refused(composed: Composed, qtbot: QtBot, path: Path) -> OpenErrorDialog:
    composed.studio.open_project(path)
    return the_dialog(qtbot, OpenErrorDialog)


def test_that_a_project_held_elsewhere_names_its_holder_and_opens_for_reading(
    composed: Composed, qtbot: QtBot, sample_project: Path, held: subprocess.Popen[str]
) -> None:
    dialog = _refused(composed, qtbot, sample_project)
    assert f"process {held.pid}" in words_of(dialog)
    assert composed.studio.project is None
    press(qtbot, dialog, "Open for reading only")
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert composed.studio.is_read_only
    assert composed.window.status_bar.saved.text() == "Read only"
    with composed.studio.need_project().read() as read:
        assert read.image_count() == 6


def test_that_a_project_that_may_not_be_written_to_can_be_looked_at(
    composed: Composed, qtbot: QtBot, sample_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda file, mode: mode != os.W_OK)
    dialog = _refused(composed, qtbot, sample_project)
    assert "cannot be written to" in words_of(dialog)
    press(qtbot, dialog, "Open for reading only")
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert composed.studio.is_read_only


def test_that_enter_presses_the_main_button_of_a_dialog_just_opened(
    composed: Composed, qtbot: QtBot, sample_project: Path, held: subprocess.Popen[str]
) -> None:
    dialog = _refused(composed, qtbot, sample_project)
    qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert composed.studio.is_read_only


def test_that_a_dialog_with_a_field_begins_in_the_field(composed: Composed, qtbot: QtBot) -> None:
    composed.shell.ask_new()
    dialog = the_dialog(qtbot, NewProjectDialog)
    qtbot.waitUntil(lambda: isinstance(dialog.focusWidget(), QLineEdit))
    dialog.reject()


def test_that_a_refused_project_leaves_the_present_one_open(
    composed: Composed, studio: Studio, qtbot: QtBot, tmp_path: Path, sample_project: Path
) -> None:
    _refused(composed, qtbot, tmp_path / "nowhere.hopchain").reject()
    assert studio.need_project().path == sample_project
    with studio.need_project().read() as read:
        assert read.image_count() == 6


def test_that_a_newer_project_is_refused_and_left_alone(composed: Composed, qtbot: QtBot, sample_project: Path) -> None:
    with sqlite3.connect(sample_project) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = sample_project.read_bytes()
    dialog = _refused(composed, qtbot, sample_project)
    assert "newer" in dialog.windowTitle()
    assert "Install the newer version" in words_of(dialog)
    dialog.reject()
    assert sample_project.read_bytes() == before


def test_that_what_is_no_project_is_said_to_be_none(composed: Composed, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "letter.hopchain"
    path.write_text("Dear Ada,\n" * 500)
    dialog = _refused(composed, qtbot, path)
    assert dialog.windowTitle() == "This is not a project"
    assert "letter.hopchain is not a HopChain project." in words_of(dialog)
    press(qtbot, dialog, "Choose another")
    chooser = the_dialog(qtbot, QFileDialog)
    chooser.reject()


def _damage(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


def test_that_a_damaged_project_says_what_to_do(composed: Composed, qtbot: QtBot, sample_project: Path) -> None:
    _damage(sample_project)
    dialog = _refused(composed, qtbot, sample_project)
    assert dialog.windowTitle() == "The project is damaged"
    assert "go on with a backup" in words_of(dialog)
    dialog.reject()


def test_that_a_backup_beside_a_damaged_project_is_offered(
    composed: Composed, qtbot: QtBot, sample_project: Path
) -> None:
    backup = sample_project.with_name(f"{sample_project.name}.v1.bak")
    shutil.copy(sample_project, backup)
    _damage(sample_project)
    dialog = _refused(composed, qtbot, sample_project)
    press(qtbot, dialog, f"Open {backup.name}")
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert composed.studio.need_project().path == backup


def test_that_a_project_that_is_gone_can_be_taken_off_the_list(
    composed: Composed, qtbot: QtBot, tmp_path: Path
) -> None:
    gone = tmp_path / "Harbour.hopchain"
    composed.studio.settings.add_recent(gone)
    dialog = _refused(composed, qtbot, gone)
    assert dialog.windowTitle() == "The project is not there"
    press(qtbot, dialog, "Take it off the list")
    assert composed.studio.settings.recent() == []


def test_that_the_words_of_a_refusal_are_not_cut_off(composed: Composed, qtbot: QtBot, sample_project: Path) -> None:
    _damage(sample_project)
    dialog = _refused(composed, qtbot, sample_project)
    for label in (dialog.text, dialog.hint):
        assert label.height() >= label.heightForWidth(label.width())
    dialog.reject()


def test_that_opening_another_project_asks_while_stages_run(
    composed: Composed, studio: Studio, qtbot: QtBot, settled: Callable[[Studio], None], tmp_path: Path
) -> None:
    other = tmp_path / "other.hopchain"
    Project.create(other).close()
    studio.runs.start(("audit",))
    assert studio.runs.is_running
    studio.open_project(other)
    from app.widgets.dialog import Dialog

    dialog = the_dialog(qtbot, Dialog)
    press(qtbot, dialog, "Stop it")
    qtbot.waitUntil(lambda: studio.need_project().path == other, timeout=10_000)
    assert not studio.runs.is_running
    assert no_dialog()
