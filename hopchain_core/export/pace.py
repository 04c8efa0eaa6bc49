"""How far an export is, how fast it goes and how long it will take, for terminals and windows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

TOLD_EVERY_S = 0.2
"""Chosen: as often as an eye follows a figure."""


class ExportStep(StrEnum):
    """What an export does, one after the other."""

    RECORDS = "records"
    """Looks at chains and writes records and pictures; counted in chains."""
    ROWS = "rows"
    """Writes a trainer's rows and reads them back; counted in rows. Not for the native format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportProgress:
    """How far an export is.

    Attributes:
        step: What it does now.
        done: Chains looked at, or rows written.
        total: Of them in all.
        before: Of those done, so many by an export that was broken off.
        rate_per_s: Done by this one in a second; 0 while it is not known.
        remaining_s: Of this step; None while it is not known.
        why_afresh: Why what was broken off is not gone on with; empty where it is, or where there was nothing.
    """

    step: ExportStep
    done: int
    total: int
    before: int = 0
    rate_per_s: float = 0.0
    remaining_s: float | None = None
    why_afresh: str = ""


Watch = Callable[[ExportProgress], None]


class Pace:
    """Tells a watcher how a step goes, a few times a second.

    Args:
        watch: Whom to tell; None for nobody.
        step: The step.
        total: How much there is to do.
        why_afresh: Handed on.
        clock: Seconds; for tests.
    """

    def __init__(
        self,
        watch: Watch | None,
        step: ExportStep,
        total: int,
        why_afresh: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watch, self._step, self._total, self._why, self._clock = watch, step, total, why_afresh, clock
        self._before = 0
        self._began = clock()
        self._told = -TOLD_EVERY_S

    def skip(self, before: int) -> None:
        """So many were done by an export that was broken off."""
        self._before, self._began = before, self._clock()
        self._tell(before, self._began)

    def reach(self, done: int) -> None:
        """So many are done now, with those from before."""
        now = self._clock()
        if self._watch is not None and (now - self._told >= TOLD_EVERY_S or done >= self._total):
            self._tell(done, now)

    def _tell(self, done: int, now: float) -> None:
        if self._watch is None:
            return
        self._told = now
        seconds, own = now - self._began, done - self._before
        rate = own / seconds if own > 0 and seconds > 0 else 0.0
        self._watch(
            ExportProgress(
                step=self._step,
                done=done,
                total=self._total,
                before=self._before,
                rate_per_s=rate,
                remaining_s=(self._total - done) / rate if rate else None,
                why_afresh=self._why,
            )
        )
