"""What changed between two versions."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from app.models.version_diff import Change, KeysDiff, OperationChange, Span, chain_diff, word_diff
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, Composer, Hop, InstanceReference, Level, SetReference, ValueReference
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.domain.programs.operations import Count, Filter

WORDS = st.lists(st.sampled_from(["the", "bird", "nearest", "to", "it", ",", "?", "9", "  ", "\n", "é", "—"])).map(
    " ".join
)
KEYS = st.lists(st.sampled_from([InstanceKey(c) for c in "abcdef"]), unique=True)


@given(WORDS | st.text(), WORDS | st.text())
@example("", "")
@example("a b", "c d")
@example("the bird", "the  bird")
def test_that_applying_a_diff_reproduces_both_texts(old: str, new: str) -> None:
    found = word_diff(old, new)
    assert found.old == old
    assert found.new == new
    assert found.is_same == (old == new)


@given(WORDS, WORDS)
def test_that_no_span_is_empty_and_neighbours_differ(old: str, new: str) -> None:
    spans = word_diff(old, new).spans
    assert all(span.text for span in spans)
    assert all(a.change is not b.change for a, b in pairwise(spans))


def test_that_changed_words_stand_together_and_removed_ones_come_first() -> None:
    found = word_diff("Which bird is nearest to it?", "Which bird is farthest from it?")
    assert found.spans == (
        Span(Change.SAME, "Which bird is "),
        Span(Change.REMOVED, "nearest to"),
        Span(Change.ADDED, "farthest from"),
        Span(Change.SAME, " it?"),
    )


def test_that_a_sign_changes_without_its_word() -> None:
    found = word_diff("Stop.", "Stop!")
    assert found.spans == (Span(Change.SAME, "Stop"), Span(Change.REMOVED, "."), Span(Change.ADDED, "!"))


@given(KEYS, KEYS)
def test_that_kept_and_added_instances_are_those_of_the_new_version(
    old: list[InstanceKey], new: list[InstanceKey]
) -> None:
    found = KeysDiff.between(old, new)
    assert set(found.kept) | set(found.added) == set(new)
    assert set(found.kept) | set(found.removed) == set(old)
    assert found.is_same == (set(old) == set(new))


def test_that_every_field_of_a_hop_is_compared() -> None:
    old = _chain()
    hop = old.hops[1]
    changes: dict[str, Any] = {
        "sub_question": "How many plates?",
        "output": "4 plates",
        "level": Level.ONE_OBJECT,
        "needs": (),
        "uses": (InstanceReference(InstanceKey("c")),),
        "establishes": (SetReference((InstanceKey("d"),)),),
        "operation": None,
    }
    for name, value in changes.items():
        new = replace(old, hops=(old.hops[0], replace(hop, **{name: value})))
        assert [h.index for h in chain_diff(old, new).changed_hops] == [2], name


def test_that_an_operation_that_went_is_told() -> None:
    old = _chain()
    new = replace(old, hops=(old.hops[0], replace(old.hops[1], operation=None)))
    assert chain_diff(old, new).hops[1].operation is OperationChange.DROPPED
    assert chain_diff(new, old).hops[1].operation is OperationChange.ADDED


def test_that_a_hop_of_one_version_only_is_added_or_removed() -> None:
    old = _chain()
    new = replace(old, hops=old.hops[:1])
    assert chain_diff(old, new).hops[1].change is Change.REMOVED
    added = chain_diff(new, old).hops[1]
    assert added.change is Change.ADDED
    assert added.sub_question.new == old.hops[1].sub_question


def test_that_the_summary_names_what_changed() -> None:
    old = _chain()
    assert chain_diff(old, old).summary == "Nothing"
    assert chain_diff(old, old).is_same
    new = replace(
        old,
        question="How many cups stand there?",
        answer=Answer.of(4),
        instances=old.instances[:2],
        hops=tuple(replace(h, output=f"{h.output}!") for h in old.hops),
    )
    assert chain_diff(old, new).summary == "Question, instances, hops 1 and 2, answer 3 → 4"
    assert not chain_diff(old, new).is_same


def _chain() -> Chain:
    a, b, c = (InstanceKey(k) for k in "abc")
    return Chain(
        images=(ImageKey("i"),),
        instances=(a, b, c),
        question="How many cups are there?",
        hops=(
            Hop(
                index=1,
                level=Level.ONE_OBJECT,
                sub_question="Which table is it?",
                uses=(),
                establishes=(InstanceReference(a),),
                needs=(),
                output="table",
            ),
            Hop(
                index=2,
                level=Level.SEVERAL,
                sub_question="How many cups?",
                uses=(InstanceReference(a),),
                establishes=(ValueReference("3"),),
                needs=(1,),
                output="3",
                operation=Count(Filter("cup")),
            ),
        ),
        answer=Answer.of(3),
        composer=Composer.PROGRAM,
    )
