"""Hops that come, go and change places in a draft, and what refers to them."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.models.chain_draft import Draft
from app.models.draft_json import draft_from_json, draft_to_json
from app.models.hop_order import moved, paired
from app.models.operation_fit import FitState
from app.models.version_diff import Change, chain_diff
from hopchain_core.domain.chains import InstanceReference, Level, ValueReference
from hopchain_core.domain.programs.operations import hops_used
from hopchain_core.project import StoredChain
from tests.app.chains.typed import A, typed_draft

STEPS = st.lists(st.tuples(st.sampled_from(["add", "remove", "up", "down"]), st.integers(0, 9)), max_size=8)


def test_that_an_added_hop_follows_the_one_before_and_shifts_the_numbers_of_later_ones() -> None:
    draft = typed_draft().with_hop_after(1)
    assert [h.index for h in draft.hops] == [1, 2, 3, 4]
    assert (draft.hop(2).needs, draft.hop(2).uses) == ((1,), (InstanceReference(A),))
    assert [draft.hop(n).needs for n in (3, 4)] == [(1,), (3,)]
    assert [hops_used(h.operation) for h in draft.hops[2:] if h.operation] == [{1}, {3}]
    assert [draft.fits[n].state for n in (1, 2, 3, 4)] == [
        FitState.KEPT,
        FitState.NONE,
        FitState.KEPT,
        FitState.KEPT,
    ]


def test_that_hops_that_needed_a_removed_one_need_it_no_longer_and_are_not_recomputed() -> None:
    draft = typed_draft()
    assert draft.needed_by(2) == (3,)
    left = draft.without_hop(2)
    assert [h.index for h in left.hops] == [1, 2]
    assert (left.hop(2).needs, left.hop(2).uses) == ((), ())
    assert left.fits[2].state is FitState.DROPPED
    assert left.chain.hops[1].operation is None


def test_that_a_hop_stays_after_those_it_needs() -> None:
    draft = typed_draft()
    assert draft.move_refusal(3, -1) == "Hop 3 needs hop 2, so it stays after it."
    assert draft.move_refusal(2, 1) == "Hop 3 needs hop 2, so it stays after it."
    assert draft.move_refusal(1, -1) == "Hop 1 is the first one."
    assert draft.move_refusal(3, 1) == "Hop 3 is the last one."


def test_that_a_moved_hop_takes_its_choice_and_the_needs_of_others_with_it() -> None:
    draft = typed_draft().with_hop_after(1).with_choice(3, False)
    assert draft.move_refusal(3, -1) == ""
    there = draft.with_hop_moved(3, -1)
    assert there.hop(2).sub_question == draft.hop(3).sub_question
    assert there.hop(4).needs == (2,)
    assert [there.fits[n].state for n in (2, 4)] == [FitState.DROPPED, FitState.KEPT]
    assert there.with_hop_moved(2, 1) == draft


@given(STEPS)
def test_that_needs_always_name_earlier_hops_and_every_step_can_be_taken_back(steps: list[tuple[str, int]]) -> None:
    now, done = typed_draft(), []
    for what, place in steps:
        index = now.hops[place % len(now.hops)].index
        if what == "add":
            after = now.with_hop_after(index)
        elif what == "remove":
            after = now.without_hop(index) if len(now.hops) > 1 else now
        else:
            step = -1 if what == "up" else 1
            after = now if now.move_refusal(index, step) else now.with_hop_moved(index, step)
        done.append((now, after))
        now = after
        assert [h.index for h in now.hops] == list(range(1, len(now.hops) + 1))
        for hop in now.saved_hops:
            assert all(n < hop.index for n in hop.needs)
            assert hop.operation is None or hops_used(hop.operation) <= set(hop.needs)
        assert draft_from_json(json.loads(json.dumps(draft_to_json(now)))) == now
    for before, after in reversed(done):
        now = now.stepped_back(before, after)
        assert now == before
    assert not now.is_changed


def test_that_a_removed_hop_comes_back_with_its_operation_while_words_typed_since_stay() -> None:
    before = typed_draft()
    after = before.without_hop(2)
    back = after.with_hop(2, sub_question="Times three?").stepped_back(before, after)
    assert back.hop(2) == before.hop(2)
    assert back.hop(3) == replace(before.hop(3), sub_question="Times three?")


def test_that_a_draft_without_ids_is_read_as_one_whose_hops_never_changed_places() -> None:
    data = draft_to_json(typed_draft().with_hop(1, output="the bird"))
    del data["ids"]
    assert draft_from_json(data).ids == (1, 2, 3)


def test_that_what_was_typed_while_saving_goes_on_upon_the_new_version() -> None:
    draft = typed_draft().with_hop_after(2).with_hop(3, sub_question="And the bear?").without_hop(1)
    saved = StoredChain(2, draft.chain, None)
    assert not draft.rebased(saved).is_changed
    typed = draft.with_hop(3, sub_question="Times four?").rebased(saved)
    assert [h.sub_question for h in typed.chain.hops] == [h.sub_question for h in saved.chain.hops[:2]] + [
        "Times four?"
    ]
    assert [h.needs for h in typed.chain.hops] == [h.needs for h in saved.chain.hops]


def test_that_words_are_put_on_a_version_with_another_hop() -> None:
    draft = typed_draft().with_hop(3, output="10")
    other = typed_draft().with_hop_after(1).with_hop(2, sub_question="How many bears?").chain
    made = draft.rebased(StoredChain(2, other, None))
    assert [h.output for h in made.hops] == ["bird 1", "", "3", "10"]
    assert made.hop(4).establishes == (ValueReference("10"),)
    assert (made.hop(4).needs, made.fits[4].state) == ((3,), FitState.KEPT)


def test_that_a_persons_order_of_hops_stays_on_another_version() -> None:
    draft = typed_draft().with_hop_after(3)
    other = typed_draft().with_hop(1, level=Level.SEVERAL).chain
    made = draft.rebased(StoredChain(2, other, None))
    assert len(made.hops) == 4
    assert made.hop(1).level is Level.SEVERAL


def test_that_an_added_hop_is_no_change_of_those_after_it() -> None:
    old = typed_draft()
    new = old.with_hop_after(1).with_hop(2, sub_question="Which bear is it?").chain
    found = chain_diff(old.base, new)
    assert [(h.index, h.change) for h in found.changed_hops] == [(2, Change.ADDED)]
    assert found.summary == "Hop 2 added"


def test_that_a_removed_hop_stands_where_it_was() -> None:
    new = typed_draft().without_hop(1).chain
    found = chain_diff(typed_draft().base, new)
    assert [(h.was, h.change) for h in found.hops] == [(1, Change.REMOVED), (2, Change.SAME), (3, Change.SAME)]
    assert [h.is_needing_same for h in found.hops[1:]] == [False, True]
    assert found.summary == "Hop 1, hop 1 removed"


def test_that_a_moved_hop_is_told_from_one_that_only_has_another_number() -> None:
    old = typed_draft().with_hop_after(1).with_hop(2, sub_question="Which bear is it?")
    new = old.with_hop_moved(2, 1).chain
    found = chain_diff(old.chain, new)
    assert sum(h.is_moved for h in found.hops) == 1
    assert [h.is_same for h in found.hops].count(False) == 1
    assert found.summary.endswith("moved")


@given(st.permutations(range(1, 7)))
def test_that_what_is_not_moved_keeps_its_order(order: list[int]) -> None:
    gone = moved(order)
    rest = [n for n in order if n not in gone]
    assert rest == sorted(rest)
    assert bool(gone) == (list(order) != sorted(order))


def test_that_a_reworded_hop_is_known_again_by_the_hop_before_it() -> None:
    old = typed_draft().base.hops
    new = (old[0], replace(old[1], sub_question="What else?"), old[2])
    assert paired(old, new) == {1: 1, 2: 2, 3: 3}


def mentioning() -> Draft:
    """The third hop speaks of the others."""
    return typed_draft().with_hop(3, sub_question="Multiply hop 2 by 3; Hops 1 and 2 stay.", output="hop 2 times 3")


def test_that_words_that_mention_a_hop_follow_it_when_hops_come_and_move() -> None:
    later = mentioning().with_hop_after(1)
    assert later.hop(4).sub_question == "Multiply hop 3 by 3; Hops 1 and 3 stay."
    assert later.hop(4).output == "hop 3 times 3"
    # Moved before the one it follows, the new hop is the first of the two.
    apart = mentioning().with_hop_after(2).with_hop_moved(3, -1)
    assert apart.hop(4).sub_question == "Multiply hop 3 by 3; Hops 1 and 3 stay."


def test_that_a_mention_of_a_removed_hop_is_marked_and_not_handed_to_another() -> None:
    left = mentioning().without_hop(2)
    assert left.hop(2).sub_question == "Multiply hop ? by 3; Hops 1 and ? stay."
    assert left.hop(2).output == "hop ? times 3"


def test_that_numbers_that_are_no_hops_stay_as_they_are() -> None:
    words = "Add 2 to hop 9, hopping 2 times in shop 2; 3 hops 2 blocks."
    draft = typed_draft().with_hop(3, sub_question=words.replace("; 3 hops 2 blocks", ""))
    assert draft.with_hop_after(1).hop(4).sub_question == "Add 2 to hop 9, hopping 2 times in shop 2."


def test_that_a_hop_whose_mentions_only_followed_counts_as_unchanged_once_it_is_back() -> None:
    draft = mentioning()
    assert draft.with_hop_after(1).without_hop(2).hops == draft.hops
