"""What an adjudicator sees and decides, and what an export makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.review import AdjudicationKind, AmbiguityReason, Annotation, Outcome, VerdictOutcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import InputError
from hopchain_core.export.admission import Reason, Terms
from hopchain_core.export.selection import Admitted, Selection
from tests.core.people.asking import FOUR, Asking, answer_all


def dispute(asking: Asking, key: ChainKey, texts: str = "96 96 95 96") -> None:
    """Four answers in round 1; ? is ambiguous."""
    for name, text in zip(FOUR, texts.split(), strict=False):
        asked = text != "?"
        asking.project.annotate(
            Annotation(
                chain=key,
                annotator=name,
                outcome=Outcome.ANSWERED if asked else Outcome.AMBIGUOUS,
                answer=Answer.of(text) if asked else None,
                active_seconds=30.0,
                note=f"by way of {text}",
                reason=None if asked else AmbiguityReason.COUNT,
            )
        )


def test_that_disputes_are_listed_with_their_tally(asking: Asking) -> None:
    first, second, third, fourth, *_ = asking.keys
    dispute(asking, first)
    dispute(asking, second, "1 1 2 2")
    dispute(asking, third, "? ? ? 4")
    dispute(asking, fourth, "5 5 5 5")
    with asking.project.read() as read:
        rows = read.disputes()
        assert [(row.key, row.outcome, row.tally) for row in rows] == [
            (first, VerdictOutcome.DISPUTED, (("96", 3), ("95", 1))),
            (second, VerdictOutcome.DISPUTED, (("1", 2), ("2", 2))),
            (third, VerdictOutcome.REFUSED, (("ambiguous", 3), ("4", 1))),
        ]
        assert [(row.number, row.question) for row in rows] == [
            (read.chain(row.key).number, read.chain(row.key).chain.question) for row in rows
        ]
        assert {row.image_path for row in rows} == {"pictures/a.jpg"}
        assert read.disputes(is_settled=True) == ()


def test_that_answers_stand_side_by_side_without_names_in_one_order(asking: Asking) -> None:
    dispute(asking, asking.keys[0])
    with asking.project.read() as read:
        found = read.dispute(asking.keys[0])
        again = read.dispute(asking.keys[0])
    assert found is not None
    assert found == again
    assert [(a.position, a.letter) for a in found.answers] == [(1, "A"), (2, "B"), (3, "C"), (4, "D")]
    assert sorted(a.answer.text for a in found.answers if a.answer) == ["95", "96", "96", "96"]
    assert {a.note for a in found.answers} == {"by way of 95", "by way of 96"}
    assert all(name not in repr(found.answers) for name in FOUR)
    assert (found.tally, found.majority) == ((("96", 3), ("95", 1)), Answer.of(96))
    assert found.stored.chain == asking.chains[0]


def test_that_the_order_of_answers_is_not_that_of_names_and_differs_between_questions(asking: Asking) -> None:
    for key in asking.keys:
        dispute(asking, key, "1 2 3 4")
    orders = set()
    with asking.project.read() as read:
        for key in asking.keys:
            found = read.dispute(key)
            assert found is not None
            orders.add(tuple(a.answer.text for a in found.answers if a.answer))
    assert len(orders) > 3


@pytest.mark.parametrize(
    ("texts", "majority"),
    [("1 1 2 2", None), ("1 1 2 3", "1"), ("? ? ? 4", "4"), ("? ?", None), ("1 2", None), ("7", "7")],
)
def test_that_only_a_number_given_more_often_than_any_other_is_preselected(
    asking: Asking, texts: str, majority: str | None
) -> None:
    dispute(asking, asking.keys[0], texts)
    with asking.project.read() as read:
        found = read.dispute(asking.keys[0])
    assert found is not None
    assert found.majority == (None if majority is None else Answer.of(majority))


def test_that_a_decision_is_recorded_as_one_persons_and_settles_the_question(asking: Asking) -> None:
    key = asking.keys[0]
    dispute(asking, key)
    asking.project.adjudicate(key, Answer.of(96), adjudicator="Eve", reason=" the far wheel is there ")
    verdict = asking.verdict(key)
    assert (verdict.outcome, verdict.label) == (VerdictOutcome.ADJUDICATED, Answer.of(96))
    assert verdict.votes == (("95", 1), ("96", 3))
    with asking.project.read() as read:
        assert read.status(key) is ChainStatus.ADJUDICATED
        assert read.disputes(is_settled=False) == ()
        (row,) = read.disputes(is_settled=True)
        assert row.adjudication is not None
        assert (row.adjudication.adjudicator, row.adjudication.reason) == ("Eve", "the far wheel is there")
        assert row.adjudication.decided_at
        assert read.awaiting_people() == tuple(asking.keys[1:])
    asking.project.undo()
    assert asking.verdict(key).outcome is VerdictOutcome.DISPUTED
    asking.project.redo()
    asking.project.take_back_adjudication(key)
    with asking.project.read() as read:
        assert [row.key for row in read.disputes(is_settled=False)] == [key]
    with pytest.raises(InputError, match="No adjudicator"):
        asking.project.take_back_adjudication(key)


def test_that_a_question_can_be_refused_with_a_reason(asking: Asking) -> None:
    key = asking.keys[0]
    dispute(asking, key)
    with pytest.raises(InputError, match="reason"):
        asking.project.refuse_chain(key, adjudicator="Eve", reason="  ")
    asking.project.refuse_chain(key, adjudicator="Eve", reason="two clocks")
    assert asking.verdict(key).outcome is VerdictOutcome.REFUSED
    with asking.project.read() as read:
        (row,) = read.disputes()
        assert row.adjudication is not None
        assert (row.adjudication.kind, row.adjudication.reason) == (AdjudicationKind.REFUSED, "two clocks")


def test_that_a_question_sent_back_is_asked_anew_in_its_new_version(asking: Asking) -> None:
    asking.add(*FOUR)
    asking.project.open_round()
    for name, text in zip(FOUR, ["1", "1", "1", "2"], strict=True):
        answer_all(asking.project.blind(name), text)
    key = asking.keys[0]
    with pytest.raises(InputError, match="Nothing of the question was changed"):
        asking.project.send_back(key, adjudicator="Eve", question=asking.chains[0].question)
    new = asking.project.send_back(key, adjudicator="Eve", reason="which clock?", question="How many big clocks?")
    assert (new.version, new.supersedes) == (2, key)
    with asking.project.read() as read:
        (row,) = read.disputes(is_settled=True)
        assert (row.key, row.next_version, row.round) == (key, new.key, 1)
        assert row.adjudication is not None
        assert row.adjudication.kind is AdjudicationKind.SENT_BACK
        assert key not in {r.key for r in read.disputes(is_settled=False)}
    with pytest.raises(InputError, match="sent back"):
        asking.project.take_back_adjudication(key)
    asking.audit(new)
    opened = asking.project.open_round()
    with asking.project.read() as read:
        assert set(read.assignments(opened.id).values()) == {(new.key,)}
    asking.project.undo()
    asking.project.undo()
    with asking.project.read() as read:
        assert key in {r.key for r in read.disputes(is_settled=False)}
        assert read.adjudication(key) is None


def test_that_only_what_people_answered_and_what_stands_is_decided_about(asking: Asking) -> None:
    key = asking.keys[0]
    with pytest.raises(InputError, match="Nobody has answered"):
        asking.project.adjudicate(key, Answer.of(1), adjudicator="Eve")
    with pytest.raises(InputError, match="no such chain"):
        asking.project.adjudicate(ChainKey("0" * 16), Answer.of(1), adjudicator="Eve")
    dispute(asking, key)
    asking.project.edit_chain(key, question="And now?")
    for act in (
        lambda: asking.project.adjudicate(key, Answer.of(1), adjudicator="Eve"),
        lambda: asking.project.refuse_chain(key, adjudicator="Eve", reason="old"),
        lambda: asking.project.send_back(key, adjudicator="Eve", question="Hm?"),
    ):
        with pytest.raises(InputError, match="replaced"):
            act()


def test_that_a_dispute_tells_for_whom_it_waits(asking: Asking) -> None:
    asking.add(*FOUR)
    asking.project.open_round(RoundTerms(chains=(asking.keys[0],)))
    waits = []
    for name, text in zip(FOUR, ["1", "2", "2", "2"], strict=True):
        answer_all(asking.project.blind(name), text)
        with asking.project.read() as read:
            waits.append([row.waits_for for row in read.disputes()])
    assert waits == [[], [2], [1], [0]]


def test_that_an_adjudicated_number_is_exported_only_where_the_policy_says_so(asking: Asking) -> None:
    key = asking.keys[0]
    dispute(asking, key)
    asking.project.adjudicate(key, Answer.of(96), adjudicator="Eve")

    def against() -> Reason | None:
        with asking.project.read() as read:
            looked = Selection(read, Terms()).one(read.chain(key))
        return None if isinstance(looked, Admitted) else looked.reason

    assert against() is Reason.ADJUDICATED
    asking.project.set_policy(replace(Policy(), accepts_adjudicated=True))
    assert against() is None
    assert asking.verdict(key).outcome is VerdictOutcome.ADJUDICATED
