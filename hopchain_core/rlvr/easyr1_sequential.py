"""The reward for EasyR1, one reply at a time: ``…/hopchain_core/rlvr/easyr1_sequential.py:compute_score``."""

from __future__ import annotations

from hopchain_core.rlvr.easyr1 import compute_score_of_one as compute_score

__all__ = ["REWARD_NAME", "REWARD_TYPE", "compute_score"]

REWARD_NAME = "hopchain"
REWARD_TYPE = "sequential"
