"""Difficulty as a person uses it: real keys and clicks on a real project."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.difficulty_choice import Segment
from app.studio import Studio
from app.views.difficulty import actions as ids
from app.views.difficulty.space import DifficultySpace
from hopchain_core.domain.rollout_errors import ErrorSubkind
from hopchain_core.domain.rollouts import ErrorKind
from hopchain_core.project import DifficultyQuery

Settled = Callable[[Studio], None]


def said(studio: Studio, number: int) -> list[tuple[str, str]]:
    """What the project holds of the rollouts of a chain: kind and sub-kind, empty for nothing."""
    with studio.need_project().read() as read:
        errors = [r.error for r in read.judged_rollouts(number)]
    return [(e.kind.value, e.subkind.value if e.subkind else "") if e else ("", "") for e in errors]


def press(space: DifficultySpace, qtbot: QtBot, *keys: str) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or space, key)


def wrong_place(space: DifficultySpace) -> int:
    """Place of the rollout that is selected, which is the first wrong one."""
    opened = space.presenter.opened
    assert opened is not None
    assert not opened.rollouts[space.presenter.rollout].is_right
    return space.presenter.rollout


def test_that_keys_judge_a_rollout_and_undo_takes_it_back(
    space: DifficultySpace, studio: Studio, qtbot: QtBot, settled: Settled
) -> None:
    number, place = space.presenter.number, wrong_place(space)
    assert number is not None
    press(space, qtbot, "2")
    qtbot.waitUntil(lambda: said(studio, number)[place] == ("reasoning", ""))
    press(space, qtbot, "C")
    qtbot.waitUntil(lambda: said(studio, number)[place] == ("perception", ErrorSubkind.COUNTING.value))
    settled(studio)
    assert studio.undo_texts[0] == f"Error kind of rollout {place + 1}"
    press(space, qtbot, "U")
    qtbot.waitUntil(lambda: said(studio, number)[place] == ("reasoning", ""))
    qtbot.waitUntil(lambda: _shown(space, place) == ("reasoning", ""))
    qtbot.keyClick(space.table.rows, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: said(studio, number)[place] == ("", ""))


def _shown(space: DifficultySpace, place: int) -> tuple[str, str]:
    opened = space.presenter.opened
    error = opened.rollouts[place].error if opened is not None else None
    return (error.kind.value, error.subkind.value if error.subkind else "") if error else ("", "")


def test_that_the_same_key_twice_says_nothing(space: DifficultySpace, studio: Studio, qtbot: QtBot) -> None:
    number, place = space.presenter.number, wrong_place(space)
    assert number is not None
    press(space, qtbot, "1")
    qtbot.waitUntil(lambda: said(studio, number)[place] == ("perception", ""))
    press(space, qtbot, "1")
    qtbot.waitUntil(lambda: said(studio, number)[place] == ("", ""))


def test_that_a_button_judges_as_its_key_does(space: DifficultySpace, studio: Studio, qtbot: QtBot) -> None:
    number, place = space.presenter.number, wrong_place(space)
    assert number is not None
    body = space.panel.cards[place].body
    assert body is not None
    qtbot.mouseClick(body.button_of(ErrorKind.HALLUCINATION), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said(studio, number)[place] == ("hallucination", ""))


def test_that_a_right_rollout_cannot_be_judged(space: DifficultySpace, studio: Studio, qtbot: QtBot) -> None:
    presenter = space.presenter
    presenter.choose(descending=True)
    qtbot.waitUntil(lambda: presenter.list.ids[0] != presenter.number)
    presenter.open_number(presenter.list.ids[0])
    qtbot.waitUntil(lambda: presenter.opened is not None and presenter.opened.row.number == presenter.list.ids[0])
    assert presenter.opened is not None
    right = next(n for n, one in enumerate(presenter.opened.rollouts) if one.is_right)
    presenter.show_rollout(right)
    assert not studio.actions.is_enabled(ids.KIND.format("perception"))
    assert "right" in studio.actions.why_not(ids.KIND.format("perception"))


def test_that_the_chart_of_errors_follows_what_was_said(space: DifficultySpace, qtbot: QtBot) -> None:
    press(space, qtbot, "1")
    kinds = space.charts.kinds
    qtbot.waitUntil(lambda: kinds.words(0).startswith("Perception: 1 rollout,"), timeout=20_000)
    assert "1 of" in space.charts.kind_foot.text()


def test_that_arrows_of_both_kinds_step_chains_and_rollouts(space: DifficultySpace, qtbot: QtBot) -> None:
    presenter = space.presenter
    ids_, first = presenter.list.ids, presenter.number
    press(space, qtbot, "J")
    qtbot.waitUntil(lambda: presenter.opened is not None and presenter.opened.row.number == ids_[1])
    press(space, qtbot, "K")
    qtbot.waitUntil(lambda: presenter.opened is not None and presenter.opened.row.number == first)
    place = presenter.rollout
    press(space, qtbot, "]")
    assert presenter.rollout == place + 1
    press(space, qtbot, "[")
    assert presenter.rollout == place


def test_that_a_bar_narrows_the_table_and_a_chip_widens_it(
    space: DifficultySpace, studio: Studio, qtbot: QtBot, settled: Settled
) -> None:
    charts, presenter = space.charts, space.presenter
    whole = len(presenter.list.ids)
    assert presenter.charts is not None
    assert presenter.charts.solver is not None
    rates = presenter.charts.rates[presenter.charts.solver]
    place = next(n for n, b in enumerate(charts.bins) if any(b.holds(k / n) for k, n in rates) and b.high < 1.0)
    qtbot.mouseClick(charts.rates, Qt.MouseButton.LeftButton, pos=charts.rates.place(place).center().toPoint())
    b = charts.bins[place]
    wanted = sum(count for (k, n), count in rates.items() if b.holds(k / n))
    qtbot.waitUntil(lambda: len(presenter.list.ids) == wanted)
    assert charts.rates.selected == {place}
    assert wanted < whole
    settled(studio)
    qtbot.keyClick(charts.rates, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(presenter.list.ids) == whole)
    assert charts.rates.selected == frozenset()


def test_that_each_bar_lists_as_many_as_the_project_holds(space: DifficultySpace, studio: Studio, qtbot: QtBot) -> None:
    charts, presenter = space.charts, space.presenter
    assert presenter.charts is not None
    for n, hop in enumerate(presenter.charts.first_wrong):
        charts.hops.chosen.emit(n)
        with studio.need_project().read() as read:
            wanted = read.difficulty_ids(DifficultyQuery(first_wrong_hop=hop))
        qtbot.waitUntil(lambda wanted=wanted: presenter.list.ids == wanted)  # type: ignore[misc]


def test_that_segments_are_counted_and_list_what_they_say(space: DifficultySpace, studio: Studio, qtbot: QtBot) -> None:
    presenter = space.presenter
    dropped = presenter.list.of(Segment.DROPPED)
    presenter.choose(segment=Segment.DROPPED)
    qtbot.waitUntil(lambda: len(presenter.list.ids) == dropped)
    with studio.need_project().read() as read:
        rows = read.difficulty_rows(presenter.list.ids)
    assert all(not row.difficulty.is_kept for row in rows)


def test_that_a_simulation_is_marked_wherever_figures_stand(space: DifficultySpace) -> None:
    assert space.charts.simulated.isVisible()
    assert space.panel.simulated.isVisible()
    assert "simulated" in space.head.figure.text()


def test_that_a_word_is_found_in_replies(space: DifficultySpace, studio: Studio, qtbot: QtBot) -> None:
    studio.actions.trigger(ids.FIND_REPLY)
    assert space.panel.field.hasFocus()
    qtbot.keyClicks(space.panel.field, "attempt")
    opened = space.presenter.opened
    assert opened is not None
    n = len(opened.rollouts)
    qtbot.waitUntil(lambda: f"of {n}" in space.panel.found.text())
    assert f"{n} in {n} of {n}" == space.panel.found.text()


def test_that_letters_typed_into_the_search_judge_nothing(
    space: DifficultySpace, studio: Studio, qtbot: QtBot, settled: Settled
) -> None:
    number = space.presenter.number
    assert number is not None
    studio.actions.trigger(ids.FIND)
    qtbot.keyClicks(space.table.field, "c1")
    settled(studio)
    assert set(said(studio, number)) == {("", "")}


def test_that_the_picture_comes_and_goes_with_its_key(space: DifficultySpace, studio: Studio, qtbot: QtBot) -> None:
    press(space, qtbot, "V")
    assert space.shows_picture()
    qtbot.waitUntil(lambda: space.picture.canvas.image is not None)
    assert space.presenter.opened is not None
    assert f"Label {space.presenter.opened.row.label}" in space.picture.label.text()
    qtbot.keyClick(space, Qt.Key.Key_Escape)
    assert not space.shows_picture()


def test_that_the_order_is_another_after_a_click_on_a_column(space: DifficultySpace, qtbot: QtBot) -> None:
    presenter, heads = space.presenter, space.table.heads
    from app.views.difficulty.cell import columns

    x, wide = columns(space.table.rows.viewport().width())["chain"]
    middle = heads.rect().center()
    middle.setX(round(x + wide / 2))
    qtbot.mouseClick(heads, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: list(presenter.list.ids) == sorted(presenter.list.ids))


def test_that_nothing_can_be_judged_in_a_project_for_reading(
    composed: Composed, studio: Studio, qtbot: QtBot, settled: Settled
) -> None:
    path = studio.need_project().path
    studio.close_project()
    studio.open_project(path, read_only=True)
    qtbot.waitUntil(lambda: studio.project is not None)
    studio.go("difficulty")
    found = composed.window.space("difficulty")
    assert isinstance(found, DifficultySpace)
    qtbot.waitUntil(lambda: found.presenter.opened is not None, timeout=20_000)
    assert not found.presenter.may_judge
    assert "reading only" in studio.actions.why_not(ids.KIND.format("other"))
    settled(studio)


@pytest.mark.parametrize("size", [(1600, 1000), (1280, 800), (960, 600)])
def test_that_no_column_is_lost_over_the_edge(
    composed: Composed, space: DifficultySpace, qtbot: QtBot, size: tuple[int, int]
) -> None:
    from app.views.difficulty.cell import columns

    composed.window.resize(*size)
    QApplication.processEvents()
    width = space.table.rows.viewport().width()
    x, wide = columns(width)["outcome"]
    assert x + wide <= width
    assert space.panel.width() >= 300
