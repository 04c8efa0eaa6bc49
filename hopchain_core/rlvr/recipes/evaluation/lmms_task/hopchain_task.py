"""What the task beside it asks, shows and scores, from rows of an export with ``--format hf``."""

from __future__ import annotations

from typing import Any

from hopchain_core.rlvr.reward import score


def pictures(doc: dict[str, Any]) -> list[Any]:
    """The pictures of a row, as Pillow has them."""
    return [picture.convert("RGB") for picture in doc["images"]]


def prompt(doc: dict[str, Any], kwargs: dict[str, Any] | None = None) -> str:
    """The question with the form that is asked for."""
    return str(doc["prompt"])


def scored(doc: dict[str, Any], results: list[str]) -> dict[str, float]:
    """1 where the reward reads the answer in the reply, else 0."""
    return {"hopchain_accuracy": score(results[0], doc["answer"])}
