"""The protocol of a stage: what, not how. No threads, progress, retries or transactions inside one.

The same stage runs under the local runner and under a cluster engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from hopchain_core.backends.protocols import Refusal
from hopchain_core.store.reader import Reader
from hopchain_core.store.unit_of_work import UnitOfWork

Item = TypeVar("Item")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a stage may use while it works on an item.

    Attributes:
        backend: The stage's backend (`backends.protocols`), or None for a stage that needs no model.
        seed: Of the project.
        project_dir: Folder that relative picture paths start from.
    """

    backend: Any
    seed: int
    project_dir: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Out]):
    """What running one item gave: outputs to keep and drafts refused with their reasons."""

    outputs: tuple[Out, ...]
    refusals: tuple[Refusal, ...] = ()


class Stage(Protocol[Item, Out]):
    """One step of the pipeline."""

    name: ClassVar[str]
    version: ClassVar[int]
    """Raised when the same input would now give another output."""

    def inputs(self, read: Reader) -> Iterable[Item]:
        """All it wants, done or not, in a fixed order; the runner subtracts what is done. Read-only."""
        ...

    def key(self, item: Item) -> str:
        """Content of the item, not its row id: the same content is never done twice under one fingerprint."""
        ...

    def subject(self, item: Item) -> str:
        """Key of the picture or chain the item is about; newer work on a subject supersedes older."""
        ...

    async def run(self, item: Item, tools: Tools) -> Outcome[Out]:
        """Works on one item. Raises `ItemError` for what is the item's own failure."""
        ...

    def save(self, uow: UnitOfWork, work_id: int, item: Item, outputs: tuple[Out, ...]) -> None:
        """Writes the outputs into the stage's own tables. Runs in the writer thread, inside the item's transaction."""
        ...
