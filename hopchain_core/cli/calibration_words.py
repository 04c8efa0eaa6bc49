"""The band of pass rates that is kept, and what luck does to it, for a terminal."""

from __future__ import annotations

from typing import Any

from hopchain_core.domain.calibration import band_words, luck_table, percent
from hopchain_core.domain.policy import Policy


def rule_line(policy: Policy) -> str:
    """What is dropped, and how intervals are worked out."""
    return f"dropped: {band_words(policy.drop)}; intervals of 95 % after {policy.interval.value}"


def luck_lines(policy: Policy, rollouts: int) -> list[str]:
    """The chance to drop a question by luck, for some true pass rates.

    Args:
        policy: In force.
        rollouts: Tries of each question.
    """
    if policy.drop is None:
        return []
    if rollouts < policy.drop.least_rollouts:
        return [f"at {rollouts} tries, as the last run had, nothing is dropped"]
    lines = [f"dropped by luck at {rollouts} tries, though the true pass rate is inside:"]
    lines += [
        f"  solved {percent(row.rate):>4} of the time  {percent(row.dropped):>7}"
        for row in luck_table(policy.drop, rollouts)
    ]
    return lines


def rule_json(policy: Policy, rollouts: int) -> dict[str, Any]:
    """The same for programs."""
    return {
        "rollouts": rollouts,
        "interval": policy.interval.value,
        "dropped_by_luck": [
            {"pass_rate": row.rate, "too_easy": row.too_easy, "too_hard": row.too_hard}
            for row in luck_table(policy.drop, rollouts)
        ],
    }
