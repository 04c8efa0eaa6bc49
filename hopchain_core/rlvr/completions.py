"""The text of what a model said, in the shapes that trainers hand it over in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Completion = str | Mapping[str, Any] | Sequence[Any] | object
"""A text, a message, or messages of which the last counts; contents may be lists of blocks."""


def completion_text(completion: Completion) -> str:
    """The reply as one text; of several messages the last, of several blocks those of text.

    Raises:
        TypeError: It is none of the known shapes.
    """
    if isinstance(completion, str):
        return completion
    if isinstance(completion, Mapping):
        return _content(completion.get("content"))
    if isinstance(completion, Sequence):
        return completion_text(completion[-1]) if completion else ""
    content = getattr(completion, "content", completion)
    if content is completion:
        raise TypeError(f"a completion is a text or messages, not {type(completion).__name__}")
    return _content(content)


def label_text(label: object) -> str:
    r"""A label as the reward takes it; a loader may have made a number of it, or it stands in ``\boxed{}``."""
    text = str(label).strip()
    if text.startswith(r"\boxed{") and text.endswith("}"):
        text = text[len(r"\boxed{") : -1]
    return text


def _content(content: object) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, Sequence):
        return "".join(_block(block) for block in content)
    raise TypeError(f"a message's content is a text or blocks, not {type(content).__name__}")


def _block(block: object) -> str:
    if isinstance(block, str):
        return block
    text = block.get("text") if isinstance(block, Mapping) else getattr(block, "text", None)
    return text if isinstance(text, str) else ""
