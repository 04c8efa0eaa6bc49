"""When a weaker model has tried a chain often enough to know whether it is kept, although not to know how hard it is.

Chains that are always solved are dropped (HopChain, arXiv 2603.17024, stage 4), so one wrong answer settles the matter.
Where a band has two ends, it is settled once neither can be reached any more, or one is. What was tried until then is no
sample of how often the model is right: it ends with a wrong answer because that is where it was stopped. So it gives the
decision of a full count, and never a rate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.policy import DropRule, Policy
from hopchain_core.domain.rollouts import Difficulty, FinishReason, Rollout


def wrong_to_keep(drop: DropRule | None, n: int) -> int:
    """How many wrong rollouts of n make sure that a chain is not too easy: 1 where only what is always solved is."""
    if drop is None:
        return 1
    return next((wrong for wrong in range(1, n) if not drop.is_too_easy(n - wrong, n)), n)


def right_to_keep(drop: DropRule | None, n: int) -> int:
    """How many correct rollouts of n make sure that a chain is not too hard; 0 where nothing is."""
    if drop is None:
        return 0
    least = next((right for right in range(n + 1) if not drop.is_too_hard(right, n)), 0)
    # Where no count at all is kept, counting in full is what tells.
    return least if least <= n - wrong_to_keep(drop, n) else 0


def is_right(rollout: Rollout, proposed: Answer, label: Answer | None = None) -> bool:
    """Whether an attempt counts as correct; one that was cut off does not.

    Args:
        rollout: The attempt.
        proposed: The chain's own answer.
        label: What people agreed on, where that is another number.
    """
    is_same = rollout.is_correct if label is None or label == proposed else rollout.answer == label
    return is_same and rollout.finish_reason is FinishReason.STOP


def count_right(rollouts: Iterable[Rollout], proposed: Answer, label: Answer | None = None) -> int:
    """How many attempts count as correct; see `is_right`."""
    return sum(is_right(r, proposed, label) for r in rollouts)


def until_decided(counted: Difficulty, asked: int, policy: Policy) -> Difficulty:
    """What a count amounts to that stopped as soon as its outcome was sure.

    Where it is not sure after all (people agreed on another number since, or the policy changed), the chain is kept
    until more is tried.

    Args:
        counted: What was tried.
        asked: How many rollouts the full count would have.
        policy: Of the project.
    """
    n, drop = max(asked, counted.n), policy.drop
    # Dropped is only what would be dropped however the rest turned out.
    still = range(counted.n_correct, n - counted.n_wrong + 1)
    is_kept = drop is None or not all(drop.drops(right, n) for right in still)
    is_too_hard = not is_kept and drop is not None and drop.is_beneath(counted.n_correct, counted.n)
    return replace(counted, is_kept=is_kept, is_too_hard=is_too_hard, is_until_decided=True)
