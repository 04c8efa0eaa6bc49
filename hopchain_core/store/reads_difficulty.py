"""Reads of difficulty: which chains a solver fails at, where, and what people say of it."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.domain.overview import Bin, bins, nice_width
from hopchain_core.domain.rollout_errors import ErrorSubkind, JudgedRollout, RolloutError, RolloutName
from hopchain_core.domain.rollouts import Difficulty, ErrorKind, FinishReason
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.difficulty_sql import (
    CHEAP,
    COUNTED,
    LENGTHS,
    MEASURED,
    RIGHT,
    TRIED,
    DifficultyQuery,
    DifficultySort,
    LengthUnit,
    Solver,
    conditions,
    solver_values,
    wrong_of,
)
from hopchain_core.store.engine import driver
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.values import to_difficulty, to_rollout
from hopchain_core.store.visibility import SEEN_CHAIN, STATUS, TOO_HARD

LENGTH_BINS = 12
"""At most so many bins of lengths. Chosen."""

LENGTH_GRAIN = 50
"""The finest bins of lengths. Chosen."""

_SOLVERS = (
    "SELECT o.model, o.is_simulated, COUNT(DISTINCT o.chain_key), SUM(ow.is_current)"
    " FROM difficulty AS o JOIN work AS ow ON ow.id = o.work_id"
    f" WHERE EXISTS (SELECT 1 FROM chain AS c WHERE c.key = o.chain_key AND {SEEN_CHAIN})"
    " GROUP BY o.model, o.is_simulated"
)
_FINGERPRINTS = text(
    "SELECT fingerprint FROM run WHERE stage = 'solve' AND json_extract(backend, '$.model') = :model"
    " AND json_extract(backend, '$.is_simulated') = :simulated GROUP BY fingerprint ORDER BY MAX(id) DESC"
)
_FROM_TRIED = (
    "tried AS t CROSS JOIN chain AS c ON c.id = t.number"
    " CROSS JOIN difficulty AS d ON d.id = t.measured"
    " CROSS JOIN chain_image AS ci ON ci.chain_id = c.id AND ci.position = 0 JOIN image ON image.id = ci.image_id"
)
_UNJUDGED = wrong_of("t.chain_key", "t.fingerprint", "t.n", f"NOT {RIGHT} AND e.kind IS NULL")
_WRONG = wrong_of("t.chain_key", "t.fingerprint", "t.n", f"NOT {RIGHT}")
_FIRST_WRONG = (
    "(SELECT r.first_wrong_hop FROM rollout AS r WHERE r.chain_key = t.chain_key AND r.fingerprint = t.fingerprint"
    f" AND r.position < t.n AND NOT {RIGHT} AND r.first_wrong_hop IS NOT NULL"
    " GROUP BY r.first_wrong_hop ORDER BY COUNT(*) DESC, r.first_wrong_hop LIMIT 1)"
)
# A share of what was tried until decided says nothing: last in either direction, as what was never tried.
_ORDER = {
    DifficultySort.NUMBER: ("t.number",),
    DifficultySort.PASS_RATE: ("t.is_until_decided OR t.n = 0", "d.n_correct * 1.0 / t.n"),
    DifficultySort.ROLLOUTS: ("t.n",),
    DifficultySort.HOPS: ("c.hop_count",),
    DifficultySort.NOT_JUDGED: (_UNJUDGED,),
}
_ONE_TRIED = TRIED.replace(f"WHERE {SEEN_CHAIN}", "WHERE c.id IN (SELECT value FROM json_each(:ids))")
_ROWS = (
    f"WITH {_ONE_TRIED} SELECT t.number, t.chain_key, image.key, image.path, image.width_px, image.height_px,"
    f" c.question, t.label, c.hop_count, d.id, {_FIRST_WRONG}, {_WRONG}, {_UNJUDGED}, {STATUS}"
    f" FROM json_each(:ids) AS k CROSS JOIN {_FROM_TRIED} AND t.number = k.value ORDER BY k.key"
)
_RATES = (
    f"SELECT d.n_correct, d.n, COUNT(*) FROM {MEASURED}"
    f" WHERE {SEEN_CHAIN} AND d.is_until_decided = 0 AND d.n > 0 GROUP BY d.n_correct, d.n"
)
_STANDING = (
    "SELECT COUNT(*), COALESCE(SUM(d.is_kept), 0), COALESCE(SUM(d.is_until_decided), 0),"
    " COALESCE(SUM(d.is_until_decided = 0 AND d.n > 0 AND d.n_correct = 0), 0)"
    f" FROM {MEASURED} WHERE {SEEN_CHAIN}"
)
_HAS_TOKENS = "SELECT EXISTS (SELECT 1 FROM rollout WHERE tokens IS NOT NULL)"
_BY_OUTCOME = (
    f"WITH {TRIED} SELECT {RIGHT} AS is_right, r.finish_reason, r.first_wrong_hop, r.error_kind, e.kind, e.subkind,"
    f" CASE WHEN t.is_until_decided = 0 THEN {{}} / {LENGTH_GRAIN} END AS place,"
    f" COUNT(*), SUM(r.tokens), SUM(r.answer IS NULL) FROM {COUNTED}"
    " LEFT JOIN rollout_error AS e ON e.chain_key = r.chain_key AND e.fingerprint = r.fingerprint"
    " AND e.position = r.position GROUP BY 1, 2, 3, 4, 5, 6, 7"
)
_DIFFICULTIES = text(
    f"SELECT o.*, {TOO_HARD} AS is_too_hard FROM json_each(:ids) AS k CROSS JOIN difficulty AS o ON o.id = k.value"
)
_ROLLOUTS = text(
    "SELECT r.*, e.kind AS said_kind, e.subkind AS said_subkind, e.judged_by, e.judged_at FROM rollout AS r"
    " LEFT JOIN rollout_error AS e ON e.chain_key = r.chain_key AND e.fingerprint = r.fingerprint"
    " AND e.position = r.position WHERE r.chain_key = :key AND r.fingerprint = :fingerprint ORDER BY r.position"
)


@dataclass(frozen=True, slots=True)
class SolverStanding:
    """A solver with how many seen chains it tried, and by how many of those it is what counts now."""

    solver: Solver
    chains: int
    current: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyRow:
    """A measured chain in a list.

    Attributes:
        number: Its row in the project, as people call it.
        label: The number that rollouts are counted against.
        first_wrong_hop: The hop at which most of its wrong rollouts went wrong first; None where none is traced.
        wrong: Rollouts that are wrong.
        unjudged: Of them, judged by nobody.
    """

    number: int
    key: ChainKey
    image_key: ImageKey
    image_path: str
    image_width_px: int
    image_height_px: int
    question: str
    label: str
    hop_count: int
    difficulty: Difficulty
    first_wrong_hop: int | None
    wrong: int
    unjudged: int
    status: ChainStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyCharts:
    """What all measured chains of one solver amount to.

    Attributes:
        solver: Who tried them; None when nothing was tried.
        solvers: All there are, the one by which most stand measured first.
        chains: Measured.
        kept: Of them, kept by the policy.
        until_decided: Of them, tried only until decided; they have no pass rate.
        never_solved: Of those with a rate.
        rates: By solver: chains by (right, rollouts).
        rollouts: Counted.
        wrong: Of them, wrong.
        cut_off: Of those, cut off.
        without_answer: Of them, no number could be read.
        first_wrong: Wrong rollouts by the hop at which they went wrong first, where that is traced.
        errors: Wrong rollouts that people judged, by kind and (where said) sub-kind.
        known_errors: Wrong rollouts by what the simulation knows of its own errors.
        lengths: Rollouts by the length of their reply, of chains that have a rate.
        length_unit: What that is counted in: characters where no solver told tokens.
        tokens: Of all replies together, where known.
    """

    solver: Solver | None = None
    solvers: tuple[SolverStanding, ...] = ()
    chains: int = 0
    kept: int = 0
    until_decided: int = 0
    never_solved: int = 0
    rates: dict[Solver, dict[tuple[int, int], int]] = field(default_factory=dict)
    rollouts: int = 0
    wrong: int = 0
    cut_off: int = 0
    without_answer: int = 0
    first_wrong: dict[int, int] = field(default_factory=dict)
    errors: dict[tuple[ErrorKind, ErrorSubkind | None], int] = field(default_factory=dict)
    known_errors: dict[ErrorKind, int] = field(default_factory=dict)
    lengths: tuple[Bin, ...] = ()
    length_unit: LengthUnit = LengthUnit.TOKENS
    tokens: int = 0

    @property
    def judged(self) -> int:
        """Wrong rollouts that a person judged."""
        return sum(self.errors.values())


class DifficultyReads(Reads):
    """What solvers made of chains."""

    def solvers(self) -> tuple[SolverStanding, ...]:
        """Who tried seen chains, the one by which most stand measured first."""
        rows = driver(self._conn).execute(_SOLVERS)
        found = [SolverStanding(Solver(m, bool(s)), int(chains), int(now)) for m, s, chains, now in rows]
        return tuple(sorted(found, key=lambda s: (-s.current, -s.chains, s.solver.model)))

    def difficulty_ids(self, query: DifficultyQuery | None = None) -> array[int]:
        """Numbers of the measured chains asked for, in order."""
        query = query or DifficultyQuery()
        solver = query.solver or self._usual()
        if solver is None:
            return array("q")
        values = self._values(solver)
        asked = " AND ".join(conditions(query, values))
        way = " DESC" if query.descending else ""
        *first, by = _ORDER[query.sort]
        order = ", ".join([*first, f"{by}{way}", f"t.number{way}"])
        needs_rollouts = query.asks_of_rollouts or query.sort is DifficultySort.NOT_JUDGED
        tried = TRIED if needs_rollouts else CHEAP
        sql = f"WITH {tried} SELECT t.number FROM {_FROM_TRIED} WHERE {asked} ORDER BY {order}"
        return array("q", (number for (number,) in driver(self._conn).execute(sql, values)))

    def difficulty_count(self, query: DifficultyQuery) -> int:
        """How many measured chains are asked for."""
        solver = query.solver or self._usual()
        if solver is None:
            return 0
        values = self._values(solver)
        asked = " AND ".join(conditions(query, values))
        tried = TRIED if query.asks_of_rollouts else CHEAP
        sql = f"WITH {tried} SELECT COUNT(*) FROM {_FROM_TRIED} WHERE {asked}"
        return int(driver(self._conn).execute(sql, values).fetchone()[0])

    def difficulty_rows(self, ids: Sequence[int], solver: Solver | None = None) -> list[DifficultyRow]:
        """What a list shows of these chains, in this order; those gone meanwhile are left out."""
        solver = solver or self._usual()
        if solver is None or not ids:
            return []
        values = {**self._values(solver), "ids": json.dumps(list(ids))}
        rows = driver(self._conn).execute(_ROWS, values).fetchall()
        measured = self._difficulties([row[9] for row in rows])
        return [
            DifficultyRow(
                number=row[0],
                key=ChainKey(row[1]),
                image_key=ImageKey(row[2]),
                image_path=row[3],
                image_width_px=row[4],
                image_height_px=row[5],
                question=row[6],
                label=row[7],
                hop_count=row[8],
                difficulty=measured[row[9]],
                first_wrong_hop=row[10],
                wrong=row[11],
                unjudged=row[12],
                status=ChainStatus(row[13]),
            )
            for row in rows
        ]

    def judged_rollouts(self, number: int, solver: Solver | None = None) -> tuple[JudgedRollout, ...]:
        """The counted rollouts of a chain by its number, by index, with what people said of them."""
        rows = self.difficulty_rows([number], solver)
        solver = solver or self._usual()
        if not rows or solver is None:
            return ()
        row, label = rows[0], Answer.of(rows[0].label)
        values = {**self._values(solver), "ids": json.dumps([number])}
        fingerprint = driver(self._conn).execute(f"WITH {_ONE_TRIED} SELECT fingerprint FROM tried", values).fetchone()
        if fingerprint is None or fingerprint[0] is None:
            return ()
        found = []
        for stored in self._conn.execute(_ROLLOUTS, {"key": row.key, "fingerprint": fingerprint[0]}):
            rollout = to_rollout(stored)
            if rollout.index >= row.difficulty.n:
                continue
            name = RolloutName(chain=row.key, fingerprint=fingerprint[0], index=rollout.index)
            is_right = rollout.answer == label and rollout.finish_reason is FinishReason.STOP
            found.append(JudgedRollout(name=name, rollout=rollout, is_right=is_right, error=_error(name, stored)))
        return tuple(found)

    def difficulty_charts(self, solver: Solver | None = None) -> DifficultyCharts:
        """What all measured chains of a solver amount to. Looks at every rollout: not for a window's own thread."""
        solvers = self.solvers()
        solver = solver or (solvers[0].solver if solvers else None)
        if solver is None:
            return DifficultyCharts()
        values = self._values(solver)
        run = driver(self._conn).execute
        chains, kept, until, never = run(_STANDING, values).fetchone()
        unit = LengthUnit.TOKENS if run(_HAS_TOKENS).fetchone()[0] else LengthUnit.CHARACTERS
        outcomes = run(_BY_OUTCOME.format(LENGTHS[unit]), values).fetchall()
        wrong = [row for row in outcomes if not row[0]]
        first_wrong: Counter[int] = Counter()
        errors: Counter[tuple[ErrorKind, ErrorSubkind | None]] = Counter()
        known: Counter[ErrorKind] = Counter()
        for _, _, hop, knows, kind, sub, _, count, *_ in wrong:
            if hop is not None:
                first_wrong[hop] += count
            if knows is not None:
                known[ErrorKind(knows)] += count
            if kind is not None:
                errors[ErrorKind(kind), ErrorSubkind(sub) if sub else None] += count
        return DifficultyCharts(
            solver=solver,
            solvers=solvers,
            chains=chains,
            kept=kept,
            until_decided=until,
            never_solved=never,
            rates={s.solver: self._rates(s.solver) for s in solvers},
            rollouts=sum(row[7] for row in outcomes),
            wrong=sum(row[7] for row in wrong),
            cut_off=sum(row[7] for row in wrong if row[1] == FinishReason.LENGTH.value),
            without_answer=sum(row[9] or 0 for row in wrong if row[1] != FinishReason.LENGTH.value),
            first_wrong=dict(sorted(first_wrong.items())),
            errors=dict(errors),
            known_errors=dict(known),
            lengths=_lengths(outcomes),
            length_unit=unit,
            tokens=sum(row[8] or 0 for row in outcomes),
        )

    def _usual(self) -> Solver | None:
        return next((s.solver for s in self.solvers()), None)

    def _values(self, solver: Solver) -> dict[str, object]:
        asked = {"model": solver.model, "simulated": int(solver.is_simulated)}
        return solver_values(solver, self._conn.execute(_FINGERPRINTS, asked).scalars().all())

    def _rates(self, solver: Solver) -> dict[tuple[int, int], int]:
        rows = driver(self._conn).execute(_RATES, solver_values(solver, ()))
        return {(n_correct, n): int(count) for n_correct, n, count in rows}

    def _difficulties(self, ids: Sequence[int]) -> dict[int, Difficulty]:
        rows = self._conn.execute(_DIFFICULTIES, {"ids": json.dumps(list(ids))})
        return {row.id: to_difficulty(row) for row in rows}


def _lengths(outcomes: list[Any]) -> tuple[Bin, ...]:
    fine: dict[int, list[int]] = {}
    for is_right, *_, place, count, _, _ in outcomes:
        if place is not None:
            found = fine.setdefault(place, [0, 0])
            found[0] += count
            found[1] += count if is_right else 0
    if not fine:
        return ()
    grain = LENGTH_GRAIN
    width = max(grain, nice_width(min(fine) * grain, (max(fine) + 1) * grain - 1, LENGTH_BINS))
    coarse: dict[int, tuple[int, int]] = {}
    for place, (n, n_right) in fine.items():
        before = coarse.get(place * grain // width, (0, 0))
        coarse[place * grain // width] = before[0] + n, before[1] + n_right
    return bins(coarse, width)


def _error(name: RolloutName, row: Any) -> RolloutError | None:
    if row.said_kind is None:
        return None
    return RolloutError(
        rollout=name,
        kind=ErrorKind(row.said_kind),
        subkind=ErrorSubkind(row.said_subkind) if row.said_subkind else None,
        judged_by=row.judged_by,
        judged_at=row.judged_at,
    )
