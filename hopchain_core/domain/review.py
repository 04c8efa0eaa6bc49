"""What people say of a chain, and what follows from it.

Source: HopChain (arXiv 2603.17024), stage 4: four people solve each question alone; it is kept only when all four
give the same number, and that number is the label.
"""

from __future__ import annotations

import math
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


class AmbiguityReason(StrEnum):
    """Why a person calls a question ambiguous."""

    REFERENCE = "reference_not_unique"
    COUNT = "count_unclear"
    TEXT = "text_unreadable"
    QUESTION = "question_unclear"
    OTHER = "other"


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
        reason: Why it is ambiguous, where the person said so.
        round: Number of the round in which it was asked; None outside of rounds.
        source: Id of the packet it came in; empty when it was given in the project's own file.
        answered_at: UTC, ISO 8601; empty before it is written, which then fills it in.
    """

    chain: ChainKey
    annotator: str
    outcome: Outcome
    answer: Answer | None
    active_seconds: float = 0.0
    note: str = ""
    reason: AmbiguityReason | None = None
    round: int | None = None
    source: str = ""
    answered_at: str = ""

    def __post_init__(self) -> None:
        if (self.answer is not None) != (self.outcome is Outcome.ANSWERED):
            raise ValueError("an annotation has a number exactly when it is answered")
        if self.reason is not None and self.outcome is not Outcome.AMBIGUOUS:
            raise ValueError("only what is ambiguous has a reason for it")
        if not (math.isfinite(self.active_seconds) and self.active_seconds >= 0):
            raise ValueError(f"active seconds are a length of time, not {self.active_seconds}")
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


class AdjudicationKind(StrEnum):
    """What an adjudicator made of a question that people did not agree on."""

    LABEL = "label"
    """They decided on its number."""
    REFUSED = "refused"
    """They dropped it."""
    SENT_BACK = "sent_back"
    """They edited it; the new version is answered anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjudication:
    """One person's decision over the answers to one version of a chain; at most one of them stands.

    Attributes:
        chain: The version decided about.
        kind: What was decided.
        label: The number, exactly when that is what was decided.
        adjudicator: Name or alias.
        reason: Free text.
        decided_at: UTC, ISO 8601; empty before it is written, which then fills it in.
    """

    chain: ChainKey
    kind: AdjudicationKind
    label: Answer | None
    adjudicator: str
    reason: str = ""
    decided_at: str = ""

    def __post_init__(self) -> None:
        if (self.label is not None) != (self.kind is AdjudicationKind.LABEL):
            raise ValueError("an adjudication has a number exactly when one was decided on")
        if not self.adjudicator.strip():
            raise ValueError("an adjudication names its adjudicator")


class VerdictOutcome(StrEnum):
    """What the answers of people amount to."""

    AGREED = "agreed"
    DISPUTED = "disputed"
    TOO_FEW = "too_few"
    REFUSED = "refused"
    """Most people call the question ambiguous or bad, or an adjudicator dropped it."""
    BY_CONSTRUCTION = "by_construction"
    ADJUDICATED = "adjudicated"
    """People did not agree, and one person decided on the number."""


WITH_LABEL = frozenset({VerdictOutcome.AGREED, VerdictOutcome.BY_CONSTRUCTION, VerdictOutcome.ADJUDICATED})
"""Outcomes that have a number to train on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows from the answers to one version of a chain under one policy.

    Attributes:
        chain: The version judged.
        outcome: How it ended.
        label: The number to train on, exactly when agreed, by construction or adjudicated.
        votes: Answer text, or outcome for those without one, to number of people; sorted.
        policy: Key of the policy, such as ``unanimous-4/1``.
    """

    chain: ChainKey
    outcome: VerdictOutcome
    label: Answer | None
    votes: tuple[tuple[str, int], ...]
    policy: str

    def __post_init__(self) -> None:
        if (self.label is not None) != (self.outcome in WITH_LABEL):
            raise ValueError("a verdict has a label exactly when agreed, by construction or adjudicated")
