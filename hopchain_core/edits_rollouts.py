"""What people say of rollouts, as functions of one unit of work."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from hopchain_core.domain.rollout_errors import RolloutError, RolloutName
from hopchain_core.errors import InputError
from hopchain_core.store import schema
from hopchain_core.store.rows_sources import now_text
from hopchain_core.store.unit_of_work import UnitOfWork


def judge_rollout(uow: UnitOfWork, error: RolloutError) -> None:
    """Writes what went wrong in a rollout, over what was said of it before."""
    table, name = schema.rollout, error.rollout
    there = select(table.c.id).where(
        table.c.chain_key == name.chain, table.c.fingerprint == name.fingerprint, table.c.position == name.index
    )
    if uow.conn.execute(there).first() is None:
        raise InputError("There is no such rollout in this project.")
    said = replace(error, judged_at=error.judged_at or now_text())
    uow.put(
        schema.rollout_error,
        {
            "chain_key": name.chain,
            "fingerprint": name.fingerprint,
            "position": name.index,
            "kind": said.kind.value,
            "subkind": said.subkind.value if said.subkind else "",
            "judged_by": said.judged_by,
            "judged_at": said.judged_at,
        },
    )


def unjudge_rollout(uow: UnitOfWork, name: RolloutName) -> None:
    """Takes back what was said of a rollout; nothing happens where nothing was."""
    uow.drop(schema.rollout_error, (name.chain, name.fingerprint, name.index))
