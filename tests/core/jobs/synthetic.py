"""Annotated pictures without files, and backends that are quick, exact and as awkward as a test asks for.

Registered as ``fixture``. They never open a picture, so none is drawn.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from hopchain_core.backends.protocols import Composed, ComposeRequest, Refusal, SolveRequest
from hopchain_core.backends.registry import register
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, Composer, Hop, InstanceReference, Level, ValueReference
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import Image, SourceObject
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ImageKey, content_key
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.rollouts import HopTrace, Rollout
from hopchain_core.errors import BackendError, PrerequisiteError
from hopchain_core.pipeline.options import BackendChoice, RunOptions
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_sources import write_image, write_source_objects
from hopchain_core.store.unit_of_work import UnitOfWork

CATEGORIES = ("bird", "cup", "book")
WIDTH, HEIGHT = 640, 480

composed: Counter[str] = Counter()
"""How often each picture was composed, by path; a test that looks at it clears it first."""
solved: list[tuple[str, tuple[int, ...]]] = []
"""Chains tried, with the positions asked for."""


def picture(number: int) -> Image:
    """A picture of this number; its path sorts by it."""
    return Image(
        key=ImageKey(hashlib.sha256(f"picture {number}".encode()).hexdigest()),
        path=f"pictures/{number:05d}.png",
        width_px=WIDTH,
        height_px=HEIGHT,
        file_format="PNG",
        split_group=str(number),
    )


def objects(number: int) -> tuple[SourceObject, ...]:
    """What is annotated in it: four to nine boxes of three categories."""
    rng = random.Random(number)
    found = []
    for n in range(rng.randint(4, 9)):
        x, y = rng.uniform(0, WIDTH - 90), rng.uniform(0, HEIGHT - 90)
        box = Box(round(x, 1), round(y, 1), round(x + rng.uniform(20, 80), 1), round(y + rng.uniform(20, 80), 1))
        found.append(SourceObject(source_id=str(n), category=rng.choice(CATEGORIES), box=box, mask=None))
    return tuple(found)


def instances(number: int) -> tuple[Instance, ...]:
    """The same as instances."""
    return tuple(
        Instance(image=picture(number).key, category=o.category, box=o.box, mask=None, score=None, origin=Origin.IMPORT)
        for o in objects(number)
    )


def make_project(path: Path, pictures: int, *, seed: int = 7) -> ProjectFile:
    """A new project with so many annotated pictures."""
    file = ProjectFile.create(path, seed=seed)

    def write(uow: UnitOfWork) -> None:
        for number in range(pictures):
            write_image(uow, picture(number))
            write_source_objects(uow, picture(number).key, objects(number))

    file.writer.submit(write).result()
    return file


def fixture_options(**changes: object) -> RunOptions:
    """Options that use the fixture backends; `composer` and `solver` may be plain dicts of their options."""
    for role in ("composer", "solver"):
        chosen = changes.pop(role, {})
        changes[role] = BackendChoice(name="fixture", options=chosen)  # type: ignore[arg-type]
    return RunOptions(**{"chains_per_image": 2, "rollouts": 4, **changes})  # type: ignore[arg-type]


class AwkwardOptions(BaseModel):
    """How a fixture backend behaves. Only `flavour` determines what comes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flavour: str = "plain"
    fail: tuple[str, ...] = ()
    """Names of pictures on which it fails; ``*`` for all."""
    how: Literal["backend", "bug", "known", "alternating", "pause"] = "backend"
    delay_s: float = 0.0
    """Longest pause before each reply; how long exactly differs from item to item."""


async def _behave(options: AwkwardOptions, image: Image) -> None:
    if options.delay_s:
        await asyncio.sleep(options.delay_s * int(image.key[:4], 16) / 0xFFFF)
    if image.name not in options.fail and "*" not in options.fail:
        return
    match options.how:
        case "backend":
            raise BackendError("the server said no", kind="refused")
        case "bug":
            raise ZeroDivisionError("a slip")
        case "known":
            raise PrerequisiteError("There is no server.", hint="Start it.")
        case "pause":
            await asyncio.sleep(0)
        case "alternating":
            raise BackendError("now this, now that", kind=f"kind {sum(composed.values()) % 2}")


class FixtureComposer:
    """Chains of two hops over the picture's first instances."""

    def __init__(self, options: AwkwardOptions) -> None:
        self._options = options

    @property
    def spec(self) -> BackendSpec:
        return BackendSpec(role="composer", name="fixture", options={"flavour": self._options.flavour})

    async def compose(self, request: ComposeRequest) -> Composed:
        composed[request.image.path] += 1
        await _behave(self._options, request.image)
        return Composed(
            chains=tuple(_chain(request, n, self._options.flavour) for n in range(request.wanted)),
            refusals=(Refusal(reason="unclear", detail=request.image.name),),
        )

    async def aclose(self) -> None:
        """Holds nothing."""


def _chain(request: ComposeRequest, number: int, flavour: str) -> Chain:
    first, second, third = (i.key for i in request.instances[:3])
    value = int(content_key([request.image.key, number, flavour, request.seed]), 16) % 50
    return Chain(
        images=(request.image.key,),
        instances=(first, second, third),
        question=f"{flavour} question {number}?",
        hops=(
            Hop(
                index=1,
                level=Level.SEVERAL,
                sub_question="Which is nearest?",
                uses=(InstanceReference(first),),
                establishes=(InstanceReference(second),),
                needs=(),
                output="that one",
            ),
            Hop(
                index=2,
                level=Level.ONE_OBJECT,
                sub_question="What number does it carry?",
                uses=(InstanceReference(second), InstanceReference(third)),
                establishes=(ValueReference(str(value)),),
                needs=(1,),
                output=str(value),
            ),
        ),
        answer=Answer.of(value),
        composer=Composer.VLM,
    )


class FixtureSolver:
    """Right or wrong by a hash."""

    def __init__(self, options: AwkwardOptions) -> None:
        self._options = options

    @property
    def spec(self) -> BackendSpec:
        return BackendSpec(
            role="solver", name="fixture", model="coin", options={"flavour": self._options.flavour}, is_simulated=True
        )

    async def solve(self, request: SolveRequest) -> Sequence[Rollout]:
        solved.append((request.chain.key, request.indices))
        await _behave(self._options, request.image)
        return [self._rollout(request, index) for index in request.indices]

    async def aclose(self) -> None:
        """Holds nothing."""

    def _rollout(self, request: SolveRequest, index: int) -> Rollout:
        is_right = int(content_key([request.chain.key, index, self._options.flavour, request.seed]), 16) % 3 > 0
        answer = request.chain.answer if is_right else Answer.of(99)
        return Rollout(
            chain=request.chain.key,
            index=index,
            text=f"So it is {answer}.",
            answer=answer,
            is_correct=is_right,
            tokens=5,
            trace=(HopTrace(hop=1, output="that one", is_correct=is_right),),
        )


@register("composer", "fixture", title="Of the tests", options=AwkwardOptions)
def _composer(options: AwkwardOptions) -> FixtureComposer:
    return FixtureComposer(options)


@register("solver", "fixture", title="Of the tests", options=AwkwardOptions)
def _solver(options: AwkwardOptions) -> FixtureSolver:
    return FixtureSolver(options)
