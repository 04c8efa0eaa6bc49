"""Deals questions out to people: evenly, over all pairs of them, gold among the rest, in each person's own order.

Pure: the same questions, people and seed give the same plan on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

from hopchain_core.domain.keys import ChainKey


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """Who answers what.

    Attributes:
        assignments: By person, each in that person's order, gold and other chains alike.
        gold: The chains among them that are gold.
        short: Chains for which fewer people are left than are wanted.
    """

    assignments: dict[str, tuple[ChainKey, ...]]
    gold: frozenset[ChainKey] = frozenset()
    short: tuple[ChainKey, ...] = ()

    @property
    def item_count(self) -> int:
        """Items of all people."""
        return sum(len(items) for items in self.assignments.values())

    @property
    def chains(self) -> frozenset[ChainKey]:
        """All chains that somebody is given, gold among them."""
        return frozenset(key for items in self.assignments.values() for key in items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is dealt out.

    Attributes:
        people: Names, each once.
        chains: To be answered, each once.
        per_chain: How many people each chain shall have in the end; None for all of them.
        seen: Chains that each person has had before and is not given again.
        had: How many people's answers a chain has already, towards `per_chain`.
        gold: What gold may be taken from; none of it in `chains`.
        gold_share: Of each person's items.
        seed: Of the round.
    """

    people: Sequence[str]
    chains: Sequence[ChainKey]
    per_chain: int | None = None
    seen: Mapping[str, Collection[ChainKey]] = field(default_factory=dict)
    had: Mapping[ChainKey, int] = field(default_factory=dict)
    gold: Sequence[ChainKey] = ()
    gold_share: float = 0.0
    seed: int = 0


def plan_round(ask: Ask) -> RoundPlan:
    """Deals the chains out.

    Where `per_chain` is set, each chain goes to those with the fewest items so far, and among them to those who have had
    the fewest chains together: so loads differ by one at most where everybody may have everything, and everyone is
    compared with everyone.

    Raises:
        ValueError: A person or chain is named twice, or gold is among the chains.
    """
    people, chains = list(ask.people), list(ask.chains)
    if len(set(people)) != len(people) or len(set(chains)) != len(chains):
        raise ValueError("each person and each chain is named once")
    if not set(chains).isdisjoint(ask.gold):
        raise ValueError("gold is not asked for its own sake")
    seen = {name: frozenset(ask.seen.get(name, ())) for name in people}
    # Sorted first: the order of rows in a project says nothing.
    order = sorted(chains)
    Random(f"{ask.seed}:deal").shuffle(order)
    given, short = _deal(ask, people, order, seen)
    gold_used: set[ChainKey] = set()
    assignments: dict[str, tuple[ChainKey, ...]] = {}
    for name in people:
        shuffled = Random(f"{ask.seed}:{name}")
        unseen = sorted(key for key in set(ask.gold) if key not in seen[name])
        gold = shuffled.sample(unseen, min(len(unseen), _gold_wanted(len(given[name]), ask.gold_share)))
        gold_used.update(gold)
        items = [*given[name], *gold]
        shuffled.shuffle(items)
        assignments[name] = tuple(items)
    return RoundPlan(assignments=assignments, gold=frozenset(gold_used), short=tuple(sorted(short)))


def _deal(
    ask: Ask, people: list[str], chains: list[ChainKey], seen: Mapping[str, frozenset[ChainKey]]
) -> tuple[dict[str, list[ChainKey]], list[ChainKey]]:
    given: dict[str, list[ChainKey]] = {name: [] for name in people}
    short: list[ChainKey] = []
    rank = {name: position for position, name in enumerate(people)}
    together: Counter[tuple[str, str]] = Counter()
    draw = Random(f"{ask.seed}:draw")
    for key in chains:
        free = [name for name in people if key not in seen[name]]
        if ask.per_chain is None:
            wanted = len(free)
        else:
            wanted = max(0, ask.per_chain - ask.had.get(key, 0))
            if wanted > len(free):
                short.append(key)
        if wanted >= len(free):
            chosen = free
        else:
            chosen = _choose(free, wanted, {name: len(given[name]) for name in free}, together, rank, draw)
            together.update(combinations(sorted(chosen, key=rank.__getitem__), 2))
        for name in chosen:
            given[name].append(key)
    return given, short


def _choose(
    free: list[str],
    wanted: int,
    loads: Mapping[str, int],
    together: Counter[tuple[str, str]],
    rank: Mapping[str, int],
    draw: Random,
) -> list[str]:
    left = free.copy()
    draw.shuffle(left)
    chosen: list[str] = []
    for _ in range(wanted):
        # The first of the shuffled ones wins a tie.
        best = min(left, key=lambda name: (loads[name], sum(together[_pair(name, other, rank)] for other in chosen)))
        left.remove(best)
        chosen.append(best)
    return chosen


def _pair(one: str, other: str, rank: Mapping[str, int]) -> tuple[str, str]:
    return (one, other) if rank[one] < rank[other] else (other, one)


def _gold_wanted(ordinary: int, share: float) -> int:
    return round(ordinary * share / (1.0 - share)) if share < 1.0 else 0
