"""A model that is prompted, and answers with what a test gave it: at the protocol, as the real one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hopchain_core.domain.geometry import Box, Mask, Point
from hopchain_core.prompting import PromptStep, Proposal, Proposals, Sam3Profile


def disc(x: float, y: float, radius: float, size_px: tuple[int, int] = (640, 480)) -> Mask:
    """A round mask in a picture of a size."""
    ys, xs = np.mgrid[: size_px[1], : size_px[0]]
    return Mask.from_bitmap((xs - x) ** 2 + (ys - y) ** 2 <= radius**2)


@dataclass(frozen=True, slots=True)
class Question:
    """What the model was asked."""

    path: Path
    key: str
    word: str
    boxes: tuple[tuple[Box, bool], ...]
    points: tuple[tuple[Point, bool], ...]


@dataclass(slots=True)
class Model:
    """Answers each question with `found`, or raises `error`; waits while `gate` is closed.

    Attributes:
        profiles: Those there are.
        found: What it finds, by falling score.
        error: What it raises instead.
        asked: Questions so far.
        made_for: Names of profiles that a model was made of.
        released: How often it was let go.
    """

    profiles: list[Sam3Profile] = field(default_factory=lambda: [Sam3Profile(name="SAM 3", model="/models/sam3")])
    found: list[Proposal] = field(default_factory=list)
    error: Exception | None = None
    asked: list[Question] = field(default_factory=list)
    made_for: list[str] = field(default_factory=list)
    released: int = 0
    is_closed: bool = False
    _on_wait: Callable[[str], None] = print
    _on_step: Callable[[PromptStep], None] = print

    def made(
        self, profile: Sam3Profile, on_wait: Callable[[str], None], on_step: Callable[[PromptStep], None]
    ) -> Model:
        self.made_for.append(profile.name)
        self._on_wait, self._on_step = on_wait, on_step
        return self

    async def find(
        self,
        path: Path,
        key: str,
        *,
        word: str = "",
        boxes: Sequence[tuple[Box, bool]] = (),
        points: Sequence[tuple[Point, bool]] = (),
    ) -> Proposals:
        self.asked.append(Question(path, key, word, tuple(boxes), tuple(points)))
        self._on_step(PromptStep.LOADING if len(self.asked) == 1 else PromptStep.FINDING)
        while self.is_closed:  # noqa: ASYNC110 (opened by a plain assignment)
            await asyncio.sleep(0.01)
        if self.error is not None:
            raise self.error
        return Proposals(tuple(self.found), 0.25)

    async def release(self) -> None:
        self.released += 1

    def wait_for(self, text: str) -> None:
        """As a model that waits for its card."""
        self._on_wait(text)
