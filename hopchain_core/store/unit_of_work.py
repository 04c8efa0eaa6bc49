"""One transaction's writes. A recording unit keeps every row as it was before and after, for undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, insert, select, update
from sqlalchemy.engine import Connection

from hopchain_core.store.schema import metadata

Row = dict[str, Any]
Key = tuple[Any, ...]

TOUCHING = {"annotation": "chain_key", "adjudication": "chain_key", "project": "name"}
"""Tables that verdicts follow from, and the column that says which verdicts."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after one write; None where there was none."""

    table: str
    key: Key
    before: Row | None
    after: Row | None


class UnitOfWork:
    """What may be written inside one transaction.

    A person's edit goes through `put` and `drop` alone: they record, a statement on `conn` does not.

    Attributes:
        conn: The open transaction.
        recording: Whether rows are kept before and after.
        changed_tables: Names of the tables written to so far.
        touched: Of the tables in `TOUCHING`, what the rows written to so far are about.
        changes: What was recorded, in the order it happened.
    """

    def __init__(self, conn: Connection, recording: bool) -> None:
        self.conn = conn
        self.recording = recording
        self.changed_tables: set[str] = set()
        self.touched: dict[str, set[str]] = {}
        self.changes: list[RowChange] = []

    def get(self, table: Table | str, key: Iterable[Any]) -> Row | None:
        """The row with this primary key, or None."""
        table = table_named(table)
        found = self.conn.execute(select(table).where(key_matches(table, tuple(key)))).mappings().first()
        return dict(found) if found is not None else None

    def put(self, table: Table | str, row: Mapping[str, Any]) -> Key:
        """Writes a row: inserts it, or sets the given columns of the row with its primary key.

        A row of a numbered table without ``id`` is always new.

        Returns:
            The primary key.
        """
        table = table_named(table)
        self.changed_tables.add(table.name)
        names = [column.name for column in table.primary_key]
        if any(row.get(name) is None for name in names):
            result = self.conn.execute(insert(table), dict(row))
            key = tuple(result.inserted_primary_key or ())
            before = None
        else:
            key = tuple(row[name] for name in names)
            before = self.get(table, key) if self.recording else None
            # Not an upsert: given some columns of a row, SQLite would miss the others before it saw the conflict.
            if self.conn.execute(update(table).where(key_matches(table, key)).values(**row)).rowcount == 0:
                self.conn.execute(insert(table).values(**row))
        self._touch(table, row)
        if self.recording:
            after = self.get(table, key)
            if before != after:
                self.changes.append(RowChange(table.name, key, before, after))
        return key

    def put_new(self, table: Table | str, rows: list[Row]) -> None:
        """Inserts many rows of one shape at once."""
        if not rows:
            return
        table = table_named(table)
        self.changed_tables.add(table.name)
        if not self.recording:
            self.conn.execute(insert(table), rows)
        else:
            for made in self.conn.execute(insert(table).returning(table), rows).mappings():
                key = tuple(made[column.name] for column in table.primary_key)
                self.changes.append(RowChange(table.name, key, None, dict(made)))
        for row in rows:
            self._touch(table, row)

    def drop(self, table: Table | str, key: Iterable[Any]) -> bool:
        """Deletes a row and what hangs on it.

        Returns:
            Whether there was such a row.
        """
        table, key = table_named(table), tuple(key)
        if not self.recording and table.name not in TOUCHING:
            is_there = self.conn.execute(delete(table).where(key_matches(table, key))).rowcount > 0
            if is_there:
                self.changed_tables.add(table.name)
            return is_there
        before = self.get(table, key)
        if before is None:
            return False
        self.changed_tables.add(table.name)
        self._touch(table, before)
        if not self.recording:
            self.conn.execute(delete(table).where(key_matches(table, key)))
            return True
        # The cascade of SQLite would delete these too, but nobody would know how to put them back.
        for child, child_key in dependents(self.conn, table, before, cascading=True):
            self.drop(child, child_key)
        self.conn.execute(delete(table).where(key_matches(table, key)))
        self.changes.append(RowChange(table.name, key, before, None))
        return True

    def unrecorded(self) -> UnitOfWork:
        """The same transaction for what is no part of an undo step."""
        other = UnitOfWork(self.conn, recording=False)
        other.changed_tables, other.touched = self.changed_tables, self.touched
        return other

    def touch(self, table: str, about: str) -> None:
        """Has what follows from this looked at again before the commit."""
        self.touched.setdefault(table, set()).add(about)

    def _touch(self, table: Table, row: Mapping[str, Any]) -> None:
        column = TOUCHING.get(table.name)
        if column is not None and row.get(column) is not None:
            self.touch(table.name, row[column])


def table_named(table: Table | str) -> Table:
    """The declared table.

    Raises:
        KeyError: There is none of this name.
    """
    return metadata.tables[table] if isinstance(table, str) else table


def key_matches(table: Table, key: Key) -> ColumnElement[bool]:
    """The condition that a row has this primary key."""
    return and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))


def dependents(conn: Connection, table: Table, row: Row, *, cascading: bool) -> list[tuple[Table, Key]]:
    """Rows that refer to this row: those that would go with it, or all of them."""
    found: list[tuple[Table, Key]] = []
    for child in metadata.sorted_tables:
        for reference in child.foreign_keys:
            if reference.column.table is not table or (cascading and reference.ondelete != "CASCADE"):
                continue
            keys = select(*child.primary_key).where(reference.parent == row[reference.column.name])
            found.extend((child, tuple(key)) for key in conn.execute(keys))
    return found
