"""Measured chains and their rollouts as SQL: what reads about difficulty are built of.

A chain may have been tried by several solvers. Of each solver its newest difficulty counts, but the one that stands now
before any other; what the policy made of it then stands beside it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hopchain_core.domain.rollout_errors import ErrorSubkind
from hopchain_core.domain.rollouts import ErrorKind
from hopchain_core.store.visibility import SEEN_CHAIN, current

EPSILON = 1e-9
"""Shares are compared with this much room, for 1/3 is no binary fraction."""


@dataclass(frozen=True, slots=True)
class Solver:
    """Who tried chains.

    Attributes:
        model: As records name it.
        is_simulated: It made its attempts up.
    """

    model: str
    is_simulated: bool


class LengthUnit(StrEnum):
    """What the length of a reply is counted in."""

    TOKENS = "tokens"
    CHARACTERS = "characters"
    """Where the solver told no tokens."""


class DifficultySort(StrEnum):
    """What a list of measured chains is sorted by; ties by number."""

    NUMBER = "number"
    PASS_RATE = "pass_rate"
    ROLLOUTS = "rollouts"
    HOPS = "hops"
    NOT_JUDGED = "not_judged"
    """Wrong rollouts that nobody has looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyQuery:
    """Which measured chains, in which order; fields left empty ask for nothing.

    Attributes:
        solver: Tried by it; the one that most chains stand measured by when None.
        text: Part of the question or of the picture's path, upper or lower case (of ASCII) alike.
        rate: Lowest and highest share of right rollouts, both included. What was tried until decided has no share.
        is_kept: The policy keeps the chain, or drops it.
        is_until_decided: Tried only until it was known whether it is kept, or as often as was asked for.
        error_kind: A person found such an error in one of its rollouts.
        error_subkind: As `error_kind`, more exactly.
        has_unjudged: A wrong rollout of it was judged by nobody.
        first_wrong_hop: A rollout of it went wrong first at this hop.
        length: A rollout of it is so long: from, and up to but not with.
        length_unit: What that is counted in.
        numbers: Only these chains.
    """

    solver: Solver | None = None
    text: str = ""
    rate: tuple[float, float] | None = None
    is_kept: bool | None = None
    is_until_decided: bool | None = None
    error_kind: ErrorKind | None = None
    error_subkind: ErrorSubkind | None = None
    has_unjudged: bool = False
    first_wrong_hop: int | None = None
    length: tuple[int, int] | None = None
    length_unit: LengthUnit = LengthUnit.TOKENS
    numbers: tuple[int, ...] | None = None
    sort: DifficultySort = DifficultySort.PASS_RATE
    descending: bool = False

    @property
    def asks_of_rollouts(self) -> bool:
        """Whether rollouts have to be looked at, which takes longer."""
        return self.has_unjudged or any(
            asked is not None for asked in (self.error_kind, self.error_subkind, self.first_wrong_hop, self.length)
        )


_NEWEST = (
    "(SELECT o.id FROM difficulty AS o JOIN work AS ow ON ow.id = o.work_id WHERE o.chain_key = c.key"
    " AND o.model = :model AND o.is_simulated = :simulated ORDER BY ow.is_current DESC, o.id DESC LIMIT 1)"
)
MEASURED = f"chain AS c JOIN difficulty AS d ON d.id = {_NEWEST}"
"""Seen chains (with `SEEN_CHAIN`) that a solver tried; needs `:model` and `:simulated`."""

_LABEL = f"COALESCE({current('verdict', 'o.label', 'c.key')}, c.answer)"
_FINGERPRINT = (
    "(SELECT f.value FROM json_each(:fingerprints) AS f WHERE EXISTS (SELECT 1 FROM rollout AS x"
    " WHERE x.chain_key = c.key AND x.fingerprint = f.value) ORDER BY f.key LIMIT 1)"
)
CHEAP = (
    "tried AS (SELECT c.id AS number, c.key AS chain_key, d.id AS measured, d.n AS n, d.is_until_decided AS is_until_decided"
    f" FROM {MEASURED} WHERE {SEEN_CHAIN})"
)
"""As `TRIED`, for what asks nothing of rollouts."""
TRIED = (
    "tried AS MATERIALIZED (SELECT c.id AS number, c.key AS chain_key, d.id AS measured, c.answer AS proposed,"
    f" {_LABEL} AS label, d.n AS n, d.is_until_decided AS is_until_decided, {_FINGERPRINT} AS fingerprint"
    f" FROM {MEASURED} WHERE {SEEN_CHAIN})"
)
"""Measured chains with the label that counts and the solver's fingerprint; needs `:fingerprints`, too."""

COUNTED = (
    "tried AS t CROSS JOIN rollout AS r ON r.chain_key = t.chain_key AND r.fingerprint = t.fingerprint"
    " AND r.position < t.n"
)
"""The rollouts that were counted; they are read from an index, without their texts."""

RIGHT = (
    "(r.finish_reason = 'stop' AND CASE WHEN t.label = t.proposed THEN r.is_correct"
    " ELSE COALESCE(r.answer = t.label, 0) END)"
)
"""Whether a rollout of `COUNTED` is right: `domain.policy.measure` in SQL."""


LENGTHS = {LengthUnit.TOKENS: "r.tokens", LengthUnit.CHARACTERS: "LENGTH(r.text)"}
"""How long a rollout's reply is."""


def wrong_of(chain: str, fingerprint: str, n: str, condition: str) -> str:
    """A subquery: how many counted rollouts of a chain fulfil a condition on ``r`` (its row) and ``e`` (a judgement)."""
    return (
        "(SELECT COUNT(*) FROM rollout AS r LEFT JOIN rollout_error AS e ON e.chain_key = r.chain_key"
        " AND e.fingerprint = r.fingerprint AND e.position = r.position"
        f" WHERE r.chain_key = {chain} AND r.fingerprint = {fingerprint} AND r.position < {n} AND {condition})"
    )


def solver_values(solver: Solver, fingerprints: Sequence[str]) -> dict[str, object]:
    """Values that `MEASURED`, `TRIED` and `COUNTED` need."""
    return {
        "model": solver.model,
        "simulated": int(solver.is_simulated),
        "fingerprints": json.dumps(list(fingerprints)),
    }


def conditions(query: DifficultyQuery, values: dict[str, object]) -> list[str]:
    """What a row of `tried AS t` fulfils that is asked for; the values it needs are added."""
    found = ["1"]
    if query.text:
        escaped = query.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found.append("(c.question LIKE :text ESCAPE '\\' OR image.path LIKE :text ESCAPE '\\')")
        values["text"] = f"%{escaped}%"
    if query.rate is not None:
        found.append(
            "t.is_until_decided = 0 AND t.n > 0 AND d.n_correct BETWEEN :lowest * t.n - :eps AND :highest * t.n + :eps"
        )
        values.update(lowest=query.rate[0], highest=query.rate[1], eps=EPSILON)
    if query.is_kept is not None:
        found.append("d.is_kept = :kept")
        values["kept"] = int(query.is_kept)
    if query.is_until_decided is not None:
        found.append("t.is_until_decided = :until")
        values["until"] = int(query.is_until_decided)
    if query.numbers is not None:
        found.append("t.number IN (SELECT value FROM json_each(:numbers))")
        values["numbers"] = json.dumps(list(query.numbers))
    found += [f"{wrong_of('t.chain_key', 't.fingerprint', 't.n', asked)} > 0" for asked in _of_rollouts(query, values)]
    return found


def _of_rollouts(query: DifficultyQuery, values: dict[str, object]) -> list[str]:
    found = []
    if query.error_subkind is not None:
        found.append(f"NOT {RIGHT} AND e.subkind = :subkind")
        values["subkind"] = query.error_subkind.value
    elif query.error_kind is not None:
        found.append(f"NOT {RIGHT} AND e.kind = :kind")
        values["kind"] = query.error_kind.value
    if query.has_unjudged:
        found.append(f"NOT {RIGHT} AND e.kind IS NULL")
    if query.first_wrong_hop is not None:
        found.append(f"NOT {RIGHT} AND r.first_wrong_hop = :hop")
        values["hop"] = query.first_wrong_hop
    if query.length is not None:
        long = LENGTHS[query.length_unit]
        found.append(f"{long} >= :shortest AND {long} < :longest")
        values["shortest"], values["longest"] = query.length
    return found
