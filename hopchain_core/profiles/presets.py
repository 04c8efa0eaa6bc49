"""Profiles to begin with: the paper's set-up, one card of 80 GB, one of 24 GB.

Memory: two bytes a parameter in bfloat16, half a byte in 4 bits, and room for the context; figured, not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

from hopchain_core.profiles.profile import Profile, Sam3Profile, VllmProfile


@dataclass(frozen=True, slots=True)
class Preset:
    """Profiles that go together.

    Attributes:
        name: Word for it.
        title: What it is for.
        needs: What it takes, for people.
        profiles: Author, weak solver and segmenter.
    """

    name: str
    title: str
    needs: str
    profiles: tuple[Profile, ...]


def presets(python: str) -> tuple[Preset, ...]:
    """What there is to begin with.

    Args:
        python: Of the environment that vLLM is installed in.
    """

    def author(model: str, gib: float, **more: object) -> VllmProfile:
        return VllmProfile.model_validate(
            {"name": "author", "note": "names categories and writes chains", "model": model, "python": python}
            | {"gib": gib, "arguments": ("--reasoning-parser", "qwen3")}
            | more
        )

    def weak(model: str, gib: float, **more: object) -> VllmProfile:
        return VllmProfile.model_validate(
            {"name": "weak", "note": "tries each question", "model": model, "python": python, "gib": gib}
            | {"pictures_per_request": 1, "context_tokens": 16_384}
            | more
        )

    return (
        Preset(
            "paper",
            "As in the paper: Qwen3-VL-235B-A22B-Thinking as author, a small Qwen3-VL as weak solver",
            "8 cards of 80 GB for the author (470 GB of weights), one card for the others",
            (
                author("Qwen/Qwen3-VL-235B-A22B-Thinking", 600, devices=tuple(range(8)), context_tokens=65_536),
                weak("Qwen/Qwen3-VL-8B-Instruct", 24),
                Sam3Profile(name="sam3"),
            ),
        ),
        Preset(
            "80gb",
            "One card of 80 GB",
            "62 GB of weights for the author; the stages take turns on the card",
            (
                author("Qwen/Qwen3-VL-30B-A3B-Thinking", 72),
                weak("Qwen/Qwen3-VL-4B-Instruct", 16),
                Sam3Profile(name="sam3"),
            ),
        ),
        Preset(
            "24gb",
            "One card of 24 GB",
            "18 GB of weights for the author; the stages take turns on the card",
            (
                author("Qwen/Qwen3-VL-8B-Thinking", 22, context_tokens=16_384, most_in_flight=32),
                weak("Qwen/Qwen3-VL-2B-Instruct", 10, most_in_flight=64),
                Sam3Profile(name="sam3"),
            ),
        ),
    )
