"""What is asked, and how replies to it are read."""

from __future__ import annotations

import pytest

from hopchain_core.backends.vlm.chat import Choice
from hopchain_core.backends.vlm.probe_questions import ProbeQuestion, hash_of_prompts, questions
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import (
    Chain,
    Composer,
    Hop,
    InstanceReference,
    Level,
    SetReference,
    ValueReference,
)
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import Image
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.probes import PROBES, Probe, TrialKind, later_hops

IMAGE = Image(key=ImageKey("a" * 64), path="a.jpg", width_px=1000, height_px=500)


def seen(category: str, x0: float, y0: float, x1: float, y1: float) -> Instance:
    return Instance(
        image=IMAGE.key, category=category, box=Box(x0, y0, x1, y1), mask=None, score=1, origin=Origin.MODEL
    )


KITE, MAN, OTHER = seen("kite", 100, 50, 200, 100), seen("man", 300, 100, 400, 400), seen("man", 380, 100, 500, 400)
INSTANCES = {i.key: i for i in (KITE, MAN, OTHER)}


def hop(index: int, question: str, *, level: Level | None = Level.ONE_OBJECT, uses: tuple[Instance, ...] = (),
        finds: Instance | tuple[Instance, ...] | str = "1") -> Hop:  # fmt: skip
    match finds:
        case str():
            established = ValueReference(finds)
        case tuple():
            established = SetReference(tuple(i.key for i in finds))
        case _:
            established = InstanceReference(finds.key)
    return Hop(
        index=index, level=level, sub_question=question, uses=tuple(InstanceReference(i.key) for i in uses),
        establishes=(established,), needs=tuple(range(1, index)), output="what it gives",
    )  # fmt: skip


def chain(*hops: Hop, question: str = "What is the total?", answer: str = "21") -> Chain:
    return Chain(
        images=(IMAGE.key,), instances=tuple(INSTANCES), question=question, hops=hops, answer=Answer.of(answer),
        composer=Composer.VLM,
    )  # fmt: skip


STORY = chain(
    hop(1, "Where is the kite with a year on it?", finds=KITE),
    hop(2, "Who holds this kite?", level=Level.SEVERAL, uses=(KITE,), finds=MAN),
    hop(3, "Which colour has his shirt?", uses=(MAN,), finds="orange"),
    hop(4, "Who stands beside him?", level=Level.SEVERAL, uses=(MAN,), finds=(OTHER,)),
    hop(5, "What is 20 more than that?", level=None, finds="21"),
)


def asked(probe: Probe, of: Chain = STORY) -> tuple[ProbeQuestion, ...]:
    return questions(probe, of, IMAGE, INSTANCES)


def read(question: ProbeQuestion, text: str) -> tuple[str, bool]:
    return question.read(Choice(text=text))


def test_that_without_the_picture_only_the_question_is_said() -> None:
    (question,) = asked(Probe.BLIND)
    assert STORY.question in question.words
    assert not any(h.sub_question in question.words for h in STORY.hops)
    assert "21" not in question.words


def test_that_the_first_hops_are_left_out_with_their_results() -> None:
    last, half = asked(Probe.SKIP)
    assert (last.kind, last.hop, half.kind, half.hop) == (TrialKind.LAST, 4, TrialKind.HALF, 3)
    for question, first in ((last, 4), (half, 3)):
        for h in STORY.hops:
            assert (h.sub_question in question.words) is (h.index >= first)
        assert "orange" not in question.words


@pytest.mark.parametrize(
    ("levels", "last", "half"),
    [
        ((1, 2, 1, None), [3, 4], [2, 3, 4]),
        ((1, 2), [2], []),
        ((1, None), [], []),
        ((None, None), [], []),
        ((1, 2, 1, 2), [4], [3, 4]),
    ],
)
def test_that_hops_that_only_calculate_stay_with_what_they_calculate_from(
    levels: tuple[int | None, ...], last: list[int], half: list[int]
) -> None:
    hops = tuple(hop(n, "?", level=None if level is None else Level(level)) for n, level in enumerate(levels, 1))
    assert [h.index for h in later_hops(hops, TrialKind.LAST)] == last
    assert [h.index for h in later_hops(hops, TrialKind.HALF)] == half


def test_that_a_step_is_told_the_results_before_it_and_not_its_own() -> None:
    steps = asked(Probe.TRACE)
    assert [q.hop for q in steps] == [1, 2, 3, 4, 5]
    assert "Result" not in steps[0].words
    assert steps[1].words.count("Result:") == 1
    assert "Where is the kite with a year on it? Result: the kite at (150, 150)" in steps[1].words
    assert "man at" not in steps[1].words
    assert "orange" not in steps[2].words
    assert "Result: orange" in steps[3].words
    assert "Result: the man at (440, 500)" in steps[4].words


@pytest.mark.parametrize(
    ("reply", "answer", "is_right"),
    [
        ("He is there.\n<answer>(350, 500)</answer>", "(350, 500)", True),
        ("<answer>[300, 200, 400, 800]</answer>", "(350, 500)", True),
        ("<answer>(395, 500)</answer>", "(395, 500)", False),
        ("<answer>(150, 150)</answer>", "(150, 150)", False),
        ("<answer>(350, 500)</answer> no: <answer>(900, 100)</answer>", "(900, 100)", False),
        ("<think><answer>(350, 500)</answer></think> nobody", "", False),
        ("in the middle", "", False),
    ],
)
def test_that_a_place_is_right_when_it_is_on_the_thing_and_on_no_other_of_its_kind_more(
    reply: str, answer: str, is_right: bool
) -> None:
    both = chain(
        hop(1, "Who holds it?", finds=MAN), hop(2, "Who stands beside him?", uses=(MAN,), finds=OTHER), answer="1"
    )
    question = asked(Probe.TRACE, both)[0]
    assert read(question, reply) == (answer, is_right)


@pytest.mark.parametrize(
    "reply", ["<answer>Orange.</answer>", "<answer>the orange</answer>", r"<answer>\boxed{orange}</answer>"]
)
def test_that_a_word_is_compared_as_a_word(reply: str) -> None:
    question = asked(Probe.TRACE)[2]
    assert read(question, reply)[1]
    assert not read(question, "<answer>orange-red</answer>")[1]
    assert read(question, "orange") == ("", False)


def test_that_a_set_is_told_by_how_many_it_holds() -> None:
    question = asked(Probe.TRACE)[3]
    assert (question.expected, read(question, r"<answer>\boxed{1}</answer>")) == ("1", ("1", True))
    assert read(question, r"<answer>\boxed{2}</answer>") == ("2", False)


def test_that_each_thing_found_or_named_is_asked_about_once() -> None:
    named = chain(
        hop(1, "Who holds the kite?", uses=(KITE,), finds=MAN),
        hop(2, "Who is nearer to the house, the left man or the right man?", uses=(OTHER, MAN), finds="1"),
    )
    found = asked(Probe.UNIQUE, named)
    assert [(q.hop, q.expected) for q in found] == [(1, "1"), (1, "1"), (2, "1")]
    assert "a kite, named in its words" in found[0].words
    assert "a man, which it looks for" in found[1].words
    two = chain(hop(1, "Is the left man taller than the right man?", uses=(MAN, OTHER), finds="1"))
    assert asked(Probe.UNIQUE, two) == ()


def test_that_an_instance_that_is_gone_is_spoken_of_as_the_chain_does() -> None:
    (_, second, *_) = questions(Probe.TRACE, STORY, IMAGE, {MAN.key: MAN, OTHER.key: OTHER})
    # The kite cannot be pointed at any more, so that hop 1 is not asked itself.
    assert second.hop == 3
    assert "Result: what it gives" in second.words


def test_that_each_probe_is_known_by_its_own_words() -> None:
    assert len({hash_of_prompts(probe) for probe in PROBES}) == len(PROBES)
