"""Reads of difficulty: rates, first wrong hops, lengths, what people said, and lists of it."""

from __future__ import annotations

import pytest

from hopchain_core.domain.overview import Bin
from hopchain_core.domain.rollout_errors import ErrorSubkind, RolloutError, RolloutName
from hopchain_core.domain.rollouts import ErrorKind
from hopchain_core.edits_rollouts import judge_rollout, unjudge_rollout
from hopchain_core.errors import InputError
from hopchain_core.store.difficulty_sql import DifficultyQuery, DifficultySort, LengthUnit
from hopchain_core.store.project_file import ProjectFile
from tests.core.store.difficulty_project import FINGERPRINTS, OTHER, WEAK, Tried, agree_on, fill


@pytest.fixture
def tried(project: ProjectFile) -> Tried:
    return fill(project)


def judge(
    project: ProjectFile, tried: Tried, place: int, index: int, kind: ErrorKind, sub: ErrorSubkind | None = None
) -> None:
    name = RolloutName(chain=tried.chains[place].key, fingerprint=FINGERPRINTS[WEAK], index=index)
    error = RolloutError(rollout=name, kind=kind, subkind=sub, judged_by="ada")
    project.edit("Judge", lambda uow: judge_rollout(uow, error))


def listed(project: ProjectFile, tried: Tried, query: DifficultyQuery) -> list[int]:
    """Places of the chains listed."""
    with project.read() as read:
        return [tried.numbers.index(number) for number in read.difficulty_ids(query)]


def test_that_the_solver_by_which_most_stand_measured_comes_first(project: ProjectFile, tried: Tried) -> None:
    with project.read() as read:
        assert [(s.solver, s.chains, s.current) for s in read.solvers()] == [(WEAK, 4, 4), (OTHER, 1, 0)]


def test_that_chains_tried_until_decided_are_in_no_histogram(project: ProjectFile, tried: Tried) -> None:
    with project.read() as read:
        charts = read.difficulty_charts()
    assert charts.rates == {WEAK: {(0, 4): 1, (2, 4): 1, (4, 4): 1}, OTHER: {(2, 2): 1}}
    assert (charts.chains, charts.kept, charts.until_decided, charts.never_solved) == (4, 3, 1, 1)


def test_that_rollouts_are_counted_as_by_hand(project: ProjectFile, tried: Tried) -> None:
    with project.read() as read:
        charts = read.difficulty_charts()
    # Wrong: all four of the first chain, two of the second, the one of the last.
    assert (charts.rollouts, charts.wrong, charts.cut_off, charts.without_answer) == (13, 7, 1, 1)
    assert charts.first_wrong == {1: 4, 2: 1, 3: 2}
    assert charts.known_errors == {ErrorKind.PERCEPTION: 7}
    assert charts.tokens == sum(r.tokens or 0 for made in tried.rollouts.values() for r in made)


def test_that_lengths_are_counted_in_bins_of_chains_with_a_rate(project: ProjectFile, tried: Tried) -> None:
    with project.read() as read:
        charts = read.difficulty_charts()
    assert charts.length_unit is LengthUnit.TOKENS
    assert charts.lengths == (Bin(100, 150, 3, 1), Bin(150, 200, 3, 2), Bin(200, 250, 3, 1), Bin(250, 300, 3, 2))


def test_that_characters_are_counted_where_no_tokens_are_known(project: ProjectFile, tried: Tried) -> None:
    project.writer.submit(lambda uow: uow.conn.exec_driver_sql("UPDATE rollout SET tokens = NULL")).result()
    with project.read() as read:
        charts = read.difficulty_charts()
    assert (charts.length_unit, charts.tokens) == (LengthUnit.CHARACTERS, 0)
    assert sum(b.n for b in charts.lengths) == 12


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (DifficultyQuery(), [0, 1, 2, 3]),
        (DifficultyQuery(descending=True), [2, 1, 0, 3]),
        (DifficultyQuery(sort=DifficultySort.NUMBER, descending=True), [3, 2, 1, 0]),
        (DifficultyQuery(sort=DifficultySort.NOT_JUDGED, descending=True), [0, 1, 3, 2]),
        (DifficultyQuery(rate=(0.0, 0.0)), [0]),
        (DifficultyQuery(rate=(0.5, 1.0)), [1, 2]),
        (DifficultyQuery(is_kept=False), [2]),
        (DifficultyQuery(is_until_decided=True), [3]),
        (DifficultyQuery(text="CLOCK"), [1]),
        (DifficultyQuery(text="pictures/b"), [2, 3]),
        (DifficultyQuery(first_wrong_hop=2), [0]),
        (DifficultyQuery(first_wrong_hop=3), [0, 1]),
        (DifficultyQuery(length=(250, 300)), [0, 1, 2]),
        (DifficultyQuery(has_unjudged=True), [0, 1, 3]),
        (DifficultyQuery(solver=OTHER), [1]),
    ],
    ids=repr,
)
def test_that_a_list_holds_what_is_asked_for(
    project: ProjectFile, tried: Tried, query: DifficultyQuery, wanted: list[int]
) -> None:
    assert listed(project, tried, query) == wanted


def test_that_a_row_says_what_the_chain_was_measured_at(project: ProjectFile, tried: Tried) -> None:
    with project.read() as read:
        first, last = read.difficulty_rows([tried.numbers[0], tried.numbers[3]], WEAK)
    assert (first.difficulty.words, first.wrong, first.unjudged, first.first_wrong_hop) == ("0 of 4 correct", 4, 4, 1)
    assert (last.difficulty.words, last.difficulty.is_rate) == ("at least 1 wrong of 1", False)
    assert (first.label, first.image_path, first.hop_count) == ("5", "pictures/a.jpg", 1)


def test_that_rollouts_beyond_those_counted_are_not_shown(project: ProjectFile, tried: Tried) -> None:
    project.writer.submit(lambda uow: uow.conn.exec_driver_sql("UPDATE difficulty SET n = 2 WHERE n = 4")).result()
    with project.read() as read:
        assert [r.name.index for r in read.judged_rollouts(tried.numbers[0])] == [0, 1]
        assert read.difficulty_charts().rollouts == 7


def test_that_another_label_makes_other_rollouts_right(project: ProjectFile, tried: Tried) -> None:
    agree_on(project, tried.chains[1], "7")
    with project.read() as read:
        rollouts = read.judged_rollouts(tried.numbers[1], WEAK)
        charts = read.difficulty_charts(WEAK)
    assert [r.is_right for r in rollouts] == [True, False, True, False]
    # Those that were right by the chain's own number went wrong at no hop that is known.
    assert (charts.wrong, charts.first_wrong) == (7, {1: 3, 2: 1, 3: 1})


def test_that_what_people_say_is_counted_by_kind_and_sub_kind(project: ProjectFile, tried: Tried) -> None:
    judge(project, tried, 0, 0, ErrorKind.PERCEPTION, ErrorSubkind.COUNTING)
    judge(project, tried, 0, 1, ErrorKind.OTHER)
    judge(project, tried, 1, 0, ErrorKind.PERCEPTION)
    # A right rollout that somebody judged is no error.
    judge(project, tried, 2, 0, ErrorKind.KNOWLEDGE)
    with project.read() as read:
        charts = read.difficulty_charts()
    assert charts.errors == {
        (ErrorKind.PERCEPTION, ErrorSubkind.COUNTING): 1,
        (ErrorKind.OTHER, None): 1,
        (ErrorKind.PERCEPTION, None): 1,
    }
    assert charts.judged == 3
    assert listed(project, tried, DifficultyQuery(error_kind=ErrorKind.PERCEPTION)) == [0, 1]
    assert listed(project, tried, DifficultyQuery(error_subkind=ErrorSubkind.COUNTING)) == [0]
    assert listed(project, tried, DifficultyQuery(error_kind=ErrorKind.KNOWLEDGE)) == []
    judge(project, tried, 0, 2, ErrorKind.OTHER)
    judge(project, tried, 0, 3, ErrorKind.OTHER)
    assert listed(project, tried, DifficultyQuery(has_unjudged=True)) == [1, 3]


def test_that_a_judgement_is_undone_and_done_again(project: ProjectFile, tried: Tried) -> None:
    def said() -> list[str | None]:
        with project.read() as read:
            return [r.error.kind.value if r.error else None for r in read.judged_rollouts(tried.numbers[0])]

    judge(project, tried, 0, 1, ErrorKind.REASONING)
    judge(project, tried, 0, 1, ErrorKind.HALLUCINATION)
    project.undo()
    assert said() == [None, "reasoning", None, None]
    project.redo()
    assert said() == [None, "hallucination", None, None]
    name = RolloutName(chain=tried.chains[0].key, fingerprint=FINGERPRINTS[WEAK], index=1)
    project.edit("Take back", lambda uow: unjudge_rollout(uow, name))
    assert said() == [None] * 4
    project.undo()
    assert said() == [None, "hallucination", None, None]


def test_that_who_judged_and_when_is_kept(project: ProjectFile, tried: Tried) -> None:
    judge(project, tried, 0, 1, ErrorKind.REASONING)
    with project.read() as read:
        error = read.judged_rollouts(tried.numbers[0])[1].error
    assert error is not None
    assert (error.judged_by, error.judged_at[:2]) == ("ada", "20")


def test_that_a_rollout_that_is_not_there_cannot_be_judged(project: ProjectFile, tried: Tried) -> None:
    with pytest.raises(InputError, match="no such rollout"):
        judge(project, tried, 0, 99, ErrorKind.OTHER)


def test_that_a_judgement_survives_when_the_chain_is_tried_again(project: ProjectFile, tried: Tried) -> None:
    judge(project, tried, 0, 0, ErrorKind.REASONING)
    from tests.core.store.difficulty_project import solve

    of = tried.chains[0]
    project.writer.submit(lambda uow: solve(uow, WEAK, of, tried.rollouts[of.key])).result()
    with project.read() as read:
        assert [bool(r.error) for r in read.judged_rollouts(tried.numbers[0])] == [True, False, False, False]


def test_that_nothing_is_read_of_a_project_without_rollouts(project: ProjectFile) -> None:
    with project.read() as read:
        assert read.difficulty_charts().solver is None
        assert list(read.difficulty_ids()) == []
        assert read.judged_rollouts(1) == ()
