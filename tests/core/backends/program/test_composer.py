import asyncio
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hopchain_core.backends.program import composer
from hopchain_core.backends.program.composer import ProgramComposer, ProgramComposerOptions, compose
from hopchain_core.backends.program.sampler import Sampler
from hopchain_core.backends.program.skips import can_be_skipped
from hopchain_core.backends.program.words import plural
from hopchain_core.backends.protocols import ComposeRequest
from hopchain_core.domain.chains import HopKind, Level, chain_from_json, chain_to_json, instances_in, kinds_of
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.programs.execution import run_program
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.operations import Attribute, Constant, Count, Reading, children
from hopchain_core.domain.rules import audit_chain
from tests.core.domain.programs.scenery import IMAGE, instance
from tests.core.probes.oracles import WORLDS, habits_of, imagined

PICTURE = Image(key=IMAGE, path="a.jpg", width_px=1000, height_px=800)
COLOURS = ("red", "green", "blue", "yellow", "white")


def still_life(seed, kinds=("mug", "ball", "book", "vase"), *, coloured=True):
    """Boxes of different sizes strewn over a grid, so that most choices are clear."""
    rng = random.Random(seed)
    cells = [(x, y) for x in range(6) for y in range(4)]
    rng.shuffle(cells)
    things = []
    for kind in kinds:
        for _ in range(rng.randint(1, 4)):
            column, row = cells.pop()
            width, height = rng.choice((50, 80, 120)), rng.choice((50, 80, 120))
            facts = {"colour": rng.choice(COLOURS)} if coloured else {}
            if kind == "book":
                facts["number"] = str(rng.randint(10, 99))
            things.append(
                instance(
                    kind, 90 + column * 165, 100 + row * 195, width, height,
                    origin=Origin.SCENE if coloured else Origin.IMPORT, **facts,
                )
            )  # fmt: skip
    return tuple(things)


def request(instances, *, wanted=3, seed=0, categories=()):
    return ComposeRequest(
        image=PICTURE, path=Path("a.jpg"), categories=categories, instances=instances, wanted=wanted, seed=seed
    )


@pytest.fixture(scope="module")
def composed():
    """Chains over thirty still lifes, with the facts they were made from."""
    found = []
    for seed in range(30):
        things = still_life(seed, coloured=seed % 2 == 0)
        facts = PictureFacts(1000, 800, things)
        found += [(facts, c) for c in compose(request(things, seed=seed), ProgramComposerOptions()).chains]
    return found


def test_that_no_rule_finds_anything_in_them(composed):
    assert [f for facts, chain in composed for f in audit_chain(chain, facts)] == []


def test_that_most_pictures_give_as_many_chains_as_wanted(composed):
    assert len(composed) >= 75


def test_that_every_answer_is_what_running_the_program_gives(composed):
    for facts, chain in composed:
        run = run_program(chain.hops, facts)
        assert run.answer == chain.answer.value
        assert run.is_clear


def test_that_every_chain_keeps_to_the_papers_shape(composed):
    for _, chain in composed:
        assert 4 <= len(chain.hops) <= 6
        assert 3 <= len(set(chain.instances)) == len(chain.instances) <= 6
        assert frozenset().union(*(kinds_of(h, chain) for h in chain.hops)) == {HopKind.PERCEPTION, HopKind.INSTANCE}
        assert {h.level for h in chain.hops} == {Level.ONE_OBJECT, Level.SEVERAL}


def test_that_every_hop_but_the_first_needs_an_earlier_one_and_feeds_a_later_one(composed):
    for _, chain in composed:
        fed = {n for h in chain.hops for n in h.needs}
        assert all(h.needs and max(h.needs) < h.index for h in chain.hops[1:])
        assert fed == {h.index for h in chain.hops[:-1]}


def test_that_every_instance_chosen_plays_a_part(composed):
    for _, chain in composed:
        played = frozenset().union(*(instances_in(h.uses + h.establishes) for h in chain.hops))
        assert set(chain.instances) <= played


def test_that_about_half_of_the_conditions_come_out_no(composed):
    taken = [b.is_true for facts, chain in composed for b in run_program(chain.hops, facts).branches]
    assert len(taken) > 80
    assert 0.35 < sum(taken) / len(taken) < 0.65


def test_that_no_answer_is_common_enough_to_guess(composed):
    answers = [chain.answer.text for _, chain in composed]
    assert max(answers.count(a) for a in answers) <= 0.12 * len(answers)


def test_that_no_hop_can_be_left_out(composed):
    assert not any(can_be_skipped(chain, facts) for facts, chain in composed)
    facts, chain = composed[0]
    last = chain.hops[-1]
    # The same chain, whose last hop no longer looks back.
    bad = replace(chain, hops=(*chain.hops[:-1], replace(last, operation=Constant(chain.answer.value))))
    assert can_be_skipped(bad, facts)


def test_that_questions_are_chosen_which_hide_more_of_their_answers(monkeypatch):
    def likeliest(weight):
        monkeypatch.setattr(composer, "UNKNOWN_WEIGHT", weight)
        made = []
        for seed in range(12):
            things = still_life(seed, coloured=seed % 2 == 0)
            facts = PictureFacts(1000, 800, things)
            chains = compose(request(things, seed=seed), ProgramComposerOptions()).chains
            made += [(replace(chain, images=(ImageKey(f"picture {seed}"),)), facts) for chain in chains]
        habits = habits_of(made)
        return sum(max(imagined(c, facts, habits).values()) for c, facts in made) / WORLDS / len(made)

    assert likeliest(composer.UNKNOWN_WEIGHT) < 0.85 * likeliest(0.0)


def test_that_nothing_is_counted_or_read_twice_in_a_chain(composed):
    for _, chain in composed:
        taken = [e for hop in chain.hops for e in parts(hop.operation)]
        counted = [e.among.category for e in taken if isinstance(e, Count)]
        read = [e.of for e in taken if isinstance(e, Attribute) and e.reading is not Reading.AS_IS]
        assert len(set(counted)) == len(counted)
        assert len(set(read)) == len(read)


def parts(expression):
    return [expression, *(part for child in children(expression) for part in parts(child))]


def test_that_counting_on_the_way_looks_from_the_thing_found_last(composed):
    counting = [hop for _, chain in composed for hop in chain.hops[:-1] if hop.sub_question.startswith("What is the n")]
    assert len(counting) > 10
    for hop in counting:
        assert hop.operation is not None
        assert hop.needs


def test_that_shapes_and_steps_vary(composed):
    operations = {type(h.operation).__name__ for _, c in composed for h in c.hops}
    assert {"Unique", "Extreme", "Nearest", "Relation", "Branch", "Arithmetic"} <= operations
    assert {len(c.hops) for _, c in composed} == {4, 5, 6}
    assert len({c.question.split(" ")[0] for _, c in composed}) >= 3


def test_that_chains_of_one_picture_walk_differently(composed):
    for facts in {id(f): f for f, _ in composed}.values():
        own = [c for f, c in composed if f is facts]
        assert len({c.question for c in own}) == len(own)


def test_that_a_wrong_branch_gives_another_number(composed):
    for facts, chain in composed:
        for hop in {b.hop: b for b in run_program(chain.hops, facts).branches}.values():
            assert run_program(chain.hops, facts, forced={hop.hop: not hop.is_true}).answer != chain.answer.value


def test_that_every_draft_that_was_tried_is_accounted_for(monkeypatch):
    tried = []
    attempt = Sampler.attempt

    def counted(self):
        draft = attempt(self)
        tried.append(draft)
        return draft

    monkeypatch.setattr(Sampler, "attempt", counted)
    made = compose(request(still_life(2)), ProgramComposerOptions())
    told = sum(int(refusal.detail.split(" ")[0]) for refusal in made.refusals)
    assert made.chains
    assert len(tried) == len(made.chains) + told


def test_that_chains_survive_their_json(composed):
    for _, chain in composed:
        assert chain_from_json(chain_to_json(chain)) == chain


def test_that_the_same_request_gives_the_same_chains():
    things = still_life(3)
    composer = ProgramComposer()
    one = asyncio.run(composer.compose(request(things)))
    other = asyncio.run(composer.compose(request(tuple(reversed(things)))))
    assert one == other
    assert asyncio.run(composer.compose(request(things, seed=1))) != one


def test_that_two_things_are_too_few():
    composed = compose(request(still_life(1)[:2]), ProgramComposerOptions())
    assert composed.chains == ()
    assert composed.refusals[0].reason == "too_few_instances"


def test_that_look_alikes_in_a_heap_give_no_chain_and_a_reason():
    heap = tuple(instance("cup", 400 + 3 * n, 400 + 2 * n) for n in range(8))
    composed = compose(request(heap), ProgramComposerOptions(attempts=20))
    assert composed.chains == ()
    assert composed.refusals[0].reason == "no_clear_chain"
    assert composed.refusals[0].detail == f"{20 * composer.POOR_PICTURE_FACTOR} drafts tried"


def test_that_a_category_with_a_crowd_is_neither_counted_nor_searched():
    things = (*still_life(5), instance("mug", 500, 400, is_crowd=True))
    for chain in compose(request(things, wanted=8), ProgramComposerOptions()).chains:
        assert "mug" not in chain.question


def test_that_a_category_said_to_be_uncountable_is_not_counted():
    things = still_life(5)
    said = (Category(name="ball", is_countable=False),)
    for chain in compose(request(things, wanted=8, categories=said), ProgramComposerOptions()).chains:
        assert "number of balls" not in chain.question


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["mug", "ball", "wine glass", "person"]),
            st.integers(30, 970),
            st.integers(30, 770),
            st.integers(1, 300),
            st.integers(1, 300),
        ),
        max_size=12,
    )
)
def test_that_any_picture_gives_sound_chains_or_none(boxes):
    things = tuple(instance(*box) for box in dict.fromkeys(boxes))
    facts = PictureFacts(1000, 800, things)
    for chain in compose(request(things), ProgramComposerOptions(attempts=15)).chains:
        run = run_program(chain.hops, facts)
        assert run.is_clear
        assert run.answer == chain.answer.value
        assert Decimal(0) < chain.answer.value <= 200


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("mug", "mugs"),
        ("wine glass", "wine glasses"),
        ("person", "people"),
        ("knife", "knives"),
        ("bench", "benches"),
        ("box", "boxes"),
        ("toy", "toys"),
        ("berry", "berries"),
        ("sheep", "sheep"),
        ("bookshelf", "bookshelves"),
        ("broccoli", "pieces of broccoli"),
        ("tv", "televisions"),
        ("mouse", "mice"),
    ],
)
def test_that_plurals_read_naturally(one, several):
    assert plural(one) == several
