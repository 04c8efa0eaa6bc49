"""What a person chooses for a run of the stages."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class BackendChoice(BaseModel):
    """A backend by name, with its options. A plain name reads as a choice without options."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    options: dict[str, Any] = Field(default_factory=dict)


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


Choice = Annotated[BackendChoice, BeforeValidator(_named)]


class RunOptions(BaseModel):
    """What a person chooses for a run of the stages.

    Attributes:
        categorizer: Who names the categories.
        segmenter: Who finds the instances.
        composer: Who writes the chains.
        chains_per_image: How many chains of each picture to keep at most.
        solver: The weaker model.
        rollouts: How often it tries each chain.
        until_decided: Stop trying a chain once it is sure whether the policy keeps it: fewer attempts, and no pass rate.
        limit: Only the first so many pictures of the project (by path) and what hangs on them; None for all.
        retry_failed: Items that failed under the same settings are owed again.
        only: Only these pictures and what hangs on them, or these chains, by key; None for all.
        concurrency: Items in flight; None leaves it to the backend.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    categorizer: Choice = BackendChoice(name="annotations")
    segmenter: Choice = BackendChoice(name="annotations")
    composer: Choice = BackendChoice(name="program")
    chains_per_image: int = Field(default=3, ge=1, le=1000)
    solver: Choice = BackendChoice(name="simulated")
    rollouts: int = Field(default=8, ge=1, le=10_000)
    until_decided: bool = False
    limit: int | None = Field(default=None, ge=0)
    retry_failed: bool = False
    only: tuple[str, ...] | None = None
    concurrency: int | None = Field(default=None, ge=1, le=10_000)

    def choice(self, role: str) -> BackendChoice:
        """The backend chosen for a role."""
        chosen = getattr(self, role)
        assert isinstance(chosen, BackendChoice)
        return chosen

    def remembered(self) -> RunOptions:
        """Without what concerns one run only: what a project keeps as its settings."""
        return self.model_copy(update={"limit": None, "retry_failed": False, "only": None, "concurrency": None})
