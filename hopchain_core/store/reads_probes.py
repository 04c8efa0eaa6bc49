"""Reads of what probing gave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import text

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.domain.probe_summary import ProbedChain, ProbeSummary, summed_up
from hopchain_core.domain.probes import Probe, ProbePolicies, ProbeResult, trials_from_json
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.visibility import SEEN_CHAIN

PROBE_POLICIES = "probe_policies"
"""Name of the project's fact that holds what bad results mean."""

_RESULTS = text(
    "SELECT p.chain_key, p.probe, p.trials, json_extract(run.backend, '$.model') AS model"
    " FROM probe_result AS p JOIN work ON work.id = p.work_id JOIN run ON run.id = work.run_id"
    " WHERE p.chain_key = :key AND work.is_current = 1 ORDER BY p.id"
)
_SAID_BEFORE = text(
    "SELECT p.chain_key, p.probe, p.trials, json_extract(run.backend, '$.model') AS model"
    " FROM probe_result AS p JOIN work ON work.id = p.work_id JOIN run ON run.id = work.run_id"
    " WHERE p.chain_key = :key AND work.stage = :stage AND work.fingerprint = :fingerprint ORDER BY p.id"
)
_PROBED = text(
    "SELECT c.id AS number, c.key AS chain_key, c.answer, c.hop_count, p.probe, p.trials, json_extract(run.backend, '$.model') AS model"
    " FROM chain AS c JOIN probe_result AS p ON p.chain_key = c.key JOIN work ON work.id = p.work_id"
    f" JOIN run ON run.id = work.run_id WHERE work.is_current = 1 AND {SEEN_CHAIN} ORDER BY p.id"
)
_SEEN = text(f"SELECT COUNT(*) FROM chain AS c WHERE {SEEN_CHAIN}")
_STAMP = text(
    "SELECT COALESCE(SUM(p.id), 0), COUNT(*) FROM probe_result AS p JOIN work ON work.id = p.work_id"
    " JOIN chain AS c ON c.key = p.chain_key"
    f" WHERE work.is_current = 1 AND {SEEN_CHAIN}"
)
_MARKS = text(
    "SELECT p.chain_key, image.key AS image_key, p.probe, work.fingerprint || ':' || work.item_key AS mark FROM image"
    " CROSS JOIN chain_image AS ci ON ci.image_id = image.id AND ci.position = 0"
    " CROSS JOIN chain AS c ON c.id = ci.chain_id CROSS JOIN probe_result AS p ON p.chain_key = c.key"
    f" JOIN work ON work.id = p.work_id WHERE work.is_current = 1 AND {SEEN_CHAIN}"
    " ORDER BY image.path, image.key, c.key, p.probe"
)
_MARKS_OF = text(
    "SELECT p.probe, work.fingerprint || ':' || work.item_key AS mark FROM probe_result AS p JOIN work ON work.id = p.work_id"
    " WHERE p.chain_key = :key AND work.is_current = 1 ORDER BY p.probe"
)
_KEYS = text("SELECT key FROM chain WHERE id IN (SELECT value FROM json_each(:numbers)) ORDER BY id")
_POLICIES = text("SELECT value FROM project WHERE name = :name")


class ProbeReads(Reads):
    """What models said when chains were probed."""

    def probe_results(self, chain_key: ChainKey) -> tuple[ProbeResult, ...]:
        """What counts now of one version of a chain, in the order of `Probe`."""
        found = {r.probe: r for r in map(_result, self._conn.execute(_RESULTS, {"key": chain_key}))}
        return tuple(found[probe] for probe in Probe if probe in found)

    def chain_keys(self, numbers: Iterable[int]) -> tuple[ChainKey, ...]:
        """Keys of chains by what people know them by, in the order of their numbers; those gone are left out."""
        rows = self._conn.execute(_KEYS, {"numbers": json.dumps(list(numbers))})
        return tuple(ChainKey(row.key) for row in rows)

    def longest_probe_result(self, chain_key: ChainKey, stage: str, fingerprint: str) -> ProbeResult | None:
        """The result under a fingerprint with the most tries, whether or not it counts now; None before the first."""
        values = {"key": chain_key, "stage": stage, "fingerprint": fingerprint}
        found = [_result(row) for row in self._conn.execute(_SAID_BEFORE, values)]
        return max(found, key=lambda r: min((len(t.replies) for t in r.trials), default=0), default=None)

    def probe_summary(self) -> ProbeSummary:
        """What the probes of all chains seen amount to. Reads every reply: about a second for 10,000 results."""
        seen = int(self._conn.execute(_SEEN).scalar_one())
        rows = self._conn.execute(_PROBED)
        probed = (
            ProbedChain(answer=Answer.of(r.answer), hops=r.hop_count, result=_result(r), number=r.number) for r in rows
        )
        return summed_up(seen, self.probe_policies(), probed)

    def probe_stamp(self) -> tuple[int, int]:
        """Differs when `probe_summary` may differ; reads no reply."""
        row = self._conn.execute(_STAMP).one()
        return hash(tuple(self.probe_policies().to_json().items())) ^ int(row[0]), int(row[1])

    def probe_marks(self) -> Iterator[tuple[ChainKey, ImageKey, tuple[tuple[str, str], ...]]]:
        """Chains seen that were probed, with their picture and, by probe, what tells apart what counts now."""
        rows = self._conn.execute(_MARKS)
        for (chain, image), group in groupby(rows, key=lambda row: (row.chain_key, row.image_key)):
            yield ChainKey(chain), ImageKey(image), tuple((row.probe, row.mark) for row in group)

    def probe_marks_of(self, chain_key: ChainKey) -> tuple[tuple[str, str], ...]:
        """As `probe_marks`, of one version of a chain."""
        return tuple((row.probe, row.mark) for row in self._conn.execute(_MARKS_OF, {"key": chain_key}))

    def probe_policies(self) -> ProbePolicies:
        """What bad results mean for a chain."""
        found = self._conn.execute(_POLICIES, {"name": PROBE_POLICIES}).scalar()
        return ProbePolicies() if found is None else ProbePolicies.from_json(json.loads(found))


def _result(row: Any) -> ProbeResult:
    return ProbeResult(
        chain=ChainKey(row.chain_key),
        probe=Probe(row.probe),
        trials=trials_from_json(json.loads(row.trials)),
        model=row.model or "",
    )
