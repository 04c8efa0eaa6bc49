"""What happens while stages run, as frozen values in one union. Window, terminal and `--events json` show the same ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Union

from hopchain_core.backends.servers.news import ServerState
from hopchain_core.domain.provenance import RunOutcome

__all__ = [
    "CardMemory",
    "Event",
    "ItemDone",
    "ItemFailed",
    "ModelPace",
    "RunEnded",
    "RunProgress",
    "RunStarted",
    "ServerChanged",
    "ServerState",
    "ServerWrote",
    "event_to_json",
]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerChanged:
    """A model server or worker of the run does something else now.

    Attributes:
        stage: That runs meanwhile; empty between two.
        server: Name of its profile.
        kind: vllm, sam3 or transformers.
        state: What it does.
        text: Its address, what it waits for, or its last lines.
    """

    event: ClassVar[str] = "server_changed"
    stage: str
    server: str
    kind: str
    state: ServerState
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerWrote:
    """A model server or worker of the run wrote a line of its log."""

    event: ClassVar[str] = "server_wrote"
    stage: str
    server: str
    kind: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMemory:
    """The memory of a card, in MiB, as nvidia-smi tells it."""

    number: int
    name: str
    used_mib: int
    total_mib: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPace:
    """What goes through the model of a stage; sent about once a second while it changes.

    Attributes:
        server: Name of its profile; empty where only the cards are told of.
        tokens_per_s: Written by the model, over the last moments.
        prompt_tokens_per_s: Read by it.
        pictures_per_s: Looked at by it; each time anew that one is sent.
        running: Requests at work in a vLLM server; None where nobody knows.
        waiting: Requests that wait there.
        cache_share: Of its memory for contexts, in [0, 1].
        cards: Memory of the cards, where nvidia-smi is there.
    """

    event: ClassVar[str] = "model_pace"
    stage: str
    server: str
    tokens_per_s: float = 0.0
    prompt_tokens_per_s: float = 0.0
    pictures_per_s: float = 0.0
    running: int | None = None
    waiting: int | None = None
    cache_share: float | None = None
    cards: tuple[CardMemory, ...] = ()


Event = Union[RunStarted, ItemDone, ItemFailed, RunProgress, RunEnded, ServerChanged, ServerWrote, ModelPace]


def event_to_json(event: Event) -> dict[str, Any]:
    """Plain JSON with the event's name under ``event``."""
    return {"event": event.event, **asdict(event)}
