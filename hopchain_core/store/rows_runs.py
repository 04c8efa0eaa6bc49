"""Writes of runs and their work, and which work is current."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import bindparam, delete, insert, text, update

from hopchain_core.domain.keys import RunId, canonical_json
from hopchain_core.domain.provenance import BackendSpec, RunOutcome, WorkStatus
from hopchain_core.store import schema
from hopchain_core.store.rows_sources import now_text
from hopchain_core.store.unit_of_work import UnitOfWork

_OUTPUTS = tuple(
    table
    for table in schema.metadata.sorted_tables
    if any(reference.column.table is schema.work for reference in table.foreign_keys)
)
"""Tables whose rows hang on a work row."""

_FIND_WORK = text("SELECT id FROM work WHERE stage = :stage AND fingerprint = :fingerprint AND item_key = :item_key")
_NO_LONGER_CURRENT = text(
    "UPDATE work SET is_current = 0 WHERE stage = :stage AND subject = :subject AND is_current = 1"
)


class RefusalLike(Protocol):
    """Anything with a short stable reason and a detail for people."""

    @property
    def reason(self) -> str: ...  # noqa: D102

    @property
    def detail(self) -> str: ...  # noqa: D102


def write_fact(uow: UnitOfWork, name: str, value: str) -> None:
    """Sets a fact of the project, such as its policy."""
    uow.put(schema.project, {"name": name, "value": value})


def start_run(
    uow: UnitOfWork,
    *,
    stage: str,
    stage_version: int,
    fingerprint: str,
    options: dict[str, Any],
    backend: BackendSpec | None,
    seed: int = 0,
) -> RunId:
    """Notes that a stage begins to run. A run that never ends stays `running`: it was killed."""
    (number,) = uow.put(
        schema.run,
        {
            "stage": stage,
            "stage_version": stage_version,
            "fingerprint": fingerprint,
            "options": canonical_json(options),
            "backend": canonical_json(backend.to_json()) if backend else None,
            "prompt_hash": backend.prompt_hash if backend else "",
            "seed": seed,
            "outcome": RunOutcome.RUNNING.value,
            "started_at": now_text(),
            "ended_at": "",
        },
    )
    return RunId(int(number))


def end_run(uow: UnitOfWork, run_id: RunId, outcome: RunOutcome) -> None:
    """Notes how a run ended."""
    uow.conn.execute(
        update(schema.run).where(schema.run.c.id == run_id).values(outcome=outcome.value, ended_at=now_text())
    )
    uow.changed_tables.add("run")


def write_work(
    uow: UnitOfWork,
    *,
    stage: str,
    fingerprint: str,
    item_key: str,
    subject: str,
    run_id: RunId,
    status: WorkStatus,
    seconds: float,
    error_kind: str | None = None,
    error_text: str | None = None,
) -> int:
    """Notes how one item ended. Call it before writing the item's outputs, in the same transaction.

    Done, it becomes the one current work of its stage and subject. An item noted before (a retry) keeps its row, but
    the outputs that hang on it are deleted first. Failed, it leaves what is current as it is.

    Returns:
        Row of the work, for the outputs to hang on.
    """
    is_done = status is WorkStatus.DONE
    values = {
        "stage": stage,
        "fingerprint": fingerprint,
        "item_key": item_key,
        "subject": subject,
        "run_id": run_id,
        "status": status.value,
        "is_current": int(is_done),
        "seconds": seconds,
        "error_kind": error_kind,
        "error_text": error_text,
    }
    conn = uow.conn
    if is_done:
        conn.execute(_NO_LONGER_CURRENT, {"stage": stage, "subject": subject})
    found = conn.execute(_FIND_WORK, {"stage": stage, "fingerprint": fingerprint, "item_key": item_key}).scalar()
    uow.changed_tables.add("work")
    if found is None:
        return int((conn.execute(insert(schema.work), values).inserted_primary_key or (0,))[0])
    for table in _OUTPUTS:
        if conn.execute(delete(table).where(table.c.work_id == found)).rowcount:
            uow.changed_tables.add(table.name)
    conn.execute(update(schema.work).where(schema.work.c.id == found).values(**values))
    return int(found)


def write_done(
    uow: UnitOfWork, *, stage: str, fingerprint: str, run_id: RunId, items: Sequence[tuple[str, str]]
) -> range:
    """Notes at once that many items are done which are not noted yet.

    Args:
        uow: The transaction.
        stage: Of all of them.
        fingerprint: Of all of them.
        run_id: Of all of them.
        items: Key and subject of each; no subject twice.

    Returns:
        Rows of the work, in the order of the items, for the outputs to hang on.
    """
    conn = uow.conn
    conn.execute(_NO_LONGER_CURRENT, [{"stage": stage, "subject": subject} for _, subject in items])
    first = int(conn.execute(text("SELECT COALESCE(MAX(id), 0) + 1 FROM work")).scalar_one())
    rows = [
        {
            "id": first + position,
            "stage": stage,
            "fingerprint": fingerprint,
            "item_key": item_key,
            "subject": subject,
            "run_id": run_id,
            "status": WorkStatus.DONE.value,
            "is_current": 1,
            "seconds": 0.0,
        }
        for position, (item_key, subject) in enumerate(items)
    ]
    conn.execute(insert(schema.work), rows)
    uow.changed_tables.add("work")
    return range(first, first + len(rows))


def noted(uow: UnitOfWork, stage: str, fingerprint: str, item_keys: Iterable[str]) -> dict[str, tuple[int, WorkStatus]]:
    """Which of these items are noted under a fingerprint: row and status by key."""
    found = uow.conn.execute(
        text(
            "SELECT w.item_key, w.id, w.status FROM json_each(:keys) AS k CROSS JOIN work AS w"
            " ON w.stage = :stage AND w.fingerprint = :fingerprint AND w.item_key = k.value"
        ),
        {"keys": json.dumps(list(item_keys)), "stage": stage, "fingerprint": fingerprint},
    )
    return {key: (number, WorkStatus(status)) for key, number, status in found}


def newest_run(uow: UnitOfWork, stage: str) -> tuple[RunId, str] | None:
    """The stage's newest run and its fingerprint; None before the first."""
    query = "SELECT id, fingerprint FROM run WHERE stage = :stage ORDER BY id DESC LIMIT 1"
    row = uow.conn.execute(text(query), {"stage": stage}).first()
    return None if row is None else (RunId(row.id), str(row.fingerprint))


def revive(uow: UnitOfWork, stage: str, fingerprint: str, item_keys: Iterable[str]) -> int:
    """Makes done work current again that other work had superseded; what is current already stays.

    Returns:
        How many work rows came back to life.
    """
    found = uow.conn.execute(
        text(
            "SELECT w.id, w.subject FROM json_each(:keys) AS k CROSS JOIN work AS w"
            " ON w.stage = :stage AND w.fingerprint = :fingerprint AND w.item_key = k.value"
            " WHERE w.status = 'done' AND w.is_current = 0 ORDER BY w.id"
        ),
        {"keys": json.dumps(list(item_keys)), "stage": stage, "fingerprint": fingerprint},
    ).all()
    newest = {subject: number for number, subject in found}
    if newest:
        uow.conn.execute(_NO_LONGER_CURRENT, [{"stage": stage, "subject": subject} for subject in newest])
        uow.conn.execute(
            update(schema.work).where(schema.work.c.id == bindparam("number")).values(is_current=1),
            [{"number": number} for number in newest.values()],
        )
        uow.changed_tables.add("work")
    return len(newest)


def write_refusals(uow: UnitOfWork, work_id: int, refusals: Sequence[RefusalLike]) -> None:
    """Adds what one work item looked at and did not keep."""
    uow.put_new(schema.refusal, [{"work_id": work_id, "reason": r.reason, "detail": r.detail} for r in refusals])
