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
    """

    chain: ChainKey
    n: int
    n_correct: int
    interval: tuple[float, float]
    model: str
    is_simulated: bool
    is_kept: bool

    @property
    def pass_rate(self) -> float:
        """Share of correct rollouts; 0 when there are none."""
        return self.n_correct / self.n if self.n else 0.0
