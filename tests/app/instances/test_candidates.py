"""What was found, and what a person makes of it, as values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.presenters.instance_candidates import Candidate, Candidates, candidates_of, is_candidate
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.prompting import Proposal
from tests.app.instances.model import disc

MASK = disc(10, 10, 5, (40, 30))


def some(*scores: float, twins: frozenset[int] = frozenset()) -> Candidates:
    found = tuple(
        Candidate(
            key=InstanceKey(f"candidate {n}"),
            mask=MASK,
            box=Box(0, 0, 1, 1),
            score=s,
            twin="cup 1" if n in twins else "",
        )
        for n, s in enumerate(scores)
    )
    return Candidates(found=found)


def test_that_keys_of_candidates_are_told_from_those_of_instances() -> None:
    (first, second) = candidates_of([Proposal(MASK, 0.9), Proposal(MASK, 0.8)], (), first=7)
    assert is_candidate(first.key)
    assert first.key != second.key
    assert first.box == MASK.box()
    assert not is_candidate(InstanceKey("a" * 64))


def test_that_a_look_moves_round_and_round() -> None:
    three = some(0.9, 0.8, 0.7)
    assert three.current is None
    assert three.moved(1).focus == three.found[0].key
    assert three.moved(-1).focus == three.found[2].key
    assert three.moved(-1).moved(1).focus == three.found[0].key


def test_that_the_only_one_is_meant_without_a_look() -> None:
    assert some(0.9).current == some(0.9).found[0]


def test_that_a_look_at_what_is_rejected_goes_on_to_the_next_and_at_the_end_back() -> None:
    three = some(0.9, 0.8, 0.7).looking_at(InstanceKey("candidate 1"))
    left = three.without([InstanceKey("candidate 1")])
    assert left.focus == "candidate 2"
    assert left.without([InstanceKey("candidate 2")]).focus == "candidate 0"
    assert left.restored().shown == three.shown


def test_that_twins_are_shown_and_not_counted_as_new() -> None:
    two = some(0.9, 0.8, twins=frozenset({0}))
    assert [one.score for one in two.shown] == [0.9, 0.8]
    assert [one.score for one in two.new] == [0.8]


@given(
    st.lists(st.floats(0, 1), max_size=6),
    st.lists(st.tuples(st.sampled_from(["move", "reject", "filter", "look", "restore", "drop"]), st.integers(0, 6))),
)
def test_that_whatever_is_done_the_look_is_at_something_shown(
    scores: list[float], steps: list[tuple[str, int]]
) -> None:
    candidates = some(*scores)
    for what, number in steps:
        key = InstanceKey(f"candidate {number}")
        match what:
            case "move":
                candidates = candidates.moved(number - 3)
            case "reject":
                candidates = candidates.without([key])
            case "filter":
                candidates = candidates.filtered(number / 6)
            case "look":
                candidates = candidates.looking_at(key)
            case "restore":
                candidates = candidates.restored()
            case _:
                candidates = candidates.dropped([key])
        assert candidates.focus is None or candidates.focus in {one.key for one in candidates.shown}
        assert candidates.current is None or candidates.current in candidates.shown
