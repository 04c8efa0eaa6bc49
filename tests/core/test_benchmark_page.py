"""The page that `make bench` writes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.benchmarks.__main__ import document, medians, ratio, title_of


def _row(name: str, ours: float, other: float | None, unit: str = "ms") -> dict[str, Any]:
    return {"name": name, "ours": ours, "other_name": "theirs", "other": other, "unit": unit, "note": "n"}


def test_that_each_figure_is_the_median_of_its_row() -> None:
    runs = [[_row("a", ours, other), _row("b", 1, None)] for ours, other in ((3, 10), (1, 30), (100, 20))]
    a, b = medians(runs)
    assert (a["name"], a["ours"], a["other"]) == ("a", 3, 20)
    assert (b["name"], b["other"]) == ("b", None)


@pytest.mark.parametrize(
    ("unit", "ours", "other", "expected"),
    [("ms", 2, 8, 4), ("ms per item", 8, 2, 0.25), ("pictures/s", 8, 2, 4), ("ms", 2, None, None)],
)
def test_that_a_ratio_above_one_says_ours_is_faster(
    unit: str, ours: float, other: float | None, expected: float | None
) -> None:
    assert ratio(_row("a", ours, other, unit)) == expected


def test_that_the_page_states_the_machine_and_every_row() -> None:
    page = document([(title_of("Reading things: fast.\n\nMore."), [_row("a", 1234, 0.5), _row("b", 1, None)])], 3)
    assert "medians of 3 runs on" in page
    assert "cores" in page
    assert "## Reading things: fast" in page
    assert "| a | 1,234 ms | theirs: 0.5 ms | 0.00 | n |" in page
    assert "| b | 1 ms | – | – | n |" in page
