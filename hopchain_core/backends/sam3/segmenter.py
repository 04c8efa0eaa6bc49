"""Stage 2 with SAM 3: one pass over a picture for all its categories."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from hopchain_core.backends.engines.process import EngineProcess
from hopchain_core.backends.engines.setup import python_of
from hopchain_core.backends.protocols import Refusal, Segmented, SegmentRequest
from hopchain_core.backends.sam3.tidy import Candidate, Limits, tidied
from hopchain_core.backends.servers.lease import DeviceLease, devices_of
from hopchain_core.domain.geometry import Mask
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.errors import BackendError, InputError, PrerequisiteError
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.profile import Sam3Profile

VERSION = 1
WORKER = "hopchain_core.backends.sam3.worker"


class Sam3Options(BaseModel):
    """Options of SAM 3."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: str = Field(default="sam3", min_length=1, description="Which SAM 3: the name of a profile.")
    score_from: float = Field(
        default=0.5, ge=0, le=1, description="Least score, presence in the picture included; Meta's own threshold."
    )
    mask_from: float = Field(
        default=0.5, ge=0, le=1, description="Least probability of a pixel that belongs; as transformers takes it."
    )
    same_iou: float = Field(
        default=0.7, gt=0, le=1, description="Two of one category that overlap more are one. Chosen."
    )
    other_iou: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="Two of different categories that overlap more are one; the surer name stays. Chosen.",
    )
    least_area: float = Field(
        default=0.0004, ge=0, lt=1, description="Share of the picture; smaller is not seen. As programs take it."
    )
    speck: float = Field(
        default=0.02, ge=0, lt=1, description="Parts below this share of a mask are wiped off. Chosen."
    )
    least_piece: float = Field(
        default=0.5, ge=0, le=1, description="Share of a mask that its largest part must have. Chosen."
    )
    most: int = Field(default=100, ge=1, le=200, description="Of one category; SAM 3 itself gives 200 at most.")
    phrases_at_once: int = Field(default=8, ge=1, le=64, description="Categories in one pass; less takes less memory.")
    pictures_at_once: int = Field(
        default=4,
        ge=1,
        le=32,
        description="Pictures looked at in one pass; fewer where the card has no room for so many.",
    )

    @property
    def limits(self) -> Limits:
        """What is kept."""
        return Limits(
            same_iou=self.same_iou,
            other_iou=self.other_iou,
            least_area=self.least_area,
            speck=self.speck,
            least_piece=self.least_piece,
            most=self.most,
        )


class Sam3Segmenter:
    """Asks SAM 3, in its own process, for every instance of the categories of a picture.

    Args:
        profile: Which SAM 3, and where it runs.
        options: What is kept.
    """

    def __init__(self, profile: Sam3Profile, options: Sam3Options) -> None:
        self._profile = profile
        self._options = options
        self.engine = EngineProcess(
            WORKER, name=profile.name, python=profile.python or str(python_of(profile.engine) or "")
        )
        self._lease = DeviceLease(devices_of(profile.device), "SAM 3", self.engine.teller.waits)
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[list[Any]]]] = []
        self._asking: asyncio.Task[None] | None = None

    @property
    def spec(self) -> BackendSpec:
        """The model and all that determines what is kept; not the device."""
        return BackendSpec(
            role="segmenter",
            name="sam3",
            version=VERSION,
            model=self._profile.label or self._profile.model,
            options=self._options.model_dump(exclude={"profile", "phrases_at_once", "pictures_at_once"}),
        )

    async def aclose(self) -> None:
        """Ends the process and gives the card back."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await self.engine.aclose()
        self._lease.give_back()

    async def segment(self, request: SegmentRequest) -> Segmented:
        """Finds the instances.

        Raises:
            BackendError: The picture cannot be read, the model failed, or its process died.
            PrerequisiteError: The model cannot be loaded.
        """
        phrases = [category.name for category in request.categories]
        if not phrases:
            return Segmented(instances=())
        asked = {"path": str(request.path), "key": request.image.key, "phrases": phrases}
        found = await self._found(asked)
        return await asyncio.to_thread(self._kept, request.image.key, phrases, found)

    async def _found(self, asked: dict[str, Any]) -> list[Any]:
        """What is found in one picture, asked for together with the others that wait meanwhile."""
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_waiting())
        try:
            return await future
        finally:
            future.cancel()

    async def _ask_waiting(self) -> None:
        while self._waiting:
            some = self._waiting[: self._options.pictures_at_once]
            del self._waiting[: len(some)]
            # Whoever was cancelled while waiting costs the model nothing.
            some = [(asked, future) for asked, future in some if not future.done()]
            if not some:
                continue
            try:
                replies = await self._ask([asked for asked, _ in some])
            except asyncio.CancelledError:
                for _, future in some:
                    future.cancel()
                raise
            except Exception as error:
                for _, future in some:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), reply in zip(some, replies, strict=True):
                if future.done():
                    continue
                if "error" in reply:
                    future.set_exception(BackendError(reply["error"]["message"], kind=reply["error"]["kind"]))
                else:
                    future.set_result(reply["found"])

    async def _ask(self, pictures: list[dict[str, Any]]) -> list[dict[str, Any]]:
        await self._lease.take()
        reply = await self.engine.call(
            "find_many",
            model=self._profile.address,
            pictures=pictures,
            score_from=self._options.score_from,
            mask_from=self._options.mask_from,
            phrases_at_once=self._options.phrases_at_once,
        )
        replies: list[dict[str, Any]] = reply["pictures"]
        return replies

    def _kept(self, image: ImageKey, phrases: list[str], found: list[list[dict[str, Any]]]) -> Segmented:
        candidates = [
            Candidate(phrase, row["score"], Mask(row["size"][0], row["size"][1], row["counts"]))
            for phrase, rows in zip(phrases, found, strict=True)
            for row in rows
        ]
        kept, left = tidied(candidates, self._options.limits)
        return Segmented(
            instances=tuple(
                Instance(
                    image=image,
                    category=candidate.category,
                    box=candidate.mask.box(),
                    mask=candidate.mask,
                    score=candidate.score,
                    origin=Origin.MODEL,
                )
                for candidate in kept
            ),
            refusals=tuple(Refusal(reason=one.reason, detail=one.detail) for one in left),
        )


def open_segmenter(options: Sam3Options, book: ProfileBook | None = None) -> Sam3Segmenter:
    """SAM 3 as a profile has it. Nothing is loaded yet.

    Raises:
        PrerequisiteError: There is no such profile, or it is of another kind.
    """
    try:
        profile = (book or ProfileBook()).get(options.profile)
    except InputError as error:
        raise PrerequisiteError(
            str(error), hint=f"Add it: hopchain models add {options.profile} --kind sam3 --model FOLDER."
        ) from error
    if not isinstance(profile, Sam3Profile):
        raise PrerequisiteError(f"{profile.name} is no SAM 3 but {profile.kind}.", hint="Choose another profile.")
    return Sam3Segmenter(profile, options)
