"""The reward for verl: ``reward.custom_reward_function.path=…/hopchain_core/rlvr/verl.py``, ``name=compute_score``.

Source of the signature: verl 0.9.1, verl/experimental/reward_loop/reward_manager/naive.py. It is called in a thread of
an executor. ROLL and SkyRL environments may call it as well.
"""

from __future__ import annotations

from typing import Any

from hopchain_core.rlvr.completions import label_text
from hopchain_core.rlvr.reward import score


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: dict[str, Any] | None = None,
    **kwargs: Any,
) -> float:
    """1.0 or 0.0.

    Args:
        data_source: Ignored: every row of ours is scored alike.
        solution_str: The reply alone.
        ground_truth: The row's ``reward_model.ground_truth``.
        extra_info: Ignored.
        **kwargs: Ignored.

    Raises:
        ValueError: The label is not one number.
    """
    return score(solution_str, label_text(ground_truth))
