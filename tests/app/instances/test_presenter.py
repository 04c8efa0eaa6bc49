"""The presenter on a real project, with a bridge and without any widget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.presenters.instance_walk import Place
from app.presenters.instances import InstancesPresenter
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.keys import ImageKey
from hopchain_core.project import ImageQuery, Project

Settle = Callable[[], None]


@pytest.fixture
def bridge(qtbot: QtBot, sample_project: Path) -> Iterator[Bridge]:
    made = Bridge()
    project = Project.open(sample_project)
    made.attach(project)
    yield made
    made.finish_edits()
    made.attach(None)
    project.close()
    made.close()


@pytest.fixture
def settle(qtbot: QtBot, bridge: Bridge) -> Settle:
    return lambda: qtbot.waitUntil(lambda: bridge.is_idle, timeout=20_000)


@pytest.fixture
def presenter(bridge: Bridge, settle: Settle) -> InstancesPresenter:
    made = InstancesPresenter(bridge)
    made.set_active(True)
    made.enter()
    settle()
    return made


def images(bridge: Bridge) -> list[ImageKey]:
    assert bridge.project is not None
    with bridge.project.read() as read:
        return [row.key for row in read.image_rows(read.image_ids(ImageQuery()))]


def shown(presenter: InstancesPresenter) -> ImageKey:
    assert presenter.picture is not None
    return presenter.picture.image.key


def test_that_it_begins_with_the_first_picture(presenter: InstancesPresenter, bridge: Bridge) -> None:
    all_of_them = images(bridge)
    assert shown(presenter) == all_of_them[0]
    assert presenter.place == Place(1, len(all_of_them))
    assert presenter.can_step(1)
    assert not presenter.can_step(-1)


def test_that_quick_steps_end_at_the_last_one_asked_for(
    presenter: InstancesPresenter, bridge: Bridge, settle: Settle
) -> None:
    for _ in range(4):
        presenter.step(1)
    settle()
    assert shown(presenter) == images(bridge)[4]
    assert presenter.place.number == 5


def test_that_a_picture_outside_of_the_list_is_shown_among_all(bridge: Bridge, settle: Settle) -> None:
    made = InstancesPresenter(bridge, lambda: ImageQuery(text="no such name"))
    made.set_active(True)
    wanted = images(bridge)[2]
    made.enter(wanted)
    settle()
    assert shown(made) == wanted
    assert made.place == Place(3, len(images(bridge)))


def test_that_a_list_that_holds_nothing_leaves_all_pictures(bridge: Bridge, settle: Settle) -> None:
    made = InstancesPresenter(bridge, lambda: ImageQuery(text="no such name"))
    made.set_active(True)
    made.enter()
    settle()
    assert shown(made) == images(bridge)[0]


def test_that_an_unknown_picture_or_instance_is_no_harm(presenter: InstancesPresenter, settle: Settle) -> None:
    said: list[str] = []
    presenter.refused.connect(said.append)
    presenter.enter(instance="0" * 16)  # type: ignore[arg-type]
    settle()
    assert len(said) == 1
    presenter.enter(ImageKey("0" * 64))
    settle()
    assert presenter.picture is None
    assert presenter.model.rowCount() == 0


def test_that_digits_keep_their_categories_while_others_come(presenter: InstancesPresenter, settle: Settle) -> None:
    before = presenter.numbered
    assert before == presenter.categories[:9]
    row = presenter.model.rows[0]
    presenter.select([row.key])
    presenter.relabel("zither")
    settle()
    assert presenter.numbered[: len(before)] == before
    assert presenter.categories[-1] == "zither"
    presenter.set_active(False)
    presenter.set_active(True)
    settle()
    assert presenter.numbered[: len(before)] == before


def test_that_relabelling_as_what_it_is_writes_nothing(
    presenter: InstancesPresenter, bridge: Bridge, settle: Settle
) -> None:
    row = presenter.model.rows[0]
    presenter.select([row.key])
    presenter.relabel(f" {row.category.upper()} ")
    presenter.set_hidden([row.key], False)
    settle()
    assert bridge.project is not None
    assert bridge.project.undo_texts() == (None, None)


def test_that_a_selection_survives_undo_of_several_steps(
    presenter: InstancesPresenter, bridge: Bridge, settle: Settle
) -> None:
    row = presenter.model.rows[0]
    presenter.select([row.key])
    for colour in ("teal", "rust", "sand"):
        presenter.describe(presenter.selected[0], AttributeName.COLOUR, colour)
        settle()
    (newest,) = presenter.selected
    assert presenter.root(newest) == row.key
    assert bridge.project is not None
    for _ in range(3):
        bridge.edit(lambda: bridge.project.undo(by=presenter))  # type: ignore[union-attr]
    settle()
    assert presenter.selected == (row.key,)
    for _ in range(3):
        bridge.edit(lambda: bridge.project.redo(by=presenter))  # type: ignore[union-attr]
    settle()
    assert presenter.selected == (newest,)


def test_that_a_drawing_without_a_name_is_gone_with_its_picture(presenter: InstancesPresenter, settle: Settle) -> None:
    presenter.draw(Box(1, 1, 9, 9))
    presenter.name_drawn("  ")
    assert presenter.drawn is not None
    presenter.step(1)
    settle()
    assert presenter.drawn is None
    presenter.name_drawn("kettle")
    settle()
    assert "kettle" not in [row.category for row in presenter.model.rows]


def test_that_nothing_is_told_twice(presenter: InstancesPresenter, bridge: Bridge, settle: Settle) -> None:
    told: list[object] = []
    presenter.rows_changed.connect(told.append)
    bridge.changed.emit(frozenset({"instance"}), presenter)
    settle()
    assert told == []
    presenter.set_hidden([presenter.model.rows[0].key], True)
    settle()
    assert len(told) == 1


def test_that_rows_that_stay_as_they_are_are_the_same_ones(presenter: InstancesPresenter, settle: Settle) -> None:
    before = {row.key: row for row in presenter.model.rows}
    changed = presenter.model.rows[0].key
    presenter.set_hidden([changed], True)
    settle()
    assert [row.key for row in presenter.model.rows if before[row.key] is not row] == [changed]
