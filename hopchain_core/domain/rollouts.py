"""Attempts of a weaker model at a chain, and how hard they show it to be.

Source: HopChain (arXiv 2603.17024), stage 4: questions that a weaker model always solves are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey


class FinishReason(StrEnum):
    """Why a rollout ended."""

    STOP = "stop"
    LENGTH = "length"


class ErrorKind(StrEnum):
    """Why a rollout is wrong, as the paper sorts errors; set by a person or known by a simulation."""

    PERCEPTION = "perception"
    REASONING = "reasoning"
    KNOWLEDGE = "knowledge"
    HALLUCINATION = "hallucination"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class HopTrace:
    """What a rollout made of one hop."""

    hop: int
    output: str
    is_correct: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """One attempt.

    Attributes:
        chain: The version tried.
        index: From 0; the same chain, solver and index give the same attempt.
        text: The whole reply.
        answer: The number read from it; None when it has none, which counts as wrong.
        is_correct: Against the chain's proposed answer, exactly.
        finish_reason: LENGTH (cut off) counts as wrong.
        tokens: Of the reply; None when not known.
        error_kind: None when correct or not judged.
        trace: Hop by hop, where known.
    """

    chain: ChainKey
    index: int
    text: str
    answer: Answer | None
    is_correct: bool
    finish_reason: FinishReason = FinishReason.STOP
    tokens: int | None = None
    error_kind: ErrorKind | None = None
    trace: tuple[HopTrace, ...] = ()

    @property
    def first_wrong_hop(self) -> int | None:
        """Number of the first hop that went wrong, where traced."""
        return next((t.hop for t in self.trace if not t.is_correct), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """How often a weaker model solved a chain.

    Attributes:
        chain: The version tried.
        n: Rollouts counted.
        n_correct: Of them correct.
        interval: 95 % interval of the pass rate.
        model: Which model, as records name it.
        is_simulated: The rollouts came from the simulated solver.
        is_kept: The policy in force when this was decided keeps the chain.
        is_too_hard: It was dropped for being solved too seldom, and not too often.
        is_until_decided: Trying stopped as soon as it was known whether the chain is kept. What was counted is then no
            rate: wrong answers come sooner in what is counted than in what the model would give.
    """

    chain: ChainKey
    n: int
    n_correct: int
    interval: tuple[float, float]
    model: str
    is_simulated: bool
    is_kept: bool
    is_until_decided: bool = False
    is_too_hard: bool = False

    @property
    def n_wrong(self) -> int:
        """Rollouts that are not correct."""
        return self.n - self.n_correct

    @property
    def is_rate(self) -> bool:
        """Whether what was counted may be published as a share with its interval."""
        return self.n > 0 and not self.is_until_decided

    @property
    def pass_rate(self) -> float:
        """Share of correct rollouts; 0 when there are none. Means something only where `is_rate`."""
        return self.n_correct / self.n if self.n else 0.0

    @property
    def words(self) -> str:
        """What was counted, in words that claim no more than is known: ``3 of 8 correct``, ``at least 1 wrong of 3``."""
        if self.n == 0:
            return "not tried"
        if not self.is_until_decided:
            return f"{self.n_correct} of {self.n} correct"
        return f"at least {self.n_wrong} wrong of {self.n}" if self.n_wrong else f"none wrong of {self.n}"
