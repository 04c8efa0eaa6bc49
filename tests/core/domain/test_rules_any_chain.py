"""The audit takes whatever a model or a person may write: it never raises and never takes long."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, Composer, Hop, InstanceReference, Level, SetReference, ValueReference
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Count,
    Filter,
    Given,
    HopOutput,
    Nearest,
    Operator,
    Unique,
)
from hopchain_core.domain.rules import audit_chain, outcomes_of
from tests.core.domain.chain_examples import BIRD_FACTS, BIRDS, KITE_CHAIN, facts

KEYS = st.sampled_from([*(i.key for i in BIRD_FACTS.instances), InstanceKey("0" * 16)])
REFERENCES = st.one_of(
    KEYS.map(InstanceReference),
    st.lists(KEYS, max_size=3).map(lambda k: SetReference(tuple(k))),
    st.sampled_from(["6", "yes", "no", "red", "", "½", "a dozen"]).map(ValueReference),
)
WORDS = st.lists(
    st.sampled_from(
        [
            "how",
            "many",
            "which",
            "bird",
            "box",
            "(it",
            "is)",
            "6",
            "11",
            "twenty-one",
            ".",
            "?",
            ",",
            "if",
            "otherwise",
            "add",
            "is",
            "the",
            "red",
            "→",
            "=",
            "because",
            "crop",
            "(",
            ")",
            "[",
            "]",
            '"',
            "1,2",
        ]
    ),
    max_size=25,
).map(" ".join)
TEXTS = st.one_of(WORDS, st.text(max_size=60))
OPERATIONS = st.one_of(
    st.none(),
    st.sampled_from([h.operation for h in BIRDS.hops]),
    st.integers(-1, 7).map(lambda n: Nearest(HopOutput(n), Filter("bird"))),
    st.integers(0, 7).map(lambda n: Arithmetic(Operator.ADD, (HopOutput(n), Count(Filter(None))))),
    KEYS.map(lambda k: Attribute(Given(k), AttributeName.COLOUR)),
    st.just(Unique(HopOutput(1))),
)
HOPS = st.builds(
    Hop,
    index=st.integers(-1, 7),
    level=st.sampled_from([None, Level.ONE_OBJECT, Level.SEVERAL]),
    sub_question=TEXTS,
    uses=st.lists(REFERENCES, max_size=3).map(tuple),
    establishes=st.lists(REFERENCES, max_size=2).map(tuple),
    needs=st.lists(st.integers(-1, 8), max_size=3).map(tuple),
    output=TEXTS,
    operation=OPERATIONS,
)
CHAINS = st.builds(
    Chain,
    images=st.just(BIRDS.images),
    instances=st.lists(KEYS, max_size=7).map(tuple),
    question=TEXTS,
    hops=st.lists(HOPS, max_size=6).map(tuple),
    answer=st.integers(-3, 40).map(Answer.of),
    composer=st.sampled_from(Composer),
)


@settings(max_examples=200)
@given(CHAINS)
def test_that_any_chain_is_audited(chain: Chain) -> None:
    for finding in audit_chain(chain, BIRD_FACTS):
        assert finding.message.endswith((".", '".'))
    outcomes_of(chain, BIRD_FACTS)
    audit_chain(chain, facts())


LONG = {
    "words": "the bird that is near ",
    "numbers": "11 ",
    "brackets": "(it is ",
    "conditions": "if it is red, add 5 ",
    "reasons": "because it is ",
    "points": "...!?",
    "boxes": "red box in the crop ",
    "hyphens": "twenty-",
    "quotes": '"',
    "letters": "a",
    "digits": "1",
    "commas": "1,",
    "counts": "count all of the ",
}


@pytest.mark.parametrize("name", LONG)
def test_that_a_very_long_question_takes_no_more_than_its_length(name: str) -> None:
    question = (LONG[name] * 30_000)[:30_000]
    chain = replace(
        KITE_CHAIN, question=question, hops=tuple(replace(h, sub_question=question) for h in KITE_CHAIN.hops)
    )
    started = time.perf_counter()
    audit_chain(chain, BIRD_FACTS)
    assert time.perf_counter() - started < 3.0  # tens of times what it takes; quadratic time takes minutes
