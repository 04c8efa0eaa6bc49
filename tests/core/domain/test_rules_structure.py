"""The rules references, size, depends, both-kinds and number, and the table of all rules."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, InstanceReference, Level, ValueReference
from hopchain_core.domain.departures import Departure, Fate
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.domain.programs.operations import Arithmetic, Count, Filter, Given, HopOutput, Nearest, Operator
from hopchain_core.domain.rules import PROJECT_RULES, RULES, audit_chain
from tests.core.domain.chain_examples import (
    BEAR,
    BIRD_FACTS,
    BIRDS,
    KITE,
    KITE_CHAIN,
    KITE_FACTS,
    LOW_BIRD,
    MAN,
    NEAR_BIRD,
    RIGHT_BIRD,
    UPPER_BIRDS,
    facts,
    found,
    instance,
    one,
    with_hop,
)


@pytest.mark.parametrize("chain", [BIRDS, KITE_CHAIN], ids=["program", "vlm"])
def test_that_a_good_chain_breaks_no_rule(chain: Chain) -> None:
    picture = BIRD_FACTS if chain is BIRDS else KITE_FACTS
    assert audit_chain(chain, picture) == ()


def test_that_every_rule_has_its_own_code_and_says_what_it_asks() -> None:
    codes = [r.code for r in RULES]
    assert len(set(codes)) == len(codes)
    for rule in RULES:
        assert re.fullmatch(r"[a-z-]+", rule.code)
        assert rule.title
        assert rule.description.endswith(".")


def test_that_the_document_explains_every_rule_and_no_other() -> None:
    text = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert re.findall(r"^### `([a-z-]+)`", text, re.MULTILINE) == [*(r.code for r in RULES), *PROJECT_RULES]


def test_that_every_message_says_what_to_do() -> None:
    broken = replace(
        with_hop(BIRDS, 3, needs=()), instances=(), question="What is in the red box?", answer=Answer.of(1)
    )
    for finding in audit_chain(broken, BIRD_FACTS):
        assert len(re.findall(r"[.;:?] |\.$", finding.message)) >= 2, finding.message


def test_that_findings_come_in_the_order_of_the_table() -> None:
    broken = replace(
        with_hop(BIRDS, 3, needs=()), instances=(), question="What is in the red box?", answer=Answer.of(1)
    )
    codes = [r.code for r in RULES]
    given = [codes.index(f.rule) for f in audit_chain(broken, BIRD_FACTS)]
    assert given == sorted(given)
    assert len(set(given)) >= 4


# references


def test_that_hops_are_numbered_from_one() -> None:
    hops = tuple(replace(h, index=h.index + 1) for h in BIRDS.hops)
    assert "number them from 1" in found("references", replace(BIRDS, hops=hops))[0].message


@pytest.mark.parametrize(
    ("needs", "words"), [((9,), "which there is not"), ((4,), "not come before"), ((3,), "not come before")]
)
def test_that_a_need_points_to_an_earlier_hop(needs: tuple[int, ...], words: str) -> None:
    findings = found("references", with_hop(KITE_CHAIN, 3, needs=needs))
    assert [f.hop for f in findings] == [3]
    assert words in findings[0].message
    assert findings[0].severity is Severity.ERROR


def test_that_an_operation_may_not_reach_forward() -> None:
    forward = Nearest(HopOutput(4), Filter("bird"))
    assert found("references", with_hop(BIRDS, 3, operation=forward))[0].hop == 3


def test_that_an_unknown_instance_is_found_wherever_it_stands() -> None:
    gone = InstanceKey("0" * 16)
    assert found("references", replace(BIRDS, instances=(*BIRDS.instances, gone)))[0].hop is None
    assert found("references", with_hop(BIRDS, 4, uses=(one(NEAR_BIRD), one(instance("bear", 1, 1)))))[0].hop == 4
    assert found("references", with_hop(BIRDS, 3, operation=Nearest(Given(gone), Filter("bird"))))[0].hop == 3


@pytest.mark.parametrize(
    ("departure", "said"),
    [
        (
            Departure("umbrella", Fate.REMOVED),
            "Hop 4 speaks of an umbrella that was removed from the picture. Choose another object, or leave it out.",
        ),
        (
            Departure("bird", Fate.RENAMED, InstanceKey("1" * 16), "goose"),
            "Hop 4 speaks of a bird that is called goose now. "
            "Take it as it is now and mend the words, or choose another one.",
        ),
        (
            Departure("bird", Fate.REDRAWN, InstanceKey("1" * 16), "bird"),
            "Hop 4 speaks of a bird that was changed since. Take it as it is now, or choose another one.",
        ),
        (
            None,
            "Hop 4 speaks of an object that the picture no longer holds. Choose another one, or leave it out.",
        ),
    ],
)
def test_that_a_missing_instance_is_spoken_of_in_words(departure: Departure | None, said: str) -> None:
    gone = InstanceKey("0" * 16)
    picture = replace(BIRD_FACTS, departed={} if departure is None else {gone: departure})
    chain = with_hop(BIRDS, 4, uses=(one(NEAR_BIRD), InstanceReference(gone)))
    finding = found("references", chain, picture)[0]
    assert finding.message == said
    assert finding.evidence == {"instance": gone}


def test_that_a_missing_instance_is_said_of_its_hops_and_not_again_of_the_chain() -> None:
    gone = InstanceKey("0" * 16)
    chain = replace(
        with_hop(BIRDS, 4, uses=(one(NEAR_BIRD), InstanceReference(gone))), instances=(*BIRDS.instances, gone)
    )
    assert [f.hop for f in found("references", chain)] == [4]
    assert found("references", replace(BIRDS, instances=(*BIRDS.instances, gone)))[0].message.startswith(
        "The chain chose an object"
    )


def test_that_an_instance_of_another_picture_is_found() -> None:
    other = replace(BEAR, image=ImageKey("cd" * 32))
    picture = facts(other, RIGHT_BIRD, NEAR_BIRD, *UPPER_BIRDS, LOW_BIRD)
    chain = replace(BIRDS, instances=(RIGHT_BIRD.key, NEAR_BIRD.key, other.key))
    messages = [f.message for f in found("references", chain, picture)]
    assert any("a bear of another picture" in message for message in messages)
    assert not any(other.key in message for message in messages)


def test_that_a_crowd_is_not_one_object() -> None:
    crowd = replace(KITE, is_crowd=True)
    picture = facts(crowd, *(i for i in KITE_FACTS.instances if i is not KITE))
    hops = tuple(
        replace(
            h,
            uses=tuple(one(crowd) if r == one(KITE) else r for r in h.uses),
            establishes=tuple(one(crowd) if r == one(KITE) else r for r in h.establishes),
        )
        for h in KITE_CHAIN.hops
    )
    findings = found(
        "references", replace(KITE_CHAIN, hops=hops, instances=(crowd.key, *KITE_CHAIN.instances[1:])), picture
    )
    assert {f.hop for f in findings} == {1, 2}


# size


@pytest.mark.parametrize(
    ("instances", "words"),
    [
        ((), "0 instances"),
        ((RIGHT_BIRD, BEAR), "2 instances"),
        ((RIGHT_BIRD, NEAR_BIRD, BEAR, *UPPER_BIRDS, LOW_BIRD, instance("bird", 9, 9)), "7 instances"),
        ((RIGHT_BIRD, NEAR_BIRD, BEAR, BEAR), "twice"),
    ],
)
def test_that_three_to_six_different_instances_are_chosen(instances: tuple[object, ...], words: str) -> None:
    chain = replace(BIRDS, instances=tuple(i.key for i in instances))  # type: ignore[attr-defined]
    assert words in found("size", chain)[0].message


def test_that_one_idle_instance_is_let_through_and_two_are_not() -> None:
    lone = instance("bear", 600, 40)
    picture = facts(*BIRD_FACTS.instances, lone)
    assert not found("size", replace(BIRDS, instances=(*BIRDS.instances, LOW_BIRD.key)), picture)
    findings = found("size", replace(BIRDS, instances=(*BIRDS.instances, LOW_BIRD.key, lone.key)), picture)
    assert "2 of 5" in findings[0].message


# depends


def test_that_a_hop_that_needs_nothing_is_an_error() -> None:
    findings = found("depends", with_hop(KITE_CHAIN, 3, needs=(), uses=(one(MAN),)))
    assert [f.hop for f in findings] == [3]
    assert "can be answered by itself" in findings[0].message


def test_that_a_hop_nobody_needs_is_an_error() -> None:
    chain = with_hop(with_hop(KITE_CHAIN, 3, needs=(1,)), 4, needs=(3,))
    findings = [f for f in found("depends", chain) if f.severity is Severity.ERROR]
    assert [(f.hop, "can be skipped" in f.message) for f in findings] == [(2, True)]


def test_that_one_hop_is_no_chain() -> None:
    assert "two hops" in found("depends", replace(KITE_CHAIN, hops=KITE_CHAIN.hops[:1]))[0].message
    assert "two hops" in found("depends", replace(KITE_CHAIN, hops=()))[0].message


def test_that_stated_needs_agree_with_the_operation() -> None:
    findings = found("depends", with_hop(BIRDS, 4, needs=(1, 2, 3)))
    assert [f.hop for f in findings] == [4]
    assert findings[0].evidence == {"stated": "hops 1, 2, 3", "used": "hops 2, 3"}


def test_that_a_dependency_in_name_only_is_a_warning() -> None:
    findings = found("depends", with_hop(KITE_CHAIN, 3, uses=(ValueReference("9"),)))
    assert [(f.hop, f.severity, f.evidence["needs"]) for f in findings] == [(3, Severity.WARNING, 2)]


# both-kinds


def test_that_a_chain_on_one_level_lacks_a_perception_hop() -> None:
    hops = tuple(replace(h, level=Level.SEVERAL) for h in BIRDS.hops)
    findings = found("both-kinds", replace(BIRDS, hops=hops))
    assert [f.evidence["missing"] for f in findings] == ["perception"]


def test_that_a_chain_that_stays_with_one_object_lacks_an_instance_hop() -> None:
    hops = tuple(replace(h, uses=tuple(r for r in h.uses if isinstance(r, ValueReference))) for h in BIRDS.hops)
    findings = found("both-kinds", replace(BIRDS, hops=hops))
    assert [f.evidence["missing"] for f in findings] == ["instance"]


# number


@pytest.mark.parametrize(
    "output", ["11 × 2 = 22", "22", "22 birds", "so that makes 22", "22.0", "twenty-two", "no → 22"]
)
def test_that_the_last_hop_may_say_its_number_in_its_own_words(output: str) -> None:
    assert not found("number", with_hop(BIRDS, 5, output=output))


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("23", "gives 23"),
        ("many", "no number"),
        ("22 or 23", "several numbers"),
        ("", "no number"),
        ("22-23", "number"),
    ],
)
def test_that_the_last_hop_gives_the_answer(output: str, words: str) -> None:
    findings = found("number", with_hop(BIRDS, 5, output=output))
    assert [f.hop for f in findings] == [5]
    assert words in findings[0].message


@pytest.mark.parametrize(
    "words", ["Roughly how many birds are there?", "Give approximately the total.", "About how many?"]
)
def test_that_an_estimate_is_no_definite_number(words: str) -> None:
    assert found("number", replace(BIRDS, question=words))[0].severity is Severity.ERROR


def test_that_an_empty_question_is_an_error() -> None:
    assert "empty" in found("number", replace(BIRDS, question=" \n"))[0].message


def test_that_an_operation_without_value_does_not_stop_the_audit() -> None:
    chain = with_hop(BIRDS, 5, operation=Arithmetic(Operator.ADD, (HopOutput(3), Count(Filter("unicorn")))))
    assert any(f.rule == "recompute" for f in audit_chain(chain, BIRD_FACTS))


def test_that_an_audit_without_the_program_takes_well_under_a_millisecond() -> None:
    picture, times = KITE_FACTS, []
    for n in range(30):
        chain = replace(KITE_CHAIN, question=f"{KITE_CHAIN.question} {'Look well. ' * (n % 3)}")
        started = time.perf_counter()
        audit_chain(chain, picture)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.001
