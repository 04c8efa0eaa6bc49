"""Whether the reward tells a right reply from wrong ones, on the labels as a trainer's loader hands them over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hopchain_core.domain.answers import Answer
from hopchain_core.rlvr.trl import hopchain_reward


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What the reward said.

    Attributes:
        labels: Looked at.
        replies: Scored.
        mistakes: A line for each reply that it scored wrongly.
    """

    labels: int
    replies: int
    mistakes: tuple[str, ...]


def check_labels(labels: Sequence[object]) -> SelfCheck:
    """Scores two right and five wrong replies for each label, by TRL's entry point.

    Args:
        labels: The column ``solution``.
    """
    replies = 0
    mistakes = []
    for row, label in enumerate(labels):
        try:
            answer = Answer.of(str(label))
        except ValueError as error:
            mistakes.append(f"row {row}: {error}")
            continue
        if not isinstance(label, str) or answer.text != label:
            mistakes.append(f"row {row}: the loader made {label!r} of a label; it would be {answer.text!r}")
            continue
        for reply, meant in _replies(answer):
            said = [[{"role": "assistant", "content": reply}]]
            replies += 1
            if hopchain_reward(completions=said, solution=[label]) != [meant]:
                mistakes.append(f"row {row}: {reply!r} for {label} should be scored {meant:g}")
    return SelfCheck(len(labels), replies, tuple(mistakes))


def _replies(answer: Answer) -> list[tuple[str, float]]:
    right = answer.text
    sign, digits = ("-", right[1:]) if right.startswith("-") else ("", right)
    other = f"{sign}1{digits}"
    return [
        (rf"<answer>\boxed{{{right}}}</answer>", 1.0),
        (f"It is {other} at first sight, and after a second look more.\nThe final answer is {right}.", 1.0),
        (rf"<answer>\boxed{{{other}}}</answer>", 0.0),
        (rf"{right} <answer>\boxed{{{other}}}</answer>", 0.0),
        (rf"<answer>\boxed{{{right} or {other}}}</answer>", 0.0),
        ("I cannot tell.", 0.0),
        ("", 0.0),
    ]
