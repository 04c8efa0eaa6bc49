"""Finds the JSON in what a model said, whatever stands round it, and says why when there is none.

Met in practice: fences, talk before and after, thinking with or without its tags, several objects of which the last
counts, replies cut off in the middle, refusals in words, nothing at all. Nothing is guessed: JSON that was cut off is
not closed for the model.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Any

from hopchain_core.backends.vlm.chat import Choice
from hopchain_core.domain.rollouts import FinishReason

_THOUGHT = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_STILL_THINKING = re.compile(r"\A\s*<think(?:ing)?>", re.IGNORECASE)
_REFUSES = re.compile(
    r"\b(?:i(?:['’]m| am)? (?:sorry|unable|not able)|i (?:can(?:not|['’]t)|won['’]t)|as an ai|cannot (?:help|assist|comply))\b",
    re.IGNORECASE,
)
_decoder = json.JSONDecoder(strict=False)
"""Not strict: grammars let raw control characters into strings that have a greatest length."""


_MOST_STARTS = 10_000
"""Brackets looked at, so that a reply full of them takes no time to speak of."""


class ReplyProblem(StrEnum):
    """Why a reply cannot be used."""

    EMPTY = "empty_reply"
    CUT_OFF = "cut_off"
    REFUSED = "refused"
    NO_JSON = "no_json"
    WRONG_SHAPE = "wrong_shape"


class UnusableReplyError(ValueError):
    """A reply that holds nothing to use.

    Attributes:
        problem: Which kind.
    """

    def __init__(self, problem: ReplyProblem, message: str) -> None:
        super().__init__(message)
        self.problem = problem


def said_in(choice: Choice) -> str:
    """What the model said, without what it thought."""
    text = _THOUGHT.sub("", choice.text)
    # Thinking that never ended leaves nothing said.
    return "" if _STILL_THINKING.match(text) else text.strip()


def object_in(choice: Choice, *, with_field: str) -> dict[str, Any]:
    """The JSON object a reply holds.

    Args:
        choice: The reply.
        with_field: A field that the object must have; of several that do, the last counts. A bare list is taken as the
            value of this field.

    Raises:
        UnusableReplyError: There is none.
    """
    text = said_in(choice)
    found, has_broken = _values_in(text)
    for value in reversed(found):
        if isinstance(value, dict) and with_field in value:
            return value
    for value in reversed(found):
        # Inside of something broken, a list may be any list.
        if not has_broken and isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            return {with_field: value}
    if choice.finish_reason is FinishReason.LENGTH:
        raise UnusableReplyError(ReplyProblem.CUT_OFF, "The reply was cut off before its JSON ended.")
    if not text:
        raise UnusableReplyError(ReplyProblem.EMPTY, "The reply says nothing.")
    if found:
        raise UnusableReplyError(ReplyProblem.WRONG_SHAPE, f"The reply's JSON has no field {with_field!r}.")
    if _REFUSES.search(text):
        raise UnusableReplyError(ReplyProblem.REFUSED, f"The model declined: {_short(text)}")
    raise UnusableReplyError(ReplyProblem.NO_JSON, f"The reply holds no JSON: {_short(text)}")


def _values_in(text: str) -> tuple[list[Any], bool]:
    """The outermost JSON objects and lists in a text, in order, and whether something began like one and was none."""
    values: list[Any] = []
    has_broken = False
    at = 0
    for _ in range(_MOST_STARTS):
        start = _next_bracket(text, at)
        if start is None:
            break
        try:
            value, at = _decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            at, has_broken = start + 1, True
            continue
        values.append(value)
    return values, has_broken


def _next_bracket(text: str, at: int) -> int | None:
    places = [place for place in (text.find("{", at), text.find("[", at)) if place >= 0]
    return min(places) if places else None


def _short(text: str, most: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
