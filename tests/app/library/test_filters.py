"""Each filter shows what it would leave, and leaves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.presenters.library_choice import Choice, filters_of
from app.studio import Studio
from app.views.library import filters as filter_rows
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.status import ChainStatus
from tests.app.library.person import LEFT, NONE, SHIFT, Visitor
from tests.app.library.rows import FAILING, FRESH, row_of, rows_of


def test_that_a_status_leaves_the_pictures_with_a_chain_that_stands_so(visitor: Visitor) -> None:
    row = visitor.space.filters.chains.row(ChainStatus.REJECTED)
    assert row is not None
    assert row.count == 1
    visitor.check(row)
    wanted = [r.path for r in rows_of(visitor.project) if ChainStatus.REJECTED in r.chain_counts]
    assert visitor.paths() == wanted
    assert len(wanted) == 1


def test_that_every_count_of_a_status_is_what_its_filter_leaves(visitor: Visitor) -> None:
    for status in ChainStatus:
        row = visitor.space.filters.chains.row(status)
        assert row is not None
        if row.isHidden() or not row.count:
            continue
        count = row.count
        visitor.check(row)
        assert len(visitor.paths()) == count, status
        visitor.check(row)
    assert len(visitor.paths()) == len(rows_of(visitor.project))


def test_that_pictures_without_chains_are_found(visitor: Visitor) -> None:
    visitor.check(visitor.space.filters.chains.row(filter_rows.WITHOUT_CHAINS))
    assert visitor.paths() == [FRESH, FAILING]


def test_that_pictures_on_which_a_stage_fails_are_found(visitor: Visitor) -> None:
    row = visitor.space.filters.chains.row(filter_rows.FAILING)
    assert row is not None
    assert row.count == 1
    visitor.check(row)
    assert visitor.paths() == [FAILING]


def test_that_two_choices_of_one_group_widen_and_two_groups_narrow(visitor: Visitor) -> None:
    groups = visitor.space.filters
    visitor.check(groups.chains.row(ChainStatus.REJECTED))
    visitor.check(groups.chains.row(filter_rows.WITHOUT_CHAINS))
    assert len(visitor.paths()) == 3
    visitor.check(groups.composers.row(Composer.PROGRAM))
    assert len(visitor.paths()) == 1


def test_that_a_category_leaves_the_pictures_that_hold_one(visitor: Visitor) -> None:
    with visitor.project.read() as read:
        holds = {row.path: {i.category for i in read.instances(row.key)} for row in rows_of(visitor.project)}
    row = visitor.space.filters.categories.row("mug")
    assert row is not None
    visitor.check(row)
    assert visitor.paths() == [path for path, categories in holds.items() if "mug" in categories]


def test_that_rare_categories_stand_behind_a_button(visitor: Visitor) -> None:
    group = visitor.space.filters.categories
    assert group.row("teapot") is None
    visitor.push(group.more)
    row = group.row("teapot")
    assert row is not None
    visitor.check(row)
    assert len(visitor.paths()) == row.count == 1
    visitor.push(group.more)
    assert group.row("teapot") is row, "what is checked stays in sight"


def test_that_a_rule_leaves_the_pictures_in_which_it_found_something(visitor: Visitor) -> None:
    row = visitor.space.filters.rules.row("leak")
    assert row is not None
    assert row.count == 1
    visitor.check(row)
    assert visitor.paths() == [rows_of(visitor.project)[2 + 2].path]


def test_that_a_composer_leaves_the_pictures_with_a_chain_of_theirs(visitor: Visitor) -> None:
    row = visitor.space.filters.composers.row(Composer.PERSON)
    assert row is not None
    assert row.count == 1
    visitor.check(row)
    with visitor.project.read() as read:
        image = read.image_rows(visitor.model.ids())[0].key
        assert Composer.PERSON in {chain.chain.composer for chain in read.chains(image)}


def test_that_a_drag_over_the_bars_chooses_a_span_of_pass_rates(visitor: Visitor) -> None:
    bars = visitor.space.filters.bars
    with visitor.project.read() as read:
        rates = [row.pass_rate for row in read.chain_rows(read.chain_ids())]
    assert any(rate is not None and rate <= 0.3 for rate in rates), "the sample has no hard chain"

    def bar(index: int) -> QPoint:
        return QPoint(round(16 + (bars.width() - 32) / 9 * (index + 0.5)), 20)

    QTest.mousePress(bars, LEFT, NONE, bar(2))
    QTest.mouseMove(bars, bar(1))
    QTest.mouseRelease(bars, LEFT, NONE, bar(0))
    visitor.settle()
    span = bars.span
    assert span is not None
    assert span[1] == 2
    with visitor.project.read() as read:
        wanted = {
            row.image_path
            for row in read.chain_rows(read.chain_ids())
            if row.pass_rate is not None and span[0] <= round(8 * row.pass_rate) <= span[1]
        }
    assert set(visitor.paths()) == wanted
    bars.setFocus()
    visitor.key(Qt.Key.Key_Escape)
    visitor.settle()
    assert bars.span is None
    assert len(visitor.paths()) == len(rows_of(visitor.project))


def test_that_a_span_of_pass_rates_is_chosen_by_keys(visitor: Visitor) -> None:
    bars = visitor.space.filters.bars
    bars.setFocus()
    visitor.key(Qt.Key.Key_Right)
    visitor.key(Qt.Key.Key_Right, SHIFT)
    visitor.key(Qt.Key.Key_Right, SHIFT)
    visitor.settle()
    assert bars.span == (0, 2)
    assert visitor.presenter.choice.pass_rate is not None


def test_that_filters_are_taken_away_at_once(visitor: Visitor) -> None:
    visitor.check(visitor.space.filters.chains.row(ChainStatus.REJECTED))
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_F, SHIFT)
    visitor.settle()
    assert len(visitor.paths()) == len(rows_of(visitor.project))
    row = visitor.space.filters.chains.row(ChainStatus.REJECTED)
    assert row is not None
    assert not row.isChecked()


def test_that_a_list_without_pictures_offers_to_take_the_filters_away(visitor: Visitor) -> None:
    visitor.presenter.choose(text="no such thing")
    visitor.settle()
    empty = visitor.space.empty_shown()
    assert empty is not None
    assert "no such thing" in empty.text.text()
    button = next(b for b in empty.findChildren(type(visitor.space.tools.add)) if b.isVisible())
    visitor.push(button)
    visitor.settle()
    assert visitor.space.empty_shown() is None
    assert len(visitor.paths()) == len(rows_of(visitor.project))


def test_that_a_place_to_go_to_chooses_filters(open_library: Callable[..., Visitor]) -> None:
    visitor = open_library(failing=True)
    assert visitor.paths() == [FAILING]
    visitor = open_library(category="mug")
    assert FAILING not in visitor.paths()
    row = visitor.space.filters.categories.row("mug")
    assert row is not None
    assert row.isChecked()


def test_that_a_picture_to_go_to_is_shown_among_all(open_library: Callable[..., Visitor]) -> None:
    visitor = open_library(failing=True)
    wanted = row_of(visitor.project, FRESH)
    visitor.studio.go("library", image=wanted.key)
    visitor.settle()
    assert not visitor.presenter.choice.is_filtered
    assert [visitor.key_at(row) for row in visitor.selected()] == [wanted.key]


def test_that_the_filters_fold_away_and_stay_so(visitor: Visitor) -> None:
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_F)
    assert not visitor.space.filters.isVisible()
    assert visitor.space.tools.filters.isVisible()
    assert visitor.studio.settings.get("library.filters") is False
    visitor.push(visitor.space.tools.filters)
    assert visitor.space.filters.isVisible()
    assert not visitor.space.tools.filters.isVisible()


def test_that_filters_out_of_sight_can_still_be_taken_away(visitor: Visitor) -> None:
    visitor.check(visitor.space.filters.chains.row(ChainStatus.REJECTED))
    visitor.grid.setFocus()
    visitor.key(Qt.Key.Key_F)
    assert visitor.space.selection.text().startswith("1 of 8 pictures")
    visitor.push(visitor.space.selection.clear_filters)
    visitor.settle()
    assert len(visitor.paths()) == 8
    assert not visitor.space.selection.clear_filters.isVisible()


def test_that_filters_are_as_they_were_when_the_project_is_opened_again(
    visitor: Visitor, studio: Studio, open_library: Callable[..., Visitor], qtbot: QtBot
) -> None:
    path = visitor.project.path

    def open_again() -> Visitor:
        studio.close_project()
        studio.open_project(path)
        qtbot.waitUntil(lambda: studio.project is not None, timeout=10_000)
        return open_library()

    visitor.check(visitor.space.filters.chains.row(filter_rows.WITHOUT_CHAINS))
    visitor.check(visitor.space.filters.chains.row(ChainStatus.REJECTED))
    visitor.space.presenter.choose(pass_rate=(0.0, 0.5), text="scene")
    wanted = visitor.space.presenter.choice
    again = open_again()
    assert again.space is not visitor.space
    assert again.space.presenter.choice == replace(wanted, text="")
    row = again.space.filters.chains.row(filter_rows.WITHOUT_CHAINS)
    assert row is not None
    assert row.isChecked()
    # Cleared, they are gone for good.
    again.space.presenter.clear()
    assert not open_again().space.presenter.choice.is_filtered


def test_that_filters_that_cannot_be_read_filter_nothing() -> None:
    for kept in (None, [], "x", {"statuses": "rejected", "categories": [1], "pass_rate": [0.2], "failing": 1}):
        assert not replace(Choice(), **filters_of(kept)).is_filtered
    choice = Choice(
        statuses=(ChainStatus.REJECTED,),
        composers=(Composer.PERSON,),
        categories=("cup",),
        rules=("leak",),
        failing=True,
        pass_rate=(0.25, 0.5),
    )
    assert replace(Choice(), **filters_of(choice.kept())) == choice
