"""Answers given elsewhere come in: once, in any order, all or none. And the rows statistics are made of."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Annotation, Outcome, VerdictOutcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.edits_answers import MergedAnswers
from hopchain_core.errors import InputError
from tests.core.people.asking import FOUR, Asking, answer_all, make


def at(second: int) -> str:
    return f"2026-11-21T10:00:{second:02d}.000+00:00"


def said(chain: ChainKey, name: str, text: str = "1", second: int = 0, source: str = "packet") -> Annotation:
    return Annotation(
        chain=chain, annotator=name, outcome=Outcome.ANSWERED, answer=Answer.of(text), source=source,
        answered_at=at(second),
    )  # fmt: skip


def everything(asking: Asking) -> object:
    with asking.project.read() as read:
        return [(read.annotations(key), read.verdict(key), read.status(key)) for key in asking.keys]


def test_that_answers_come_in_at_once_with_their_verdicts_and_go_in_one_step(asking: Asking) -> None:
    asking.add(*FOUR)
    before = everything(asking)
    answers = [said(key, name) for key in asking.keys[:3] for name in FOUR]
    assert asking.project.merge_answers(answers, text="Merge") == MergedAnswers(new=12)
    with asking.project.read() as read:
        assert read.verdict_counts()[VerdictOutcome.AGREED] == 3
        assert {row.answered_at for row in read.answer_rows()} == {at(0)}
    after = everything(asking)
    assert asking.project.merge_answers(answers, text="Merge") == MergedAnswers(same=12)
    assert everything(asking) == after
    asking.project.undo()
    with asking.project.read() as read:
        assert read.answer_rows() == []
    assert [found[0] for found in everything(asking)] == [found[0] for found in before]  # type: ignore[attr-defined]
    asking.project.redo()
    assert everything(asking) == after


def test_that_the_later_of_two_answers_stands(asking: Asking) -> None:
    asking.add("Ada")
    key = asking.keys[0]
    merge = asking.project.merge_answers
    assert merge([said(key, "Ada", "1", 5)], text="m") == MergedAnswers(new=1)
    assert merge([said(key, "Ada", "2", 3)], text="m") == MergedAnswers(older=1)
    assert merge([said(key, "Ada", "3", 9), said(key, "Ada", "4", 7)], text="m") == MergedAnswers(replaced=1)
    with asking.project.read() as read:
        assert [row.answer for row in read.answer_rows()] == ["3"]
    asking.project.undo()
    with asking.project.read() as read:
        assert [row.answer for row in read.answer_rows()] == ["1"]


def test_that_nothing_is_taken_where_one_answer_does_not_belong_here(asking: Asking) -> None:
    asking.add("Ada")
    good = said(asking.keys[0], "Ada")
    for wrong, says in (
        (said(ChainKey("0" * 16), "Ada"), "not in this project"),
        (said(asking.keys[1], "Zoe"), "no annotator 'Zoe'"),
        (
            Annotation(
                chain=asking.keys[1], annotator="Ada", outcome=Outcome.BAD, answer=None, round=4, answered_at=at(1)
            ),
            "no round 4",
        ),
        (Annotation(chain=asking.keys[1], annotator="Ada", outcome=Outcome.BAD, answer=None), "when it was given"),
    ):
        with pytest.raises(InputError, match=says):
            asking.project.merge_answers([good, wrong], text="m")
    with asking.project.read() as read:
        assert read.answer_rows() == []


def test_that_answers_to_an_edited_question_are_kept_and_count_for_nothing(asking: Asking) -> None:
    asking.add(*FOUR)
    key = asking.keys[0]
    new = asking.project.edit_chain(key, question="And now?")
    asking.audit(new)
    merged = asking.project.merge_answers([said(key, name) for name in FOUR], text="m")
    assert merged == MergedAnswers(new=4, stale=4)
    with asking.project.read() as read:
        assert [row.is_stale for row in read.answer_rows()] == [True] * 4
        assert new.key in read.awaiting_people()
        assert sum(read.verdict_counts().values()) == 0


ANSWERS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(FOUR[:2]), st.sampled_from("12"), st.integers(0, 3), st.sampled_from("pq")
    ),
    max_size=9,
)


@settings(max_examples=10, deadline=None)
@given(drawn=ANSWERS, cuts=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_that_every_order_of_merging_gives_the_same_project(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, str, str, int, str]], cuts: tuple[int, int]
) -> None:
    folder = tmp_path_factory.mktemp("orders")
    first, second = sorted(cuts)
    packets = drawn[:first], drawn[first:second], drawn[second:]
    found = []
    for number, order in enumerate([packets, packets[::-1], [*packets[1:], *packets]]):
        asking = make(folder / f"{number}.hopchain", 3)
        with asking.project:
            asking.add(*FOUR[:2])
            for packet in order:
                answers = [said(asking.keys[c], name, text, second, source) for c, name, text, second, source in packet]
                asking.project.merge_answers(answers, text="m")
            found.append([(a, v and (v.outcome, v.votes), s) for a, v, s in everything(asking)])  # type: ignore[attr-defined]
    verdicts = [[(a, v if a else None, s) for a, v, s in one] for one in found]
    assert all(one == verdicts[0] for one in verdicts)


def test_that_rows_for_statistics_say_all_that_is_grouped_by(tmp_path: Path) -> None:
    asking = make(tmp_path / "p.hopchain", 2)
    with asking.project:
        asking.add("Ada", "Ben")
        asking.project.set_gold(asking.keys[0], Answer.of(9))
        asking.project.open_round(RoundTerms(gold_share=0.5))
        answer_all(asking.project.blind("Ada"), "9")
        answer_all(asking.project.blind("Ben"), "2")
        with asking.project.read() as read:
            rows, chains = read.answer_rows(), read.answered_chains()
            assert set(chains) == set(asking.keys)
            about = chains[asking.keys[0]]
            assert about.number == read.chain(asking.keys[0]).number
        assert (about.hop_count, about.composer, about.categories) == (1, Composer.PROGRAM, ("clock", "cup"))
        assert {(r.annotator, r.chain_key, r.answer, r.is_gold, r.is_gold_correct) for r in rows} == {
            ("Ada", asking.keys[0], "9", True, True),
            ("Ada", asking.keys[1], "9", False, None),
            ("Ben", asking.keys[0], "2", True, False),
            ("Ben", asking.keys[1], "2", False, None),
        }
        assert {(r.outcome, r.seconds, r.round, r.is_stale) for r in rows} == {(Outcome.ANSWERED, 4.0, 1, False)}
        assert [r.answered_at for r in rows] == sorted(r.answered_at for r in rows)
