"""Agreement of a project: alpha in all and by group, and everybody's figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np

from hopchain_core.domain.agreement import RESAMPLES, Alpha, Codes, alpha_with_interval
from hopchain_core.domain.agreement_people import GivenAnswer, Person, codes, people, value_of
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Outcome


class AnsweredQuestion(Protocol):
    """What a chain is grouped by."""

    @property
    def hop_count(self) -> int: ...  # noqa: D102

    @property
    def composer(self) -> Composer: ...  # noqa: D102

    @property
    def categories(self) -> tuple[str, ...]: ...  # noqa: D102


class Grouping(StrEnum):
    """What chains are told apart by."""

    CATEGORY = "category"
    """Of the instances chosen; a chain counts under each of its categories."""
    HOP_COUNT = "hop_count"
    COMPOSER = "composer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Alpha of some of the chains."""

    grouping: Grouping
    name: str
    alpha: Alpha


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReport:
    """How far people agree.

    Gold and answers to versions replaced since are left out of every alpha: the one is asked to see how a person does,
    the other is about a question that no longer stands.

    Attributes:
        overall: With “ambiguous” and “bad” as values of their own and “cannot tell” as missing (`value_of`).
        numbers: Of the numbers alone; everything without one is missing.
        groups: Of the same values as `overall`; by category, then by hop count, then by composer.
        people: By name.
    """

    overall: Alpha
    numbers: Alpha
    groups: tuple[Group, ...]
    people: tuple[Person, ...]

    def by(self, grouping: Grouping) -> tuple[Group, ...]:
        """The groups of one kind."""
        return tuple(group for group in self.groups if group.grouping is grouping)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, for programs."""
        return {
            "overall": _alpha_json(self.overall),
            "numbers": _alpha_json(self.numbers),
            "groups": {
                kind.value: {group.name: _alpha_json(group.alpha) for group in self.by(kind)} for kind in Grouping
            },
            "people": [_person_json(person) for person in self.people],
        }


def agreement_report(
    answers: Sequence[GivenAnswer],
    chains: Mapping[ChainKey, AnsweredQuestion],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> AgreementReport:
    """All figures of a project.

    Args:
        answers: All of them, gold and stale ones included.
        chains: What each chain is grouped by; one that is missing is in no group.
        seed: Of the resampling; a group's interval depends on nothing but its own answers and this.
        resamples: How many for each interval.
    """
    counted = [a for a in answers if not (a.is_gold or a.is_stale)]
    said = [(a, value) for a in counted if (value := value_of(a)) is not None]
    units = codes(a.chain_key for a, _ in said)
    values = codes(value for _, value in said)

    def measured(rows: Codes | slice) -> Alpha:
        return alpha_with_interval(units[rows], values[rows], seed=abs(seed), resamples=resamples)

    is_number = np.fromiter((a.outcome is Outcome.ANSWERED for a, _ in said), bool, len(said))
    members: dict[tuple[Grouping, str], list[int]] = defaultdict(list)
    for row, (answer, _) in enumerate(said):
        chain = chains.get(answer.chain_key)
        if chain is not None:
            for group in _groups_of(chain):
                members[group].append(row)
    groups = tuple(
        Group(grouping=kind, name=name, alpha=measured(np.array(rows, dtype=np.int64)))
        for (kind, name), rows in sorted(members.items(), key=lambda member: _place(*member[0]))
    )
    return AgreementReport(
        overall=measured(slice(None)),
        numbers=measured(np.flatnonzero(is_number)),
        groups=groups,
        people=people(answers),
    )


def _groups_of(chain: AnsweredQuestion) -> list[tuple[Grouping, str]]:
    return [
        *((Grouping.CATEGORY, name) for name in dict.fromkeys(chain.categories)),
        (Grouping.HOP_COUNT, str(chain.hop_count)),
        (Grouping.COMPOSER, chain.composer.value),
    ]


_KINDS = list(Grouping)


def _place(kind: Grouping, name: str) -> tuple[int, int, str]:
    return (_KINDS.index(kind), int(name) if kind is Grouping.HOP_COUNT else 0, name)


def _alpha_json(alpha: Alpha) -> dict[str, Any]:
    return {
        "alpha": alpha.value,
        "interval": None if alpha.low is None else [alpha.low, alpha.high],
        "questions": alpha.questions,
        "answers": alpha.answers,
    }


def _person_json(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "answers": person.answers,
        "answered": person.answered,
        "cannot_tell": person.cannot_tell,
        "ambiguous": person.ambiguous,
        "bad": person.bad,
        "seconds": None if person.seconds is None else dict(zip(("q1", "median", "q3"), person.seconds, strict=True)),
        "agreement": person.agreement,
        "pairs": person.pairs,
        "gold": person.gold,
        "gold_correct": person.gold_correct,
        "gold_accuracy": person.gold_accuracy,
        "gold_interval": None if person.gold_interval is None else list(person.gold_interval),
        "speed": person.speed,
        "is_far_quicker": person.is_far_quicker,
    }
