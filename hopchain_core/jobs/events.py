"""What happens while stages run, as frozen values in one union. Window, terminal and `--events json` show the same ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Union

from hopchain_core.domain.provenance import RunOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A stage begins.

    Attributes:
        owed: Items this run will try.
        already_done: Items wanted that are done.
        revived: Of those, results of an earlier run that count again.
    """

    event: ClassVar[str] = "run_started"
    stage: str
    run_id: int
    backend: str
    is_simulated: bool
    owed: int
    already_done: int
    revived: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDone:
    """One item is committed.

    Attributes:
        outputs: How many rows it gave.
        refused: How many drafts were looked at and not kept.
    """

    event: ClassVar[str] = "item_done"
    stage: str
    run_id: int
    item_key: str
    subject: str
    outputs: int
    refused: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFailed:
    """One item failed; its row says why and its siblings go on."""

    event: ClassVar[str] = "item_failed"
    stage: str
    run_id: int
    item_key: str
    subject: str
    error_kind: str
    error_text: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """Where a run stands; sent at most ten times a second.

    Attributes:
        rate_per_s: Items a second over the last moments.
        remaining_s: Expected seconds to the end; None until it can be told.
    """

    event: ClassVar[str] = "run_progress"
    stage: str
    run_id: int
    done: int
    failed: int
    owed: int
    rate_per_s: float
    remaining_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """A stage is over."""

    event: ClassVar[str] = "run_ended"
    stage: str
    run_id: int
    outcome: RunOutcome
    done: int
    failed: int
    seconds: float
    message: str = ""


Event = Union[RunStarted, ItemDone, ItemFailed, RunProgress, RunEnded]


def event_to_json(event: Event) -> dict[str, Any]:
    """Plain JSON with the event's name under ``event``."""
    return {"event": event.event, **asdict(event)}
