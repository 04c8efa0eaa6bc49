"""How far an export is, in words and as a share."""

from __future__ import annotations

from app.models.spans import span_text
from hopchain_core.exporting import ExportProgress, ExportStep

_STEPS = {ExportStep.RECORDS: "Chains looked at", ExportStep.ROWS: "Rows written and read back"}


def share_of(told: ExportProgress) -> float:
    """How much of the step is done, from 0 to 1."""
    return min(1.0, told.done / told.total) if told.total else 0.0


def progress_words(told: ExportProgress) -> str:
    """What is being done, how far it is, how fast it goes and how long it will take, as far as that is known."""
    parts = [f"{_STEPS[told.step]}: {told.done:,} of {told.total:,}"]
    if told.rate_per_s >= 1:
        parts.append(f"{told.rate_per_s:,.0f} a second")
    if told.remaining_s is not None and told.done < told.total:
        parts.append(f"{span_text(told.remaining_s)} left")
    if told.before:
        parts.append(f"{told.before:,} by the export that was broken off")
    if told.why_afresh:
        parts.append(f"begun afresh: {told.why_afresh}")
    return " · ".join(parts)
