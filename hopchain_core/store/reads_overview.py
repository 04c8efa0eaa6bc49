"""What a window shows beside its lists: how many pictures each filter would leave, and what fails now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import text

from hopchain_core.domain.chains import Composer
from hopchain_core.domain.keys import ChainKey, ImageKey, RunId
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.engine import driver
from hopchain_core.store.queries import ImageQuery
from hopchain_core.store.query_sql import chain_conditions, image_condition
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.visibility import FAILING, SEEN_CHAIN, SEEN_INSTANCE, STATUS, current

PASS_RATE_BINS = 9
"""Bars of the histogram: one for each share that eight rollouts can give, 0 of 8 to 8 of 8."""

_BIN = current(
    "difficulty",
    "CASE WHEN o.is_until_decided = 0 THEN"
    f" CAST(COALESCE(ROUND({PASS_RATE_BINS - 1}.0 * o.n_correct / NULLIF(o.n, 0)), 0) AS INTEGER) END",
    "c.key",
)
_IS_SIMULATED = text(
    "SELECT EXISTS (SELECT 1 FROM difficulty AS d JOIN work AS w ON w.id = d.work_id"
    " WHERE d.is_simulated = 1 AND w.is_current = 1)"
)
_ANSWERS = text(
    f"SELECT COUNT(*) FROM annotation AS a WHERE EXISTS"
    f" (SELECT 1 FROM chain AS c WHERE c.key = a.chain_key AND {SEEN_CHAIN})"
)
_NAMES = text(
    "SELECT k.value, image.path, NULL FROM json_each(:keys) AS k CROSS JOIN image ON image.key = k.value"
    " UNION ALL SELECT k.value, NULL, MAX(c.id) FROM json_each(:keys) AS k CROSS JOIN chain AS c ON c.key = k.value"
    " GROUP BY k.value"
)
_OF_CHAINS = "FROM chain AS c CROSS JOIN chain_image AS ci ON ci.chain_id = c.id"

_FAILED = (
    "SELECT w.id, w.stage, w.subject, w.error_kind, w.error_text, w.run_id, run.started_at, image.key AS image_key,"
    " image.path, c.id AS chain_number FROM work AS w JOIN run ON run.id = w.run_id"
    f" LEFT JOIN chain AS c ON c.key = w.subject AND {SEEN_CHAIN}"
    " LEFT JOIN chain_image AS ci ON ci.chain_id = c.id AND ci.position = 0"
    " JOIN image ON image.id = ci.image_id OR image.key = w.subject"
    " WHERE w.id IN ({}) AND (:stage IS NULL OR w.stage = :stage)"
    " GROUP BY w.id ORDER BY w.id DESC"
)
_FAILING = _FAILED.format(FAILING)
_FAILED_OF_PAGE = text(
    _FAILED.format(
        "SELECT fw.id FROM json_each(:items) AS k CROSS JOIN work AS fw ON fw.stage = json_extract(k.value, '$[0]')"
        " AND fw.fingerprint = json_extract(k.value, '$[1]') AND fw.item_key = json_extract(k.value, '$[2]')"
        " WHERE fw.status = 'failed'"
    )
    + " LIMIT :limit"
)
_FAILING_PAGE = text(f"{_FAILING} LIMIT :limit OFFSET :offset")
_FAILING_COUNTS = text(f"SELECT stage, COUNT(*) FROM ({_FAILING}) GROUP BY stage")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingItem:
    """A picture or chain on which a stage fails as it runs now.

    Attributes:
        work_id: Row of the work.
        subject: Key of the picture or chain.
        image_path: Path of its picture, as `Image.path`.
        chain_number: None where the item is a picture.
        started_at: When the run began in which it failed last; ISO 8601.
    """

    work_id: int
    stage: str
    subject: ImageKey | ChainKey
    error_kind: str
    error_text: str
    run_id: RunId
    started_at: str
    image_key: ImageKey
    image_path: str
    chain_number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacets:
    """How many pictures each choice would leave, given what is chosen in the other groups.

    Attributes:
        statuses: Pictures with a chain that stands so; every status is named.
        without_chains: Pictures without any chain.
        failing: Pictures on which a stage fails.
        categories: Pictures that hold an instance of it; most first, then by name.
        rules: Pictures with a chain that the rule found something in; most first, then by code.
        composers: Pictures with a chain by this composer.
        pass_rates: Pictures with a chain in each bin, from never solved to always solved; a chain that was tried only
            until it was decided is in none.
        is_simulated: A solver that makes its attempts up had a part in them.
    """

    statuses: dict[ChainStatus, int] = field(default_factory=dict)
    without_chains: int = 0
    failing: int = 0
    categories: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    composers: dict[Composer, int] = field(default_factory=dict)
    pass_rates: tuple[int, ...] = (0,) * PASS_RATE_BINS
    is_simulated: bool = False


class OverviewReads(Reads):
    """Counts beside lists."""

    def image_facets(self, query: ImageQuery | None = None) -> ImageFacets:
        """How many pictures each choice would leave. Walks every chain a few times: not for a window's own thread."""
        query = query or ImageQuery()
        chains = query.chains
        no_state = replace(query, chains=replace(chains, status=None), or_without_chains=False, or_failing=False)
        statuses = self._of_chains(STATUS, no_state)
        rates = self._of_chains(_BIN, replace(query, chains=replace(chains, pass_rate=None)))
        composers = self._of_chains("c.composer", replace(query, chains=replace(chains, composer=None)))
        return ImageFacets(
            statuses={status: statuses.get(status.value, 0) for status in ChainStatus},
            without_chains=self._count(replace(no_state, or_without_chains=True)),
            failing=self._count(replace(no_state, or_failing=True)),
            categories=self._categories(replace(query, category="")),
            rules=self._rules(replace(query, chains=replace(chains, rule=""))),
            composers={Composer(name): count for name, count in composers.items()},
            pass_rates=tuple(rates.get(position, 0) for position in range(PASS_RATE_BINS)),
            is_simulated=bool(self._conn.execute(_IS_SIMULATED).scalar()),
        )

    def failing(self, stage: str | None = None, limit: int = 100, offset: int = 0) -> tuple[FailingItem, ...]:
        """Items that fail as their stage runs now, of one stage or all, newest first."""
        rows = self._conn.execute(_FAILING_PAGE, {"stage": stage, "limit": limit, "offset": offset})
        return tuple(map(_failing_item, rows))

    def failed_of(self, items: Iterable[tuple[str, str, str]], limit: int = 100) -> tuple[FailingItem, ...]:
        """Those of these items that failed, newest first.

        Args:
            items: Each its stage, the fingerprint it was tried under, and its key.
            limit: At most so many.
        """
        asked = {"items": json.dumps(list(items)), "stage": None, "limit": limit}
        return tuple(map(_failing_item, self._conn.execute(_FAILED_OF_PAGE, asked)))

    def failing_counts(self) -> dict[str, int]:
        """How many items fail, by stage; stages without failures are left out."""
        return {stage: int(count) for stage, count in self._conn.execute(_FAILING_COUNTS, {"stage": None})}

    def subject_names(self, keys: Iterable[str]) -> dict[str, str]:
        """How people call pictures and chains of these keys: a file's name, or C-12; those not there are left out."""
        rows = self._conn.execute(_NAMES, {"keys": json.dumps(list(keys))})
        return {key: f"C-{number}" if path is None else path.rpartition("/")[2] for key, path, number in rows}

    def answer_count(self) -> int:
        """Answers of people to chains that are seen."""
        return int(self._conn.execute(_ANSWERS).scalar_one())

    def _of_chains(self, group: str, query: ImageQuery) -> dict[Any, int]:
        condition, values = _chains_of(query)
        return self._grouped(
            f"SELECT {group} AS grp, COUNT(DISTINCT ci.image_id) {_OF_CHAINS} WHERE {condition} GROUP BY grp", values
        )

    def _rules(self, query: ImageQuery) -> dict[str, int]:
        condition, values = _chains_of(query)
        return self._most_first(
            f"SELECT f.rule, COUNT(DISTINCT ci.image_id) {_OF_CHAINS} CROSS JOIN finding AS f ON f.chain_key = c.key"
            f" JOIN work AS w ON w.id = f.work_id AND w.is_current = 1 WHERE {condition} GROUP BY f.rule",
            values,
        )

    def _categories(self, query: ImageQuery) -> dict[str, int]:
        condition, values = image_condition(query)
        return self._most_first(
            "SELECT i.category, COUNT(DISTINCT i.image_id) FROM instance AS i"
            f" WHERE {SEEN_INSTANCE}{_within(condition, 'i.image_id')} GROUP BY i.category",
            values,
        )

    def _most_first(self, sql: str, values: dict[str, object]) -> dict[str, int]:
        found = {str(name): count for name, count in self._grouped(sql, values).items()}
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    def _grouped(self, sql: str, values: dict[str, object]) -> dict[Any, int]:
        return {name: int(count) for name, count in driver(self._conn).execute(sql, values) if name is not None}

    def _count(self, query: ImageQuery) -> int:
        condition, values = image_condition(query)
        return int(driver(self._conn).execute(f"SELECT COUNT(*) FROM image WHERE {condition}", values).fetchone()[0])


def _failing_item(row: Any) -> FailingItem:
    return FailingItem(
        work_id=row.id,
        stage=row.stage,
        subject=ImageKey(row.subject) if row.chain_number is None else ChainKey(row.subject),
        error_kind=row.error_kind or "",
        error_text=row.error_text or "",
        run_id=RunId(row.run_id),
        started_at=row.started_at,
        image_key=ImageKey(row.image_key),
        image_path=row.path,
        chain_number=row.chain_number,
    )


def _chains_of(query: ImageQuery) -> tuple[str, dict[str, object]]:
    """Condition on `chain AS c` and `chain_image AS ci`: a chain that passes, of a picture that is asked for."""
    condition, values = image_condition(query)
    passing = chain_conditions(query.chains, values)
    return " AND ".join([SEEN_CHAIN, *passing]) + _within(condition, "ci.image_id"), values


def _within(condition: str, column: str) -> str:
    return "" if condition == "1" else f" AND {column} IN (SELECT image.id FROM image WHERE {condition})"
