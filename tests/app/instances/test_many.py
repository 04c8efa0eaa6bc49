"""A picture with a crowd, with boxes alone, and with a thousand instances, as an import brings them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.composition import Composed
from app.models.instance_list import InstanceColumn
from hopchain_core.project import Project, RunOptions
from tests.app.instances.desk import CTRL, LEFT, NONE, SHIFT, Desk

WIDTH, HEIGHT, MANY = 1200, 900, 1000


def coco(folder: Path) -> Path:
    """One picture: a crowd, a box without a mask, and a thousand small polygons."""
    rng = np.random.default_rng(0)
    cv2.imwrite(str(folder / "many.png"), rng.integers(60, 200, (HEIGHT, WIDTH, 3), dtype=np.uint8))
    crowd = [HEIGHT * 100, HEIGHT * 200, HEIGHT * (WIDTH - 300)]
    annotations = [
        {"category_id": 1, "iscrowd": 1, "bbox": [100, 0, 200, HEIGHT], "segmentation": {"size": [HEIGHT, WIDTH], "counts": crowd}},
        {"category_id": 2, "iscrowd": 0, "bbox": [1100, 800, 80, 80], "segmentation": []},
    ]  # fmt: skip
    for index in range(MANY):
        x, y = float(index % 40) * 28 + 20, float(index // 40) * 32 + 20
        w, h = rng.integers(6, 22, 2).tolist()
        annotations.append(
            {
                "category_id": 3 + index % 3,
                "iscrowd": 0,
                "bbox": [x, y, w, h],
                "segmentation": [[x, y, x + w, y, x + w, y + h, x, y + h]],
            }
        )
    names = ("person", "kite", "bean", "nut", "pebble")
    document = {
        "images": [{"id": 1, "file_name": "many.png", "width": WIDTH, "height": HEIGHT}],
        "categories": [{"id": number, "name": name} for number, name in enumerate(names, start=1)],
        "annotations": [{"id": number, "image_id": 1, **a} for number, a in enumerate(annotations, start=1)],
    }
    path = folder / "many.json"
    path.write_text(json.dumps(document))
    return path


@pytest.fixture(scope="module")
def many_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Taken in, and not segmented yet."""
    folder = tmp_path_factory.mktemp("many")
    with Project.create(folder / "many.hopchain") as project:
        project.ingest([folder], coco=coco(folder))
    return folder


@pytest.fixture
def fresh(composed: Composed, many_project: Path, tmp_path: Path, open_desk: Callable[..., Desk]) -> Desk:
    """The space with the picture before any stage ran."""
    for name in ("many.hopchain", "many.png"):
        (tmp_path / name).write_bytes((many_project / name).read_bytes())
    composed.studio.take_project(Project.open(tmp_path / "many.hopchain"))
    return open_desk()


@pytest.fixture
def crowded(fresh: Desk) -> Desk:
    """The same after its instances came, while it was open."""
    run(fresh)
    return fresh


def run(desk: Desk) -> None:
    assert desk.studio.runs.start(("categorize", "segment"), RunOptions(concurrency=1))
    desk.qtbot.waitUntil(lambda: len(desk.rows) == MANY + 2, timeout=20_000)
    desk.qtbot.waitUntil(lambda: not desk.studio.runs.is_running, timeout=20_000)
    desk.settle()


def test_that_a_run_brings_instances_into_the_open_picture_and_leaves_the_view(fresh: Desk) -> None:
    assert fresh.space.panel.empty.isVisible()
    fresh.press(Qt.Key.Key_Plus)
    view = fresh.canvas.view
    run(fresh)
    assert fresh.canvas.view == view
    assert fresh.list.isVisible()
    assert len(fresh.canvas.content.instances) == MANY + 2
    assert fresh.presenter.numbered[:2] != ()


def test_that_a_thousand_instances_are_listed_sorted_and_found(crowded: Desk) -> None:
    desk = crowded
    model = desk.presenter.model
    assert model.rowCount() == MANY + 2
    desk.press(Qt.Key.Key_F, CTRL)
    desk.type("nut 20")
    found = [row.name for row in model.rows]
    assert "nut 20" in found
    assert all(name.startswith("nut") for name in found)
    desk.press(Qt.Key.Key_Escape)
    model.sort(InstanceColumn.AREA, Qt.SortOrder.DescendingOrder)
    assert [row.category for row in model.rows[:2]] == ["person", "kite"]


def test_that_changing_one_of_a_thousand_changes_one_row(crowded: Desk) -> None:
    desk = crowded
    pebble = next(row for row in desk.rows if row.name == "pebble 3")
    before = desk.held_keys()
    desk.click_row_of(pebble.key)
    built: list[object] = []
    desk.canvas.feed.built.connect(built.append)
    desk.press(Qt.Key.Key_H, SHIFT)
    assert desk.hidden() == {pebble.key}
    desk.presenter.relabel("bean")
    desk.settle()
    assert len(desk.held_keys() - before) == 1
    assert desk.presenter.selected_rows[0].category == "bean"
    # The canvas put the one mask in its place and built nothing anew.
    assert built == []
    desk.undo()
    desk.undo()
    assert desk.held_keys() == before
    assert desk.hidden() == frozenset()


def test_that_all_of_a_thousand_are_selected_and_hidden_in_one_step(crowded: Desk) -> None:
    desk = crowded
    desk.press(Qt.Key.Key_A, CTRL)
    assert len(desk.presenter.selected) == MANY + 2
    assert desk.inspector.name.text() == f"{MANY + 2:,} selected"
    desk.press(Qt.Key.Key_H, SHIFT)
    assert len(desk.hidden()) == MANY + 2
    desk.undo()
    assert desk.hidden() == frozenset()


def test_that_a_crowd_lies_beneath_and_a_box_alone_is_clicked(crowded: Desk) -> None:
    desk = crowded
    crowd = next(row for row in desk.rows if row.instance.is_crowd)
    kite = next(row for row in desk.rows if row.instance.mask is None)
    bean = next(
        row for row in desk.rows if row.category == "bean" and crowd.instance.box.intersection_area(row.instance.box)
    )
    # A bean in the crowd goes first; what lies beneath it comes with the second click.
    place = desk.spot(bean.key)
    QTest.mouseClick(desk.canvas, LEFT, NONE, place)
    assert desk.presenter.selected == (bean.key,)
    QTest.mouseClick(desk.canvas, LEFT, NONE, place)
    desk.settle()
    assert desk.presenter.selected == (crowd.key,)
    assert desk.inspector.origin.text() == "import · crowd"
    QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(kite.instance.box.x1 - 2, kite.instance.box.y1 - 2))
    desk.settle()
    assert desk.presenter.selected == (kite.key,)
    assert desk.inspector.origin.text() == "import · box only"


def test_that_a_box_alone_gets_a_mask_by_the_brush(crowded: Desk) -> None:
    desk = crowded
    kite = next(row for row in desk.rows if row.instance.mask is None)
    desk.click_row_of(kite.key)
    desk.press(Qt.Key.Key_B)
    desk.drag((1110, 840), (1170, 840))
    (now,) = desk.presenter.selected_rows
    assert now.instance.mask is not None
    assert now.instance.supersedes == kite.key
    assert now.instance.box == now.instance.mask.box()
    desk.undo()
    assert desk.presenter.selected == (kite.key,)
