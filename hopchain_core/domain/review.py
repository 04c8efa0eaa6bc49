"""What people say of a chain, and what follows from it.

Source: HopChain (arXiv 2603.17024), stage 4: four people solve each question alone; it is kept only when all four
give the same number, and that number is the label.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey


class Outcome(StrEnum):
    """How one person's attempt at a question ended."""

    ANSWERED = "answered"
    CANNOT_TELL = "cannot_tell"
    AMBIGUOUS = "ambiguous"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One person's blind answer to one version of a chain.

    Attributes:
        chain: The version answered.
        annotator: Name or alias.
        outcome: How it ended.
        answer: The number, exactly when `outcome` is ANSWERED.
        active_seconds: Time with the question in focus.
        note: Free text.
    """

    chain: ChainKey
    annotator: str
    outcome: Outcome
    answer: Answer | None
    active_seconds: float = 0.0
    note: str = ""

    def __post_init__(self) -> None:
        if (self.answer is not None) != (self.outcome is Outcome.ANSWERED):
            raise ValueError("an annotation has a number exactly when it is answered")
        if not self.annotator.strip():
            raise ValueError("an annotation names its annotator")


class MarkKind(StrEnum):
    """What a curator decided about a chain."""

    ACCEPT = "accept"
    REJECT = "reject"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A curator's decision about one version of a chain; at most one of them stands at a time."""

    chain: ChainKey
    kind: MarkKind
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A word of one person on one version of a chain.

    Attributes:
        chain: The version it was written to.
        author: Name or alias.
        text: What it says.
        written_at: UTC, ISO 8601.
    """

    chain: ChainKey
    author: str
    text: str
    written_at: str


class VerdictOutcome(StrEnum):
    """What the answers of people amount to."""

    AGREED = "agreed"
    DISPUTED = "disputed"
    TOO_FEW = "too_few"
    REFUSED = "refused"
    BY_CONSTRUCTION = "by_construction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows from the answers to one version of a chain under one policy.

    Attributes:
        chain: The version judged.
        outcome: How it ended.
        label: The number to train on, exactly when agreed or by construction.
        votes: Answer text, or outcome for those without one, to number of people; sorted.
        policy: Key of the policy, such as ``unanimous-4/1``.
    """

    chain: ChainKey
    outcome: VerdictOutcome
    label: Answer | None
    votes: tuple[tuple[str, int], ...]
    policy: str

    def __post_init__(self) -> None:
        has_label = self.outcome in (VerdictOutcome.AGREED, VerdictOutcome.BY_CONSTRUCTION)
        if (self.label is not None) != has_label:
            raise ValueError("a verdict has a label exactly when agreed or by construction")
