"""The overview as a person uses it: each figure opens the list behind it, with as many in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.dashboard_words import seconds_words
from app.studio import Studio
from app.views.chains.space import ChainsSpace
from app.views.dashboard.space import DashboardSpace
from app.views.difficulty.space import DifficultySpace
from app.views.library.space import LibrarySpace
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import HopKind
from hopchain_core.domain.review import Annotation, Outcome
from hopchain_core.project import PicturePlace

Settled = Callable[[Studio], None]


@pytest.fixture
def space(composed: Composed, studio: Studio, qtbot: QtBot, settled: Settled) -> DashboardSpace:
    """The overview, with everything read."""
    studio.go("overview")
    found = composed.window.space("overview")
    assert isinstance(found, DashboardSpace)
    presenter = found.presenter
    qtbot.waitUntil(lambda: presenter.figures is not None and presenter.agreement is not None, timeout=20_000)
    qtbot.waitUntil(lambda: presenter.hops is not None and presenter.difficulty is not None, timeout=20_000)
    settled(studio)
    return found


def mark_of(space: DashboardSpace, name: str) -> int:
    """The mark of the funnel with this name."""
    funnel = space.funnel.funnel
    return next(n for n in range(funnel.count) if name in funnel.row(n).name)


def test_that_an_answer_opens_the_chains_that_have_it(
    composed: Composed, space: DashboardSpace, studio: Studio, qtbot: QtBot
) -> None:
    assert space.presenter.figures is not None
    labels = space.presenter.figures.labels
    most = max(labels.values())
    bars = space.answers.bars
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.place(0).center().toPoint())
    qtbot.waitUntil(lambda: studio.space == "chains")
    chains = composed.window.space("chains")
    assert isinstance(chains, ChainsSpace)
    qtbot.waitUntil(lambda: chains.presenter.search.totals.listed == most)
    choice = chains.presenter.search.choice
    assert choice.only_words.startswith("the answer is ")
    with studio.need_project().read() as read:
        rows = read.chain_rows(chains.presenter.search.model.ids())
    assert {row.answer for row in rows} == {choice.only_words.removeprefix("the answer is ")}
    chains.presenter.search.clear()
    qtbot.waitUntil(lambda: chains.presenter.search.totals.listed > most)


def test_that_a_loss_of_pictures_opens_just_those(
    composed: Composed, space: DashboardSpace, studio: Studio, qtbot: QtBot
) -> None:
    mark = mark_of(space, "With a chain")
    count = space.funnel.funnel.row(mark).count
    space.funnel.funnel.setFocus()
    qtbot.keyClick(space.funnel.funnel, Qt.Key.Key_Home)
    while space.funnel.funnel.current < mark:
        qtbot.keyClick(space.funnel.funnel, Qt.Key.Key_Down)
    qtbot.keyClick(space.funnel.funnel, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: studio.space == "library")
    library = composed.window.space("library")
    assert isinstance(library, LibrarySpace)
    qtbot.waitUntil(lambda: library.presenter.totals.shown == count)
    with studio.need_project().read() as read:
        assert library.presenter.choice.only == tuple(read.pictures_in(PicturePlace.WITH_CHAIN))
    assert library.tools.only.isVisible()
    qtbot.mouseClick(library.tools.only, Qt.MouseButton.LeftButton)
    assert library.presenter.choice.only is None


def test_that_a_length_and_a_pass_rate_open_their_chains(
    composed: Composed, space: DashboardSpace, studio: Studio, qtbot: QtBot
) -> None:
    assert space.presenter.figures is not None
    hops, count = next(iter(space.presenter.figures.hop_counts.items()))
    space.hop_counts.chosen.emit(0)
    qtbot.waitUntil(lambda: studio.space == "chains")
    chains = composed.window.space("chains")
    assert isinstance(chains, ChainsSpace)
    qtbot.waitUntil(lambda: chains.presenter.search.totals.listed == count)
    with studio.need_project().read() as read:
        assert {row.hop_count for row in read.chain_rows(chains.presenter.search.model.ids())} == {hops}
    studio.go("overview")
    space.rates.chosen.emit(0)
    difficulty = composed.window.space("difficulty")
    assert isinstance(difficulty, DifficultySpace)
    assert difficulty.presenter.choice.rate == (0.0, 0.0)


def test_that_the_funnel_ends_with_what_its_steps_leave(space: DashboardSpace, studio: Studio) -> None:
    funnel = space.funnel.funnel
    rows = [funnel.row(n) for n in range(funnel.count)]
    before = 0
    for row in rows:
        if row.is_loss:
            before -= row.count
        elif row.name in ("Files found", "Drafts"):
            before = row.count
        else:
            assert row.count == before, row.name
            before = row.count
    labelled = next(row.count for row in rows if row.name == "With a label")
    assert space.presenter.figures is not None
    assert labelled == space.presenter.figures.records


def test_that_people_and_their_agreement_come_with_their_answers(
    space: DashboardSpace, studio: Studio, qtbot: QtBot
) -> None:
    assert space.people.foot.text() == "Nobody has answered yet."
    project = studio.need_project()
    with project.read() as read:
        chains = [stored.chain for stored in read.chains()][:3]
    for who in ("bea", "cem"):
        for chain in chains:
            said = Annotation(
                chain=chain.key, annotator=who, outcome=Outcome.ANSWERED, answer=Answer.of(4), active_seconds=90.0
            )
            project.annotate(said, by=studio)
    qtbot.waitUntil(lambda: space.people.bars.count == 2, timeout=20_000)
    qtbot.waitUntil(lambda: "4 min" in space.people.bars.words(0) or "5 min" in space.people.bars.words(0))
    assert "agrees with the others in 100" in space.people.bars.words(1)


def test_that_a_simulation_is_marked(space: DashboardSpace) -> None:
    assert space.simulated.isVisible()


def test_that_a_price_is_kept_and_what_is_no_price_is_not(space: DashboardSpace, studio: Studio) -> None:
    presenter = space.presenter
    presenter.set_price(2.5)
    assert (presenter.price, studio.settings.get("overview.price", None)) == (2.5, 2.5)
    studio.settings.set("overview.price", "free")
    assert presenter.price is None


@pytest.mark.parametrize("size", [(1600, 1000), (1280, 800), (960, 600)])
def test_that_no_card_is_narrower_than_what_it_holds(
    composed: Composed, space: DashboardSpace, qtbot: QtBot, size: tuple[int, int]
) -> None:
    composed.window.resize(*size)
    qtbot.waitUntil(lambda: space.area.widget().width() <= space.area.viewport().width())
    for card in (space.funnel, space.records, space.answers, space.hops, space.difficulty, space.costs, space.people):
        assert card.width() >= card.minimumSizeHint().width()
        assert card.geometry().right() <= space.area.viewport().width()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "0 s"), (0.004, "4 ms"), (3.21, "3.2 s"), (42.4, "42 s"), (300, "5 min"), (7800, "2 h 10 min")],
)
def test_that_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert seconds_words(seconds) == words


def test_that_every_figure_of_the_funnel_opens_as_many_as_it_says(
    composed: Composed, space: DashboardSpace, studio: Studio, qtbot: QtBot, settled: Settled
) -> None:
    funnel = space.funnel.funnel
    opened = set()
    for mark in range(funnel.count):
        row = funnel.row(mark)
        if not row.is_choosable or not row.count:
            continue
        studio.go("overview")
        funnel.chosen.emit(mark)
        qtbot.waitUntil(lambda: studio.space != "overview")
        settled(studio)
        opened.add(studio.space)
        found = composed.window.space(studio.space)
        if isinstance(found, LibrarySpace):
            qtbot.waitUntil(lambda found=found, row=row: found.presenter.totals.shown == row.count)  # type: ignore[misc]
        elif isinstance(found, ChainsSpace):
            totals = found.presenter.search
            qtbot.waitUntil(lambda totals=totals, row=row: totals.totals.listed == row.count)  # type: ignore[misc]
    assert {"library", "chains", "pipeline"} <= opened


def test_that_a_kind_of_hop_opens_chains_that_have_it(
    composed: Composed, space: DashboardSpace, studio: Studio, qtbot: QtBot
) -> None:
    assert space.presenter.hops is not None
    having = space.presenter.hops.having
    names = [space.hops.bars.words(n).partition(":")[0] for n in range(space.hops.bars.count)]
    space.hops.bars.chosen.emit(names.index("Instance chain"))
    qtbot.waitUntil(lambda: studio.space == "chains")
    chains = composed.window.space("chains")
    assert isinstance(chains, ChainsSpace)
    wanted = len(having[HopKind.INSTANCE])
    qtbot.waitUntil(lambda: chains.presenter.search.totals.listed == wanted)
    assert wanted
