"""Rounds of a project: who takes part, what is offered, and what closing keeps."""

from __future__ import annotations

import pytest

from hopchain_core.blind import Hold
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome
from hopchain_core.domain.rounds import RoundKind, RoundTerms, Standing
from hopchain_core.errors import InputError
from tests.core.people.asking import ANSWER, FOUR, Asking, answer_all

QUALIFY = RoundTerms(kind=RoundKind.QUALIFICATION)


def given(asking: Asking, number: int) -> dict[str, set[ChainKey]]:
    with asking.project.read() as read:
        return {name: set(items) for name, items in read.assignments(number).items()}


def awaiting(asking: Asking) -> set[ChainKey]:
    with asking.project.read() as read:
        return set(read.awaiting_people())


def test_that_everyone_is_asked_all_that_awaits_people(asking: Asking) -> None:
    asking.add(*FOUR)
    opened = asking.project.open_round()
    assert (opened.id, opened.is_open, opened.kind) == (1, True, RoundKind.MAIN)
    assert given(asking, 1) == {name: set(asking.keys) for name in FOUR}
    assert awaiting(asking) == set()
    with asking.project.read() as read:
        assert [(p.annotator, p.assigned, p.left) for p in read.round_progress(1)] == [(n, 8, 8) for n in FOUR]


def test_that_a_plan_writes_nothing_and_says_what_opening_does(asking: Asking) -> None:
    asking.add(*FOUR)
    terms = RoundTerms(per_chain=2)
    plan = asking.project.plan_round(terms)
    with asking.project.read() as read:
        assert read.rounds() == ()
    assert given(asking, asking.project.open_round(terms).id) == {n: set(i) for n, i in plan.assignments.items()}
    assert sum(len(items) for items in plan.assignments.values()) == 16


def test_that_opening_a_round_is_undone_and_redone_whole(asking: Asking) -> None:
    asking.add(*FOUR)
    asking.project.set_gold(asking.keys[0])
    asking.project.open_round(RoundTerms(gold_share=0.2))
    before = given(asking, 1)
    asking.project.undo()
    assert (given(asking, 1), awaiting(asking)) == ({}, set(asking.keys[1:]))
    asking.project.redo()
    assert given(asking, 1) == before
    asking.project.undo()
    # A number that a packet may bear is not used for another round.
    assert asking.project.open_round().id == 2


def test_that_what_a_rule_or_a_curator_refused_and_gold_is_not_offered(asking: Asking) -> None:
    asking.add("Ada")
    rejected, flagged, gold, *rest = asking.keys
    asking.project.mark(Mark(chain=rejected, kind=MarkKind.REJECT))
    asking.project.mark(Mark(chain=flagged, kind=MarkKind.FLAG))
    asking.project.set_gold(gold)
    assert awaiting(asking) == {flagged, *rest}


def test_that_the_next_round_asks_only_for_the_answers_that_are_missing(asking: Asking) -> None:
    asking.add(*FOUR, "Eve")
    first = asking.project.open_round(RoundTerms(annotators=FOUR[:3]))
    for name in FOUR[:3]:
        answer_all(asking.project.blind(name))
    asking.project.close_round(first.id)
    assert awaiting(asking) == set(asking.keys)
    second = asking.project.open_round(RoundTerms(per_chain=4))
    assert set(given(asking, second.id)) == {"Dora", "Eve"}
    asked = given(asking, second.id)
    assert asked["Dora"].isdisjoint(asked["Eve"])
    assert asked["Dora"] | asked["Eve"] == set(asking.keys)
    for name in ("Dora", "Eve"):
        answer_all(asking.project.blind(name))
    with asking.project.read() as read:
        assert read.awaiting_people() == ()
        assert {len(read.annotations(key)) for key in asking.keys} == {4}


def test_that_too_few_people_are_told_of_before_and_after(asking: Asking) -> None:
    asking.add("Ada", "Ben")
    assert len(asking.project.plan_round(RoundTerms(per_chain=3)).short) == 8


def test_that_an_edited_question_goes_to_the_next_round_and_its_old_answers_are_stale(asking: Asking) -> None:
    asking.add("Ada", "Ben")
    first = asking.project.open_round()
    answer_all(asking.project.blind("Ada"))
    new = asking.project.edit_chain(asking.keys[0], question="How many are left?")
    ben = asking.project.blind("Ben")
    assert (ben.progress().total, len(answer_all(ben))) == (7, 7)
    with asking.project.read() as read:
        assert {p.annotator: (p.answered, p.withdrawn) for p in read.round_progress(first.id)} == {
            "Ada": (8, 0), "Ben": (7, 1),
        }  # fmt: skip
        assert [row.chain_key for row in read.answer_rows() if row.is_stale] == [asking.keys[0]]
    assert awaiting(asking) == set()
    asking.audit(new)
    assert awaiting(asking) == {new.key}
    assert given(asking, asking.project.open_round().id) == {"Ada": {new.key}, "Ben": {new.key}}
    with asking.project.read() as read:
        assert read.annotations(new.key) == ()
        assert [a.annotator for a in read.annotations(asking.keys[0])] == ["Ada"]


def test_that_a_round_keeps_all_when_it_is_closed(asking: Asking) -> None:
    asking.add("Ada")
    asking.project.open_round()
    source = asking.project.blind("Ada")
    answer_all(source, at_most=3)
    asking.project.close_round(1)
    assert (source.hold(), source.next()) == (Hold.ROUND_CLOSED, None)
    assert len(source.recent()) == 3
    with pytest.raises(InputError, match="closed"):
        source.reopen(source.recent()[0].item)
    with pytest.raises(InputError, match="closed already"):
        asking.project.close_round(1)
    asking.project.reopen_round(1)
    assert (source.hold(), source.progress().answered) == (Hold.NONE, 3)
    assert source.next() is not None
    with pytest.raises(InputError, match="open already"):
        asking.project.reopen_round(1)
    with pytest.raises(InputError, match="no round 9"):
        asking.project.close_round(9)


def test_that_nothing_is_opened_where_nobody_or_nothing_is_left(asking: Asking) -> None:
    with pytest.raises(InputError, match="nobody to ask"):
        asking.project.open_round()
    asking.add("Ada")
    with pytest.raises(InputError, match="no gold"):
        asking.project.open_round(QUALIFY)
    with pytest.raises(InputError, match="no annotator 'Zoe'"):
        asking.project.open_round(RoundTerms(annotators=("Zoe",)))
    with pytest.raises(InputError, match="not there"):
        asking.project.open_round(RoundTerms(chains=(ChainKey("0" * 16),)))
    asking.project.open_round()
    with pytest.raises(InputError, match="open round asks all chains"):
        asking.project.open_round()
    with pytest.raises(InputError, match="Nobody would be given"):
        asking.project.open_round(RoundTerms(chains=(asking.keys[0],)))
    asking.project.close_round(1)
    assert asking.project.open_round().id == 2
    asking.project.close_round(2)
    for key in asking.keys:
        asking.project.mark(Mark(chain=key, kind=MarkKind.REJECT))
    with pytest.raises(InputError, match="No chain awaits"):
        asking.project.open_round()


def test_that_whoever_is_below_the_pass_mark_gets_nothing_until_the_curator_lets_them(asking: Asking) -> None:
    asking.add("Ada", "Ben")
    gold, ordinary = asking.keys[:5], set(asking.keys[5:])
    for key in gold:
        asking.project.set_gold(key)
    asking.project.open_round(QUALIFY)
    with pytest.raises(InputError, match="nobody to ask"):
        asking.project.open_round()
    assert asking.project.blind("Ada").title == "Qualification 1"
    assert len(answer_all(asking.project.blind("Ada"))) == 5
    answer_all(asking.project.blind("Ben"), "7")
    with asking.project.read() as read:
        assert read.standings() == {"Ada": Standing.QUALIFIED, "Ben": Standing.BELOW}
    assert asking.project.plan_round(RoundTerms()).assignments.keys() == {"Ada"}
    with pytest.raises(InputError, match="Ben has not passed"):
        asking.project.open_round(RoundTerms(annotators=("Ada", "Ben")))
    asking.project.let_in("Ben")
    main = asking.project.open_round()
    assert given(asking, main.id) == {"Ada": ordinary, "Ben": ordinary}
    ben = asking.project.blind("Ben")
    assert ben.next() is not None
    asking.project.let_in("Ben", is_let_in=False)
    assert (ben.hold(), ben.next(), ben.ahead()) == (Hold.NOT_QUALIFIED, None, ())
    item = next(f"{main.id}-{place}" for place in range(1, 4))
    with pytest.raises(InputError, match="qualification"):
        ben.answer(item, Outcome.ANSWERED, "1")


def test_that_a_corrected_gold_answer_judges_people_anew(asking: Asking) -> None:
    asking.add("Ada")
    asking.project.set_gold(asking.keys[0], Answer.of(9))
    asking.project.open_round(QUALIFY)
    answer_all(asking.project.blind("Ada"))
    with asking.project.read() as read:
        assert read.standing("Ada") is Standing.BELOW
    asking.project.set_gold(asking.keys[0], Answer.of(ANSWER))
    with asking.project.read() as read:
        assert read.standing("Ada") is Standing.QUALIFIED
        assert [row.is_gold_correct for row in read.answer_rows()] == [True]
    asking.project.drop_gold(asking.keys[0])
    with asking.project.read() as read:
        assert [(row.is_gold, row.is_gold_correct) for row in read.answer_rows()] == [(True, None)]
    with pytest.raises(InputError, match="no gold"):
        asking.project.drop_gold(asking.keys[0])


def test_that_a_withdrawn_item_keeps_nobody_from_finishing_a_qualification(asking: Asking) -> None:
    asking.add("Ada")
    for key in asking.keys[:2]:
        asking.project.set_gold(key)
    asking.project.open_round(QUALIFY)
    asking.project.mark(Mark(chain=asking.keys[0], kind=MarkKind.REJECT))
    assert len(answer_all(asking.project.blind("Ada"))) == 1
    with asking.project.read() as read:
        assert read.standing("Ada") is Standing.QUALIFIED


def test_that_a_person_with_work_is_kept_and_one_without_goes(asking: Asking) -> None:
    asking.add("Ada", "Ben")
    asking.project.open_round(RoundTerms(annotators=("Ada",)))
    assert (asking.project.remove_annotator("Ben"), asking.project.remove_annotator("Ada")) == (True, False)
    with asking.project.read() as read:
        assert [(a.name, a.is_active) for a in read.annotators()] == [("Ada", False)]
    source = asking.project.blind("Ada")
    assert (source.hold(), source.next()) == (Hold.INACTIVE, None)
    asking.project.undo()
    assert source.hold() is Hold.NONE


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b", "ADA"])
def test_that_a_name_nobody_can_tell_is_refused(asking: Asking, name: str) -> None:
    asking.add("Ada")
    with pytest.raises(InputError, match=r"name|already"):
        asking.project.add_annotator(name)


def test_that_whoever_answers_is_an_annotator_from_then_on(asking: Asking) -> None:
    asking.project.annotate(Annotation(chain=asking.keys[0], annotator="Zoe", outcome=Outcome.CANNOT_TELL, answer=None))
    with asking.project.read() as read:
        assert [a.name for a in read.annotators()] == ["Zoe"]
    asking.project.undo()
    with asking.project.read() as read:
        assert read.annotators() == ()
