"""A model writes chains over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.backends.protocols import Composed, ComposeRequest
from hopchain_core.backends.registry import create
from hopchain_core.backends.vlm.combinations import combinations
from hopchain_core.backends.vlm.composer import VlmComposer
from hopchain_core.domain.chains import Chain, InstanceReference, SetReference, ValueReference
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.notation import expression_to_json
from hopchain_core.errors import BackendError
from tests.core.backends.vlm.fake_server import Body, FakeServer, Trouble, pictures_of, words_of
from tests.core.domain.chain_examples import (
    BIRD_FACTS,
    BIRDS,
    FLOWERS,
    KITE,
    KITE_CHAIN,
    MAN,
    PAINTING,
    facts,
    instance,
)

pytestmark = pytest.mark.usefixtures("book")
SCENE = (KITE, MAN, PAINTING, FLOWERS)


def compose(
    picture: tuple[Image, Path], instances: tuple[Instance, ...] = SCENE, wanted: int = 1, seed: int = 3, **options: Any
) -> Composed:
    image, path = picture
    request = ComposeRequest(
        image=image,
        path=path,
        categories=tuple(Category(name=name) for name in sorted({i.category for i in instances})),
        instances=tuple(replace(i, image=image.key) for i in instances),
        wanted=wanted,
        seed=seed,
    )

    async def run() -> Composed:
        made = create("composer", "vlm", options)
        assert isinstance(made, VlmComposer)
        try:
            return await made.compose(request)
        finally:
            await made.aclose()

    return asyncio.run(run())


def named(body: Body) -> dict[str, str]:
    """Names of objects by category, as the prompt gives them."""
    return {kind: name for name, kind in re.findall(r"^([a-z]): ([\w ]+), box", words_of(body), re.MULTILINE)}


def written(
    body: Body, chain: Chain = KITE_CHAIN, scene: tuple[Instance, ...] = SCENE, **changes: Any
) -> dict[str, Any]:
    """A chain as a model would write it, with the names of this request; objects that were not named left out."""
    names = {i.key: named(body)[i.category] for i in scene if i.category in named(body)}
    hops = []
    for hop in chain.hops:
        found = [r.instance for r in hop.establishes if isinstance(r, InstanceReference)]
        found += [key for r in hop.establishes if isinstance(r, SetReference) for key in r.instances]
        values = [r.value for r in hop.establishes if isinstance(r, ValueReference)]
        own = [r.instance for r in hop.uses if isinstance(r, InstanceReference)]
        hops.append(
            {
                "level": None if hop.level is None else int(hop.level),
                "question": hop.sub_question,
                "uses": [names[key] for key in own if key in names],
                "finds": [names[key] for key in found if key in names],
                "value": values[0] if values else None,
                "needs": list(hop.needs),
                "output": hop.output,
                "operation": None if hop.operation is None else expression_to_json(hop.operation),
            }
        )
    objects = [names[key] for key in chain.instances if key in names]
    return {"question": chain.question, "objects": objects, "hops": hops, "answer": chain.answer.text, **changes}


def saying(*turns: Callable[[Body], Any]) -> Callable[[Body, int], str]:
    """A model that says these things one after the other, then the last again."""
    left = list(turns)

    def speak(body: Body, seed: int) -> str:
        puzzles = (left.pop(0) if len(left) > 1 else left[0])(body)
        return puzzles if isinstance(puzzles, str) else json.dumps({"puzzles": puzzles})

    return speak


def test_that_a_written_chain_is_read_with_its_instances(server: FakeServer, picture: tuple[Image, Path]) -> None:
    server.speak = saying(lambda body: [written(body)])
    composed = compose(picture)
    assert composed.refusals == ()
    (chain,) = composed.chains
    assert (chain.question, chain.answer, chain.composer, chain.image) == (
        KITE_CHAIN.question, KITE_CHAIN.answer, KITE_CHAIN.composer, picture[0].key,
    )  # fmt: skip
    assert [(h.level, h.needs, h.output) for h in chain.hops] == [(h.level, h.needs, h.output) for h in KITE_CHAIN.hops]


def test_that_the_author_sees_the_picture_first_and_a_cut_out_of_each(
    server: FakeServer, picture: tuple[Image, Path]
) -> None:
    server.speak = saying(lambda body: [written(body)])
    compose(picture)
    body = server.requests[0]
    kinds = [part["type"] for part in body["messages"][0]["content"]]
    assert kinds == ["image_url"] * (1 + len(named(body))) + ["text"]
    assert len(pictures_of(body)) == len(kinds) - 1
    assert re.search(r"[a-d]: kite, box 375 156 625 344\n", words_of(body))
    assert body["response_format"]["json_schema"]["strict"]


def test_that_a_chain_that_breaks_a_rule_goes_back_once_with_what_was_found(
    server: FakeServer, picture: tuple[Image, Path]
) -> None:
    bad = "What is the number of letters in box 3? Take the crop of the man, then the painting. What is the total?"
    server.speak = saying(lambda body: [written(body, question=bad)], lambda body: [written(body)])
    composed = compose(picture)
    assert [c.question for c in composed.chains] == [KITE_CHAIN.question]
    _, second = server.requests
    assert [m["role"] for m in second["messages"]] == ["user", "assistant", "user"]
    assert bad in second["messages"][1]["content"]
    assert "box" in second["messages"][2]["content"]
    assert len(pictures_of(second)) == len(pictures_of(server.requests[0]))


def test_that_what_still_breaks_a_rule_is_refused_with_its_code(
    server: FakeServer, picture: tuple[Image, Path]
) -> None:
    bad = "What is the number of letters in box 3? Take the crop of the man, then the painting. What is the total?"
    server.speak = saying(lambda body: [written(body, question=bad)])
    composed = compose(picture)
    assert composed.chains == ()
    assert [r.reason for r in composed.refusals] == ["bare"]
    assert len(server.requests) == 2
    compose(picture, mends=0)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"answer": "about twenty"}, "no_number"),
        ({"objects": ["q"]}, "unknown_instance"),
        ({"hops": "four"}, "wrong_shape"),
        ({"question": None}, "wrong_shape"),
    ],
)
def test_that_a_puzzle_that_cannot_be_read_is_a_refusal(
    server: FakeServer, picture: tuple[Image, Path], change: dict[str, Any], reason: str
) -> None:
    server.speak = saying(lambda body: [{**written(body), **change}])
    assert [r.reason for r in compose(picture).refusals] == [reason]


def test_that_a_number_where_words_belong_is_read(server: FakeServer, picture: tuple[Image, Path]) -> None:
    server.speak = saying(lambda body: [written(body, answer=21)])
    assert [c.answer.text for c in compose(picture).chains] == ["21"]


def test_that_one_name_or_none_in_place_of_a_list_is_read(server: FakeServer, picture: tuple[Image, Path]) -> None:
    def loose(body: Body) -> list[dict[str, Any]]:
        puzzle = written(body)
        for hop in puzzle["hops"]:
            for name in ("uses", "finds", "needs"):
                rows = hop.get(name, [])
                hop[name] = rows[0] if len(rows) == 1 else rows or None
        return [puzzle]

    server.speak = saying(lambda body: [written(body)])
    (strict,) = compose(picture).chains
    server.speak = saying(loose)
    assert compose(picture).chains == (strict,)


def test_that_the_author_is_told_every_rule(server: FakeServer, picture: tuple[Image, Path]) -> None:
    """Those of the paper's prompt: levels, both hops, dependence, coverage, wording, certainty, balance, one number."""
    server.speak = saying(lambda body: [written(body)])
    compose(picture)
    said = " ".join(words_of(server.requests[0]).split())
    for rule in (
        "nothing to do with each other",
        "A hop of level 1 looks at one object",
        "A hop of level 2 looks at several",
        "Each puzzle needs both",
        "Leaving out any hop must make the puzzle impossible",
        "All of them play a part, or all but one",
        "From 3 to 6 hops",
        "a condition, a choice within a set or a short calculation",
        "Never speak of boxes, coordinates, borders, outlines, masks, patches, crops, cut-outs",
        "picks out exactly one object",
        "two people with good eyes reach the same number",
        "From the picture alone",
        "never states what a hop finds",
        'about half of the conditions should come out "no"',
        "one definite number",
        "in thousandths of width and height",
        "The solver will see the photograph alone",
    ):
        assert rule in said, rule


def test_that_a_hop_that_needs_a_later_one_is_refused(server: FakeServer, picture: tuple[Image, Path]) -> None:
    def circle(body: Body) -> list[dict[str, Any]]:
        puzzle = written(body)
        puzzle["hops"][0]["needs"] = [4]
        return [puzzle]

    server.speak = saying(circle)
    assert [r.reason for r in compose(picture).refusals] == ["wrong_needs"]


def test_that_an_operation_that_cannot_be_read_is_left_out_and_told(
    server: FakeServer, picture: tuple[Image, Path]
) -> None:
    def odd(body: Body) -> list[dict[str, Any]]:
        puzzle = written(body)
        puzzle["hops"][1]["operation"] = {"op": "guess"}
        return [puzzle]

    server.speak = saying(odd)
    composed = compose(picture)
    assert [c.hops[1].operation for c in composed.chains] == [None]
    assert [r.reason for r in composed.refusals] == ["operation_unread"]


def test_that_typed_steps_are_checked_against_the_masks(server: FakeServer, picture: tuple[Image, Path]) -> None:
    birds = BIRD_FACTS.instances

    def speak(answer: str) -> Callable[[Body], Any]:
        def say(body: Body) -> list[dict[str, Any]]:
            boxes = dict(re.findall(r"^([a-z]): [\w ]+, box (\d+ \d+ \d+ \d+)", words_of(body), re.MULTILINE))
            names = {box: name for name, box in boxes.items()}
            scene = {i.key: names.get(" ".join(map(str, i.box.scaled_1000(640, 480)))) for i in birds}
            hops = []
            for hop in BIRDS.hops:
                found = [scene[r.instance] for r in hop.establishes if isinstance(r, InstanceReference)]
                own = [scene[r.instance] for r in hop.uses if isinstance(r, InstanceReference)]
                values = [r.value for r in hop.establishes if isinstance(r, ValueReference)]
                hops.append(
                    {
                        "level": None if hop.level is None else int(hop.level),
                        "question": hop.sub_question,
                        "uses": [name for name in own if name],
                        "finds": [name for name in found if name],
                        "value": values[0] if values else None,
                        "needs": list(hop.needs),
                        "output": hop.output,
                        "operation": None if hop.operation is None else expression_to_json(hop.operation),
                    }
                )
            hops[-1] |= {"value": answer, "output": answer}
            objects = [name for key in BIRDS.instances if (name := scene[key])]
            return [{"question": BIRDS.question, "objects": objects, "hops": hops, "answer": answer}]

        return say

    right = speak("22")
    # Not every draw holds the three that the chain is about.
    composed = {}
    for seed in range(12):
        server.speak = saying(right)
        with contextlib.suppress(BackendError):
            composed[seed] = compose(picture, birds, seed=seed, mends=0)
    seed = next(seed for seed, made in composed.items() if made.chains)
    assert composed[seed].chains[0].is_executable
    server.speak = saying(speak("23"))
    wrong = compose(picture, birds, seed=seed, mends=0)
    assert wrong.chains == ()
    assert [r.reason for r in wrong.refusals] == ["recompute"]


@pytest.mark.parametrize(
    ("said", "kind"), [("", "empty_reply"), ("I can't do that.", "refused"), ("[]", "wrong_shape")]
)
def test_that_a_picture_of_which_nothing_can_be_read_fails(
    server: FakeServer, picture: tuple[Image, Path], said: str, kind: str
) -> None:
    server.speak = lambda body, seed: said
    with pytest.raises(BackendError) as raised:
        compose(picture)
    assert raised.value.kind == kind


@pytest.mark.parametrize("first", ["", "Sure, I can do that!", '{"puzzles": [{"question": "How', "[]"])
def test_that_what_cannot_be_read_is_asked_once_more(
    server: FakeServer, picture: tuple[Image, Path], first: str
) -> None:
    server.speak = saying(lambda body: [written(body)])
    (wanted,) = compose(picture).chains
    server.requests.clear()
    usual = server.speak
    server.speak = lambda body, seed: usual(body, seed) if len(server.requests) > 1 else first
    assert compose(picture).chains == (wanted,)
    assert len({body["seed"] for body in server.requests}) == len(server.requests) == 2


def test_that_a_server_that_fails_in_the_middle_leaves_the_picture_owed(
    server: FakeServer, picture: tuple[Image, Path]
) -> None:
    many = tuple(instance("cup", 40 + 100 * (n % 6), 60 + 130 * (n // 6)) for n in range(12))
    server.speak = lambda body, seed: "nothing of use"
    server.trouble = []

    def then_fail(body: Body, seed: int) -> str:
        server.trouble = [Trouble(500, times=None)]
        return "nothing of use"

    server.speak = then_fail
    with pytest.raises(BackendError) as raised:
        compose(picture, many, wanted=6)
    assert raised.value.kind == "server_error"


def test_that_a_picture_with_too_little_in_it_is_not_asked_about(
    server: FakeServer, picture: tuple[Image, Path]
) -> None:
    composed = compose(picture, SCENE[:2])
    assert (composed.chains, [r.reason for r in composed.refusals]) == ((), ["too_few_instances"])
    assert server.requests == []


def test_that_combinations_are_various_apart_and_the_same_for_a_seed() -> None:
    cups = [instance("cup", 60 + 55 * n, 100) for n in range(10)]
    others = [instance(kind, 100 + 120 * n, 350) for n, kind in enumerate(("dog", "hat", "lamp"))]
    speck = instance("ant", 600, 460, 5, 5)
    scene = facts(*cups, *others, speck)
    drawn = combinations(scene, 5, random.Random(1))
    assert len(drawn) == 5
    assert len({frozenset(s.key for s in one) for one in drawn}) == 5
    for one in drawn:
        assert 3 <= len(one) <= 6
        assert speck.key not in {s.key for s in one}
        assert len({s.category for s in one}) >= 3
    assert drawn == combinations(scene, 5, random.Random(1))


def test_that_things_lying_in_each_other_are_not_chosen_together() -> None:
    inner = instance("plate", 200, 200, 60, 60)
    scene = facts(instance("table", 220, 220, 300, 200), inner, instance("dog", 500, 300), instance("hat", 500, 100))
    for one in combinations(scene, 4, random.Random(0)):
        assert len({"table", "plate"} & {s.category for s in one}) <= 1


def test_that_three_things_make_one_combination() -> None:
    three = [instance(kind, 100 + 200 * n, 200) for n, kind in enumerate(("dog", "hat", "lamp"))]
    assert len(combinations(PictureFacts(640, 480, tuple(three)), 5, random.Random(0))) == 1
