"""The policy as the form of Decide has it."""

from __future__ import annotations

import pytest

from app.models.stage_settings import DECIDE, policy_of, policy_values, stage_fields
from hopchain_core.domain.calibration import band
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.statistics import IntervalMethod
from hopchain_core.errors import InputError

BANDS = ("paper", "all", "0-1", "0.1-0.4", "0.6-0.9", "below-0.3")


@pytest.mark.parametrize("name", BANDS)
@pytest.mark.parametrize("interval", IntervalMethod)
def test_that_what_is_in_force_is_shown_and_kept_as_it_is(name: str, interval: IntervalMethod) -> None:
    policy = Policy(drop=band(name, 6), interval=interval)
    assert policy_of(policy_values(policy), policy) == policy


@pytest.mark.parametrize("name", BANDS)
def test_that_a_rule_entered_by_its_ends_is_the_one_of_the_command(name: str) -> None:
    assert policy_of(policy_values(Policy(drop=band(name, 6))), Policy()) == Policy(drop=band(name, 6))


def test_that_a_field_stands_for_every_part_of_the_policy() -> None:
    assert [field.path[0] for field in stage_fields(DECIDE)] == list(policy_values(Policy()))
    lower = next(field for field in stage_fields(DECIDE) if field.path == ("too_hard_up_to",))
    assert (lower.is_optional, lower.least, lower.most, lower.is_most_open) == (True, 0, 1, True)


def test_that_ends_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(InputError, match="lower end"):
        policy_of({**policy_values(Policy()), "pass_rate": 0.4, "too_hard_up_to": 0.5}, Policy())
