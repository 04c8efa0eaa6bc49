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
