"""What the studio asks of a model that is prompted on the picture shown: the door, for real models and for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hopchain_core.domain.geometry import Box, Point
from hopchain_core.prompting import PromptStep, Proposals, Sam3Profile, Sam3Prompts, sam3_profiles


class Prompter(Protocol):
    """A model that can be prompted; see `Sam3Prompts`."""

    async def find(
        self,
        path: Path,
        key: str,
        *,
        word: str = "",
        boxes: Sequence[tuple[Box, bool]] = (),
        points: Sequence[tuple[Point, bool]] = (),
    ) -> Proposals: ...

    async def release(self) -> None: ...


Make = Callable[[Sam3Profile, Callable[[str], None], Callable[[PromptStep], None]], Prompter]
"""Gets what is told when a card is waited for, and at each step."""


def _sam3(profile: Sam3Profile, on_wait: Callable[[str], None], on_step: Callable[[PromptStep], None]) -> Prompter:
    return Sam3Prompts(profile, on_wait=on_wait, on_step=on_step)


@dataclass(frozen=True, slots=True)
class Prompting:
    """Where models come from.

    Attributes:
        profiles: Those that can be prompted; reads a file.
        make: The model of a profile; nothing is loaded before it is asked.
    """

    profiles: Callable[[], tuple[Sam3Profile, ...]] = sam3_profiles
    make: Make = _sam3
