"""Reads of runs, work, failures and refusals."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import text

from hopchain_core.domain.keys import ChainKey, RunId
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.provenance import Run
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.values import to_run

POLICY = "policy"
"""Name of the project's fact that holds its policy."""

_FACT = text("SELECT value FROM project WHERE name = :name")
_RUN = text("SELECT * FROM run WHERE id = :id")
_RUNS = text("SELECT * FROM run ORDER BY id")
_RUN_OF_CHAIN = text(
    "SELECT run.* FROM chain AS c JOIN work ON work.id = c.work_id JOIN run ON run.id = work.run_id"
    " WHERE c.key = :key ORDER BY work.is_current DESC, c.id DESC LIMIT 1"
)
_DONE = text(
    "SELECT item_key, is_current FROM work"
    " WHERE stage = :stage AND fingerprint = :fingerprint AND status = 'done' ORDER BY id"
)
_FAILED = text(
    "SELECT item_key, error_kind, error_text FROM work INDEXED BY ix_work_status"
    " WHERE stage = :stage AND fingerprint = :fingerprint AND status = 'failed' ORDER BY id"
)
_CURRENT_FINGERPRINT = text("SELECT fingerprint FROM run WHERE stage = :stage ORDER BY id DESC LIMIT 1")
_WORK_COUNTS = text(
    "SELECT stage, COALESCE(SUM(is_current), 0), COALESCE(SUM(status = 'done' AND is_current = 0), 0),"
    " COALESCE(SUM(status = 'failed' AND fingerprint ="
    " (SELECT r.fingerprint FROM run AS r WHERE r.stage = work.stage ORDER BY r.id DESC LIMIT 1)), 0)"
    " FROM work GROUP BY stage ORDER BY stage"
)
_FAILURES = text(
    "SELECT id, stage, item_key, subject, run_id, error_kind, error_text FROM work"
    " WHERE (:stage IS NULL OR stage = :stage) AND status = 'failed' ORDER BY id LIMIT :limit OFFSET :offset"
)
_REFUSALS = text(
    "SELECT work.subject, r.reason, r.detail FROM refusal AS r JOIN work ON work.id = r.work_id"
    " WHERE work.stage = :stage AND work.is_current = 1 ORDER BY work.subject, r.id LIMIT :limit"
)
# A composer that tries many drafts writes one row for each reason: "12 drafts".
_REFUSAL_COUNTS = text(
    "SELECT r.reason, SUM(CASE WHEN r.detail GLOB '[0-9]* drafts' THEN CAST(r.detail AS INTEGER) ELSE 1 END) AS n"
    " FROM refusal AS r JOIN work ON work.id = r.work_id"
    " WHERE work.stage = :stage AND work.is_current = 1 GROUP BY r.reason ORDER BY n DESC, r.reason"
)


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How a stage's work stands.

    Attributes:
        done: Work that is current.
        superseded: Done, but newer work on the same subject counts.
        failed: Items that failed under the fingerprint of the stage's newest run.
    """

    done: int
    superseded: int
    failed: int


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that failed."""

    work_id: int
    stage: str
    item_key: str
    subject: str
    run_id: RunId
    error_kind: str
    error_text: str


@dataclass(frozen=True, slots=True)
class StoredRefusal:
    """What a stage looked at and did not keep, with the picture or chain it was about."""

    subject: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refusals of a stage's current work: how many for which reason (most first), and the rows."""

    counts: dict[str, int]
    rows: tuple[StoredRefusal, ...]


class RunReads(Reads):
    """Facts of the project, runs, work, failures and refusals."""

    def fact(self, name: str) -> str | None:
        """A fact of the project by name; None when it was never set."""
        value = self._conn.execute(_FACT, {"name": name}).scalar()
        return None if value is None else str(value)

    def policy(self) -> Policy:
        """The policy in force; the paper's counts where none was set."""
        fact = self.fact(POLICY)
        return Policy() if fact is None else Policy.from_json(json.loads(fact))

    def run(self, run_id: RunId) -> Run:
        """One run.

        Raises:
            KeyError: There is none of this number.
        """
        row = self._conn.execute(_RUN, {"id": run_id}).first()
        if row is None:
            raise KeyError(run_id)
        return to_run(row)

    def runs(self) -> tuple[Run, ...]:
        """All runs, oldest first."""
        return tuple(to_run(row) for row in self._conn.execute(_RUNS))

    def run_of_chain(self, chain_key: ChainKey) -> Run | None:
        """The run that composed a chain; None for a person's, or when there is no such chain."""
        row = self._conn.execute(_RUN_OF_CHAIN, {"key": chain_key}).first()
        return None if row is None else to_run(row)

    def done(self, stage: str, fingerprint: str) -> dict[str, bool]:
        """Item keys done under a fingerprint, each with whether it is current."""
        rows = self._conn.execute(_DONE, {"stage": stage, "fingerprint": fingerprint})
        return {item_key: bool(is_current) for item_key, is_current in rows}

    def failed(self, stage: str, fingerprint: str) -> dict[str, tuple[str, str]]:
        """Item keys that failed under a fingerprint, each with the kind and text of its error."""
        rows = self._conn.execute(_FAILED, {"stage": stage, "fingerprint": fingerprint})
        return {item_key: (kind or "", message or "") for item_key, kind, message in rows}

    def current_fingerprint(self, stage: str) -> str | None:
        """The fingerprint of the stage's newest run; None before the first."""
        return self._conn.execute(_CURRENT_FINGERPRINT, {"stage": stage}).scalar()

    def work_counts(self) -> dict[str, WorkCounts]:
        """How the work of each stage that ever ran stands, by the stage's name."""
        rows = self._conn.execute(_WORK_COUNTS)
        return {stage: WorkCounts(done, superseded, failed) for stage, done, superseded, failed in rows}

    def failures(self, stage: str | None = None, limit: int = 100, offset: int = 0) -> tuple[Failure, ...]:
        """Items that failed, of one stage or all, oldest first."""
        rows = self._conn.execute(_FAILURES, {"stage": stage, "limit": limit, "offset": offset})
        return tuple(Failure(i, s, k, about, RunId(r), e or "", t or "") for i, s, k, about, r, e, t in rows)

    def refusals(self, stage: str, limit: int | None = None) -> Refusals:
        """What the stage's current work looked at and did not keep; all counts, and at most `limit` rows."""
        counts = {reason: int(count) for reason, count in self._conn.execute(_REFUSAL_COUNTS, {"stage": stage})}
        rows = self._conn.execute(_REFUSALS, {"stage": stage, "limit": -1 if limit is None else limit})
        return Refusals(counts, tuple(StoredRefusal(*row) for row in rows))
