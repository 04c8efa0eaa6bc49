"""A project in figures: what is left at each step, what it costs, what chains are made of."""

from __future__ import annotations

import itertools

import pytest

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Level
from hopchain_core.domain.provenance import WorkStatus
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store import rows_chains, rows_runs, rows_sources
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.reads_dashboard import PersonTime, PicturePlace
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.difficulty_project import Tried, fill
from tests.core.store.samples import image, instance, work


class Tie:
    """A draft that was not kept."""

    reason = "tie"
    detail = ""


@pytest.fixture
def tried(project: ProjectFile) -> Tried:
    return fill(project)


def more_pictures(uow: UnitOfWork) -> None:
    """One picture for each place but the first, by name."""
    rows_sources.write_refused_file(uow, "broken.jpg", "truncated", "It ends in the middle.")
    for name in ("failing", "unsegmented", "bare", "few", "uncomposed", "unkept"):
        picture = image(name)
        rows_sources.write_image(uow, picture)
        if name == "failing":
            work(uow, "segment", picture.key, status=WorkStatus.FAILED)
        if name in ("bare", "few", "uncomposed", "unkept"):
            count = {"bare": 0, "few": 2}.get(name, 3)
            seen = [instance(picture, n) for n in range(count)]
            rows_sources.write_instances(uow, work(uow, "segment", picture.key), seen)
        if name == "unkept":
            rows_runs.write_refusals(uow, work(uow, "compose", picture.key), [Tie(), Tie()])


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        (PicturePlace.WITH_CHAIN, ["a", "b"]),
        (PicturePlace.FAILING, ["failing"]),
        (PicturePlace.NOT_SEGMENTED, ["unsegmented"]),
        (PicturePlace.NO_INSTANCE, ["bare"]),
        (PicturePlace.FEW_INSTANCES, ["few"]),
        (PicturePlace.NOT_COMPOSED, ["uncomposed"]),
        (PicturePlace.NO_CHAIN_KEPT, ["unkept"]),
    ],
)
def test_that_each_picture_stands_in_one_place(
    project: ProjectFile, tried: Tried, place: PicturePlace, wanted: list[str]
) -> None:
    project.writer.submit(more_pictures).result()
    with project.read() as read:
        rows = read.image_rows(read.pictures_in(place))
    assert [row.path.rpartition("/")[2].removesuffix(".jpg") for row in rows] == wanted


def test_that_steps_lose_what_their_reasons_say(project: ProjectFile, tried: Tried) -> None:
    project.writer.submit(more_pictures).result()
    with project.read() as read:
        figures = read.project_figures()
    assert [(s.name, s.count, s.lost) for s in figures.pictures] == [
        ("files", 9, 0),
        ("pictures", 8, 1),
        ("with_instances", 4, 4),
        ("with_chain", 2, 2),
    ]
    assert [(s.name, s.count) for s in figures.chains] == [
        ("drafts", 6),
        ("chains", 4),
        ("sound", 4),
        ("hard", 3),
        ("labelled", 0),
        ("records", 0),
    ]
    for part in (figures.pictures, figures.chains):
        for before, after in itertools.pairwise(part):
            assert before.count - after.lost == after.count


def test_that_the_list_behind_a_loss_holds_just_as_many(project: ProjectFile, tried: Tried) -> None:
    project.writer.submit(more_pictures).result()
    with project.read() as read:
        figures = read.project_figures()
        for step in figures.pictures[2:]:
            for loss in step.losses:
                assert len(read.pictures_in(PicturePlace(loss.reason))) == loss.count
        for step in figures.chains[2:]:
            for loss in step.losses:
                assert len(read.chains_with(statuses=(ChainStatus(loss.reason),))) == loss.count


def test_that_answers_and_lengths_are_those_of_sound_chains(project: ProjectFile, tried: Tried) -> None:
    rejected = Mark(chain=tried.chains[0].key, kind=MarkKind.REJECT)
    project.edit("Reject", lambda uow: rows_chains.write_mark(uow, rejected))
    with project.read() as read:
        figures = read.project_figures()
        assert figures.labels == {"5": 1, "6": 2}
        assert figures.hop_counts == {1: 3}
        assert list(read.chains_with(label="5")) == [tried.numbers[2]]
        assert len(read.chains_with(hop_count=1)) == 3
        assert len(read.chains_with(hop_count=2)) == 0


def test_that_hops_are_counted_over_chains_taken_evenly(project: ProjectFile, tried: Tried) -> None:
    with project.read() as read:
        found, some = read.hop_figures(), read.hop_figures(most=2, most_conditions=1)
    assert (found.chains, found.read, found.hops, found.levels) == (4, 4, 4, {Level.SEVERAL: 4})
    assert (some.chains, some.read, some.conditions_read) == (4, 2, 1)
    assert found.having == {Level.SEVERAL: tuple(sorted(tried.numbers))}
    assert len(some.having[Level.SEVERAL]) == 2


def test_that_the_time_of_each_person_is_summed(project: ProjectFile, tried: Tried) -> None:
    for place, (who, seconds, answer) in enumerate((("ann", 4.0, "5"), ("ann", 8.0, None), ("bob", 30.0, "6"))):
        said = Annotation(
            chain=tried.chains[place].key,
            annotator=who,
            outcome=Outcome.ANSWERED if answer else Outcome.CANNOT_TELL,
            answer=Answer.of(answer) if answer else None,
            active_seconds=seconds,
        )
        project.edit("Answer", lambda uow, said=said: rows_chains.write_annotation(uow, said))  # type: ignore[misc]
    with project.read() as read:
        assert read.project_figures().people == (
            PersonTime("bob", 1, 1, 30.0, 30.0),
            PersonTime("ann", 2, 1, 12.0, 6.0),
        )
        assert list(read.chains_answered_by("ann")) == tried.numbers[:2]


def test_that_what_stages_and_replies_cost_is_summed(project: ProjectFile, tried: Tried) -> None:
    with project.read() as read:
        figures = read.project_figures()
    seconds = {cost.stage: (cost.items, cost.seconds) for cost in figures.stages}
    assert seconds["audit"] == (4, 2.0)
    assert seconds["solve"] == (5, 2.5)
    assert (figures.rollouts, figures.rollouts_with_tokens) == (15, 15)
    assert figures.tokens == sum(r.tokens or 0 for made in tried.rollouts.values() for r in made) + 260


def test_that_an_empty_project_has_figures_too(project: ProjectFile) -> None:
    with project.read() as read:
        figures, hops = read.project_figures(), read.hop_figures()
    assert [s.count for s in (*figures.pictures, *figures.chains)] == [0] * 10
    assert (hops.chains, hops.conditions, figures.records) == (0, 0, 0)
