"""What a person types and picks, before any of it is saved."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.draft_json import draft_from_json, draft_to_json
from app.models.draft_picks import Pick, PickField, picked, toggled
from app.models.draft_words import refusal, said_value
from app.models.operation_fit import FitState, Kind, fit, gives, meaning
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import (
    Composer,
    InstanceReference,
    Level,
    SetReference,
    ValueReference,
)
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.operations import (
    Branch,
    Compare,
    Count,
    End,
    Extreme,
    Filter,
    Given,
    HopOutput,
    Measure,
    Nearest,
    Operation,
    Order,
)
from hopchain_core.project import StoredChain
from tests.app.chains.typed import NAMES, A, B, C, D, typed_draft, typed_hop


def test_that_a_fresh_draft_changes_nothing() -> None:
    draft = typed_draft()
    assert not draft.is_changed
    assert draft.changes == {}


def test_that_spaces_at_the_ends_are_no_change() -> None:
    draft = replace(typed_draft(), question="  Which bird \n is it? ", answer_text=" 3.0 ").with_hop(
        1, output="bird 1  "
    )
    assert draft.question != typed_draft().question
    assert draft.changes == {}


def test_that_only_what_was_changed_is_saved() -> None:
    draft = replace(typed_draft(), answer_text="4").with_hop(2, output="4")
    assert draft.changes.keys() == {"answer", "hops"}
    assert draft.chain.version == 2
    assert draft.chain.supersedes == draft.base.key
    assert draft.chain.composer is Composer.PERSON


def test_that_a_draft_is_read_back_as_it_was_written() -> None:
    draft = replace(typed_draft(), question="Was “nächst”?", answer_text="neun").with_hop(1, sub_question="Wo?")
    draft = draft.with_choice(2, False)
    assert draft_from_json(json.loads(json.dumps(draft_to_json(draft)))) == draft


@pytest.mark.parametrize("gone", ["number", "base", "question", "answer", "instances", "hops", "choices"])
def test_that_half_a_draft_is_refused(gone: str) -> None:
    data = draft_to_json(typed_draft())
    del data[gone]
    with pytest.raises(ValueError, match=r"not a draft|not a chain"):
        draft_from_json(data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12", ""),
        (" -3.50 ", ""),
        ("\N{MINUS SIGN}4", ""),
        ("", "such as 12"),
        ("twelve", "in digits: 12"),
        ("3 birds", "Only the number is taken: 3"),
        ("the 3 of them", "Only the number is taken: 3"),
        ("3 or 4", "several numbers"),
        ("many", "no number"),
        ("NaN", "no number"),
    ],
)
def test_that_an_answer_that_is_no_number_is_refused_with_what_would_be_taken(text: str, said: str) -> None:
    found = refusal(text)
    assert (said in found) if said else found == ""


@given(st.text())
def test_that_exactly_what_cannot_be_read_is_refused(text: str) -> None:
    assert bool(refusal(text)) == (not isinstance(Answer.read(text), Answer))


def test_that_an_unreadable_answer_is_kept_and_counts_as_a_change() -> None:
    draft = replace(typed_draft(), answer_text="three")
    assert draft.is_changed
    assert draft.chain.answer == draft.base.answer


def test_that_a_value_follows_its_output_and_is_handed_on() -> None:
    draft = typed_draft().with_hop(2, output="yes → 2 + 5 = 7")
    assert draft.hop(2).establishes == (ValueReference("7"),)
    assert ValueReference("7") in draft.hop(3).uses
    assert ValueReference("3") not in draft.hop(3).uses


@pytest.mark.parametrize(("output", "value"), [("3 birds", "3"), ("Yes, it is", "yes"), ("dark  red", "dark red")])
def test_that_an_output_says_a_value(output: str, value: str) -> None:
    assert said_value(output) == value


def test_that_another_object_is_handed_on_to_hops_that_start_from_it() -> None:
    draft = typed_draft().with_hop(1, establishes=(InstanceReference(D),))
    assert draft.hop(2).uses == (InstanceReference(D), InstanceReference(B))
    assert draft.fits[2].state is FitState.KEPT


def test_that_a_need_brings_what_that_hop_finds_and_takes_it_away_again() -> None:
    draft = typed_draft()
    wider = draft.with_hop(3, needs=(1, 2))
    assert set(wider.hop(3).uses) == {ValueReference("3"), InstanceReference(A)}
    assert wider.with_hop(3, needs=(2,)).hop(3).uses == draft.hop(3).uses


def test_that_stepping_back_leaves_what_was_changed_since() -> None:
    before = typed_draft()
    after = before.with_hop(1, level=Level.SEVERAL)
    now = after.with_hop(1, sub_question="Where is it now?")
    back = now.stepped_back(before, after)
    assert back.hop(1).level is Level.ONE_OBJECT
    assert back.hop(1).sub_question == "Where is it now?"


def test_that_a_draft_goes_onto_a_later_version_with_only_what_was_changed() -> None:
    draft = replace(typed_draft(), question="Mine?").with_hop(1, output="mine")
    theirs = draft.base.next_version(
        answer=Answer.of(8),
        question="Theirs?",
        hops=tuple(replace(h, output=f"{h.output} theirs") for h in draft.base.hops),
    )
    made = draft.rebased(StoredChain(9, theirs, None))
    assert made.number == 9
    assert made.question == "Mine?"
    assert made.answer_text == "8"
    assert [h.output for h in made.hops] == ["mine", "3 theirs", "9 theirs"]


# Picking


def test_that_picking_one_object_takes_the_place_of_another() -> None:
    pick = Pick(PickField.ESTABLISHES, 1)
    draft = toggled(typed_draft(), pick, C)
    assert picked(draft, pick) == (C,)
    assert draft.hop(1).establishes == (InstanceReference(C),)


def test_that_a_set_is_picked_one_by_one_and_kept_in_order() -> None:
    pick = Pick(PickField.ESTABLISHES, 1)
    draft = typed_draft().with_hop(1, establishes=(SetReference(()),))
    draft = toggled(toggled(draft, pick, C), pick, A)
    assert draft.hop(1).establishes == (SetReference((A, C)),)
    assert toggled(draft, pick, C).hop(1).establishes == (SetReference((A,)),)


@pytest.mark.parametrize("field", [PickField.CHOSEN, PickField.USES])
@given(keys=st.lists(st.sampled_from([A, B, C, D])))
def test_that_picking_twice_changes_nothing(field: PickField, keys: list[InstanceKey]) -> None:
    pick = Pick(field, 2)
    draft = typed_draft()
    for key in [*keys, *keys]:
        draft = toggled(draft, pick, key)
    assert set(picked(draft, pick)) == set(picked(typed_draft(), pick))


# What becomes of operations


@pytest.mark.parametrize(
    "words",
    ["Of the birds, how many stand near to the bear?", "How many birds do you see near this bear?"],
)
def test_that_an_operation_stays_while_only_the_wording_changes(words: str) -> None:
    found = typed_draft().with_hop(2, sub_question=words).fits[2]
    assert found.state is FitState.KEPT
    assert found.is_reworded


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("How many birds are farthest from the bear?", "farthest"),
        ("How many bears stand near the bear?", "bird"),
        ("How many red birds stand near the bear?", "red"),
        ("How many birds stand near the bear? Add 5.", "5"),
    ],
)
def test_that_an_operation_goes_when_the_words_choose_otherwise(words: str, said: str) -> None:
    found = typed_draft().with_hop(2, sub_question=words).fits[2]
    assert found.state is FitState.DROPPED
    assert said in found.reason
    assert found.may_keep


def test_that_words_put_back_bring_the_operation_back() -> None:
    draft = typed_draft()
    words = draft.hop(2).sub_question
    gone = draft.with_hop(2, sub_question="How many bears?")
    assert gone.saved_hops[1].operation is None
    assert gone.with_hop(2, sub_question=words).saved_hops[1].operation == draft.base.hops[1].operation


def test_that_a_person_may_say_that_it_still_fits_until_the_hop_changes() -> None:
    draft = typed_draft().with_hop(2, sub_question="How many bears stand near the bear?").with_choice(2, True)
    assert draft.fits[2].state is FitState.KEPT
    assert draft.with_hop(2, uses=()).fits[2].state is FitState.DROPPED


def test_that_a_person_may_say_that_it_does_not_fit() -> None:
    found = typed_draft().with_choice(2, False).fits[2]
    assert found.state is FitState.DROPPED
    assert found.may_keep


def test_that_other_needs_drop_the_operation_whatever_a_person_says() -> None:
    found = typed_draft().with_hop(3, needs=(1,)).with_choice(3, True).fits[3]
    assert found.state is FitState.DROPPED
    assert not found.may_keep


def test_that_other_uses_drop_the_operation() -> None:
    found = typed_draft().with_hop(2, uses=(InstanceReference(D),)).fits[2]
    assert found.state is FitState.DROPPED
    assert found.may_keep


def test_that_finding_another_kind_of_thing_drops_the_operation() -> None:
    found = typed_draft().with_hop(1, establishes=(ValueReference("blue"),)).fits[1]
    assert found.state is FitState.DROPPED
    assert not found.may_keep


def test_that_another_object_of_the_same_kind_keeps_the_operation_as_a_check() -> None:
    assert typed_draft().with_hop(1, establishes=(InstanceReference(C),)).fits[1].state is FitState.KEPT


def test_that_a_hop_without_operation_has_none_to_lose() -> None:
    base = typed_hop(1, "Where?", operation=None)
    assert fit(base, replace(base, needs=(9,), sub_question="x"), (), NAMES).state is FitState.NONE


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (Extreme(Filter("bird"), Measure.AREA, End.MAX), Kind.OBJECT),
        (Nearest(HopOutput(1), Filter("bird")), Kind.OBJECT),
        (Filter("bird"), Kind.OBJECTS),
        (Count(Filter("bird")), Kind.VALUE),
        (Branch(Compare(HopOutput(1), Order.EVEN, HopOutput(1)), Given(A), Given(B)), Kind.OBJECT),
        (Branch(Compare(HopOutput(1), Order.EVEN, HopOutput(1)), HopOutput(1), HopOutput(2)), None),
    ],
)
def test_that_it_is_known_what_an_operation_finds(operation: Operation, kind: Kind | None) -> None:
    assert gives(operation) is kind


def test_that_synonyms_mean_the_same() -> None:
    assert meaning("the closest bird", NAMES) == meaning("the bird which is nearest", NAMES)
    assert meaning("the biggest one", NAMES) == meaning("the largest", NAMES)
