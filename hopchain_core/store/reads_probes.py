"""Reads of what probing gave."""

from __future__ import annotations

import json

from sqlalchemy import Row, text

from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.probes import Probe, ProbePolicies, ProbeResult, trials_from_json
from hopchain_core.store.reads_base import Reads

PROBE_POLICIES = "probe_policies"
"""Name of the project's fact that holds what bad results mean."""

_RESULTS = text(
    "SELECT p.chain_key, p.probe, p.trials FROM probe_result AS p JOIN work ON work.id = p.work_id"
    " WHERE p.chain_key = :key AND work.is_current = 1 ORDER BY p.id"
)
_POLICIES = text("SELECT value FROM project WHERE name = :name")


class ProbeReads(Reads):
    """What models said when chains were probed."""

    def probe_results(self, chain_key: ChainKey) -> tuple[ProbeResult, ...]:
        """What counts now of one version of a chain, in the order of `Probe`."""
        found = {r.probe: r for r in map(_result, self._conn.execute(_RESULTS, {"key": chain_key}))}
        return tuple(found[probe] for probe in Probe if probe in found)

    def probe_policies(self) -> ProbePolicies:
        """What bad results mean for a chain."""
        found = self._conn.execute(_POLICIES, {"name": PROBE_POLICIES}).scalar()
        return ProbePolicies() if found is None else ProbePolicies.from_json(json.loads(found))


def _result(row: Row[tuple[str, str, str]]) -> ProbeResult:
    return ProbeResult(
        chain=ChainKey(row.chain_key), probe=Probe(row.probe), trials=trials_from_json(json.loads(row.trials))
    )
