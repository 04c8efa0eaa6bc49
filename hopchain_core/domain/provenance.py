"""Where a machine-made row comes from: stage, version, options, backend, model, prompt and seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hopchain_core.domain.keys import RunId, content_key


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendSpec:
    """Plain data that names a backend and recreates it.

    Attributes:
        role: What it does: ``categorizer``, ``segmenter``, ``composer`` or ``solver``.
        name: Its name in the registry.
        version: Raised when the same request would now give another reply.
        model: The model's name, as records show it.
        options: Those that determine the output, plain JSON; no addresses, no keys, no timeouts.
        is_simulated: Its replies are made up and must be called so everywhere.
        prompt_hash: Of the texts it is given, if any.
    """

    role: str
    name: str
    version: int = 1
    model: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    is_simulated: bool = False
    prompt_hash: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; the prompt's hash only where there is one."""
        data = {
            "role": self.role,
            "name": self.name,
            "version": self.version,
            "model": self.model,
            "options": self.options,
            "is_simulated": self.is_simulated,
        }
        return {**data, "prompt_hash": self.prompt_hash} if self.prompt_hash else data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> BackendSpec:
        """Reads what `to_json` wrote."""
        return cls(**data)


def fingerprint(stage: str, version: int, options: dict[str, Any], backend: BackendSpec | None = None) -> str:
    """Hash of all that determines a stage's output besides the item; not concurrency, timeouts or addresses."""
    # The last place is empty in every project there is.
    return content_key([stage, version, options, backend.to_json() if backend else None, ""])


class RunOutcome(StrEnum):
    """How a run ended."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED_ITEMS = "failed_items"
    CANCELLED = "cancelled"
    GAVE_UP = "gave_up"


class WorkStatus(StrEnum):
    """How one item of a run ended. Items without a row are owed."""

    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of a stage.

    Attributes:
        id: Row in the project.
        stage: The stage's name.
        stage_version: The stage's version.
        fingerprint: See `fingerprint`.
        options: Of the stage, those that determine the output.
        backend: Which backend, if the stage has one.
        prompt_hash: Of the prompt texts, if any.
        seed: The project's seed.
    """

    id: RunId
    stage: str
    stage_version: int
    fingerprint: str
    options: dict[str, Any]
    backend: BackendSpec | None
    prompt_hash: str = ""
    seed: int = 0
    outcome: RunOutcome = RunOutcome.RUNNING
    started_at: str = ""
    ended_at: str = ""
