"""Writes that ingest makes to pictures that are in the project already."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import case, update

from hopchain_core.domain.keys import ImageKey
from hopchain_core.store import schema
from hopchain_core.store.unit_of_work import UnitOfWork


def write_split_groups(uow: UnitOfWork, groups: Mapping[ImageKey, str]) -> None:
    """Puts pictures into split groups. For jobs: it is not recorded for undo."""
    table = schema.image
    for key, group in groups.items():
        uow.conn.execute(update(table).where(table.c.key == key).values(split_group=group))
    if groups:
        uow.changed_tables.add(table.name)


def write_provenance(uow: UnitOfWork, key: ImageKey, *, licence: str, source: str) -> None:
    """Adds licence and source of a picture where nothing was known of them. For jobs: it is not recorded for undo."""
    table = schema.image
    known = {"licence": (table.c.licence, licence), "source": (table.c.source, source)}
    values = {name: case((column == "", new), else_=column) for name, (column, new) in known.items()}
    uow.conn.execute(update(table).where(table.c.key == key).values(values))
    uow.changed_tables.add(table.name)
