"""Alpha against published figures, against its definition, and for what must always hold."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.agreement import LEAST_QUESTIONS, Alpha, Codes, alpha, alpha_with_interval

Rows = list[list[int | None]]

KRIPPENDORFF_2011_C = """
    1 2 3 3 2 1 4 1 2 . . .
    1 2 3 3 2 2 4 1 2 5 . 3
    . 3 3 3 2 3 4 2 2 5 1 .
    1 2 3 3 2 4 4 1 2 5 1 .
"""
KRIPPENDORFF_2011_B = """
    a a b b d c c c e d d a
    b a b b b c c c e d d d
"""
KRIPPENDORFF_2011_A = """
    0 1 0 0 0 0 0 0 1 0
    1 1 1 0 0 1 0 0 0 0
"""
ENCYCLOPEDIA = """
    . . . . . 3 4 1 2 1 1 3 3 . 3
    1 . 2 1 3 3 4 3 . . . . . . .
    . . 2 1 3 4 4 . 2 1 1 3 3 . 4
"""


@pytest.mark.parametrize(
    ("table", "published"),
    [
        (KRIPPENDORFF_2011_A, 0.095),  # section A: two observers, binary
        (KRIPPENDORFF_2011_B, 0.692),  # section B: two observers, nominal
        (KRIPPENDORFF_2011_C, 0.743),  # section C: four observers, missing values
        (ENCYCLOPEDIA, 0.691),  # the computational example in Wikipedia's article on it
    ],
)
def test_that_it_gives_the_published_figures(table: str, published: float) -> None:
    assert alpha(*_codes(_read(table))) == pytest.approx(published, abs=5e-4)


@given(st.lists(st.lists(st.none() | st.integers(0, 4), min_size=1, max_size=5), min_size=1, max_size=12))
def test_that_it_is_one_less_the_ratio_of_disagreements_in_the_coincidence_matrix(rows: Rows) -> None:
    by_definition = _alpha_by_definition(rows)
    found = alpha(*_codes(list(map(list, rows)), by_question=True))
    if by_definition is None:
        assert found is None
    else:
        assert found == pytest.approx(float(by_definition), abs=1e-12)


@given(
    st.lists(st.lists(st.none() | st.integers(0, 3), min_size=4, max_size=4), min_size=2, max_size=10),
    st.permutations(range(4)),
    st.randoms(use_true_random=False),
)
def test_that_names_of_people_values_and_questions_do_not_matter(
    rows: Rows, renamed: list[int], random: object
) -> None:
    import random as randoms

    assert isinstance(random, randoms.Random)
    other = [[None if v is None else renamed[v] for v in row] for row in rows]
    for row in other:
        random.shuffle(row)
    random.shuffle(other)
    assert alpha(*_codes(other, by_question=True)) == pytest.approx(alpha(*_codes(rows, by_question=True)))


def test_that_a_question_with_one_answer_changes_nothing() -> None:
    units, values = _codes(_read(KRIPPENDORFF_2011_C))
    with_one_more = np.append(units, units.max() + 1), np.append(values, 77)
    assert alpha(*with_one_more) == alpha(units, values)
    measured = alpha_with_interval(*with_one_more)
    assert (measured.questions, measured.answers) == (11, 40)


@pytest.mark.parametrize(
    "rows",
    [[], [[1], [2]], [[3, 3], [3, 3, 3]], [[None, None], [None]]],
    ids=["nothing", "nothing to compare", "one value only", "all missing"],
)
def test_that_it_is_not_defined_where_nothing_could_be_disagreed_on(rows: Rows) -> None:
    assert alpha(*_codes(rows, by_question=True)) is None
    measured = alpha_with_interval(*_codes(rows, by_question=True))
    assert (measured.value, measured.low, measured.high) == (None, None, None)


def test_that_full_agreement_is_one_and_its_interval_a_point() -> None:
    measured = alpha_with_interval(*_codes([[n % 3] * 4 for n in range(40)], by_question=True))
    assert measured == Alpha(value=1.0, low=1.0, high=1.0, questions=40, answers=160)


def test_that_systematic_disagreement_is_below_zero() -> None:
    found = alpha(*_codes([[0, 1] for _ in range(20)], by_question=True))
    assert found is not None
    assert found < 0


def test_that_the_same_seed_gives_the_same_interval_and_another_seed_a_near_one() -> None:
    units, values = _simulated(300, 0.8, np.random.default_rng(1))
    first, again = (alpha_with_interval(units, values, seed=4) for _ in range(2))
    other = alpha_with_interval(units, values, seed=5)
    assert first == again
    assert first != other
    assert _ends(first) == pytest.approx(_ends(other), abs=0.02)


def test_that_the_interval_is_that_of_resampling_questions_one_by_one() -> None:
    random = np.random.default_rng(7)
    units, values = _simulated(60, 0.7, random)
    slow = []
    for _ in range(1500):
        drawn = random.integers(0, 60, 60)
        picked = [values[units == question] for question in drawn]
        slow.append(alpha(np.repeat(np.arange(60), [len(p) for p in picked]), np.concatenate(picked)))
    expected = np.quantile(np.array(slow, dtype=float), (0.025, 0.975))
    assert _ends(alpha_with_interval(units, values, resamples=1500)) == pytest.approx(tuple(expected), abs=0.025)


def test_that_the_interval_holds_its_level() -> None:
    random = np.random.default_rng(3)
    truth = alpha(*_simulated(200_000, 0.75, random))
    assert truth is not None
    held = 0
    for _ in range(120):
        low, high = _ends(alpha_with_interval(*_simulated(80, 0.75, random), resamples=200, seed=held))
        held += low <= truth <= high
    assert 0.88 <= held / 120 <= 0.99


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=3), min_size=LEAST_QUESTIONS, max_size=15),
    st.integers(0, 99),
)
def test_that_the_interval_holds_the_value(rows: Rows, seed: int) -> None:
    measured = alpha_with_interval(*_codes(list(map(list, rows)), by_question=True), seed=seed, resamples=40)
    if measured.value is not None:
        low, high = _ends(measured)
        assert low <= measured.value <= high


def test_that_more_questions_narrow_the_interval() -> None:
    def width(questions: int) -> float:
        low, high = _ends(alpha_with_interval(*_simulated(questions, 0.8, np.random.default_rng(2))))
        return high - low

    assert width(30) > width(300) > width(3000)


def test_that_too_few_questions_get_a_figure_without_an_interval() -> None:
    rows: Rows = [[0, 0, 1]] + [[n % 3] * 3 for n in range(LEAST_QUESTIONS - 2)]
    few = alpha_with_interval(*_codes(rows, by_question=True))
    enough = alpha_with_interval(*_codes([*rows, [2, 2, 2]], by_question=True))
    assert few.value is not None
    assert few.low is None
    assert enough.low is not None


def _read(table: str) -> Rows:
    return [[None if v == "." else ord(v) for v in line.split()] for line in table.split("\n") if line.strip()]


def _codes(rows: Rows, *, by_question: bool = False) -> tuple[Codes, Codes]:
    """Questions and values of a table with a line for each person, or for each question."""
    cells = [
        ((i if by_question else j), value)
        for i, row in enumerate(rows)
        for j, value in enumerate(row)
        if value is not None
    ]
    units, values = zip(*cells, strict=True) if cells else ((), ())
    return np.array(units, dtype=np.int64), np.array(values, dtype=np.int64)


def _alpha_by_definition(rows: Rows) -> Fraction | None:
    """Krippendorff (2011), steps 2 to 4, in exact fractions: all pairs into a coincidence matrix, then its ratio."""
    coincidences: Counter[tuple[int, int]] = Counter()
    for row in rows:
        given = [value for value in row if value is not None]
        for one, other in permutations(range(len(given)), 2):
            coincidences[given[one], given[other]] += Fraction(1, len(given) - 1)  # type: ignore[assignment]
    totals: Counter[int] = Counter()
    for (one, _), n in coincidences.items():
        totals[one] += n
    n = sum(totals.values())
    apart = sum((c for (one, other), c in coincidences.items() if one != other), Fraction(0))
    by_chance = sum((Fraction(totals[a]) * totals[b] for a in totals for b in totals if a != b), Fraction(0))
    return None if by_chance == 0 else 1 - (n - 1) * apart / by_chance


def _simulated(questions: int, right: float, random: np.random.Generator) -> tuple[Codes, Codes]:
    """Four people who know the answer with a chance and guess otherwise; one in ten answers is missing."""
    truth = np.repeat(random.integers(0, 9, questions), 4)
    values = np.where(random.random(4 * questions) < right, truth, random.integers(0, 9, 4 * questions))
    kept = random.random(4 * questions) < 0.9
    return np.repeat(np.arange(questions), 4)[kept], values[kept]


def _ends(measured: Alpha) -> tuple[float, float]:
    assert measured.low is not None
    assert measured.high is not None
    return (measured.low, measured.high)
