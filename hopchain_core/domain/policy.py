"""When people's answers make a label, and when a chain is too easy to keep.

Source: HopChain (arXiv 2603.17024), stage 4: four people solve each question alone, it is kept only when all four give
the same number, and that number is the label; then questions that a weaker model solves every time are dropped. How
many times it tries is not published. Questions that it never solves are kept, as there, unless a band has a lower end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.review import Adjudication, AdjudicationKind, Annotation, Outcome, Verdict, VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty, FinishReason, Rollout
from hopchain_core.domain.statistics import IntervalMethod, share_interval

JUDGING_VERSION = 1
"""Raised when the same answers would now give another verdict."""


class Asked(Protocol):
    """A chain, or as much of it as is judged."""

    @property
    def key(self) -> ChainKey: ...  # noqa: D102

    @property
    def answer(self) -> Answer: ...  # noqa: D102

    @property
    def composer(self) -> Composer: ...  # noqa: D102

    @property
    def is_executable(self) -> bool: ...  # noqa: D102


class HasOrigin(Protocol):
    """An instance, or as much of it as says who found it."""

    @property
    def origin(self) -> Origin: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRule:
    """When a chain is too easy, or too hard: the band of pass rates that is kept lies between, without its ends.

    Attributes:
        name: As records name it.
        pass_rate: Dropped as too easy from this share of correct rollouts on.
        least_rollouts: With fewer rollouts nothing is dropped. Chosen.
        too_hard_up_to: Dropped as too hard up to this share; None keeps what is never solved, as the paper does.

    Raises:
        ValueError: The ends are not in [0, 1] or not in this order, or fewer than one rollout is asked for.
    """

    name: str = "always-solved"
    pass_rate: float = 1.0
    least_rollouts: int = 4
    too_hard_up_to: float | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.pass_rate <= 1.0:
            raise ValueError(f"a pass rate to drop from lies in (0, 1], not {self.pass_rate}")
        if self.too_hard_up_to is not None and not 0.0 <= self.too_hard_up_to < self.pass_rate:
            raise ValueError(
                f"the lower end of a band lies in [0, {self.pass_rate:g}), beneath the upper, not {self.too_hard_up_to}"
            )
        if self.least_rollouts < 1:
            raise ValueError("a chain is dropped for one rollout at least")
        if not self.name.strip():
            raise ValueError("a drop rule has a name")

    def drops(self, n_correct: int, n: int) -> bool:
        """True when a chain with so many correct rollouts is outside the band."""
        return self.is_too_easy(n_correct, n) or self.is_too_hard(n_correct, n)

    def is_too_easy(self, n_correct: int, n: int) -> bool:
        """True when it is solved too often."""
        return n >= self.least_rollouts and n_correct >= self.pass_rate * n

    def is_too_hard(self, n_correct: int, n: int) -> bool:
        """True when it is solved too seldom."""
        return n >= self.least_rollouts and self.is_beneath(n_correct, n)

    def is_beneath(self, n_correct: int, n: int) -> bool:
        """True when a count lies at the lower end of the band or beneath it, however few were tried."""
        return self.too_hard_up_to is not None and n_correct <= self.too_hard_up_to * n

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, without a lower end where there is none, so that earlier decisions stand."""
        data = asdict(self)
        if self.too_hard_up_to is None:
            del data["too_hard_up_to"]
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a project asks of people and of the weaker model.

    Attributes:
        people: How many answer each chain.
        agreeing: How many of them have to give the same number; more than half.
        drop: When a chain is too easy or too hard; None keeps all.
        accepts_adjudicated: A number that one adjudicator decided on may be trained on. The paper's policy takes only
            what all agree on.
        interval: How the 95 % interval of a pass rate is worked out.

    Raises:
        ValueError: Nobody is asked, or two numbers could both be agreed on.
    """

    people: int = 4
    agreeing: int = 4
    drop: DropRule | None = field(default_factory=DropRule)
    accepts_adjudicated: bool = False
    interval: IntervalMethod = IntervalMethod.WILSON

    def __post_init__(self) -> None:
        if not 1 <= self.agreeing <= self.people:
            raise ValueError(f"{self.agreeing} of {self.people} people cannot agree")
        if 2 * self.agreeing <= self.people:
            raise ValueError("more than half of the people have to agree, else two numbers could win")

    @property
    def key(self) -> str:
        """What verdicts are marked with: ``unanimous-4/1``, ``3-of-5/1``; the last figure is that of the judging rules."""
        who = f"unanimous-{self.people}" if self.agreeing == self.people else f"{self.agreeing}-of-{self.people}"
        return f"{who}/{JUDGING_VERSION}"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; what was added since the first projects only where it says something."""
        data = asdict(self)
        # Without it, what was decided under a policy stays decided under the same one.
        if not self.accepts_adjudicated:
            del data["accepts_adjudicated"]
        if self.interval is IntervalMethod.WILSON:
            del data["interval"]
        else:
            data["interval"] = self.interval.value
        data["drop"] = None if self.drop is None else self.drop.to_json()
        return data

    def judging(self) -> dict[str, Any]:
        """As much of it as verdicts and difficulties depend on, plain JSON."""
        return {name: value for name, value in self.to_json().items() if name != "accepts_adjudicated"}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Policy:
        """Reads what `to_json` wrote; what is left out has its default.

        Raises:
            ValueError: A field is unknown, of the wrong kind or impossible.
        """
        try:
            drop = data.get("drop", {})
            accepts = data.get("accepts_adjudicated", False)
            interval = IntervalMethod(data.get("interval", IntervalMethod.WILSON))
            rest = {n: value for n, value in data.items() if n not in ("drop", "accepts_adjudicated", "interval")}
            _require_whole(rest)
            if not isinstance(accepts, bool):
                raise ValueError(f"accepts_adjudicated is true or false, not {accepts!r}")
            rule = None if drop is None else DropRule(**drop)
            return cls(**rest, drop=rule, accepts_adjudicated=accepts, interval=interval)
        except (TypeError, AttributeError) as problem:
            raise ValueError(f"not a policy: {problem}") from problem


def _require_whole(data: dict[str, Any]) -> None:
    for name, value in data.items():
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"{name} is a whole number, not {value!r}")


def judge(
    chain: Asked,
    annotations: Iterable[Annotation],
    policy: Policy,
    instances: Iterable[HasOrigin] = (),
    adjudication: Adjudication | None = None,
) -> Verdict:
    """What the answers to a chain amount to.

    In this order:

    0. Refused, or adjudicated: an adjudicator dropped the question, or decided on another number than people agree on.
       Where people come to the same number by themselves, it is theirs (below: agreed).
    1. Refused: more than half of the people (of those wanted, or of those who came if more did) call the question
       ambiguous or bad.
    2. Disputed: however those still missing answer, no number can be agreed on. Under unanimity one other number, one
       "cannot tell", "ambiguous" or "bad" is enough.
    3. By construction: fewer people than wanted have answered, those who did gave the computed number, and that follows
       from people's annotations or a rendered scene (`follows_from_annotations`).
    4. Too few: people are missing.
    5. Agreed: the share that the policy asks for gave one number. That number is the label, whatever the composer
       proposed.

    Args:
        chain: The version judged.
        annotations: Of this version, one of each person; the last counts when one has several. Not those that were
            asked for to see how a person does (gold).
        policy: Of the project.
        instances: All of the chain's picture; without them nothing is by construction.
        adjudication: Of this version.

    Raises:
        ValueError: An annotation or the adjudication is of another version.
    """
    key = chain.key
    if adjudication is not None and adjudication.chain != key:
        raise ValueError(f"an adjudication of {adjudication.chain} says nothing about {key}")
    latest: dict[str, Annotation] = {}
    for annotation in annotations:
        if annotation.chain != key:
            raise ValueError(f"an annotation of {annotation.chain} says nothing about {key}")
        latest[annotation.annotator] = annotation
    people = list(latest.values())
    votes = Counter(a.answer.text if a.answer is not None else a.outcome.value for a in people)

    def verdict(outcome: VerdictOutcome, label: Answer | None = None) -> Verdict:
        return Verdict(chain=key, outcome=outcome, label=label, votes=tuple(sorted(votes.items())), policy=policy.key)

    numbers = Counter(a.answer.text for a in people if a.answer is not None)
    text, most = min(numbers.items(), key=lambda n: (-n[1], n[0])) if numbers else ("", 0)
    n = len(people)
    asked = max(n, policy.people)
    is_agreed = n >= policy.people and most * policy.people >= policy.agreeing * asked
    if adjudication is not None and adjudication.kind is AdjudicationKind.REFUSED:
        return verdict(VerdictOutcome.REFUSED)
    label = adjudication.label if adjudication is not None else None
    if label is not None and not (is_agreed and label.text == text):
        return verdict(VerdictOutcome.ADJUDICATED, label)
    objecting = sum(a.outcome in (Outcome.AMBIGUOUS, Outcome.BAD) for a in people)
    if 2 * objecting > asked:
        return verdict(VerdictOutcome.REFUSED)
    if (most + asked - n) * policy.people < policy.agreeing * asked:
        return verdict(VerdictOutcome.DISPUTED)
    if n < policy.people:
        if all(a.answer == chain.answer for a in people) and follows_from_annotations(chain, instances):
            return verdict(VerdictOutcome.BY_CONSTRUCTION, chain.answer)
        return verdict(VerdictOutcome.TOO_FEW)
    return verdict(VerdictOutcome.AGREED, Answer.of(text))


def follows_from_annotations(chain: Asked, instances: Iterable[HasOrigin]) -> bool:
    """True when the answer is computed over instances that people marked or that a scene was rendered from.

    All instances of the picture count, because counts and "nearest" depend on those that are not spoken of, too.
    """
    known = {Origin.IMPORT, Origin.SCENE, Origin.PERSON}
    origins = {i.origin for i in instances}
    return chain.composer is Composer.PROGRAM and chain.is_executable and bool(origins) and origins <= known


def measure(
    chain: Asked, rollouts: Iterable[Rollout], policy: Policy, backend: BackendSpec, label: Answer | None = None
) -> Difficulty:
    """How often a model solved a chain, and whether the policy keeps it.

    A rollout that was cut off counts as wrong. Without rollouts nothing is known and the chain is kept.

    Args:
        chain: The version tried.
        rollouts: Of this version, by one solver.
        policy: Of the project.
        backend: The solver, whose model records name.
        label: What people agreed on, where that is another number than the chain's proposed answer; rollouts are then
            counted against it.

    Raises:
        ValueError: A rollout is of another version, or two have the same index.
    """
    key = chain.key
    tried = list(rollouts)
    if any(r.chain != key for r in tried) or len({r.index for r in tried}) != len(tried):
        raise ValueError("a difficulty is measured over different rollouts of one chain")
    is_proposed = label is None or label == chain.answer
    n_correct = sum(
        (r.is_correct if is_proposed else r.answer == label) and r.finish_reason is FinishReason.STOP for r in tried
    )
    is_kept = policy.drop is None or not policy.drop.drops(n_correct, len(tried))
    return Difficulty(
        chain=key,
        n=len(tried),
        n_correct=n_correct,
        interval=share_interval(policy.interval, n_correct, len(tried)),
        model=backend.model,
        is_simulated=backend.is_simulated,
        is_kept=is_kept,
        is_too_hard=not is_kept and policy.drop is not None and policy.drop.is_beneath(n_correct, len(tried)),
    )
