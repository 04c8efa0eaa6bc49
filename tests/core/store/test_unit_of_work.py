"""Puts and drops of single rows."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from hopchain_core.store import schema
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_people import hide_instance
from hopchain_core.store.rows_sources import write_image, write_instances
from hopchain_core.store.unit_of_work import RowChange, UnitOfWork
from tests.core.store.samples import image, instance

MARK = {"chain_key": "k", "kind": "accept", "reason": "", "marked_at": "now"}


def in_unit(project: ProjectFile, recording: bool) -> UnitOfWork:
    """A unit inside a write that is never committed."""
    connection = project.writer.submit(lambda uow: uow.conn).result()
    connection.begin()
    return UnitOfWork(connection, recording)


@pytest.mark.parametrize("recording", [False, True])
def test_that_a_row_is_put_got_changed_and_dropped(project: ProjectFile, recording: bool) -> None:
    unit = in_unit(project, recording)
    assert unit.get("mark", ("k",)) is None
    assert unit.put("mark", MARK) == ("k",)
    assert unit.put(schema.mark, {"chain_key": "k", "reason": "dull"}) == ("k",)
    assert unit.get(schema.mark, ("k",)) == MARK | {"reason": "dull"}
    assert (unit.drop("mark", ("k",)), unit.drop("mark", ("k",))) == (True, False)
    assert unit.get("mark", ("k",)) is None
    assert unit.changed_tables == {"mark"}
    changed = MARK | {"reason": "dull"}
    assert unit.changes == (
        [
            RowChange("mark", ("k",), None, MARK),
            RowChange("mark", ("k",), MARK, changed),
            RowChange("mark", ("k",), changed, None),
        ]
        if recording
        else []
    )
    unit.conn.rollback()


@pytest.mark.parametrize("recording", [False, True])
def test_that_rows_get_numbers_of_their_own(project: ProjectFile, recording: bool) -> None:
    unit = in_unit(project, recording)
    row = {"chain_key": "k", "author": "ann", "text": "?", "written_at": ""}
    assert [unit.put("comment", row), unit.put("comment", row | {"id": None})] == [(1,), (2,)]
    unit.put_new("comment", [row, row])
    assert unit.get("comment", (4,)) == row | {"id": 4}
    assert len(unit.changes) == (4 if recording else 0)
    unit.conn.rollback()


def test_that_dropping_what_other_rows_need_is_refused(project: ProjectFile) -> None:
    unit = in_unit(project, recording=True)
    unit.put(
        "run",
        dict.fromkeys(("stage", "fingerprint", "options", "prompt_hash", "outcome", "started_at", "ended_at"), "")
        | {"stage_version": 1, "seed": 0},
    )
    unit.put(
        "work",
        dict.fromkeys(("stage", "fingerprint", "item_key", "subject", "status"), "")
        | {"run_id": 1, "is_current": 0, "seconds": 0},
    )
    with pytest.raises(IntegrityError):
        unit.drop("run", (1,))
    unit.conn.rollback()


@pytest.mark.parametrize("as_a_person", [False, True])
def test_that_one_column_of_a_row_is_changed_alone(project: ProjectFile, as_a_person: bool) -> None:
    picture, cup = image(), instance(image())
    project.writer.submit(lambda uow: write_image(uow, picture)).result()
    project.writer.submit(lambda uow: write_instances(uow, None, [cup])).result()
    if as_a_person:
        assert project.edit("Hide", lambda uow: hide_instance(uow, cup.key, True)) == 1
    else:
        assert project.writer.submit(lambda uow: hide_instance(uow, cup.key, True)).result() == 1
    with project.read() as reader:
        assert reader.instances(picture.key) == (cup,)
        hidden = reader._conn.exec_driver_sql("SELECT is_hidden FROM instance").scalars().all()
    assert hidden == [1]
