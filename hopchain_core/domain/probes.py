"""What a model is asked to find a chain out, and what its replies mean for the chain.

Source: the defects that the open successor of HopChain measured (video-hopchain, arXiv 2609.25773): hops that answer
themselves, questions solved without looking, references that fit several things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hopchain_core.domain.chains import Hop
from hopchain_core.domain.keys import ChainKey


class Probe(StrEnum):
    """A way to find a chain out."""

    BLIND = "blind"
    """The question without the picture."""
    UNIQUE = "unique"
    """Whether what points at an instance fits only that one."""
    SKIP = "skip"
    """The answer from the last hop, and from the later half of them."""
    TRACE = "trace"
    """Every hop by itself, with the results before it stated."""


class ProbePolicy(StrEnum):
    """What a bad result means for a chain."""

    FLAG = "flag"
    """A person should look."""
    DROP = "drop"
    """The chain is not used."""


PROBES: tuple[Probe, ...] = tuple(Probe)


class TrialKind(StrEnum):
    """What a trial asked."""

    BLIND = "blind"
    REFERENCE = "reference"
    LAST = "last"
    HALF = "half"
    STEP = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReply:
    """One reply of a model.

    Attributes:
        text: All of it.
        answer: What was read from it, as text; empty where nothing could be read.
        is_right: It is what was expected; of a reference, that one thing fits.
    """

    text: str
    answer: str
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One thing asked, and every reply to it.

    Attributes:
        hop: The hop it concerns: the one asked, or the first of those asked; None for the whole question.
        asked: The words that the model was given.
        expected: What would be right, in words.
        about: Of a reference, the thing that is meant.
    """

    kind: TrialKind
    hop: int | None
    asked: str
    expected: str
    replies: tuple[ProbeReply, ...]
    about: str = ""

    @property
    def n_right(self) -> int:
        """Replies that are right."""
        return sum(reply.is_right for reply in self.replies)

    @property
    def is_mostly_right(self) -> bool:
        """More than half of the replies are right, so that one lucky guess among several decides nothing."""
        return 2 * self.n_right > len(self.replies)

    @property
    def counts(self) -> str:
        """``3 of 4 tries``."""
        return f"{self.n_right} of {len(self.replies)} {'try' if len(self.replies) == 1 else 'tries'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """All that one probe asked about one version of a chain.

    Attributes:
        model: Whom, as records name it; empty while it is not stored.
    """

    chain: ChainKey
    probe: Probe
    trials: tuple[Trial, ...]
    model: str = ""

    def trial(self, kind: TrialKind) -> Trial | None:
        """The first trial of a kind."""
        return next((trial for trial in self.trials if trial.kind is kind), None)

    def first_wrong_hops(self) -> tuple[int | None, ...]:
        """Of a hop trace: for each try, the first hop that went wrong; None where all went right."""
        steps = [trial for trial in self.trials if trial.kind is TrialKind.STEP]
        tries = min((len(trial.replies) for trial in steps), default=0)
        return tuple(next((t.hop for t in steps if not t.replies[n].is_right), None) for n in range(tries))


@dataclass(frozen=True, slots=True)
class ProbePolicies:
    """What bad results mean, by probe; what is not named is flagged."""

    chosen: Mapping[Probe, ProbePolicy] = field(default_factory=dict)

    def of(self, probe: Probe) -> ProbePolicy:
        """The policy of one probe."""
        return self.chosen.get(probe, ProbePolicy.FLAG)

    def to_json(self) -> dict[str, str]:
        """Plain JSON; every probe is named."""
        return {probe.value: self.of(probe).value for probe in PROBES}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> ProbePolicies:
        """Reads what `to_json` wrote.

        Raises:
            ValueError: There is no such probe or policy.
        """
        return cls({Probe(name): ProbePolicy(policy) for name, policy in data.items()})


def trials_to_json(trials: tuple[Trial, ...]) -> list[dict[str, Any]]:
    """Plain JSON of trials."""
    return [
        {
            "kind": t.kind.value,
            "hop": t.hop,
            "asked": t.asked,
            "expected": t.expected,
            "about": t.about,
            "replies": [{"text": r.text, "answer": r.answer, "is_right": r.is_right} for r in t.replies],
        }
        for t in trials
    ]


def trials_from_json(data: list[dict[str, Any]]) -> tuple[Trial, ...]:
    """Reads what `trials_to_json` wrote."""
    return tuple(
        Trial(
            kind=TrialKind(row["kind"]),
            hop=row["hop"],
            asked=row["asked"],
            expected=row["expected"],
            about=row.get("about", ""),
            replies=tuple(ProbeReply(**reply) for reply in row["replies"]),
        )
        for row in data
    )


def later_hops(hops: tuple[Hop, ...], kind: TrialKind) -> tuple[Hop, ...]:
    """The hops from the last one that looks (`LAST`), or from the middle one of those that look (`HALF`).

    Steps that only calculate stay with the hop before them: alone they would ask nothing of the picture. Empty where
    nothing would be left out, or where both are the same and `HALF` is asked for.
    """
    looking = [hop.index for hop in hops if hop.level is not None]
    if not looking:
        return ()
    last, middle = looking[-1], looking[len(looking) // 2]
    if kind is TrialKind.HALF and middle == last:
        return ()
    first = last if kind is TrialKind.LAST else middle
    return () if first <= hops[0].index else tuple(hop for hop in hops if hop.index >= first)
