"""Why a rollout went wrong, as a person sees it.

Source: HopChain (arXiv 2603.17024), figures on errors: perception, reasoning, knowledge, hallucination and other; the
errors of perception and of reasoning are parted further. How the authors set the kinds is not published.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.rollouts import ErrorKind, Rollout


class ErrorSubkind(StrEnum):
    """What exactly went wrong; each belongs to one kind."""

    SPATIAL = "perception.spatial"
    """Left and right, in front and behind, nearer and farther."""
    CHART = "perception.chart"
    """A chart misread."""
    COUNTING = "perception.counting"
    TEXT = "perception.text"
    """A word, letter or figure misread."""
    OBJECT = "perception.object"
    """Something taken for something else, or the wrong one of several."""
    COLOUR = "perception.colour"
    TEMPORAL = "perception.temporal"
    """The order of what happens misread."""
    LOGIC = "reasoning.logic"
    """A step left out, a condition turned round, a result not carried on."""
    ORDER_IN_TIME = "reasoning.temporal"
    ARITHMETIC = "reasoning.arithmetic"
    CAUSE = "reasoning.causal"
    SPACE = "reasoning.spatial"
    """Seen rightly, concluded wrongly about places."""

    @property
    def kind(self) -> ErrorKind:
        """The kind it belongs to."""
        return ErrorKind(self.value.partition(".")[0])


def subkinds_of(kind: ErrorKind) -> tuple[ErrorSubkind, ...]:
    """Those of a kind; empty for a kind that is not parted further."""
    return tuple(sub for sub in ErrorSubkind if sub.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutName:
    """Which rollout: the same chain, solver and index are the same attempt for good.

    Attributes:
        chain: The version tried.
        fingerprint: Of the solve stage that made it.
        index: From 0.
    """

    chain: ChainKey
    fingerprint: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutError:
    """What a person says went wrong first in one rollout.

    Attributes:
        rollout: Which one.
        kind: Of the error.
        subkind: More exactly; None where nothing more was said.
        judged_by: Name or alias.
        judged_at: UTC, ISO 8601; set when it is written if empty.

    Raises:
        ValueError: The sub-kind is one of another kind, or nobody is named.
    """

    rollout: RolloutName
    kind: ErrorKind
    subkind: ErrorSubkind | None = None
    judged_by: str
    judged_at: str = ""

    def __post_init__(self) -> None:
        if self.subkind is not None and self.subkind.kind is not self.kind:
            raise ValueError(f"{self.subkind.value} is no error of {self.kind.value}")
        if not self.judged_by.strip():
            raise ValueError("a judgement names who made it")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRollout:
    """A rollout with what a person said of it.

    Attributes:
        name: Which one.
        rollout: The attempt.
        is_right: Against the label that counts now, and not cut off.
        error: What a person said; None where nobody has looked.
    """

    name: RolloutName
    rollout: Rollout
    is_right: bool
    error: RolloutError | None = None
