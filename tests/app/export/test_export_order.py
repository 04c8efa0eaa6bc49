"""Order, buckets, what cameras wrote and the progress of an export, by keys and mouse."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.models.export_progress import progress_words, share_of
from app.presenters.export import ExportPresenter
from app.studio import Studio
from app.views.export.space import ExportSpace
from hopchain_core.domain.calibration import band
from hopchain_core.exporting import BucketsBy, ExportProgress, ExportStep, Order, Reason, Variant

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def space(composed: Composed, studio: Studio, qtbot: QtBot) -> ExportSpace:
    """The space with as much taken as can be."""
    studio.go("export")
    found = composed.window.stack.currentWidget()
    assert isinstance(found, ExportSpace)
    for name in ("accept_by_construction", "allow_simulated", "keep_too_easy"):
        QTest.mouseClick(found.terms.switches[name], LEFT)
    qtbot.waitUntil(lambda: found.presenter.preview is not None and found.presenter.preview.taken > 0, timeout=20000)
    return found


def choose(space: ExportSpace, order: Order) -> None:
    select = space.terms.order.order
    select.setFocus()
    QTest.keyClick(select, Qt.Key.Key_Home)
    for _ in range(list(Order).index(order)):
        QTest.keyClick(select, Qt.Key.Key_Down)


def enter(space: ExportSpace, name: str, text: str) -> None:
    field = getattr(space.terms.order, name)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def written(space: ExportSpace, qtbot: QtBot, out: Path) -> list[dict[str, Any]]:
    space.presenter.export(str(out))
    qtbot.waitUntil(lambda: (out / "manifest.json").exists() and not space.presenter.is_writing, timeout=20000)
    return [json.loads(line) for line in (out / "records.jsonl").read_text().splitlines()]


def test_that_order_and_buckets_are_written_as_chosen(space: ExportSpace, qtbot: QtBot, tmp_path: Path) -> None:
    choose(space, Order.HARD_TO_EASY)
    enter(space, "buckets", "3")
    assert space.terms.order.by.isVisibleTo(space)
    QTest.keyClick(space.terms.order.by, Qt.Key.Key_Right)
    terms = space.presenter.terms
    assert (terms.order, terms.buckets, terms.buckets_by) == (Order.HARD_TO_EASY, 3, BucketsBy.QUANTILES)
    records = written(space, qtbot, tmp_path / "out")
    rates = [d["correct"] / d["n"] for r in records if (d := r.get("difficulty"))]
    assert rates == sorted(rates)
    assert {r["curriculum"]["buckets"] for r in records if r.get("curriculum")} == {3}


def test_that_a_seed_is_asked_for_where_it_decides(space: ExportSpace) -> None:
    assert not space.terms.order.seed.isVisibleTo(space)
    choose(space, Order.SHUFFLED)
    assert space.terms.order.seed.isVisibleTo(space)
    enter(space, "seed", "x")
    assert "whole number" in space.terms.order.seed_refusal.text()
    enter(space, "seed", "-7")
    assert space.presenter.terms.seed == -7


@pytest.mark.parametrize("text", ["1", "-2", "two", "1001", "3.5"])
def test_that_buckets_that_divide_nothing_are_refused_beneath_the_field(space: ExportSpace, text: str) -> None:
    enter(space, "buckets", text)
    assert "from 2 to 1000" in space.terms.order.buckets_refusal.text()
    assert space.presenter.terms.buckets == 0


def test_that_shortened_questions_give_up_what_needs_a_rate(space: ExportSpace) -> None:
    choose(space, Order.EASY_TO_HARD)
    enter(space, "buckets", "4")
    QTest.keyClick(space.terms.variant, Qt.Key.Key_Right)
    terms = space.presenter.terms
    assert (terms.variant, terms.order, terms.buckets) == (Variant.HALF, Order.PICTURES, 0)
    assert not space.terms.order.buckets.isEnabled()
    choose(space, Order.SHUFFLED)
    assert space.presenter.terms.order is not Order.EASY_TO_HARD
    assert "no pass rate" in space.terms.order.hint.text()


def test_that_what_was_chosen_last_comes_back(space: ExportSpace, studio: Studio) -> None:
    choose(space, Order.SHUFFLED)
    QTest.mouseClick(space.terms.switches["keep_metadata"], LEFT)
    again = ExportPresenter(studio).terms
    assert (again.order, again.keep_metadata) == (Order.SHUFFLED, True)


def test_that_a_record_is_shown_with_its_bucket(space: ExportSpace, studio: Studio) -> None:
    enter(space, "buckets", "2")
    preview, project = space.presenter.preview, studio.need_project()
    assert preview is not None
    row = next(row for row in preview.rows if row.reason is None)
    record = json.loads(project.export_record(row.number, space.presenter.terms))
    tried = record["difficulty"]
    easy = tried["correct"] / tried["n"] > 0.5
    assert record["curriculum"] == {"bucket": 1 if easy else 2, "buckets": 2, "by": "width"}


def test_that_chains_too_hard_are_taken_when_asked(
    space: ExportSpace, studio: Studio, qtbot: QtBot, settled: Callable[[Studio], None]
) -> None:
    presenter, project = space.presenter, studio.need_project()
    hard = band("0.5-1")
    assert hard is not None
    studio.bridge.edit(lambda: project.set_policy(replace(project.policy(), drop=hard), by=studio))
    qtbot.waitUntil(lambda: bool(presenter.preview and presenter.preview.left_out.get(Reason.TOO_HARD)), timeout=20000)
    assert space.terms.counts[Reason.TOO_HARD].text().endswith(" out")
    QTest.mouseClick(space.terms.switches["keep_too_hard"], LEFT)
    qtbot.waitUntil(
        lambda: bool(presenter.preview and not presenter.preview.left_out.get(Reason.TOO_HARD)), timeout=20000
    )
    settled(studio)


def test_that_the_window_says_how_far_and_how_fast(space: ExportSpace, qtbot: QtBot, tmp_path: Path) -> None:
    told: list[ExportProgress | None] = []
    space.presenter.writing.connect(told.append)
    written(space, qtbot, tmp_path / "out")
    qtbot.waitUntil(lambda: told[-1] is None, timeout=20000)
    steps = [one for one in told if one is not None]
    assert steps[0].done == 0
    assert {one.step for one in steps} == {ExportStep.RECORDS}
    assert not space.terms.pace.isVisibleTo(space)
    space.terms.show_writing(
        ExportProgress(step=ExportStep.ROWS, done=1500, total=6000, before=1000, rate_per_s=250.4, remaining_s=18.0)
    )
    assert space.terms.pace.isVisibleTo(space)
    space.terms.show_writing(None)


def test_that_progress_is_said_in_words() -> None:
    told = ExportProgress(
        step=ExportStep.RECORDS, done=1500, total=6000, before=1000, rate_per_s=250.4, remaining_s=18.0
    )
    assert share_of(told) == 0.25
    assert progress_words(told) == (
        "Chains looked at: 1,500 of 6,000 · 250 a second · 18 s left · 1,000 by the export that was broken off"
    )
    fresh = ExportProgress(step=ExportStep.ROWS, done=0, total=0, why_afresh="the project has been changed since")
    assert share_of(fresh) == 0.0
    assert progress_words(fresh) == (
        "Rows written and read back: 0 of 0 · begun afresh: the project has been changed since"
    )
