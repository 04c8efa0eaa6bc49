"""The page that `make bench` writes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.benchmarks.__main__ import document, medians, part_of, parts_of, ratio, title_of


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
    title = title_of("Reading things: fast.\n\nMore.")
    page = document({title: part_of(title, [_row("a", 1234, 0.5), _row("b", 1, None)], 3)})
    assert "cores" in page
    assert "## Reading things: fast" in page
    assert "medians of 3 runs" in page
    assert "| a | 1,234 ms | theirs: 0.5 ms | 0.00 | n |" in page
    assert "| b | 1 ms | – | – | n |" in page


def test_that_a_part_measured_alone_leaves_the_others() -> None:
    first = document({name: part_of(name, [_row("x", 1, 2)], 3) for name in ("One", "Two")})
    found = parts_of(first)
    assert list(found) == ["One", "Two"]
    page = document(found | {"Two": part_of("Two", [_row("y", 3, 4)], 1)})
    assert parts_of(page)["One"].strip() == found["One"].strip()
    assert "| x |" not in parts_of(page)["Two"]
    assert "one run" in page
    assert document(parts_of(page)) == page
