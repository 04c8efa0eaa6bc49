"""The reward for TRL: ``GRPOTrainer(reward_funcs=[hopchain_reward], …)``.

Source of the signature: TRL 1.16.0, trl/trainer/grpo_trainer.py: every column of the data set arrives as a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hopchain_core.rlvr.completions import Completion, completion_text, label_text
from hopchain_core.rlvr.reward import score


def hopchain_reward(
    prompts: Sequence[Any] | None = None,
    completions: Sequence[Completion] = (),
    completion_ids: Sequence[Any] | None = None,
    solution: Sequence[str] = (),
    **columns: Any,
) -> list[float]:
    """1.0 or 0.0 for each completion.

    Args:
        prompts: Ignored.
        completions: Texts or messages.
        completion_ids: Ignored.
        solution: The column of labels.
        **columns: Other columns and the trainer's state, ignored.

    Raises:
        ValueError: There are not as many labels as completions, or a label is not one number.
    """
    return [
        score(completion_text(completion), label_text(label))
        for completion, label in zip(completions, solution, strict=True)
    ]
