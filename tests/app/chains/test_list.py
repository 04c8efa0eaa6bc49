"""Finding chains: segments, filters, search, order, one picture's chains, live changes, empty lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.composition import Composed
from app.presenters.chain_search import Segment
from app.settings import Settings
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import ChainFilter, ChainQuery, ChainSort, Project
from tests.app.chains.curator import CTRL, Curator

Key = Qt.Key


def decide(curator: Curator, kinds: list[MarkKind]) -> list[int]:
    """Decides on the first chains elsewhere; gives their numbers."""
    numbers = curator.listed[: len(kinds)]
    for number, kind in zip(numbers, kinds, strict=True):
        mark = Mark(chain=curator.stored(number).chain.key, kind=kind)
        curator.studio.bridge.edit(lambda m=mark: curator.project.mark(m, by="elsewhere"))  # type: ignore[misc]
    curator.settle()
    return numbers


def test_that_all_chains_are_listed_with_their_count(curator: Curator) -> None:
    assert curator.listed == list(curator.ids(ChainQuery()))
    assert curator.space.list.head.figure.text() == str(len(curator.listed))


def test_that_segments_say_how_many_and_list_them(curator: Curator) -> None:
    decided = decide(curator, [MarkKind.ACCEPT, MarkKind.FLAG])
    segments = curator.space.list.segments
    waiting = [
        row.number
        for row in curator.presenter.search.model._pages[0].values()
        if row.mark is None and row.status not in (ChainStatus.TOO_EASY, ChainStatus.REFUSED, ChainStatus.REJECTED)
    ]
    curator.click(segments, segments.rect().topLeft() + segments.rect().center() / 4)
    assert curator.presenter.search.choice.segment is Segment.TO_REVIEW
    assert sorted(curator.listed) == sorted(waiting)
    assert not set(decided) & set(curator.listed)
    assert curator.presenter.search.totals.of(Segment.TO_REVIEW) == len(waiting)


def test_that_the_segment_is_remembered(curator: Curator, settings: Settings) -> None:
    curator.presenter.search.choose(segment=Segment.FINDINGS)
    assert settings.get("chains.segment", "") == "findings"


def test_that_findings_of_an_audit_are_listed(curator: Curator) -> None:
    key = curator.detail.key
    curator.project.edit_chain(key, answer=Answer.of("4711"))
    curator.run("audit")
    curator.settle()
    curator.presenter.search.choose(segment=Segment.FINDINGS)
    curator.qtbot.waitUntil(lambda: len(curator.listed) == 1)
    curator.settle()
    curator.qtbot.waitUntil(lambda: curator.detail.status is ChainStatus.REFUSED)
    assert "recompute" in {f.rule for f in curator.detail.findings}
    curator.studio.actions.trigger("chains.filter")
    curator.settle()
    row = curator.space.list.filters.rules.rows["recompute"]
    assert row.count == 1
    curator.space.list.filters.close()


def test_that_a_decision_can_be_filtered_by(curator: Curator) -> None:
    decided = decide(curator, [MarkKind.FLAG, MarkKind.REJECT, MarkKind.FLAG])
    curator.presenter.search.choose(segment=Segment.TO_REVIEW)
    curator.press(Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    popup = curator.space.list.filters
    assert popup.isVisible()
    assert popup.marks.rows[None].count == len(curator.listed)
    QTest.keyClick(popup.marks.rows[MarkKind.FLAG], Key.Key_Space)
    curator.settle()
    assert curator.presenter.search.choice.segment is Segment.ALL
    assert curator.listed == [decided[0], decided[2]]
    assert "1 filter" in curator.space.list._chips.filters.text()
    QTest.keyClick(popup, Key.Key_Escape)
    assert not popup.isVisible()
    curator.click(curator.space.list._chips.filters)
    assert len(curator.listed) > 3


def test_that_counts_beside_filters_are_what_they_leave(curator: Curator) -> None:
    decide(curator, [MarkKind.ACCEPT, MarkKind.REJECT])
    with curator.project.read() as read:
        facets = read.chain_facets()
        for status, count in facets.statuses.items():
            assert count == len(read.chain_ids(ChainQuery(chains=ChainFilter(status=status))))
        for kind, count in facets.marks.items():
            assert count == len(read.chain_ids(ChainQuery(chains=ChainFilter(marks=(kind,)))))
        for category, count in facets.categories.items():
            assert count == len(read.chain_ids(ChainQuery(category=category)))
        assert sum(facets.pass_rates) == facets.total == sum(facets.statuses.values())


def test_that_a_search_finds_words_of_questions(curator: Curator) -> None:
    word = curator.detail.chain.question.split()[3].strip(".,").lower()
    curator.press(Key.Key_Slash)
    assert QApplication.focusWidget() is curator.space.list.field
    curator.type(word)
    curator.press(Key.Key_Return)
    assert curator.listed == list(curator.ids(ChainQuery(text=word)))
    assert QApplication.focusWidget() is curator.list
    curator.press(Key.Key_F, CTRL)
    curator.press(Key.Key_Escape)
    assert curator.listed == list(curator.ids(ChainQuery()))


def test_that_nothing_found_says_so_and_can_be_cleared(curator: Curator) -> None:
    before = curator.listed
    curator.presenter.search.choose(text="zebra crossing at dawn")
    curator.settle()
    assert curator.listed == []
    assert curator.space.list._nothing.isVisible()
    # What is open stays open.
    assert curator.number == before[0]
    curator.studio.actions.trigger("chains.clear_filters")
    curator.settle()
    assert curator.listed == before


def test_that_another_order_is_kept(curator: Curator, settings: Settings, qtbot: object) -> None:
    curator.click(curator.space.list.sort_button)
    menu = next(m for m in curator.space.list.findChildren(QMenu) if m.isVisible())
    next(a for a in menu.actions() if a.text() == "Number").trigger()
    menu.close()
    curator.settle()
    assert curator.listed == sorted(curator.listed)
    assert settings.get("chains.order", None) == [ChainSort.NUMBER.value, False]


def test_that_one_pictures_chains_are_listed_until_the_chip_is_clicked(
    curator: Curator, open_chains: Callable[..., Curator]
) -> None:
    image = curator.stored(curator.listed[-1]).chain.image
    everything = curator.listed
    open_chains(image=image)
    assert curator.listed == list(curator.ids(ChainQuery(image=image)))
    assert 0 < len(curator.listed) < len(everything)
    assert curator.detail.image.key == image
    chip = curator.space.list._chips.image
    assert curator.detail.image.path.rpartition("/")[2][:8] in chip.text()
    curator.click(chip)
    assert curator.listed == everything
    assert curator.detail.image.key == image


def test_that_a_run_brings_chains_without_losing_the_place(
    composed: Composed, tmp_path: Path, built_project: Path, qtbot: object
) -> None:
    project = Project.create(tmp_path / "empty.hopchain")
    project.ingest([built_project / "scenes"], scenes=built_project / "scenes")
    composed.studio.take_project(project)
    composed.studio.go("chains")
    curator = Curator(composed.studio, composed.window, qtbot)  # type: ignore[arg-type]
    curator.settle()
    assert curator.space.no_chains.isVisible()
    curator.run("categorize", "segment", "compose")
    curator.qtbot.waitUntil(lambda: bool(curator.listed) and curator.presenter.detail is not None, timeout=20_000)
    curator.settle()
    assert not curator.space.no_chains.isVisible()
    curator.click_row(2)
    curator.press(Key.Key_3)
    assert not curator.detail.is_audited
    curator.run("audit")
    curator.qtbot.waitUntil(lambda: curator.detail.is_audited, timeout=20_000)
    curator.settle()
    assert (curator.number, curator.hop) == (curator.listed[2], 3)


def test_that_an_empty_project_leads_to_the_pipeline(composed: Composed, tmp_path: Path, qtbot: object) -> None:
    composed.studio.take_project(Project.create(tmp_path / "empty.hopchain"))
    composed.studio.go("chains")
    curator = Curator(composed.studio, composed.window, qtbot)  # type: ignore[arg-type]
    curator.settle()
    button = next(b for b in curator.space.no_chains.findChildren(type(curator.stepper.decision.accept)))
    curator.click(button)
    assert composed.studio.space == "pipeline"


def test_that_chains_tried_until_decided_are_listed_by_their_filter(curator: Curator) -> None:
    options = curator.project.last_options().model_copy(update={"until_decided": True, "rollouts": 40})
    runs = curator.studio.runs
    assert runs.start(("solve", "decide"), options)
    curator.qtbot.waitUntil(lambda: not runs.is_running, timeout=90_000)
    curator.settle()
    cut = set(curator.ids(ChainQuery(chains=ChainFilter(is_cut_short=True))))
    assert cut
    curator.press(Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    curator.settle()
    rates = curator.space.list.filters.rates.rows
    row = next(row for row in rates.values() if row.text() == "Tried until decided")
    assert row.count == len(cut)
    QTest.keyClick(row, Key.Key_Space)
    curator.settle()
    assert set(curator.listed) == cut
    # Chains with a rate are others: one choice takes the place of the other.
    never = next(iter(rates.values()))
    never.click()
    curator.settle()
    assert not row.isChecked()
    assert curator.presenter.search.choice.is_cut_short is False
    assert curator.presenter.search.choice.pass_rate == (0.0, 0.0)
    assert row.count == len(cut)
    never.click()
    curator.settle()
    assert curator.presenter.search.choice.filter_count == 0
    curator.space.list.filters.close()


def test_that_the_chain_open_last_is_open_again_after_a_restart(
    curator: Curator, open_chains: Callable[..., Curator]
) -> None:
    path, number = curator.project.path, curator.listed[2]
    curator.presenter.open_number(number)
    curator.settle()
    curator.studio.close_project()
    curator.studio.take_project(Project.open(path))
    again = open_chains()
    assert again.number == number
    assert again.selected() == number
