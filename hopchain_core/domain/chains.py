"""A chain: a question whose hops depend on each other and end in one definite number.

Source: HopChain (arXiv 2603.17024), stage 3. What a hop uses and establishes is a sum type, so that passages of a
knowledge base can join instances, sets and values later.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any, Union

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey, content_key
from hopchain_core.domain.programs.notation import expression_to_json, operation_from_json
from hopchain_core.domain.programs.operations import Operation


class Level(IntEnum):
    """How much a hop looks at. A hop that only calculates has no level (None)."""

    ONE_OBJECT = 1
    """Colour, shape, size, text, position or category of a single object."""
    SEVERAL = 2
    """A relation, a comparison or a count over several objects."""


class HopKind(StrEnum):
    """What makes a hop a hop; derived from the fields of the chain, never stored."""

    PERCEPTION = "perception"
    """The level changes against a hop that this one needs."""
    INSTANCE = "instance"
    """From an instance found by an earlier hop to at least one other instance."""


class Composer(StrEnum):
    """Who wrote a chain."""

    VLM = "vlm"
    PROGRAM = "program"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class InstanceReference:
    """One instance."""

    instance: InstanceKey


@dataclass(frozen=True, slots=True)
class SetReference:
    """Several instances (possibly none), sorted by key."""

    instances: tuple[InstanceKey, ...]


@dataclass(frozen=True, slots=True)
class ValueReference:
    """A number, a word or a truth value, as text."""

    value: str


Reference = Union[InstanceReference, SetReference, ValueReference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One step of a chain.

    Attributes:
        index: From 1, in the order of solving.
        level: 1, 2, or None for a hop that only calculates.
        sub_question: What this step asks, in words a person reads.
        uses: What it starts from: results of earlier hops and instances it names itself.
        establishes: What it finds: an instance, a set or a value.
        needs: Indices of the earlier hops whose results it uses, ascending.
        output: Its result as a person would say it.
        operation: The same step as a typed operation, where there is one.
    """

    index: int
    level: Level | None
    sub_question: str
    uses: tuple[Reference, ...]
    establishes: tuple[Reference, ...]
    needs: tuple[int, ...]
    output: str
    operation: Operation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A question with its hops and its number.

    Attributes:
        images: The pictures it is about; HopChain's have one.
        instances: The 3-6 instances chosen for it.
        question: What people and models are asked.
        hops: In the order of solving.
        answer: The composer's proposal; the label is what people agree on.
        composer: Who wrote it.
        version: 1 for the first, one more for each correction.
        supersedes: The version this one corrects.
    """

    images: tuple[ImageKey, ...]
    instances: tuple[InstanceKey, ...]
    question: str
    hops: tuple[Hop, ...]
    answer: Answer
    composer: Composer
    version: int = 1
    supersedes: ChainKey | None = None
    _key: ChainKey | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def key(self) -> ChainKey:
        """Content key of this version."""
        if self._key is None:
            object.__setattr__(self, "_key", ChainKey(content_key(chain_to_json(self))))
        assert self._key is not None
        return self._key

    @property
    def image(self) -> ImageKey:
        """The picture of a chain that has one (its first otherwise)."""
        return self.images[0]

    @property
    def is_executable(self) -> bool:
        """True when every hop carries a typed operation, so that the answer can be recomputed."""
        return bool(self.hops) and all(h.operation is not None for h in self.hops)

    def hop(self, index: int) -> Hop:
        """The hop with this number.

        Raises:
            KeyError: There is none.
        """
        for hop in self.hops:
            if hop.index == index:
                return hop
        raise KeyError(index)

    def next_version(self, **changes: Any) -> Chain:
        """A corrected copy that supersedes this one."""
        return replace(self, **changes, version=self.version + 1, supersedes=self.key)


def instances_in(references: tuple[Reference, ...], *, with_sets: bool = False) -> frozenset[InstanceKey]:
    """Instances referred to one by one; members of sets too when asked."""
    found: set[InstanceKey] = set()
    for reference in references:
        if isinstance(reference, InstanceReference):
            found.add(reference.instance)
        elif with_sets and isinstance(reference, SetReference):
            found.update(reference.instances)
    return frozenset(found)


def instances_of(chain: Chain) -> frozenset[InstanceKey]:
    """Every instance that a chain was made for or that a hop of it refers to, members of sets too."""
    referred = (instances_in(hop.uses + hop.establishes, with_sets=True) for hop in chain.hops)
    return frozenset(chain.instances).union(*referred)


def kinds_of(hop: Hop, chain: Chain) -> frozenset[HopKind]:
    """Which kinds of hop this one is.

    A perception-level hop changes the level against a hop it needs. An instance-chain hop starts from an instance
    that an earlier hop found and brings at least one other instance into play.
    """
    kinds = set()
    needed = [chain.hop(i) for i in hop.needs if any(h.index == i for h in chain.hops)]
    if hop.level is not None and any(n.level is not None and n.level != hop.level for n in needed):
        kinds.add(HopKind.PERCEPTION)
    found_before = frozenset().union(*(instances_in(n.establishes) for n in needed)) if needed else frozenset()
    handed_on = instances_in(hop.uses) & found_before
    involved = instances_in(hop.uses, with_sets=True) | instances_in(hop.establishes, with_sets=True)
    if handed_on and (involved - handed_on or len(handed_on) > 1):
        kinds.add(HopKind.INSTANCE)
    return frozenset(kinds)


def reference_to_json(reference: Reference) -> dict[str, Any]:
    """Plain JSON of a reference."""
    match reference:
        case InstanceReference(instance):
            return {"instance": instance}
        case SetReference(instances):
            return {"set": list(instances)}
        case ValueReference(value):
            return {"value": value}


def reference_from_json(data: dict[str, Any]) -> Reference:
    """Reads what `reference_to_json` wrote.

    Raises:
        ValueError: It is none of the known kinds.
    """
    if "instance" in data:
        return InstanceReference(InstanceKey(data["instance"]))
    if "set" in data:
        return SetReference(tuple(InstanceKey(i) for i in data["set"]))
    if "value" in data:
        return ValueReference(str(data["value"]))
    raise ValueError(f"not a reference: {data!r}")


def hop_to_json(hop: Hop) -> dict[str, Any]:
    """Plain JSON of a hop."""
    return {
        "index": hop.index,
        "level": None if hop.level is None else int(hop.level),
        "sub_question": hop.sub_question,
        "uses": [reference_to_json(r) for r in hop.uses],
        "establishes": [reference_to_json(r) for r in hop.establishes],
        "needs": list(hop.needs),
        "output": hop.output,
        "operation": None if hop.operation is None else expression_to_json(hop.operation),
    }


def hop_from_json(data: dict[str, Any]) -> Hop:
    """Reads what `hop_to_json` wrote.

    Raises:
        ValueError: A field is missing or of the wrong kind.
    """
    try:
        return Hop(
            index=int(data["index"]),
            level=None if data["level"] is None else Level(data["level"]),
            sub_question=str(data["sub_question"]),
            uses=tuple(reference_from_json(r) for r in data["uses"]),
            establishes=tuple(reference_from_json(r) for r in data["establishes"]),
            needs=tuple(int(n) for n in data["needs"]),
            output=str(data["output"]),
            operation=None if data["operation"] is None else operation_from_json(data["operation"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a hop: {error!r}") from error


def chain_to_json(chain: Chain) -> dict[str, Any]:
    """Plain JSON of a chain; its canonical text is what the chain's key is made of."""
    return {
        "images": list(chain.images),
        "instances": list(chain.instances),
        "question": chain.question,
        "hops": [hop_to_json(h) for h in chain.hops],
        "answer": chain.answer.text,
        "composer": chain.composer.value,
        "version": chain.version,
        "supersedes": chain.supersedes,
    }


def chain_from_json(data: dict[str, Any]) -> Chain:
    """Reads what `chain_to_json` wrote.

    Raises:
        ValueError: A field is missing or of the wrong kind.
    """
    try:
        return Chain(
            images=tuple(ImageKey(i) for i in data["images"]),
            instances=tuple(InstanceKey(i) for i in data["instances"]),
            question=str(data["question"]),
            hops=tuple(hop_from_json(h) for h in data["hops"]),
            answer=Answer.of(str(data["answer"])),
            composer=Composer(data["composer"]),
            version=int(data["version"]),
            supersedes=None if data["supersedes"] is None else ChainKey(data["supersedes"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a chain: {error!r}") from error
