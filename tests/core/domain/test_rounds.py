"""Dealing questions out, and where a person stands by a qualification."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.rounds import RoundTerms, Standing, standing_of
from hopchain_core.domain.rounds_plan import Ask, RoundPlan, plan_round

PEOPLE = ("Ada", "Ben", "Cem", "Dora", "Eve", "Finn")


def keys(count: int, letter: str = "c") -> tuple[ChainKey, ...]:
    return tuple(ChainKey(f"{letter}{n:015x}") for n in range(count))


def by_chain(plan: RoundPlan) -> dict[ChainKey, list[str]]:
    found: dict[ChainKey, list[str]] = {}
    for name, items in plan.assignments.items():
        for key in items:
            found.setdefault(key, []).append(name)
    return found


@settings(max_examples=80, deadline=None)
@given(
    people=st.integers(1, 6),
    chains=st.integers(0, 40),
    per_chain=st.one_of(st.none(), st.integers(1, 6)),
    gold=st.integers(0, 10),
    share=st.floats(0, 0.5),
    seed=st.integers(0, 5),
    data=st.data(),
)
def test_that_everybody_gets_each_item_once_and_each_chain_as_many_people_as_are_left(
    people: int, chains: int, per_chain: int | None, gold: int, share: float, seed: int, data: st.DataObject
) -> None:
    names, asked, known = PEOPLE[:people], keys(chains), keys(gold, "a")
    all_keys = [*asked, *known]
    some = st.sets(st.sampled_from(all_keys)) if all_keys else st.just(set())
    seen = {name: data.draw(some) for name in names}
    had = {key: sum(key in seen[name] for name in names) for key in asked}
    ask = Ask(
        people=names, chains=asked, per_chain=per_chain, seen=seen, had=had, gold=known, gold_share=share, seed=seed
    )
    plan = plan_round(ask)
    assert plan == plan_round(ask)
    assert set(plan.assignments) == set(names)
    given_to = by_chain(plan)
    for name, items in plan.assignments.items():
        assert len(set(items)) == len(items)
        assert seen[name].isdisjoint(items)
        ordinary = [key for key in items if key in asked]
        assert len(items) - len(ordinary) <= round(len(ordinary) * share / (1 - share))
    for key in asked:
        free = sum(key not in seen[name] for name in names)
        wanted = free if per_chain is None else max(0, per_chain - had[key])
        assert len(given_to.get(key, [])) == min(free, wanted)
        assert (key in plan.short) == (wanted > free)
    assert plan.gold == set(given_to) & set(known)


@pytest.mark.parametrize(("people", "per_chain"), [(5, 2), (6, 4), (4, 3)])
def test_that_loads_and_pairs_of_people_come_out_even(people: int, per_chain: int) -> None:
    names = PEOPLE[:people]
    plan = plan_round(Ask(people=names, chains=keys(600), per_chain=per_chain, seed=1))
    loads = [len(items) for items in plan.assignments.values()]
    assert max(loads) - min(loads) <= 1
    pairs = Counter(pair for together in by_chain(plan).values() for pair in combinations(sorted(together), 2))
    assert len(pairs) == people * (people - 1) // 2
    assert max(pairs.values()) - min(pairs.values()) <= 5


def test_that_each_person_has_an_order_of_their_own_and_another_seed_gives_another() -> None:
    ask = Ask(people=PEOPLE[:2], chains=keys(30), seed=1)
    plan, other = plan_round(ask), plan_round(Ask(people=PEOPLE[:2], chains=keys(30), seed=2))
    assert plan.assignments["Ada"] != plan.assignments["Ben"]
    assert plan.assignments["Ada"] != other.assignments["Ada"]
    assert set(plan.assignments["Ada"]) == set(plan.assignments["Ben"]) == set(keys(30))


def test_that_the_order_of_rows_in_a_project_changes_nothing() -> None:
    forwards = Ask(people=PEOPLE, chains=keys(30), per_chain=2, gold=keys(9, "a"), gold_share=0.2, seed=1)
    backwards = Ask(people=PEOPLE, chains=keys(30)[::-1], per_chain=2, gold=keys(9, "a")[::-1], gold_share=0.2, seed=1)
    assert plan_round(forwards) == plan_round(backwards)


def test_that_gold_lies_anywhere_among_the_items() -> None:
    gold = keys(40, "a")
    plan = plan_round(Ask(people=["Ada"], chains=keys(160), gold=gold, gold_share=0.2, seed=3))
    places = [place for place, key in enumerate(plan.assignments["Ada"]) if key in gold]
    assert len(places) == 40
    assert [sum(start <= place < start + 50 for place in places) > 4 for start in range(0, 200, 50)] == [True] * 4


def test_that_gold_is_not_asked_for_its_own_sake() -> None:
    with pytest.raises(ValueError, match="gold"):
        plan_round(Ask(people=["Ada"], chains=keys(2), gold=keys(1)))
    with pytest.raises(ValueError, match="once"):
        plan_round(Ask(people=["Ada", "Ada"], chains=keys(2)))


@pytest.mark.parametrize(
    ("is_active", "is_let_in", "asked", "answered", "right", "standing"),
    [
        (True, False, 0, 0, 0, Standing.FREE),
        (True, False, 5, 4, 4, Standing.QUALIFYING),
        (True, False, 5, 5, 4, Standing.QUALIFIED),
        (True, False, 5, 5, 3, Standing.BELOW),
        (True, True, 5, 5, 3, Standing.LET_IN),
        (True, True, 5, 0, 0, Standing.LET_IN),
        (False, True, 5, 5, 5, Standing.INACTIVE),
    ],
)
def test_that_a_qualification_says_where_a_person_stands(
    is_active: bool, is_let_in: bool, asked: int, answered: int, right: int, standing: Standing
) -> None:
    found = standing_of(
        is_active=is_active, is_let_in=is_let_in, asked=asked, answered=answered, right=right, pass_mark=0.8
    )
    assert found is standing
    assert found.may_answer == (standing in (Standing.FREE, Standing.QUALIFIED, Standing.LET_IN))


@pytest.mark.parametrize("wrong", [{"per_chain": 0}, {"gold_share": 0.6}, {"gold_share": -0.1}, {"pass_mark": 1.1}])
def test_that_terms_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"lies in|at least"):
        RoundTerms(**wrong)  # type: ignore[arg-type]
