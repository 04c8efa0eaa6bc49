"""The protocol of a stage: what, not how. No threads, progress, retries or transactions inside one.

The same stage runs under the local runner and under a cluster engine: `run` is given a whole item and has no project.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from hopchain_core.backends.protocols import Refusal, Urgency
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey, RunId
from hopchain_core.store.reader import Reader
from hopchain_core.store.unit_of_work import UnitOfWork

Item = TypeVar("Item")
Out = TypeVar("Out")

Compute = Callable[..., Awaitable[Any]]
"""Awaits `function(*arguments)` somewhere off the event loop. All of it must be picklable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a stage may use while it works on an item.

    Attributes:
        backend: The stage's backend (`backends.protocols`), or None for a stage that needs no model.
        seed: Of the project.
        project_dir: Folder that relative picture paths start from.
        compute: Takes work of the processor's off the event loop.
        urgency: Who waits for what the stage makes.
    """

    backend: Any
    seed: int
    project_dir: Path
    compute: Compute
    urgency: Urgency = Urgency.BATCH

    def path_of(self, image: Image) -> Path:
        """Where a picture's file lies now."""
        return self.project_dir / image.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An item before it is loaded: light enough to hold all of a large project at once.

    Attributes:
        key: Content of the item, not its row id: the same content is never done twice under one fingerprint.
        subject: Key of the picture or chain it is about; newer work on a subject supersedes older.
        image: The picture it belongs to.
        ref: What `load` needs besides.
    """

    key: str
    subject: str
    image: ImageKey
    ref: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """The row that an item's outputs hang on."""

    id: int
    run: RunId
    fingerprint: str


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
    role: ClassVar[str | None]
    """The kind of backend it needs, if any."""

    @property
    def options(self) -> dict[str, Any]:
        """Those that determine the output, plain JSON."""
        ...

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """All it wants, done or not, in a fixed order; the runner subtracts what is done. Read-only."""
        ...

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> Item | None:
        """The whole item, with everything `run` looks at; None when it is no longer what was wanted."""
        ...

    async def run(self, item: Item, tools: Tools) -> Outcome[Out]:
        """Works on one item. Raises `ItemError` for what is the item's own failure."""
        ...

    def save(self, uow: UnitOfWork, work: WorkRow, item: Item, outputs: tuple[Out, ...]) -> None:
        """Writes the outputs into the stage's own tables. Runs in the writer thread, inside the item's transaction."""
        ...


AnyStage = Stage[Any, Any]
