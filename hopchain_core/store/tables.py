"""What all tables of a project file have in common."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData

metadata = MetaData()


def row_id() -> Column[int]:
    """The number of a row, by which other tables refer to it."""
    return Column("id", Integer, primary_key=True, nullable=False)
