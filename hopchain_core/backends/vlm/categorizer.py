"""Stage 1 with a model: it lists the kinds of things in a picture and says how much there is to it."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hopchain_core.backends.protocols import Categorized, CategorizeRequest, Refusal
from hopchain_core.backends.vlm.category_names import merged
from hopchain_core.backends.vlm.chat import ChatModel, ChatRequest, Message, PicturePart, Role, TextPart, told_apart
from hopchain_core.backends.vlm.pictures import MOST_PIXELS, whole_picture
from hopchain_core.backends.vlm.replies import ReplyProblem, UnusableReplyError, object_in
from hopchain_core.domain.images import Category, Quality, Rating
from hopchain_core.domain.keys import content_key
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.errors import BackendError
from hopchain_core.prompts import prompt

VERSION = 1
PROMPT = "categorize"
_UNREADABLE = frozenset(problem.value for problem in ReplyProblem)


class CategorizerOptions(BaseModel):
    """Options of a model that names categories."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: str = Field(default="author", min_length=1, description="Which model: the name of a profile.")
    most_categories: int = Field(default=20, ge=1, le=100, description="Kinds kept of each picture at most.")
    least_complexity: int = Field(
        default=3, ge=1, le=10, description="Pictures rated plainer are left out. The paper's threshold is not known."
    )
    least_quality: Literal["low", "medium", "high"] = Field(
        default="medium", description="Pictures rated poorer are left out, as in the paper."
    )
    temperature: float = Field(default=0.2, ge=0, le=2, description="Low, so that the plain names come.")
    max_tokens: int = Field(default=4096, ge=64, le=131_072, description="Of the reply, thinking included.")
    most_pixels: int = Field(
        default=MOST_PIXELS, ge=10_000, le=100_000_000, description="Larger pictures are shrunk to so many pixels."
    )


class _Named(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str = Field(max_length=80)
    count: int | None = Field(default=None, ge=0, le=10_000)
    countable: bool = True


class Reply(BaseModel):
    """What is asked for."""

    model_config = ConfigDict(extra="ignore")

    categories: list[_Named] = Field(max_length=200)
    complexity: int = Field(ge=1, le=10)
    quality: Quality


class VlmCategorizer:
    """Asks a vision-language model which categories are in a picture, and how complex and good the picture is.

    Args:
        model: The model.
        options: How it is asked.
    """

    def __init__(self, model: ChatModel, options: CategorizerOptions) -> None:
        self._model = model
        self._options = options

    @property
    def spec(self) -> BackendSpec:
        """The model and all that determines what it says; not where it is served."""
        return BackendSpec(
            role="categorizer",
            name="vlm",
            version=VERSION,
            model=self._model.model,
            options=self._options.model_dump(exclude={"profile"}) | told_apart(self._model),
            prompt_hash=prompt(PROMPT).hash,
        )

    async def aclose(self) -> None:
        """Gives the model back."""
        await self._model.aclose()

    async def categorize(self, request: CategorizeRequest) -> Categorized:
        """Names the categories; none where the picture is too plain or too poor, with that as the refusal.

        Raises:
            PictureError: The picture cannot be read.
            BackendError: The server failed, or the reply cannot be read.
        """
        picture = await asyncio.to_thread(whole_picture, request.path, most_pixels=self._options.most_pixels)
        words = TextPart(prompt(PROMPT).filled(most=str(self._options.most_categories)))
        try:
            return await self._asked(request, picture, words, turn=0)
        except BackendError as error:
            if error.kind not in _UNREADABLE:
                raise
        # Nothing that can be read: it is asked once more, with other luck.
        return await self._asked(request, picture, words, turn=1)

    async def _asked(self, request: CategorizeRequest, picture: PicturePart, words: TextPart, turn: int) -> Categorized:
        reply = await self._model.chat(
            ChatRequest(
                messages=(Message(Role.USER, (picture, words)),),
                max_tokens=self._options.max_tokens,
                temperature=self._options.temperature,
                seed=(int(content_key(["categorize", request.image.key]), 16) + turn) % 2**31,
                schema=Reply.model_json_schema(),
                urgency=request.urgency,
            )
        )
        try:
            read = _read(object_in(reply.choices[0], with_field="categories"))
        except UnusableReplyError as error:
            raise BackendError(str(error), kind=error.problem.value) from error
        return self._judged(read)

    def _judged(self, read: Reply) -> Categorized:
        rating = Rating(complexity=read.complexity, quality=read.quality)
        qualities = list(Quality)
        reason = ""
        if read.complexity < self._options.least_complexity:
            reason = "too_plain"
        elif qualities.index(read.quality) < qualities.index(Quality(self._options.least_quality)):
            reason = "poor_quality"
        if reason:
            refused = Refusal(reason=reason, detail=rating.words)
            return Categorized(categories=(), refusals=(refused,), rating=rating)
        named = (Category(name=c.name, estimated_count=c.count, is_countable=c.countable) for c in read.categories)
        return Categorized(categories=merged(named, self._options.most_categories), rating=rating)


def _read(data: dict[str, Any]) -> Reply:
    """Checks a reply. A single category that cannot be read is left out, an unreadable rating is not guessed.

    Raises:
        BackendError: The rating or the list is missing or of the wrong kind.
    """
    rows = data.get("categories")
    kept = []
    for row in rows if isinstance(rows, list) else ():
        try:
            kept.append(_Named.model_validate({"name": row} if isinstance(row, str) else row))
        except ValidationError:
            continue
    quality = data.get("quality")
    try:
        return Reply.model_validate(
            {
                "categories": kept,
                "complexity": data.get("complexity"),
                "quality": quality.strip().lower() if isinstance(quality, str) else quality,
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BackendError(f"The reply's {where} cannot be read: {first['msg']}.", kind="wrong_shape") from error
