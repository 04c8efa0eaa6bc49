"""Writes that only people make."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.store import schema
from hopchain_core.store.unit_of_work import UnitOfWork


def hide_instance(uow: UnitOfWork, key: InstanceKey, hidden: bool) -> int:
    """Sets whether an instance is shown, in every row that holds this version.

    Returns:
        How many rows changed.
    """
    table = schema.instance
    rows = select(table.c.id).where(table.c.key == key, table.c.is_hidden != int(hidden))
    found = uow.conn.execute(rows).scalars().all()
    for number in found:
        uow.put(table, {"id": number, "is_hidden": int(hidden)})
    return len(found)


def move_pictures(uow: UnitOfWork, paths: Mapping[ImageKey, str]) -> None:
    """Notes where the files of pictures lie now."""
    table = schema.image
    for key, path in paths.items():
        number = uow.conn.execute(select(table.c.id).where(table.c.key == key)).scalar_one()
        uow.put(table, {"id": number, "path": path})
