"""The reward for EasyR1: ``worker.reward.reward_function=…/hopchain_core/rlvr/easyr1.py:compute_score``.

Source of the signature: EasyR1 b44b311, examples/reward_function/math.py and verl/workers/reward/function.py. A batch
arrives as a list of ``{"response", "response_length", "ground_truth"}``; `compute_score_of_one` is for
``reward_type=sequential``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hopchain_core.rlvr.completions import label_text
from hopchain_core.rlvr.reward import score

REWARD_NAME = "hopchain"
REWARD_TYPE = "batch"


def compute_score(reward_inputs: Sequence[Mapping[str, Any]], **kwargs: Any) -> list[dict[str, float]]:
    """One dictionary for each reply; ``overall`` is what is trained on.

    Raises:
        ValueError: It is called with one reply, or a label is not one number.
    """
    if isinstance(reward_inputs, Mapping):
        raise ValueError("compute_score takes a batch; name compute_score_of_one with reward_type=sequential")
    return [compute_score_of_one(one) for one in reward_inputs]


def compute_score_of_one(reward_input: Mapping[str, Any], **kwargs: Any) -> dict[str, float]:
    """``{"overall": …, "accuracy": …}`` of one reply. There is no reward for form: it could be had without an answer.

    Raises:
        ValueError: The label is not one number.
    """
    accuracy = score(reward_input["response"], label_text(reward_input["ground_truth"]))
    return {"overall": accuracy, "accuracy": accuracy}
