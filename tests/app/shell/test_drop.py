"""Files dragged onto the window: what is promised, and what becomes of each kind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.detect import Annotated
from app.studio import Studio
from app.views.errors import ErrorDialog
from app.views.start.new_project import NewProjectDialog
from app.widgets.dialog import Dialog
from tests.app.shell.person import drag_away, drag_over, drop, mime_of, no_dialog, press, the_dialog, words_of


@pytest.fixture
def pictures(built_project: Path, tmp_path: Path) -> Path:
    """A folder with two pictures and nothing else."""
    folder = tmp_path / "holiday"
    folder.mkdir()
    for source in sorted((built_project / "scenes").glob("*.png"))[:2]:
        shutil.copy(source, folder)
    return folder


@pytest.fixture
def coco(pictures: Path) -> Path:
    """A COCO file in a folder beside theirs."""
    names = sorted(path.name for path in pictures.glob("*.png"))
    file = pictures.parent / "annotations" / "instances.json"
    file.parent.mkdir()
    data = {
        "images": [{"id": i, "file_name": name, "width": 640, "height": 480} for i, name in enumerate(names)],
        "annotations": [
            {"id": 1, "image_id": 0, "category_id": 1, "bbox": [10, 10, 50, 40], "area": 2000, "iscrowd": 0}
        ],
        "categories": [{"id": 1, "name": "cup"}],
    }
    file.write_text(json.dumps(data))
    return file


@pytest.fixture
def labelme(pictures: Path) -> Path:
    """A labelme file beside its picture."""
    picture = sorted(pictures.glob("*.png"))[0]
    shape = {"label": "cup", "points": [[10, 10], [60, 10], [60, 50]], "shape_type": "polygon"}
    file = picture.with_suffix(".json")
    file.write_text(
        json.dumps(
            {"version": "5.0", "shapes": [shape], "imagePath": picture.name, "imageHeight": 480, "imageWidth": 640}
        )
    )
    return file


def test_that_the_window_says_what_a_drop_would_do(composed: Composed, sample_project: Path) -> None:
    veil = composed.shell.drop_veil
    assert drag_over(composed.window, [sample_project])
    assert veil.isVisible()
    assert veil.text() == "Drop to open sample"
    assert veil.geometry() == composed.window.rect()
    drag_away(composed.window)
    assert not veil.isVisible()


def test_that_a_dropped_project_is_opened(composed: Composed, qtbot: QtBot, sample_project: Path) -> None:
    drop(composed.window, sample_project)
    assert not composed.shell.drop_veil.isVisible()
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert composed.studio.need_project().path == sample_project


def test_that_dropped_files_stay_where_they_are(composed: Composed, qtbot: QtBot, sample_project: Path) -> None:
    mime = mime_of([sample_project])
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    # A file manager proposes to move within a disk, and deletes what it was told has been moved.
    for event in (
        QDragEnterEvent(QPoint(300, 300), both, mime, left, none),
        QDropEvent(QPointF(300, 300), both, mime, left, none),
    ):
        event.setDropAction(Qt.DropAction.MoveAction)
        QApplication.sendEvent(composed.window, event)
        assert event.isAccepted()
        assert event.dropAction() is Qt.DropAction.CopyAction
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)


def test_that_the_only_project_in_a_dropped_folder_is_opened(
    composed: Composed, qtbot: QtBot, sample_project: Path
) -> None:
    drop(composed.window, sample_project.parent)
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    assert composed.studio.need_project().path == sample_project


def test_that_a_dropped_folder_begins_a_project(composed: Composed, qtbot: QtBot, pictures: Path) -> None:
    drop(composed.window, pictures)
    dialog = the_dialog(qtbot, NewProjectDialog)
    qtbot.waitUntil(lambda: dialog.found.text() == "2 pictures, no annotations seen", timeout=20_000)
    assert dialog.folder.path() == pictures
    assert dialog.file.path() == pictures / "holiday.hopchain"
    dialog.reject()
    assert not (pictures / "holiday.hopchain").exists()


def test_that_a_dropped_coco_file_finds_its_pictures(
    composed: Composed, qtbot: QtBot, pictures: Path, coco: Path
) -> None:
    drop(composed.window, coco)
    dialog = the_dialog(qtbot, NewProjectDialog)
    qtbot.waitUntil(lambda: dialog.found.text() == "2 pictures, COCO annotations in instances.json", timeout=20_000)
    assert dialog.folder.path() == pictures
    assert dialog.kind.value() == Annotated.COCO
    assert dialog.annotations.path() == coco
    press(qtbot, dialog, "Make project")
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    project = composed.studio.need_project()
    assert project.path == pictures / "holiday.hopchain"
    with project.read() as read:
        assert read.image_count() == 2
        assert sum(len(read.source_objects(image.key)) for image in read.images()) == 1


def test_that_a_dropped_labelme_file_stands_for_its_folder(
    composed: Composed, qtbot: QtBot, pictures: Path, labelme: Path
) -> None:
    drop(composed.window, labelme)
    dialog = the_dialog(qtbot, NewProjectDialog)
    qtbot.waitUntil(lambda: dialog.found.text() == "2 pictures, labelme annotations", timeout=20_000)
    assert dialog.folder.path() == pictures
    press(qtbot, dialog, "Make project")
    qtbot.waitUntil(lambda: composed.studio.project is not None, timeout=20_000)
    with composed.studio.need_project().read() as read:
        assert sum(len(read.source_objects(image.key)) for image in read.images()) == 1


def test_that_dropped_pictures_stand_for_their_folder(composed: Composed, qtbot: QtBot, pictures: Path) -> None:
    drop(composed.window, *sorted(pictures.glob("*.png")))
    dialog = the_dialog(qtbot, NewProjectDialog)
    assert dialog.folder.path() == pictures
    dialog.reject()


def test_that_a_dropped_file_of_another_kind_is_refused_in_words(
    composed: Composed, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("milk")
    drop(composed.window, file)
    dialog = the_dialog(qtbot, ErrorDialog)
    assert words_of(dialog).startswith("Nothing can be made of notes.txt. Drop a folder of pictures")
    dialog.reject()


def test_that_a_folder_dropped_on_an_open_project_may_be_added_to_it(
    composed: Composed, studio: Studio, qtbot: QtBot, pictures: Path, built_project: Path
) -> None:
    fresh = pictures / "new.png"
    (pictures / sorted(p.name for p in pictures.glob("*.png"))[0]).rename(fresh)
    # The scene's own bytes are in the project already: another picture has to be another picture.
    from PIL import Image

    with Image.open(fresh) as picture:
        picture.rotate(180).save(fresh)
    drop(composed.window, pictures)
    press(qtbot, the_dialog(qtbot, Dialog), "Add to sample")
    dialog = the_dialog(qtbot, NewProjectDialog)
    qtbot.waitUntil(lambda: dialog.found.text().startswith("2 pictures"), timeout=20_000)
    press(qtbot, dialog, "Add pictures")
    qtbot.waitUntil(lambda: composed.shell.intake.state is None, timeout=20_000)
    qtbot.waitUntil(no_dialog)
    with studio.need_project().read() as read:
        assert read.image_count() == 7
    assert composed.window.toasts.text() == "1 picture taken in, 1 there already."


def test_that_nothing_is_taken_while_something_is_being_made(
    composed: Composed, qtbot: QtBot, tmp_path: Path, sample_project: Path
) -> None:
    composed.shell.intake.make_sample(tmp_path / "made", 1)
    assert not drag_over(composed.window, [sample_project])
    assert not composed.shell.drop_veil.isVisible()
    composed.shell.intake.cancel()
    qtbot.waitUntil(lambda: composed.shell.intake.state is None, timeout=20_000)
