"""Settings: held at once and kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas import PictureCanvas
from app.composition import Composed
from app.settings import SCALES, Settings
from app.studio import Studio
from app.views.settings import SettingsDialog


@pytest.fixture
def dialog(composed: Composed, studio: Studio, qtbot: QtBot) -> SettingsDialog:
    qtbot.keyClick(composed.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    made = QApplication.activeModalWidget()
    assert isinstance(made, SettingsDialog)
    return made


def test_that_a_name_is_kept_when_the_dialog_closes(
    dialog: SettingsDialog, studio: Studio, settings: Settings, qtbot: QtBot
) -> None:
    assert dialog.person.text() == "ada"
    dialog.person.selectAll()
    qtbot.keyClicks(dialog.person, "grace")
    qtbot.keyClick(dialog.person, Qt.Key.Key_Return)
    assert studio.person == "grace"
    assert Settings(settings.path).person == "grace"


def test_that_an_empty_name_falls_back_to_the_login(settings: Settings) -> None:
    settings.person = "   "
    assert settings.person


def test_that_the_name_stands_under_the_next_comment(
    dialog: SettingsDialog, studio: Studio, settings: Settings, qtbot: QtBot
) -> None:
    dialog.person.selectAll()
    qtbot.keyClicks(dialog.person, "grace")
    dialog.accept()
    project = studio.need_project()
    with project.read() as read:
        key = read.chain_rows(read.chain_ids()[:1])[0].key
    project.comment(key, studio.person, "see the second hop")
    with project.read() as read:
        assert [comment.author for comment in read.comments([key])] == ["grace"]


def test_that_a_theme_holds_at_once_and_is_kept(
    dialog: SettingsDialog, composed: Composed, studio: Studio, settings: Settings, qtbot: QtBot
) -> None:
    assert studio.theme.scheme == "light"
    before = composed.window.palette().window().color()
    qtbot.keyClick(dialog.theme, Qt.Key.Key_Right)
    assert studio.theme.scheme == "dark"
    assert composed.window.palette().window().color() != before
    assert Settings(settings.path).get("theme") == "dark"
    assert studio.actions.is_checked("view.dark")
    assert not studio.actions.is_checked("view.light")


def test_that_the_theme_is_an_action_too(composed: Composed, studio: Studio) -> None:
    assert studio.actions.trigger("view.dark")
    assert studio.theme.scheme == "dark"
    assert studio.actions.trigger("view.light")
    assert studio.theme.scheme == "light"


def test_that_a_size_is_kept_for_the_next_start(
    dialog: SettingsDialog, studio: Studio, settings: Settings, qtbot: QtBot
) -> None:
    assert dialog.scale.value() == "100"
    qtbot.keyClick(dialog.scale, Qt.Key.Key_Right)
    assert settings.scale == 110
    assert Settings(settings.path).scale == 110


@pytest.mark.parametrize("value", [None, "large", 0, 1000, [125]])
def test_that_a_size_nobody_offers_is_the_plain_one(value: object) -> None:
    settings = Settings(None)
    settings.set("scale", value)
    assert settings.scale == 100
    assert 100 in SCALES


def test_that_a_kept_size_reaches_the_next_session(tmp_path: Path) -> None:
    """A process of its own: Qt reads its scale once."""
    code = (
        "import os; from pathlib import Path; import app.session as s; from app.settings import Settings\n"
        "seen = []\n"
        "class Stop(Exception): pass\n"
        "def app(_):\n"
        "    seen.append(os.environ.get('QT_SCALE_FACTOR')); raise Stop\n"
        "s.QApplication = app\n"
        f"path = Path({str(tmp_path / 'settings.json')!r})\n"
        "Settings(path).scale = 125\n"
        "s.default_path = lambda: path\n"
        "try:\n    s.run_session(None)\nexcept Stop:\n    print(seen[0])\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "QT_SCALE_FACTOR"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=Path(__file__).parents[3],
        timeout=60,
    )
    assert done.stdout.strip() == "1.25"


def test_that_reduced_motion_reaches_every_canvas(
    dialog: SettingsDialog, composed: Composed, studio: Studio, settings: Settings, qtbot: QtBot
) -> None:
    composed.window.build_rest()
    qtbot.waitUntil(lambda: all(composed.window.space(space) is not None for space in composed.window.space_ids()))
    canvases = composed.window.findChildren(PictureCanvas)
    assert canvases
    assert not any(canvas.navigator.has_reduced_motion for canvas in canvases)
    qtbot.keyClick(dialog.motion, Qt.Key.Key_Space)
    assert all(canvas.navigator.has_reduced_motion for canvas in canvases)
    assert Settings(settings.path).get("reduced_motion") is True


def test_that_settings_that_cannot_be_read_are_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{not json", encoding="utf-8")
    settings = Settings(path)
    assert settings.get("theme") is None
    assert (tmp_path / "settings.damaged").read_text(encoding="utf-8") == "{not json"
    settings.set("theme", "dark")
    assert Settings(path).get("theme") == "dark"
    caplog.clear()
