"""How fast a run goes, by a clock that a test turns."""

from __future__ import annotations

import pytest

from hopchain_core.jobs.pace import WINDOW_S, Pace


class Clock:
    """Seconds as a test wants them."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_that_nothing_is_foretold_before_the_first_item() -> None:
    clock = Clock()
    pace = Pace(10, clock)
    clock.now += 3
    assert (pace.rate_per_s(), pace.remaining_s(), pace.seconds) == (0.0, None, 3.0)


def test_that_time_left_follows_from_the_rate() -> None:
    clock = Clock()
    pace = Pace(30, clock)
    for _ in range(10):
        clock.now += 0.5
        pace.note()
    assert pace.rate_per_s() == pytest.approx(2.0)
    assert pace.remaining_s() == pytest.approx(10.0)


def test_that_the_rate_is_that_of_the_last_moments() -> None:
    clock = Clock()
    pace = Pace(1000, clock)
    for _ in range(100):
        clock.now += 1.0
        pace.note()
    clock.now += 0.001
    for _ in range(30):
        clock.now += WINDOW_S / 30
        pace.note()
    assert pace.rate_per_s() == pytest.approx(2.0, rel=0.05)
    clock.now += WINDOW_S
    pace.note()
    assert pace.rate_per_s() == pytest.approx(1 / WINDOW_S, rel=0.1)


def test_that_reports_come_at_most_ten_times_a_second() -> None:
    clock = Clock()
    pace = Pace(1000, clock)
    due = 0
    for _ in range(200):
        clock.now += 0.01
        due += pace.is_report_due()
    assert 19 <= due <= 21
