"""SAM 3 on the picture that somebody looks at: a word, boxes or points, and candidates that wait to be kept."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from hopchain_core.backends.engines.process import EngineProcess
from hopchain_core.backends.engines.setup import python_of
from hopchain_core.backends.sam3.segmenter import WORKER, Sam3Options
from hopchain_core.backends.sam3.tidy import Candidate, tidied
from hopchain_core.backends.servers.lease import DeviceLease, devices_of
from hopchain_core.domain.geometry import Box, Mask, Point
from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.profile import Sam3Profile

SCORE_FROM = 0.1
"""Least score of a candidate. Lower than a stage takes: a person sees them and draws the line."""
IDLE_S = 180.0
"""So long after the last prompt the card is given back. Chosen."""
_LOOK_AGAIN_S = 0.5
"""How often to look, while nothing is asked, whether another waits for the card."""
PICTURES_SEEN = 2
"""Of so many pictures the process keeps what the model saw; as `PICTURES_KEPT` of the worker's model."""
_OPTIONS = Sam3Options(score_from=SCORE_FROM, least_piece=0.0)


class PromptStep(StrEnum):
    """What a prompt is at."""

    LOADING = "loading"
    """The process starts and reads the model's weights: once, until it is released."""
    LOOKING = "looking"
    """The model looks at a picture for the first time, which is most of the work, and at what was asked."""
    FINDING = "finding"
    """The picture has been seen: only what was asked is new."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that may become an instance.

    Attributes:
        mask: In pixels of the picture.
        score: In [0, 1].
    """

    mask: Mask
    score: float


@dataclass(frozen=True, slots=True)
class Proposals:
    """What one prompt found.

    Attributes:
        found: By falling score.
        seconds: From the question to the answer, without waiting for the card or for the model to load.
    """

    found: tuple[Proposal, ...]
    seconds: float


class Sam3Prompts:
    """Keeps the process, and in it what the model has seen of the last pictures, so that the next prompt is quick.

    The card is held from the first prompt until nobody has asked for a while, another waits for it while nothing is
    asked, or `release`.

    Args:
        profile: Which SAM 3, and where it runs.
        idle_s: After how long without a prompt the card is given back.
        on_wait: Told once what is waited for while another has the card.
        on_step: Told what a prompt is at, on the loop it was asked on.
    """

    def __init__(
        self,
        profile: Sam3Profile,
        *,
        idle_s: float = IDLE_S,
        on_wait: Callable[[str], None] = lambda text: None,
        on_step: Callable[[PromptStep], None] = lambda step: None,
    ) -> None:
        self.profile = profile
        self.engine = EngineProcess(WORKER, python=profile.python or str(python_of(profile.engine) or ""))
        self._lease = DeviceLease(devices_of(profile.device), "SAM 3 in the studio", on_wait)
        self._on_step = on_step
        self._idle_s = idle_s
        self._asked = 0
        self._idle: asyncio.Task[None] | None = None
        self._ending = asyncio.Lock()
        self._loaded: int | None = None
        self._seen: deque[str] = deque(maxlen=PICTURES_SEEN)

    async def prompt_word(self, path: Path, key: str, word: str) -> Proposals:
        """Everything that a word or a short phrase names. Raises as `find`."""
        return await self.find(path, key, word=word)

    async def prompt_boxes(
        self, path: Path, key: str, boxes: Sequence[tuple[Box, bool]], *, word: str = ""
    ) -> Proposals:
        """Everything like what the boxes show; each says whether it shows what is meant. Raises as `find`."""
        return await self.find(path, key, word=word, boxes=boxes)

    async def prompt_points(
        self, path: Path, key: str, points: Sequence[tuple[Point, bool]], *, box: Box | None = None
    ) -> Proposals:
        """The one thing that the points lie on, or beside. Raises as `find`."""
        return await self.find(path, key, points=points, boxes=[(box, True)] if box is not None else ())

    async def find(
        self,
        path: Path,
        key: str,
        *,
        word: str = "",
        boxes: Sequence[tuple[Box, bool]] = (),
        points: Sequence[tuple[Point, bool]] = (),
    ) -> Proposals:
        """Asks the model. Cancelling gives up waiting; what the model is at it finishes.

        Args:
            path: The picture's file.
            key: Tells the picture; the same key means the same pixels.
            word: A word or a short phrase.
            boxes: In pixels of the picture, and whether each is of what is meant. With points the first one bounds it.
            points: In pixels of the picture, and whether each lies on what is meant.

        Raises:
            InputError: Nothing was asked.
            PictureError: The picture cannot be read.
            BackendError: The model failed, or its process died; the next prompt starts it again.
            PrerequisiteError: The model cannot be loaded.
        """
        word = " ".join(word.split())
        if not (word or boxes or points):
            raise InputError("Say what to look for: a word, a box or a point.")
        self._asked += 1
        self._stop_waiting()
        try:
            async with self._ending:
                # A release under way would take the card from under us.
                pass
            await self._lease.take()
            await self._load()
            begun = time.perf_counter()
            self._on_step(PromptStep.FINDING if key in self._seen else PromptStep.LOOKING)
            reply = await self._ask(path, key, word, boxes, points)
            self._note(key)
            found = await asyncio.to_thread(_read, reply["found"][0], word, is_one=bool(points))
            return Proposals(found, time.perf_counter() - begun)
        except PrerequisiteError:
            # Nothing was loaded, or not what was wanted; a corrected profile is tried with a fresh process.
            await self.release()
            raise
        finally:
            self._asked -= 1
            self._wait_idle()

    async def release(self) -> None:
        """Ends the process and gives the card back; the next prompt starts it again."""
        self._stop_waiting()
        async with self._ending:
            await self.engine.aclose()
            self._lease.give_back()

    async def aclose(self) -> None:
        """Ends the process and gives the card back."""
        await self.release()

    async def _load(self) -> None:
        if self._loaded is not None and self._loaded == self.engine.pid:
            return
        self._on_step(PromptStep.LOADING)
        self._seen.clear()
        await self.engine.call("load", model=self._model)
        self._loaded = self.engine.pid

    def _note(self, key: str) -> None:
        if key in self._seen:
            self._seen.remove(key)
        self._seen.append(key)

    @property
    def _model(self) -> list[str]:
        return self.profile.address

    async def _ask(
        self,
        path: Path,
        key: str,
        word: str,
        boxes: Sequence[tuple[Box, bool]],
        points: Sequence[tuple[Point, bool]],
    ) -> dict[str, Any]:
        common: dict[str, Any] = {
            "model": self._model,
            "path": str(path),
            "key": key,
            "mask_from": _OPTIONS.mask_from,
        }
        if points:
            places = [[point.x, point.y, is_inside] for point, is_inside in points]
            box = list(boxes[0][0].as_tuple()) if boxes else None
            return await self.engine.call("find_at", points=places, box=box, **common)
        shown = [[list(box.as_tuple()), is_inside] for box, is_inside in boxes] if boxes else None
        return await self.engine.call(
            "find", phrases=[word], boxes=shown, score_from=SCORE_FROM, phrases_at_once=1, **common
        )

    def _wait_idle(self) -> None:
        self._stop_waiting()
        if not self._asked and self.engine.pid is not None:
            self._idle = asyncio.get_running_loop().create_task(self._release_when_idle())

    def _stop_waiting(self) -> None:
        idle, self._idle = self._idle, None
        if idle is not None:
            idle.cancel()

    async def _release_when_idle(self) -> None:
        until = time.monotonic() + self._idle_s
        while (left := until - time.monotonic()) > 0 and not self._lease.is_wanted():  # noqa: ASYNC110 (a wish is a file)
            await asyncio.sleep(min(left, _LOOK_AGAIN_S))
        # From here on a new prompt waits for the end of it, and does not break it off.
        self._idle = None
        await self.release()


def _read(rows: list[dict[str, Any]], word: str, *, is_one: bool) -> tuple[Proposal, ...]:
    found = [Candidate(word, row["score"], Mask(row["size"][0], row["size"][1], row["counts"])) for row in rows]
    kept = found if is_one else tidied(found, _OPTIONS.limits)[0]
    return tuple(Proposal(candidate.mask, candidate.score) for candidate in kept)


def sam3_profiles(book: ProfileBook | None = None) -> tuple[Sam3Profile, ...]:
    """Those that can be prompted, by name.

    Raises:
        InputError: The file of profiles cannot be read.
    """
    return tuple(profile for profile in (book or ProfileBook()).all() if isinstance(profile, Sam3Profile))
