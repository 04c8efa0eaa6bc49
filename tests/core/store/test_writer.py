"""The one thread that writes."""

from __future__ import annotations

import logging
import sqlite3
import threading
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest

from hopchain_core.errors import ProjectError
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_runs import write_fact
from hopchain_core.store.rows_sources import write_image
from hopchain_core.store.unit_of_work import UnitOfWork
from hopchain_core.store.writer import Priority
from tests.core.store.samples import image


class Gate:
    """A write that holds the writer until it is let go."""

    def __init__(self, project: ProjectFile) -> None:
        self.is_open, self.is_entered = threading.Event(), threading.Event()
        self.done = project.writer.submit(self._wait)
        assert self.is_entered.wait(10)

    def _wait(self, uow: UnitOfWork) -> None:
        self.is_entered.set()
        assert self.is_open.wait(10)


def test_that_people_go_before_jobs_and_each_in_turn(project: ProjectFile) -> None:
    gate, order = Gate(project), list[str]()
    futures: list[Future[None]] = []
    for name in ("job 1", "person 1", "job 2", "person 2"):
        priority = Priority.PERSON if name.startswith("person") else Priority.JOB
        futures.append(project.writer.submit(lambda uow, name=name: order.append(name), priority))  # type: ignore[misc]
    gate.is_open.set()
    for future in futures:
        future.result(10)
    assert order == ["person 1", "person 2", "job 1", "job 2"]


def test_that_all_writes_happen_in_one_named_thread(project: ProjectFile) -> None:
    names = {project.writer.submit(lambda uow: threading.current_thread().name).result() for _ in range(5)}
    assert names == {"writer of p.hopchain"}


def test_that_a_failed_write_leaves_nothing_and_the_next_goes_on(project: ProjectFile) -> None:
    def fails(uow: UnitOfWork) -> None:
        write_fact(uow, "half", "done")
        raise LookupError("on purpose")

    failed = project.writer.submit(fails)
    project.writer.submit(lambda uow: write_fact(uow, "next", "there")).result()
    with pytest.raises(LookupError, match="on purpose"):
        failed.result()
    with project.read() as reader:
        assert (reader.fact("half"), reader.fact("next")) == (None, "there")


def test_that_listeners_hear_what_changed_and_from_whom_before_the_result(project: ProjectFile) -> None:
    heard: list[tuple[frozenset[str], object]] = []
    project.on_commit(lambda tables, initiator: heard.append((tables, initiator)))
    me = object()
    project.writer.submit(lambda uow: write_fact(uow, "a", "b"), initiator=me).result()
    assert heard == [(frozenset({"project"}), me)]


def test_that_listeners_hear_of_no_table_that_stayed_as_it_was(project: ProjectFile) -> None:
    heard: list[frozenset[str]] = []
    project.on_commit(lambda tables, initiator: heard.append(tables))
    project.writer.submit(lambda uow: write_image(uow, image())).result()
    project.edit("Drop nothing", lambda uow: uow.drop("mark", ("none",)))
    assert heard == [frozenset({"image"})]


def test_that_listeners_see_what_was_committed(project: ProjectFile) -> None:
    seen: list[str | None] = []

    def look(tables: frozenset[str], initiator: object) -> None:
        with project.read() as reader:
            seen.append(reader.fact("a"))

    project.on_commit(look)
    project.writer.submit(lambda uow: write_fact(uow, "a", "b")).result()
    assert seen == ["b"]


def test_that_listeners_hear_nothing_of_what_changed_nothing_or_failed(project: ProjectFile) -> None:
    heard: list[object] = []
    project.on_commit(lambda tables, initiator: heard.append(tables))
    project.writer.submit(lambda uow: None).result()

    def fails(uow: UnitOfWork) -> None:
        write_fact(uow, "a", "b")
        raise LookupError

    assert isinstance(project.writer.submit(fails).exception(), LookupError)
    assert heard == []


def test_that_a_listener_that_raises_does_not_undo_the_commit(
    project: ProjectFile, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(tables: frozenset[str], initiator: object) -> None:
        raise LookupError("a bug in a window")

    project.on_commit(fails)
    with caplog.at_level(logging.ERROR):
        project.writer.submit(lambda uow: write_fact(uow, "a", "b")).result()
    assert "a bug in a window" in caplog.text
    with project.read() as reader:
        assert reader.fact("a") == "b"


def test_that_close_finishes_what_is_queued(tmp_path: Path) -> None:
    project = ProjectFile.create(tmp_path / "p.hopchain")
    gate = Gate(project)
    futures = [project.writer.submit(lambda uow, n=n: write_fact(uow, f"{n}", "x")) for n in range(20)]  # type: ignore[misc]
    closing = threading.Thread(target=project.close)
    closing.start()
    gate.is_open.set()
    closing.join(10)
    assert all(future.done() and future.exception() is None for future in futures)
    with pytest.raises(ProjectError, match="closed"):
        project.writer.submit(lambda uow: None)
    assert not [t for t in threading.enumerate() if t.name.startswith("writer of")]
    with ProjectFile.open(project.path, read_only=True) as again, again.read() as reader:
        assert [reader.fact(f"{n}") for n in range(20)] == ["x"] * 20


def test_that_a_write_holds_the_file_from_its_first_read(project: ProjectFile) -> None:
    def look_and_try(uow: UnitOfWork) -> str:
        uow.get("project", ("seed",))
        with closing(sqlite3.connect(project.path, isolation_level=None, timeout=0)) as other:
            try:
                other.execute("INSERT INTO project VALUES ('other', 'was here')")
            except sqlite3.OperationalError as error:
                return str(error)
        return "was here"

    assert project.writer.submit(look_and_try).result() == "database is locked"


def test_that_a_cancelled_write_is_left_out(project: ProjectFile) -> None:
    gate = Gate(project)
    future = project.writer.submit(lambda uow: write_fact(uow, "a", "b"))
    assert future.cancel()
    gate.is_open.set()
    project.writer.submit(lambda uow: None).result()
    with project.read() as reader:
        assert reader.fact("a") is None


def test_that_a_full_disk_is_told_as_such(project: ProjectFile) -> None:
    def fill(uow: UnitOfWork) -> None:
        pages = uow.conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        uow.conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        write_fact(uow, "big", "x" * 1_000_000)

    with pytest.raises(ProjectError, match=r"p\.hopchain.*full") as caught:
        project.writer.submit(fill).result()
    assert "disk space" in caught.value.hint
    project.writer.submit(lambda uow: write_fact(uow, "small", "x")).result()
    with project.read() as reader:
        assert (reader.fact("big"), reader.fact("small")) == (None, "x")
