"""All that is kept of one run, in words and values."""

from __future__ import annotations

import json
from typing import Any

from app.models.spans import clock_text, day_text, seconds_between, span_text
from hopchain_core.domain.provenance import Run, RunOutcome

OUTCOME_WORDS = {
    RunOutcome.RUNNING: "Running",
    RunOutcome.FINISHED: "Finished",
    RunOutcome.FAILED_ITEMS: "Finished; some items failed",
    RunOutcome.CANCELLED: "Cancelled; what was done stays, the rest is owed",
    RunOutcome.GAVE_UP: "Gave up: one failure came 20 times in a row, or nothing could be done; what was done stays",
}


def run_details(run: Run) -> tuple[tuple[str, str], ...]:
    """Words and values, those that say nothing left out."""
    rows = [
        ("outcome", OUTCOME_WORDS[run.outcome]),
        ("started", f"{day_text(run.started_at)}, {clock_text(run.started_at)}" if run.started_at else ""),
        ("took", span_text(seconds_between(run.started_at, run.ended_at)) if run.ended_at else ""),
    ]
    backend = run.backend
    if backend is not None:
        simulated = " (simulated)" if backend.is_simulated else ""
        rows += [("backend", f"{backend.name}{simulated}"), ("model", backend.model)]
    rows += [("seed", str(run.seed)), ("version", str(run.stage_version))]
    prompt = run.prompt_hash or (backend.prompt_hash if backend is not None else "")
    rows += [("prompt", prompt[:16]), ("fingerprint", run.fingerprint[:16])]
    rows += [(name.replace("_", " "), _value(value)) for name, value in run.options.items()]
    if backend is not None:
        rows += [(name.replace("_", " "), _value(value)) for name, value in backend.options.items()]
    return tuple((word, value) for word, value in rows if value)


def run_text(run: Run) -> str:
    """The same as a text, with whole hashes, to be copied."""
    prompt = run.prompt_hash or (run.backend.prompt_hash if run.backend is not None else "")
    whole = {"prompt": prompt, "fingerprint": run.fingerprint}
    lines = [f"{word}: {whole.get(word, value)}" for word, value in run_details(run)]
    return "\n".join([f"run {run.id}: {run.stage}", *lines])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_value(inner)}" for name, inner in value.items() if inner != "")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
