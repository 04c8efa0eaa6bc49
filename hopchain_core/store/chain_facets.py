"""How many chains each choice of a list would leave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from hopchain_core.domain.chains import Composer
from hopchain_core.domain.review import MarkKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.engine import driver
from hopchain_core.store.queries import ChainQuery
from hopchain_core.store.query_sql import chain_rows_sql
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.visibility import STATUS

_CATEGORIES = (
    "SELECT x.category, COUNT(DISTINCT c.id) {} CROSS JOIN json_each(c.body, '$.instances') AS k"
    " CROSS JOIN instance AS x ON x.key = k.value WHERE {} GROUP BY x.category"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFacets:
    """How many chains each choice would leave, given what is chosen in the other groups.

    Attributes:
        total: Chains that pass all of it.
        statuses: Chains that stand so; every status is named.
        marks: Chains by what a curator decided, None for nothing; all four are named.
        rules: Chains that the rule found something in; most first, then by code.
        composers: Chains by who wrote them.
        pass_rates: Chains that the weaker model never solved, sometimes, and always, where all attempts were counted.
        cut_short: Chains tried only until it was decided whether they are kept.
        categories: Chains one of whose chosen instances is of it; most first, then by name.
    """

    total: int = 0
    statuses: dict[ChainStatus, int] = field(default_factory=dict)
    marks: dict[MarkKind | None, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    composers: dict[Composer, int] = field(default_factory=dict)
    pass_rates: tuple[int, int, int] = (0, 0, 0)
    categories: dict[str, int] = field(default_factory=dict)
    cut_short: int = 0


SOLVED: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1e-6, 1 - 1e-6), (1.0, 1.0))
"""Shares of correct rollouts: never, sometimes, always."""


class ChainFacetReads(Reads):
    """Counts beside a list of chains."""

    def chain_count(self, query: ChainQuery | None = None) -> int:
        """How many chains are asked for."""
        rows, values = chain_rows_sql(query or ChainQuery())
        return int(driver(self._conn).execute(f"SELECT COUNT(*) {rows}", values).fetchone()[0])

    def chain_facets(self, query: ChainQuery | None = None) -> ChainFacets:
        """How many chains each choice would leave. Walks the chains a few times: not for a window's own thread."""
        query = query or ChainQuery()
        chains = query.chains
        statuses = self._chains_by(STATUS, replace(query, chains=replace(chains, status=None)))
        marks = self._chains_by(
            "(SELECT kind FROM mark WHERE mark.chain_key = c.key)", replace(query, chains=replace(chains, marks=()))
        )
        composers = self._chains_by("c.composer", replace(query, chains=replace(chains, composer=None)))
        never, sometimes, always = (
            self.chain_count(replace(query, chains=replace(chains, pass_rate=rate, is_cut_short=False)))
            for rate in SOLVED
        )
        return ChainFacets(
            total=self.chain_count(query),
            statuses={status: statuses.get(status.value, 0) for status in ChainStatus},
            marks={kind: marks.get(kind.value if kind else None, 0) for kind in (None, *MarkKind)},
            rules=self._chains_by_rule(replace(query, chains=replace(chains, rule=""))),
            composers={Composer(name): count for name, count in composers.items()},
            pass_rates=(never, sometimes, always),
            categories=self._chains_by_category(replace(query, category="")),
            cut_short=self.chain_count(replace(query, chains=replace(chains, pass_rate=None, is_cut_short=True))),
        )

    def _chains_by(self, group: str, query: ChainQuery) -> dict[Any, int]:
        rows, values = chain_rows_sql(query)
        return dict(driver(self._conn).execute(f"SELECT {group} AS grp, COUNT(*) {rows} GROUP BY grp", values))

    def _chains_by_rule(self, query: ChainQuery) -> dict[str, int]:
        rows, values = chain_rows_sql(query)
        tables, _, condition = rows.partition(" WHERE ")
        found = driver(self._conn).execute(
            f"SELECT f.rule, COUNT(DISTINCT c.id) {tables} CROSS JOIN finding AS f ON f.chain_key = c.key"
            f" JOIN work AS fw ON fw.id = f.work_id AND fw.is_current = 1 WHERE {condition} GROUP BY f.rule",
            values,
        )
        return _most_first(dict(found))

    def _chains_by_category(self, query: ChainQuery) -> dict[str, int]:
        rows, values = chain_rows_sql(query)
        tables, _, condition = rows.partition(" WHERE ")
        return _most_first(dict(driver(self._conn).execute(_CATEGORIES.format(tables, condition), values)))


def _most_first(found: dict[str, int]) -> dict[str, int]:
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
