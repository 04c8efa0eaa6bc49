"""The reply of a model parted into what it thought and what it said, and where a word stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_THOUGHT = re.compile(r"<think(?:ing)?>(.*?)(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_CLOSED_ONLY = re.compile(r"\A(.*?)</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_AROUND = 44


@dataclass(frozen=True, slots=True)
class ReplyText:
    """A reply.

    Attributes:
        thought: What stood between thinking tags; empty for nothing. A template may open them before the reply begins.
        said: The rest.
    """

    thought: str
    said: str

    @classmethod
    def of(cls, text: str) -> ReplyText:
        """Parts a reply."""
        if "</think" in text.lower() and "<think" not in text.lower():
            found = _CLOSED_ONLY.match(text)
            if found is not None:
                return cls(found[1].strip(), text[found.end() :].strip())
        thoughts = [m[1].strip() for m in _THOUGHT.finditer(text)]
        return cls("\n\n".join(t for t in thoughts if t), _THOUGHT.sub("", text).strip())

    @property
    def thought_words(self) -> int:
        """How many words were thought."""
        return len(self.thought.split())


def excerpt(text: str, most: int = 100, around: str = "") -> str:
    """One line of a reply: what stands around a word that is looked for, or its end, where the answer is."""
    flat = _SPACES.sub(" ", text).strip()
    at = flat.casefold().find(around.casefold()) if around else -1
    if at >= 0:
        begin = max(0, at - _AROUND)
        end = min(len(flat), begin + most)
        return ("… " if begin else "") + flat[begin:end].strip() + (" …" if end < len(flat) else "")
    if len(flat) <= most:
        return flat
    cut = flat[len(flat) - most :]
    return "… " + cut[cut.find(" ") + 1 :]


def found_in(text: str, word: str) -> int:
    """How often a word stands in a text, upper or lower case alike."""
    return text.casefold().count(word.casefold()) if word else 0
