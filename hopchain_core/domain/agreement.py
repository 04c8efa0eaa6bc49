"""Krippendorff's alpha for nominal values, and its interval by resampling questions.

Source of alpha: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections C and D. It takes any
number of people, each of whom may have answered any of the questions, corrects for agreement by chance, and is the
coefficient to take for nominal data with missing values (A. Zapf et al., BMC Medical Research Methodology 16:93, 2016).

Source of the interval: the bootstrap over questions of Zapf et al., whose intervals held their level in simulations.
The older one of Hayes and Krippendorff (2007) draws pairs as if they were independent and holds the disagreement by
chance fixed; there it covered 60 % instead of 95 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
"""Chosen: the ends of the interval then move by about a tenth of its width from seed to seed."""
LEAST_QUESTIONS = 10
"""With fewer questions no interval is given: it would come out too narrow. Chosen."""
_CELLS_AT_ONCE = 2_000_000

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha:
    """How far people agree beyond chance: 1 is perfect, 0 is chance, below 0 is worse than chance.

    Attributes:
        value: None where it is not defined: nothing can be compared, or only one value was ever given, so that nothing
            could have been disagreed on.
        low: Lower end of the 95 % interval; None with `value`, and for fewer than `LEAST_QUESTIONS` questions.
        high: Its upper end.
        questions: With at least two values; others say nothing of agreement.
        answers: Values of those questions.
    """

    value: float | None
    low: float | None
    high: float | None
    questions: int
    answers: int


@dataclass(frozen=True, slots=True)
class _Table:
    """How often each value was given to each question, where at least two were.

    Shapes:
        unit, code, count: (entries,), sorted by code; one entry for each question and value that occurs
        starts: (values,): first entry of each value
        given: (questions,): values of each question
        apart: (questions,): ordered pairs of different values, over the values less one
    """

    unit: Codes
    code: Codes
    count: Codes
    starts: Codes
    given: Codes
    apart: NDArray[np.float64]


def alpha(units: Codes, values: Codes) -> float | None:
    """Nominal alpha; None where it is not defined (see `Alpha`).

    Args:
        units: The question of each answer, as numbers from 0.
        values: What was answered, as numbers from 0; missing ones are simply not in the list.

    Shapes:
        units, values: (answers,)
    """
    table = _table(units, values)
    totals = np.add.reduceat(table.count, table.starts) if table.count.size else table.count
    return _finite(_alpha(table.apart.sum(), table.given.sum(), np.square(totals, dtype=np.float64).sum()))


def alpha_with_interval(
    units: Codes,
    values: Codes,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
) -> Alpha:
    """Nominal alpha with the percentiles of its bootstrap over questions.

    Resamples in which only one value is left have no alpha and are left out. Few questions drawn with repetition look a
    little less varied than they are, which near chance moves all resamples down; an interval that would miss the value
    for that reason reaches to it.

    Args:
        units: As in `alpha`.
        values: As in `alpha`.
        seed: The same seed gives the same interval.
        resamples: How many.
        confidence: Level of the interval, between 0 and 1.
    """
    table = _table(units, values)
    questions, answers = len(table.given), int(table.given.sum())
    value = alpha(units, values)
    low = high = None
    if value is not None and questions >= LEAST_QUESTIONS:
        found = _resampled(table, np.random.default_rng(seed), resamples)
        found = found[np.isfinite(found)]
        if found.size:
            edge = (1 - confidence) / 2
            ends = np.quantile(found, (edge, 1 - edge))
            low, high = min(value, float(ends[0])), max(value, float(ends[1]))
    return Alpha(value=value, low=low, high=high, questions=questions, answers=answers)


def _resampled(table: _Table, random: np.random.Generator, resamples: int) -> NDArray[np.float64]:
    questions = len(table.given)
    at_once = max(1, _CELLS_AT_ONCE // max(questions, len(table.unit)))
    found = [np.empty(0)]
    # float32 counts up to 2**24 exactly, which is more values than one project holds.
    counts, given = table.count.astype(np.float32)[:, None], table.given.astype(np.float64)
    for first in range(0, resamples, at_once):
        n = min(at_once, resamples - first)
        drawn = random.integers(0, questions, (questions, n)) * n + np.arange(n)
        weight = np.bincount(drawn.ravel(), minlength=questions * n).reshape(questions, n)
        totals = np.add.reduceat(weight.astype(np.float32)[table.unit] * counts, table.starts, axis=0)
        squares = np.square(totals, dtype=np.float64).sum(axis=0)
        found.append(_alpha(table.apart @ weight, given @ weight, squares))
    return np.concatenate(found)


def _table(units: Codes, values: Codes) -> _Table:
    given = np.bincount(units) if units.size else np.zeros(0, dtype=np.int64)
    can_pair = given[units] >= 2
    _, units = np.unique(units[can_pair], return_inverse=True)
    _, values = np.unique(values[can_pair], return_inverse=True)
    given = np.bincount(units) if units.size else np.zeros(0, dtype=np.int64)
    questions = max(1, len(given))
    cells, count = np.unique(values * questions + units, return_counts=True)
    code, unit = np.divmod(cells, questions)
    starts = np.flatnonzero(np.diff(code, prepend=-1))
    alike = np.bincount(unit, weights=np.square(count), minlength=len(given))
    apart = (np.square(given) - alike[: len(given)]) / np.maximum(given - 1, 1)
    return _Table(unit, code, count, starts, given, apart)


def _alpha(apart: object, answers: object, squares: object) -> NDArray[np.float64]:
    """1 - D_observed / D_by chance, nan where nothing could have been disagreed on."""
    observed, n, alike = (np.asarray(x, dtype=np.float64) for x in (apart, answers, squares))
    by_chance = n * n - alike
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(by_chance > 0, 1.0 - (n - 1) * observed / by_chance, np.nan))


def _finite(found: NDArray[np.float64]) -> float | None:
    return float(found) if np.isfinite(found) else None
