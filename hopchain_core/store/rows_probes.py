"""Writes of what probing gave."""

from __future__ import annotations

from hopchain_core.domain.keys import canonical_json
from hopchain_core.domain.probes import ProbeResult, trials_to_json
from hopchain_core.store import schema
from hopchain_core.store.unit_of_work import UnitOfWork


def write_probe_result(uow: UnitOfWork, work_id: int, result: ProbeResult) -> None:
    """Adds what a model said when a chain was probed."""
    row = {
        "chain_key": result.chain,
        "work_id": work_id,
        "probe": result.probe.value,
        "trials": canonical_json(trials_to_json(result.trials)),
    }
    uow.put_new(schema.probe_result, [row])
