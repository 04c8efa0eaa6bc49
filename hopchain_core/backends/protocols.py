"""What a stage asks of a backend. Every request and reply is a frozen value; a backend keeps no project state.

A backend says with `spec` what determines its output; that goes into the fingerprint and into every row's provenance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.images import Category, Image, Rating, SourceObject
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.probes import Probe, ProbeResult
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.rollouts import Rollout


class Urgency(StrEnum):
    """Who waits for the reply. A person's requests go before a batch's."""

    PERSON = "person"
    BATCH = "batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Something a backend or stage looked at and did not keep, with a short stable reason and a detail for people.

    A detail such as "12 drafts" stands for so many, and is counted so.
    """

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorizeRequest:
    """Which categories are in this picture?

    Attributes:
        image: The picture.
        path: Where its file lies now.
        source_objects: What came with it, if anything.
    """

    image: Image
    path: Path
    source_objects: tuple[SourceObject, ...] = ()
    urgency: Urgency = Urgency.BATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRequest:
    """Where are all instances of these categories?"""

    image: Image
    path: Path
    categories: tuple[Category, ...]
    source_objects: tuple[SourceObject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeRequest:
    """Write chains over these instances.

    Attributes:
        image: The picture.
        path: Where its file lies now.
        categories: As found, with those that cannot be counted marked.
        instances: All that are seen in the picture, crowds included.
        wanted: How many chains to keep at most.
        seed: Of the project; the composer mixes the picture's key into it.
    """

    image: Image
    path: Path
    categories: tuple[Category, ...]
    instances: tuple[Instance, ...]
    wanted: int
    seed: int
    urgency: Urgency = Urgency.BATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveRequest:
    """Try this question so many times.

    Attributes:
        chain: The version to try. A model is shown its question and the picture only.
        instances: Those the chain speaks of, for the simulated solver; no model sees them.
        indices: Which rollouts to make; seeds follow from project seed, chain key and index.
        seed: Of the project.
    """

    image: Image
    path: Path
    chain: Chain
    instances: tuple[Instance, ...]
    categories: tuple[Category, ...]
    indices: tuple[int, ...]
    seed: int
    urgency: Urgency = Urgency.BATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequest:
    """Ask what this probe wants to know of a chain.

    Attributes:
        probe: Which.
        chain: The version to probe.
        instances: Those the chain refers to, for stating earlier results and reading replies; never drawn.
        seed: Of the project.
        samples: How often each thing is to be asked, those tries included that are there.
        there: What the same model said to the same questions before; its tries come first and are not asked again.
    """

    probe: Probe
    image: Image
    path: Path
    chain: Chain
    instances: Mapping[InstanceKey, Instance]
    seed: int
    samples: int
    there: ProbeResult | None = None
    urgency: Urgency = Urgency.BATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Categorized:
    """The categories found in one picture; none, with a refusal, where a picture is not worth going on with.

    Attributes:
        rating: What a model thinks of the picture; None where none was asked.
    """

    categories: tuple[Category, ...]
    refusals: tuple[Refusal, ...] = ()
    rating: Rating | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What a composer made of one picture."""

    chains: tuple[Chain, ...]
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmented:
    """What a segmenter found in one picture."""

    instances: tuple[Instance, ...]
    refusals: tuple[Refusal, ...] = ()


class Backend(Protocol):
    """What all four kinds share. `spec` names it; `aclose` gives back what it holds."""

    @property
    def spec(self) -> BackendSpec: ...

    async def aclose(self) -> None: ...


class Categorizer(Backend, Protocol):
    """Names the categories in a picture (stage 1)."""

    async def categorize(self, request: CategorizeRequest) -> Categorized: ...


class Segmenter(Backend, Protocol):
    """Finds every instance of given categories (stage 2)."""

    async def segment(self, request: SegmentRequest) -> Segmented: ...


class ChainComposer(Backend, Protocol):
    """Writes chains over the instances of a picture (stage 3)."""

    async def compose(self, request: ComposeRequest) -> Composed: ...


class Solver(Backend, Protocol):
    """Tries a question several times (stage 4b)."""

    async def solve(self, request: SolveRequest) -> Sequence[Rollout]: ...


class Prober(Protocol):
    """Asks a model what the probes of the audit want to know."""

    def spec_of(self, probe: Probe) -> BackendSpec: ...

    async def probe(self, request: ProbeRequest) -> ProbeResult: ...

    async def aclose(self) -> None: ...
