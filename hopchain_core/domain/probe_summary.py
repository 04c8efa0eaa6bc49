"""What the probes of many chains amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.probe_findings import things_said
from hopchain_core.domain.probes import PROBES, Probe, ProbePolicies, ProbeResult, TrialKind
from hopchain_core.domain.rules import Answers, answers
from hopchain_core.domain.statistics import wilson_interval


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many.

    Attributes:
        n: Those that count.
        of: All of them.
    """

    n: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 of nothing."""
        return self.n / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval (Wilson)."""
        return wilson_interval(self.n, self.of)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "n": self.n,
            "of": self.of,
            "share": round(self.share, 4),
            "interval": [round(v, 4) for v in self.interval],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSummary:
    """What the probes found in a project.

    Attributes:
        chains: Chains seen.
        policies: What a bad result means.
        models: Who was asked, by probe.
        probed: Chains probed, by probe.
        solved_blind: Chains whose question was mostly answered rightly without the picture.
        right_blind: Tries without the picture that were right. Tries at one chain are not independent, so the interval
            of `solved_blind` is the one to quote.
        guessing: What always saying the commonest number reaches on the chains probed blind.
        ambiguous: References that mostly fit several things, of all asked about.
        fitting_nothing: References that mostly fit nothing.
        skipped_last: Chains whose last hop alone mostly gives the answer.
        skipped_half: Chains whose later half mostly gives it.
        skippable_hops: Hops that can be left out, of all hops of the chains probed.
        first_wrong: Hop traces by the first hop that went wrong; None where all went right.
        never_right: Hops that no try got right, of all hops traced.
        behind: Numbers of the chains behind a figure, in order: ``solved_blind``, ``ambiguous``, ``fitting_nothing``,
            ``skipped_last``, ``skipped_half``, ``never_right``, and ``first_wrong_3`` for a hop.
    """

    chains: int = 0
    policies: ProbePolicies = field(default_factory=ProbePolicies)
    models: dict[Probe, tuple[str, ...]] = field(default_factory=dict)
    probed: dict[Probe, int] = field(default_factory=dict)
    solved_blind: Share = Share()
    right_blind: Share = Share()
    guessing: Answers = field(default_factory=lambda: answers(()))
    ambiguous: Share = Share()
    fitting_nothing: Share = Share()
    skipped_last: Share = Share()
    skipped_half: Share = Share()
    skippable_hops: Share = Share()
    first_wrong: dict[int | None, int] = field(default_factory=dict)
    never_right: Share = Share()
    behind: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Nothing was probed."""
        return not any(self.probed.values())

    @property
    def traces(self) -> int:
        """Hop traces in all."""
        return sum(self.first_wrong.values())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        commonest = self.guessing.commonest
        return {
            "chains": self.chains,
            "policies": self.policies.to_json(),
            "models": {probe.value: list(models) for probe, models in self.models.items()},
            "probed": {probe.value: n for probe, n in self.probed.items()},
            "blind": {
                "solved": self.solved_blind.to_json(),
                "tries_right": self.right_blind.to_json(),
                "guessing": {
                    "number": None if commonest is None else commonest.text,
                    **Share(self.guessing.n_commonest, self.guessing.n).to_json(),
                },
            },
            "unique": {"ambiguous": self.ambiguous.to_json(), "fitting_nothing": self.fitting_nothing.to_json()},
            "skip": {
                "by_last_hop": self.skipped_last.to_json(),
                "by_later_half": self.skipped_half.to_json(),
                "hops": self.skippable_hops.to_json(),
            },
            "trace": {
                "traces": self.traces,
                "all_right": self.first_wrong.get(None, 0),
                "first_wrong": {str(h): n for h, n in sorted(self.first_wrong.items(), key=_place) if h is not None},
                "hops_never_right": self.never_right.to_json(),
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbedChain:
    """A chain with what one probe gave.

    Attributes:
        answer: Its proposed number.
        hops: How many it has.
        number: What people know it by; 0 where nobody asks for the chains behind a figure.
    """

    answer: Answer
    hops: int
    result: ProbeResult
    number: int = 0


def summed_up(chains: int, policies: ProbePolicies, probed: Iterable[ProbedChain]) -> ProbeSummary:
    """Sums up what the probes gave; goes through the results once and keeps none of them.

    Args:
        chains: How many are seen.
        policies: What a bad result means.
        probed: One entry for each chain and probe.
    """
    count: Counter[str] = Counter()
    by_probe: Counter[Probe] = Counter()
    models: dict[Probe, set[str]] = {}
    numbers: list[Answer] = []
    first_wrong: Counter[int | None] = Counter()
    behind: dict[str, set[int]] = {}
    for entry in probed:
        result = entry.result
        by_probe[result.probe] += 1
        models.setdefault(result.probe, set()).add(result.model)
        said: Counter[str] = Counter()
        for trial in result.trials:
            count[trial.kind] += 1
            match trial.kind:
                case TrialKind.BLIND:
                    said["solved_blind"] += trial.is_mostly_right
                    count["tries"] += len(trial.replies)
                    count["right"] += trial.n_right
                    numbers.append(entry.answer)
                case TrialKind.REFERENCE:
                    things = things_said(trial)
                    said["ambiguous"] += things is not None and things > 1
                    said["fitting_nothing"] += things == 0
                case TrialKind.LAST | TrialKind.HALF:
                    said[f"skipped_{trial.kind}"] += trial.is_mostly_right
                case TrialKind.STEP:
                    said["never_right"] += not trial.n_right
        if result.probe is Probe.SKIP:
            count["hops"] += entry.hops
            count["skippable"] += max(
                (t.hop - 1 for t in result.trials if t.is_mostly_right and t.hop is not None), default=0
            )
        wrong = result.first_wrong_hops()
        first_wrong.update(wrong)
        count += said
        for figure in {*(name for name, n in said.items() if n), *(f"first_wrong_{h}" for h in wrong if h is not None)}:
            behind.setdefault(figure, set()).add(entry.number)
    return ProbeSummary(
        chains=chains,
        policies=policies,
        models={probe: tuple(sorted(models[probe])) for probe in PROBES if probe in models},
        probed={probe: by_probe[probe] for probe in PROBES},
        solved_blind=Share(count["solved_blind"], count[TrialKind.BLIND]),
        right_blind=Share(count["right"], count["tries"]),
        guessing=answers(numbers),
        ambiguous=Share(count["ambiguous"], count[TrialKind.REFERENCE]),
        fitting_nothing=Share(count["fitting_nothing"], count[TrialKind.REFERENCE]),
        skipped_last=Share(count[f"skipped_{TrialKind.LAST}"], count[TrialKind.LAST]),
        skipped_half=Share(count[f"skipped_{TrialKind.HALF}"], count[TrialKind.HALF]),
        skippable_hops=Share(count["skippable"], count["hops"]),
        first_wrong=dict(sorted(first_wrong.items(), key=_place)),
        never_right=Share(count["never_right"], count[TrialKind.STEP]),
        behind={figure: tuple(sorted(numbers)) for figure, numbers in behind.items()},
    )


def _place(entry: tuple[int | None, int]) -> tuple[bool, int]:
    """By hop, "all went right" last."""
    return entry[0] is None, entry[0] or 0
