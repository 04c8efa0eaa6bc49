"""Where chains stand, in words."""

from __future__ import annotations

from collections.abc import Mapping

from hopchain_core.domain.status import ChainStatus


def words(status: ChainStatus) -> str:
    """A status as people say it."""
    return status.value.replace("_", " ")


def chains_line(counts: Mapping[ChainStatus, int]) -> str:
    """How many chains there are and where they stand, in one line."""
    total = sum(counts.values())
    parts = [f"{n} {words(status)}" for status, n in counts.items() if n]
    return f"{total} chains" + (f": {', '.join(parts)}" if parts else "")


def named(backend: str, is_simulated: bool) -> str:
    """A backend as people are told of it: what makes its replies up is called simulated."""
    return f"{backend} (simulated)" if is_simulated and "simulated" not in backend else backend
