"""The rule by which chains are hard enough, looked at and changed in its dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.keep_rule import BANDS, OWN, Kept, kept_by, rate_of
from app.models.rate_bins import rate_bins
from app.studio import Studio
from app.views.difficulty import actions as ids
from app.views.difficulty.charts import _bands
from app.views.difficulty.rule_dialog import RuleDialog
from app.views.difficulty.space import DifficultySpace
from hopchain_core.domain.calibration import band
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.statistics import IntervalMethod

LEFT = Qt.MouseButton.LeftButton
Settled = Callable[[Studio], None]


@pytest.fixture
def dialog(space: DifficultySpace, studio: Studio, qtbot: QtBot, settled: Settled) -> Iterator[RuleDialog]:
    studio.actions.trigger(ids.RULE)
    found = space.window().findChild(RuleDialog)
    assert found is not None
    qtbot.waitUntil(lambda: found.tries.text() != "", timeout=20000)
    yield found
    settled(studio)


def enter(field_text: str, dialog: RuleDialog, name: str) -> None:
    field = getattr(dialog, name)
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, field_text)


def choose(dialog: RuleDialog, name: str) -> None:
    dialog.band.setFocus()
    QTest.keyClick(dialog.band, Qt.Key.Key_Home)
    for _ in range(list(BANDS).index(name)):
        QTest.keyClick(dialog.band, Qt.Key.Key_Down)


def use(dialog: RuleDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.accepted, timeout=20000):
        QTest.mouseClick(dialog.use, LEFT)


def test_that_the_paper_s_rule_stands_there_first_and_nothing_is_to_be_kept(dialog: RuleDialog) -> None:
    assert dialog.band.currentData() == "paper"
    assert (dialog.low.text(), dialog.high.text(), dialog.least.text()) == ("", "1", "4")
    assert not dialog.use.isEnabled()
    assert "43 %" in [chance.text() for _, chance in dialog.luck]


def test_that_a_band_is_put_in_force_as_a_step_of_undo(
    dialog: RuleDialog, studio: Studio, qtbot: QtBot, settled: Settled
) -> None:
    project = studio.need_project()
    before = project.policy()
    choose(dialog, "0.1-0.9")
    assert (dialog.low.text(), dialog.high.text()) == ("0.1", "0.9")
    foreseen = int(dialog.counts[0][1].text())
    use(dialog, qtbot)
    settled(studio)
    assert project.policy() == replace(before, drop=band("0.1-0.9"))
    with project.read() as read:
        assert read.difficulty_charts(None).kept == foreseen
    project.undo()
    assert project.policy() == before


def test_that_ends_of_one_s_own_are_taken_with_interval_and_tries(
    dialog: RuleDialog, studio: Studio, qtbot: QtBot, settled: Settled
) -> None:
    enter("0.2", dialog, "low")
    enter("60 %", dialog, "high")
    enter("6", dialog, "least")
    enter("16", dialog, "tries")
    assert dialog.band.currentData() == OWN
    assert "at 16 tries" in dialog.luck_title.text()
    dialog.interval.setFocus()
    QTest.keyClick(dialog.interval, Qt.Key.Key_Down)
    QTest.mouseClick(dialog.until, LEFT)
    use(dialog, qtbot)
    settled(studio)
    policy, options = studio.need_project().policy(), studio.need_project().last_options()
    assert policy.drop == band("0.2-0.6", 6)
    assert policy.interval is IntervalMethod.JEFFREYS
    assert (options.rollouts, options.until_decided) == (16, True)


@pytest.mark.parametrize(
    ("name", "text"),
    [("high", "1.5"), ("high", "often"), ("low", "1"), ("least", "0"), ("tries", "-3"), ("low", "nan")],
)
def test_that_what_cannot_be_taken_is_refused_beneath_its_field(dialog: RuleDialog, name: str, text: str) -> None:
    enter("8", dialog, "tries")
    enter(text, dialog, name)
    assert any(refusal.text() for refusal in dialog.refusals.values())
    assert not dialog.use.isEnabled()


def test_that_everything_needs_no_ends(dialog: RuleDialog, studio: Studio, qtbot: QtBot, settled: Settled) -> None:
    choose(dialog, "all")
    assert not dialog.high.isEnabled()
    assert dialog.luck_note.text() == "Nothing is dropped."
    use(dialog, qtbot)
    settled(studio)
    assert studio.need_project().policy().drop is None


def test_that_the_rule_and_its_luck_stand_over_the_charts(
    space: DifficultySpace, studio: Studio, qtbot: QtBot, settled: Settled
) -> None:
    project = studio.need_project()
    studio.bridge.edit(lambda: project.set_policy(replace(project.policy(), drop=band("0.1-0.9")), by=studio))
    qtbot.waitUntil(lambda: "10 % of the time or less" in space.drops.toolTip(), timeout=20000)
    assert "by luck" in space.drops.toolTip()
    settled(studio)


def test_that_both_ends_of_a_band_are_marked() -> None:
    bins = rate_bins([8])

    def marked(name: str, tried: int = 8) -> list[tuple[int, int, str]]:
        return [(b.first, b.last, b.text) for b in _bands(bins, Policy(drop=band(name)), {tried})]

    assert marked("paper") == [(8, 8, "dropped")]
    assert marked("0-1") == [(0, 0, "too hard"), (8, 8, "too easy")]
    assert marked("0.25-0.75") == [(0, 2, "too hard"), (6, 8, "too easy")]
    assert marked("below-0.3") == [(3, 8, "dropped")]
    assert marked("all") == marked("0-1", 3) == []


@given(
    st.dictionaries(st.tuples(st.integers(0, 8), st.integers(8, 9)), st.integers(1, 50)), st.sampled_from(list(BANDS))
)
def test_that_every_chain_is_kept_or_dropped_on_one_side(rates: dict[tuple[int, int], int], name: str) -> None:
    drop = band(name if name != OWN else "0.3-0.4")
    found = kept_by(drop, rates)
    kept = sum(n for (k, of), n in rates.items() if drop is None or not drop.drops(k, of))
    assert found == Kept(kept, found.too_easy, found.too_hard)
    assert found.chains == sum(rates.values())


@pytest.mark.parametrize(
    ("text", "rate"), [("0.75", 0.75), (".5", 0.5), ("0,1", 0.1), ("75 %", 0.75), ("", None), ("1", 1)]
)
def test_that_a_rate_is_read_as_people_type_it(text: str, rate: float | None) -> None:
    assert rate_of(text) == rate
