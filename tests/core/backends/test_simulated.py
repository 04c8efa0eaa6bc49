"""The simulated solver: deterministic, plausible, honest, and neither all right nor all wrong."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hopchain_core.backends.program.composer import ProgramComposerOptions, compose
from hopchain_core.backends.protocols import ComposeRequest, SolveRequest
from hopchain_core.backends.simulated import ErrorRates, SimulatedOptions, SimulatedSolver, solve
from hopchain_core.backends.simulated_mistakes import miscounted, misread, slipped
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Attribute, AttributeName, Instance, Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.rollouts import ErrorKind, Rollout
from hopchain_core.errors import BackendError
from hopchain_core.rlvr.reward import read_answer, score
from tests.core.domain.chain_examples import BIRD_FACTS, BIRDS, KITE_CHAIN, KITE_FACTS, PICTURE

IMAGE = Image(key=PICTURE, path="birds.png", width_px=640, height_px=480)
NEVER = dict.fromkeys(ErrorRates.model_fields, 0.0)


def _request(
    chain: Chain = BIRDS,
    instances: tuple[Instance, ...] = BIRD_FACTS.instances,
    *,
    n: int = 8,
    seed: int = 0,
    image: Image = IMAGE,
) -> SolveRequest:
    return SolveRequest(
        image=image,
        path=Path(image.path),
        chain=chain,
        instances=instances,
        categories=(),
        indices=tuple(range(n)),
        seed=seed,
    )


def _solve(request: SolveRequest, **rates: float) -> tuple[Rollout, ...]:
    return solve(request, SimulatedOptions(error_rates=ErrorRates(**{**NEVER, **rates}), spread=0.0))


def _pictures() -> list[tuple[Image, tuple[Instance, ...]]]:
    """Twelve pictures of mugs, books and balls on a loose grid."""
    pictures = []
    for seed in range(12):
        rng = random.Random(seed)
        key = ImageKey(f"{seed:064x}")
        places = [(x, y) for x in range(5) for y in range(4)]
        instances = []
        for x, y in rng.sample(places, 11):
            category = rng.choice(("mug", "book", "ball"))
            colour = rng.choice(("red", "blue", "green", "white"))
            width, height = rng.uniform(35, 110), rng.uniform(35, 110)
            left, top = 20 + 125 * x + rng.uniform(0, 12), 5 + 118 * y + rng.uniform(0, 6)
            facts = [Attribute(AttributeName.COLOUR, colour, Origin.SCENE)]
            if category == "mug":
                facts.append(Attribute(AttributeName.NUMBER, str(rng.randint(2, 99)), Origin.SCENE))
            if category == "book":
                facts.append(Attribute(AttributeName.TEXT, rng.choice(("RIVER", "MOON", "GARDEN")), Origin.SCENE))
            instances.append(
                Instance(
                    image=key,
                    category=category,
                    box=Box(left, top, left + width, top + height),
                    mask=None,
                    score=None,
                    origin=Origin.SCENE,
                    attributes=tuple(facts),
                )
            )
        pictures.append((Image(key=key, path=f"{seed}.png", width_px=640, height_px=480), tuple(instances)))
    return pictures


def _composed(wanted: int = 6) -> list[SolveRequest]:
    requests = []
    for image, instances in _pictures():
        categories = tuple(Category(name=n) for n in ("ball", "book", "mug"))
        asked = ComposeRequest(
            image=image, path=Path(image.path), categories=categories, instances=instances, wanted=wanted, seed=0
        )
        for chain in compose(asked, ProgramComposerOptions()).chains:
            requests.append(_request(chain, instances, image=image))
    return requests


@pytest.fixture(scope="module")
def composed() -> list[SolveRequest]:
    requests = _composed()
    assert len(requests) >= 40
    return requests


def test_that_the_same_seed_chain_and_index_give_the_same_attempt() -> None:
    eight = solve(_request(n=8), SimulatedOptions())
    assert solve(_request(n=8), SimulatedOptions()) == eight
    assert solve(_request(n=16), SimulatedOptions())[:8] == eight
    only_third = replace(_request(), indices=(3,))
    assert solve(only_third, SimulatedOptions()) == (eight[3],)
    assert asyncio.run(_through_the_protocol(_request())) == eight


async def _through_the_protocol(request: SolveRequest) -> tuple[Rollout, ...]:
    solver = SimulatedSolver()
    rollouts = tuple(await solver.solve(request))
    await solver.aclose()
    return rollouts


def test_that_another_seed_gives_other_attempts() -> None:
    texts = {r.text for seed in range(10) for r in solve(_request(seed=seed), SimulatedOptions())}
    assert len(texts) > 3


def test_that_it_calls_itself_simulated() -> None:
    spec = SimulatedSolver().spec
    assert (spec.is_simulated, spec.model, spec.name, spec.role) == (True, "simulated", "simulated", "solver")
    assert spec.options["error_rates"]["count"] == 0.16
    assert "imulated" in solve(_request(), SimulatedOptions())[0].text


def test_that_without_errors_every_attempt_is_right() -> None:
    for rollout in _solve(_request()):
        assert rollout.is_correct
        assert rollout.answer == BIRDS.answer
        assert rollout.error_kind is None
        assert [t.is_correct for t in rollout.trace] == [True] * 5


def test_that_a_trace_shows_each_hop() -> None:
    outputs = [t.output for t in _solve(_request())[0].trace]
    assert outputs == ["bird at (487, 350)", "6", "bird at (328, 348)", "11", "22"]


@pytest.mark.parametrize(
    ("operation", "hop", "answers", "kind"),
    [
        ("count", 5, {"11", "33"}, ErrorKind.PERCEPTION),
        ("arithmetic", 4, None, ErrorKind.REASONING),
        ("branch", 2, {"24"}, ErrorKind.REASONING),
        ("compare", 2, {"24"}, ErrorKind.PERCEPTION),
        ("extreme", 1, None, ErrorKind.PERCEPTION),
        ("nearest", 3, None, ErrorKind.PERCEPTION),
    ],
)
def test_that_an_operation_that_always_errs_spoils_its_hop(
    operation: str, hop: int, answers: set[str] | None, kind: ErrorKind
) -> None:
    for rollout in _solve(_request(), **{operation: 1.0}):
        assert rollout.first_wrong_hop == hop
        assert rollout.answer is not None
        if answers is not None:
            assert rollout.answer.text in answers
        assert rollout.error_kind is (None if rollout.is_correct else kind)


def test_that_a_wrong_object_is_the_runner_up_and_is_carried_on() -> None:
    rollout = _solve(_request(), extreme=1.0)[0]
    assert rollout.trace[0].output == "bird at (390, 70)"  # second from the right
    assert rollout.trace[2].output != "bird at (328, 348)" or rollout.trace[2].is_correct


def test_that_an_attempt_that_errs_and_is_right_by_luck_is_right() -> None:
    lucky = [r for r in _solve(_request(n=40), nearest=1.0) if r.is_correct]
    for rollout in lucky:
        assert rollout.error_kind is None
        assert rollout.first_wrong_hop == 3


def test_that_every_attempt_ends_in_the_answer_a_reward_reads(composed: list[SolveRequest]) -> None:
    for request in composed:
        for rollout in solve(request, SimulatedOptions()):
            assert rollout.answer is not None
            assert read_answer(rollout.text) == rollout.answer
            assert rollout.text.endswith(f"<answer>\\boxed{{{rollout.answer.text}}}</answer>")
            assert score(rollout.text, request.chain.answer) == float(rollout.is_correct)


def test_that_no_value_is_impossible(composed: list[SolveRequest]) -> None:
    rates = ErrorRates(**dict.fromkeys(ErrorRates.model_fields, 0.5))
    options = SimulatedOptions(error_rates=rates)
    for request in composed:
        places = {f"{i.category} at ({i.box.centre.x:.0f}, {i.box.centre.y:.0f})" for i in request.instances}
        for rollout in solve(request, options):
            assert rollout.answer is not None
            assert rollout.answer.value == rollout.answer.value.to_integral_value()
            for hop, step in zip(request.chain.hops, rollout.trace, strict=True):
                if " at (" in step.output:
                    assert step.output in places
                else:
                    assert Answer.read(step.output), (hop, step)
                    assert abs(Decimal(step.output)) < 1000


def test_that_correctness_traces_and_kinds_agree(composed: list[SolveRequest]) -> None:
    for request in composed:
        for rollout in solve(request, SimulatedOptions()):
            assert rollout.chain == request.chain.key
            assert rollout.is_correct == (rollout.answer == request.chain.answer) == rollout.trace[-1].is_correct
            assert (rollout.error_kind is None) == rollout.is_correct
            if not rollout.is_correct:
                assert rollout.error_kind in (ErrorKind.PERCEPTION, ErrorKind.REASONING)


def test_that_pass_rates_spread_over_the_whole_range(composed: list[SolveRequest]) -> None:
    passed = Counter(sum(r.is_correct for r in solve(request, SimulatedOptions())) for request in composed)
    total = passed.total()
    thirds = [sum(passed[k] for k in ks) / total for ks in ((0, 1, 2), (3, 4, 5), (6, 7, 8))]
    assert min(thirds) > 0.1, passed
    assert passed[8] / total < 0.4, passed
    assert max(passed.values()) / total < 0.4, passed


def test_that_near_ties_and_crowds_are_harder() -> None:
    def wrong(instances: tuple[Instance, ...], chain: Chain) -> int:
        return sum(
            not r.trace[0].is_correct for r in solve(_request(chain, instances, n=400), SimulatedOptions(spread=0.0))
        )

    near = replace(BIRD_FACTS.instances[3], box=Box(400, 40, 540, 120))  # its centre is only 17 px from the winner's
    assert wrong(tuple(near if i is BIRD_FACTS.instances[3] else i for i in BIRD_FACTS.instances), BIRDS) > wrong(
        BIRD_FACTS.instances, BIRDS
    )


def test_that_a_chain_without_program_is_not_guessed_at() -> None:
    with pytest.raises(BackendError, match="hop 1 has none") as raised:
        solve(_request(KITE_CHAIN, KITE_FACTS.instances), SimulatedOptions())
    assert raised.value.kind == "not_executable"


def test_that_a_chain_whose_program_gives_another_answer_is_not_solved() -> None:
    for chain, instances in (
        (replace(BIRDS, answer=Answer.of(23)), BIRD_FACTS.instances),
        (BIRDS, BIRD_FACTS.instances[:2]),
    ):
        with pytest.raises(BackendError) as raised:
            solve(_request(chain, instances), SimulatedOptions())
        assert raised.value.kind == "not_executable"


@pytest.mark.parametrize(
    "bad", [{"spread": -1}, {"error_rates": {"count": 1.5}}, {"error_rates": {"counting": 0.1}}, {"x": 1}]
)
def test_that_impossible_options_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SimulatedOptions.model_validate(bad)


@given(st.integers(0, 300), st.integers(0, 10**6))
def test_that_a_miscount_is_near_and_never_negative(n: int, seed: int) -> None:
    wrong = miscounted(Decimal(n), random.Random(seed))
    assert wrong >= 0
    assert 1 <= abs(wrong - n) <= 2


@given(st.integers(-300, 300), st.integers(0, 10**6))
def test_that_a_slip_is_one_or_ten_off(n: int, seed: int) -> None:
    wrong = slipped(Decimal(n), random.Random(seed))
    assert abs(wrong - n) in (1, 10)
    assert n < 0 or wrong >= 0


@given(st.integers(0, 99_999), st.integers(0, 10**6))
def test_that_a_misread_number_keeps_its_length(n: int, seed: int) -> None:
    wrong = misread(str(n), AttributeName.NUMBER, [], random.Random(seed))
    if wrong is not None:
        assert wrong.isdigit()
        assert wrong != str(n)
        assert len(wrong) == len(str(n)) == len(str(int(wrong)))


def test_that_a_colour_is_taken_for_one_in_sight_or_near_it() -> None:
    rng = random.Random(1)
    wrong = {misread("red", AttributeName.COLOUR, ["blue"], rng) for _ in range(50)}
    assert wrong == {"blue", "orange", "pink", "brown"}
    assert misread("striped", AttributeName.PATTERN, [], rng) is None
