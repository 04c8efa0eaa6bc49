"""What stands between the project and the views, without any widget."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.presenters.library import LibraryPresenter
from app.presenters.library_choice import Choice
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import InputError, ProjectError
from hopchain_core.project import ImageQuery, ImageSort, Project, Reader
from tests.app.library.rows import FAILING, FRESH, row_of, rows_of


@pytest.fixture
def bridge(qtbot: QtBot, sample_project: Path) -> Iterator[Bridge]:
    """A bridge to the mixed project."""
    before = set(threading.enumerate())
    project = Project.open(sample_project)
    made = Bridge()
    made.attach(project)
    yield made
    made.attach(None)
    project.close()
    made.close()
    assert not [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]


@pytest.fixture
def presenter(bridge: Bridge, qtbot: QtBot) -> LibraryPresenter:
    """A presenter that is looked at and has read everything."""
    made = LibraryPresenter(bridge)
    made.set_active(True)
    settle(made, bridge, qtbot)
    return made


def settle(presenter: LibraryPresenter, bridge: Bridge, qtbot: QtBot) -> None:
    """Waits until nothing is read any more."""
    qtbot.waitUntil(
        lambda: bridge.is_idle and not presenter.is_busy and presenter.totals.chains is not None, timeout=20_000
    )


def project_of(bridge: Bridge) -> Project:
    """The project of a bridge."""
    assert bridge.project is not None
    return bridge.project


def test_that_a_choice_becomes_one_question_to_the_store() -> None:
    choice = Choice(
        text="  mug ",
        statuses=(ChainStatus.VERIFIED,),
        without_chains=True,
        categories=("mug", "book"),
        rules=("leak",),
        composers=(Composer.VLM,),
        pass_rate=(0.25, 0.5),
        sort=ImageSort.CHAINS,
        descending=True,
    )
    query = choice.query()
    assert query.anywhere == "mug"
    assert query.category == ("mug", "book")
    assert query.chains.status == (ChainStatus.VERIFIED,)
    assert query.chains.rule == ("leak",)
    assert query.chains.composer == (Composer.VLM,)
    assert query.chains.pass_rate == (0.25, 0.5)
    assert (query.or_without_chains, query.or_failing) == (True, False)
    assert (query.sort, query.descending) == (ImageSort.CHAINS, True)


def test_that_an_order_alone_is_no_filter() -> None:
    assert not Choice(sort=ImageSort.ADDED, descending=True).is_filtered
    assert Choice(text="a").is_filtered
    assert Choice().query().chains.is_empty


def test_that_nothing_is_read_before_it_is_looked_at(bridge: Bridge, qtbot: QtBot) -> None:
    presenter = LibraryPresenter(bridge)
    presenter.choose(text="fresh")
    assert bridge.is_idle
    presenter.set_active(True)
    settle(presenter, bridge, qtbot)
    assert len(presenter.model.ids()) == 2


def test_that_totals_say_what_is_listed_and_what_there_is(
    presenter: LibraryPresenter, bridge: Bridge, qtbot: QtBot
) -> None:
    rows = rows_of(project_of(bridge))
    presenter.choose(failing=True)
    settle(presenter, bridge, qtbot)
    totals = presenter.totals
    assert (totals.shown, totals.images) == (1, len(rows))
    assert totals.instances == sum(row.instance_count for row in rows)
    assert totals.chains == sum(sum(row.chain_counts.values()) for row in rows)


def test_that_the_order_alone_counts_nothing_again(
    presenter: LibraryPresenter, bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[ImageQuery] = []
    original: Any = Reader.image_facets
    monkeypatch.setattr(Reader, "image_facets", lambda self, query: counted.append(query) or original(self, query))
    presenter.choose(descending=True)
    settle(presenter, bridge, qtbot)
    assert counted == []
    presenter.choose(text="x")
    settle(presenter, bridge, qtbot)
    assert len(counted) == 1


def test_that_counts_are_of_the_last_of_many_choices(
    presenter: LibraryPresenter, bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most = [0], [0]
    original: Any = Reader.image_facets

    def slow(self: Reader, query: ImageQuery) -> Any:
        running[0] += 1
        most[0] = max(most[0], running[0])
        try:
            threading.Event().wait(0.05)
            return original(self, query)
        finally:
            running[0] -= 1

    monkeypatch.setattr(Reader, "image_facets", slow)
    for text in ("f", "fr", "fre", "fresh", "fresh/fail"):
        presenter.choose(text=text)
        qtbot.wait(1)
    settle(presenter, bridge, qtbot)
    assert presenter.facets.failing == 1
    assert presenter.facets.without_chains == 1
    assert most[0] == 1, "counts were piled up"


def test_that_a_failing_read_is_told_and_the_next_one_tried(
    presenter: LibraryPresenter, bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Reader.image_ids
    failures = QSignalSpy(bridge.failed)

    def refuse(self: Reader, query: ImageQuery) -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr(Reader, "image_ids", refuse)
    presenter.choose(text="fresh")
    qtbot.waitUntil(lambda: failures.count() == 1)
    monkeypatch.setattr(Reader, "image_ids", original)
    presenter.look_again()
    settle(presenter, bridge, qtbot)
    assert len(presenter.model.ids()) == 2


def test_that_stages_are_asked_for_with_the_pictures_in_the_order_listed(
    presenter: LibraryPresenter, bridge: Bridge, qtbot: QtBot
) -> None:
    project = project_of(bridge)
    fresh, failing = row_of(project, FRESH), row_of(project, FAILING)
    presenter.select([failing.number, fresh.number])
    with qtbot.waitSignal(presenter.deeds.run_wanted) as asked:
        presenter.deeds.run(["segment", "compose"])
    assert asked.args == [("segment", "compose"), (fresh.key, failing.key), False]


def test_that_only_what_failed_is_tried_again(presenter: LibraryPresenter, bridge: Bridge, qtbot: QtBot) -> None:
    project = project_of(bridge)
    presenter.select(row.number for row in rows_of(project))
    with qtbot.waitSignal(presenter.deeds.run_wanted) as asked:
        presenter.deeds.retry_failed()
    assert asked.args == [("categorize",), (row_of(project, FAILING).key,), True]


def test_that_a_selection_is_told_once(presenter: LibraryPresenter) -> None:
    told = QSignalSpy(presenter.selection_changed)
    presenter.select([3, 1])
    presenter.select([1, 3])
    assert told.count() == 1
    assert presenter.selected == {1, 3}


def test_that_a_picture_is_found_by_its_key(presenter: LibraryPresenter, bridge: Bridge, qtbot: QtBot) -> None:
    wanted = row_of(project_of(bridge), FAILING)
    found: list[int] = []
    presenter.deeds.find(wanted.key, found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert found == [wanted.number]
    presenter.deeds.find(type(wanted.key)("0" * 64), found.append)
    settle(presenter, bridge, qtbot)
    assert found == [wanted.number]


def test_that_a_search_for_moved_pictures_ends_with_the_project(
    presenter: LibraryPresenter, bridge: Bridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = QSignalSpy(presenter.deeds.told)
    begun = threading.Event()

    def search(self: Project, folders: object, *, is_cancelled: Any, by: object) -> None:
        begun.set()
        while not is_cancelled():
            threading.Event().wait(0.005)
        raise ProjectError("The project is closed.")

    monkeypatch.setattr(Project, "relink", search)

    async def close_meanwhile() -> None:
        searching = asyncio.create_task(presenter.deeds.relink(tmp_path))
        await asyncio.to_thread(begun.wait, 5)
        project = project_of(bridge)
        bridge.attach(None)
        await searching
        bridge.attach(project)

    asyncio.run(close_meanwhile())
    assert told.count() == 0


def test_that_a_folder_that_is_not_there_is_an_error(presenter: LibraryPresenter, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        asyncio.run(presenter.deeds.relink(tmp_path / "nowhere"))
