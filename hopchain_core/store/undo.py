"""Steps of undo and redo as rows, so that they survive a restart.

A step is replayed change by change, backwards for undo and forwards for redo. So it passes through the very states
the edit passed through, and every constraint that held then holds again, unless something else has changed meanwhile:
then nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Table, delete, func, insert, literal, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from hopchain_core.domain.keys import ChainKey, ImageKey, canonical_json
from hopchain_core.errors import StaleUndoError
from hopchain_core.store.schema import chain, image, undo_change, undo_step
from hopchain_core.store.unit_of_work import TOUCHING, RowChange, UnitOfWork, dependents, key_matches, table_named
from hopchain_core.store.values import read_json

_KINDS = {"project": "settings", "mark": "what was said of a chain"}
"""What people call the kinds of rows whose tables are called otherwise."""
_MOST_LOOKED_AT = 64
"""Rows of a step that are looked at to say where it was. Chosen."""


def record(uow: UnitOfWork, text: str) -> None:
    """Writes what the unit recorded as one step; nothing when it changed nothing. Steps undone before are gone."""
    if not uow.changes:
        return
    uow.conn.execute(delete(undo_step).where(undo_step.c.state == "undone"))
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    step = uow.conn.execute(insert(undo_step), {"text": text, "made_at": now, "state": "done"})
    (step_id,) = step.inserted_primary_key or (0,)
    uow.conn.execute(
        insert(undo_change),
        [
            {
                "step_id": step_id,
                "table_name": change.table,
                "row_key": canonical_json(list(change.key)),
                "before": None if change.before is None else canonical_json(change.before),
                "after": None if change.after is None else canonical_json(change.after),
            }
            for change in uow.changes
        ],
    )
    uow.changed_tables.add("undo_step")


def step_texts(conn: Connection) -> tuple[str | None, str | None]:
    """Texts of what undo and redo would do now; None where there is nothing to do."""
    undone = select(undo_step.c.text).where(undo_step.c.state == "undone").order_by(undo_step.c.id).limit(1)
    done = select(undo_step.c.text).where(undo_step.c.state == "done").order_by(undo_step.c.id.desc()).limit(1)
    return conn.execute(done).scalar(), conn.execute(undone).scalar()


@dataclass(frozen=True, slots=True)
class StepPlaces:
    """What a step of undo is about.

    Attributes:
        chains: Versions of chains that are there, one of each chain; the newest that the step wrote or left.
        images: Pictures whose instances it changed, or that it changed itself.
        corrected: Versions that those of the step take the place of; who shows one of them shows its chain.
    """

    chains: tuple[ChainKey, ...] = ()
    images: tuple[ImageKey, ...] = ()
    corrected: tuple[ChainKey, ...] = field(default=(), compare=False)


def step_places(conn: Connection) -> tuple[StepPlaces, StepPlaces]:
    """What undo and redo would concern now; after an undo, the second is what it concerned, and the other way round."""
    undone = select(func.min(undo_step.c.id)).where(undo_step.c.state == "undone")
    done = select(func.max(undo_step.c.id)).where(undo_step.c.state == "done")
    return _places(conn, conn.execute(done).scalar()), _places(conn, conn.execute(undone).scalar())


def _places(conn: Connection, step: int | None) -> StepPlaces:
    chains: dict[str, None] = {}
    images: dict[str, None] = {}
    corrected: dict[str, None] = {}
    # Wide enough for all that one shows as one place; a step over a thousand pictures is in no place.
    changes = select(undo_change).where(undo_change.c.step_id == step).order_by(undo_change.c.id).limit(_MOST_LOOKED_AT)
    for change in conn.execute(changes):
        row = read_json(change.after) or read_json(change.before) or {}
        versions = (row.get("key"), row.get("supersedes")) if change.table_name == "chain" else (row.get("chain_key"),)
        there = [key for key in versions if key is not None and _is_there(conn, chain, chain.c.key == key)]
        chains.update(dict.fromkeys(there[:1]))
        if change.table_name == "chain" and row.get("supersedes") is not None:
            corrected[row["supersedes"]] = None
        if change.table_name == "image":
            images[row["key"]] = None
        elif change.table_name == "instance":
            found = conn.execute(select(image.c.key).where(image.c.id == row["image_id"])).scalar()
            images.update({found: None} if found is not None else {})
    return StepPlaces(
        tuple(map(ChainKey, chains)), tuple(map(ImageKey, images)), corrected=tuple(map(ChainKey, corrected))
    )


def _is_there(conn: Connection, table: Table, condition: ColumnElement[bool]) -> bool:
    return conn.execute(select(literal(1)).select_from(table).where(condition).limit(1)).scalar() is not None


def step_back(uow: UnitOfWork) -> str | None:
    """Undoes the last step that stands.

    Returns:
        The step's text, or None when there is none.

    Raises:
        StaleUndoError: A row is no longer what the step left, or other rows forbid it.
    """
    return _replay(uow, "done", "undone")


def step_forward(uow: UnitOfWork) -> str | None:
    """Does again the first step undone. Returns and raises as `step_back`."""
    return _replay(uow, "undone", "done")


def leave_out(uow: UnitOfWork) -> str | None:
    """Forgets the last step that stands, and leaves what it did: one that cannot be undone would bar those before it.

    Returns:
        The step's text, or None when there is none.
    """
    last = select(func.max(undo_step.c.id)).where(undo_step.c.state == "done").scalar_subquery()
    text = uow.conn.execute(delete(undo_step).where(undo_step.c.id == last).returning(undo_step.c.text)).scalar()
    if text is not None:
        uow.changed_tables.add("undo_step")
    return text


def _replay(uow: UnitOfWork, state: str, new_state: str) -> str | None:
    is_undo = state == "done"
    pick = (func.max if is_undo else func.min)(undo_step.c.id)
    number = uow.conn.execute(select(pick).where(undo_step.c.state == state)).scalar()
    if number is None:
        return None
    text = str(uow.conn.execute(select(undo_step.c.text).where(undo_step.c.id == number)).scalar_one())
    order = undo_change.c.id.desc() if is_undo else undo_change.c.id
    rows = uow.conn.execute(select(undo_change).where(undo_change.c.step_id == number).order_by(order)).all()
    for row in rows:
        before, after = read_json(row.before), read_json(row.after)
        source, target = (after, before) if is_undo else (before, after)
        try:
            _replace(uow, RowChange(row.table_name, tuple(read_json(row.row_key)), source, target))
        except _ChangedError as error:
            raise StaleUndoError(
                f"“{text}” cannot be {'taken back' if is_undo else 'done again'}: what it concerns ({error}) has changed"
                " since.",
                hint="Leave it out, and go on with what was done before." if is_undo else "Make the change by hand.",
            ) from error
    uow.conn.execute(update(undo_step).where(undo_step.c.id == number).values(state=new_state))
    uow.changed_tables.add("undo_step")
    return text


class _ChangedError(Exception):
    """A row is no longer as a step left it; says of what kind it is."""


def _replace(uow: UnitOfWork, change: RowChange) -> None:
    table = table_named(change.table)
    if uow.get(table, change.key) != change.before:
        raise _changed(change.table)
    try:
        if change.after is None:
            assert change.before is not None
            if dependents(uow.conn, table, change.before, cascading=False):
                raise _changed(change.table)
            uow.conn.execute(delete(table).where(key_matches(table, change.key)))
        elif change.before is None:
            uow.conn.execute(insert(table), change.after)
        else:
            uow.conn.execute(update(table).where(key_matches(table, change.key)).values(**change.after))
    except IntegrityError as error:
        raise _changed(change.table) from error
    uow.changed_tables.add(change.table)
    about = TOUCHING.get(change.table)
    if about is not None:
        uow.touch(change.table, (change.before or change.after or {})[about])


def _changed(table: str) -> _ChangedError:
    return _ChangedError(_KINDS.get(table, table.replace("_", " ")))
