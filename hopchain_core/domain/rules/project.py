"""Rules over all chains of a project: conditionals, answers. One chain cannot break them, many together can."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.rules.subject import Subject
from hopchain_core.domain.statistics import wilson_interval

NO_BAND = (0.35, 0.65)
"""The share of conditions that come out "no" should lie in here; half is the aim (HopChain). The band is chosen."""
LEAST_CONDITIONS = 40
"""With fewer conditions nothing is said. Chosen: the 95 % interval of one half is then 0.35 to 0.65."""
MOST_COMMON_SHARE = 0.15
"""Guessing the commonest answer should reach no more than this. Chosen."""
LEAST_CHAINS = 40
"""With fewer chains nothing is said of their answers. Chosen."""

_STATED = re.compile(r"^\W*(yes|no|true|false)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditionals:
    """How the if-then-else conditions of many chains come out.

    Attributes:
        n: Conditions known.
        n_no: Of them "no".
        interval: 95 % interval of the share of "no".
        findings: What is wrong with them as a whole.
    """

    n: int
    n_no: int
    interval: tuple[float, float]
    findings: tuple[Finding, ...]

    @property
    def share_no(self) -> float:
        """Share of "no"; 0 when there are no conditions."""
        return self.n_no / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What guessing reaches over many chains.

    Attributes:
        n: Chains.
        commonest: The answer that most of them have; the smallest of several; None without chains.
        n_commonest: How many have it.
        findings: What is wrong with them as a whole.
    """

    n: int
    commonest: Answer | None
    n_commonest: int
    findings: tuple[Finding, ...]

    @property
    def share(self) -> float:
        """What always guessing the commonest answer reaches; 0 without chains."""
        return self.n_commonest / self.n if self.n else 0.0


def outcomes_of(chain: Chain, facts: PictureFacts) -> tuple[bool, ...]:
    """How a chain's conditions come out: computed where a hop has an operation, else as it states ("no → 9")."""
    subject = Subject(chain, facts)
    outcomes: list[bool] = []
    for hop in chain.hops:
        step = subject.steps.get(hop.index)
        if step is not None:
            outcomes += [b.is_true for b in step.branches]
        elif hop.operation is None:
            stated = _STATED.match(hop.output)
            if stated:
                outcomes.append(stated[1].lower() in ("yes", "true"))
    return tuple(outcomes)


def conditionals(outcomes: Iterable[bool]) -> Conditionals:
    """Sums up conditions of many chains, as `outcomes_of` gives them."""
    counts = Counter(outcomes)
    n, n_no = counts.total(), counts[False]
    findings: tuple[Finding, ...] = ()
    low, high = NO_BAND
    if n >= LEAST_CONDITIONS and not low <= n_no / n <= high:
        few = "few" if n_no / n < low else "many"
        findings = (
            Finding(
                rule="conditionals",
                severity=Severity.WARNING,
                hop=None,
                message=f'Too {few} conditions come out "no": {n_no} of {n} ({n_no / n:.0%}; aim at a half, {low:.0%} to '
                f"{high:.0%}). A model can guess them without looking. Ask some of them the other way round.",
                evidence={"n": n, "n_no": n_no, "share": round(n_no / n, 4)},
            ),
        )
    return Conditionals(n=n, n_no=n_no, interval=wilson_interval(n_no, n), findings=findings)


def answers(chain_answers: Iterable[Answer]) -> Answers:
    """Sums up the answers of many chains."""
    counts = Counter(a.text for a in chain_answers)
    n = counts.total()
    if not n:
        return Answers(n=0, commonest=None, n_commonest=0, findings=())
    text, most = min(counts.items(), key=lambda c: (-c[1], Answer.of(c[0]).value))
    findings: tuple[Finding, ...] = ()
    if n >= LEAST_CHAINS and most / n > MOST_COMMON_SHARE:
        findings = (
            Finding(
                rule="answers",
                severity=Severity.WARNING,
                hop=None,
                message=f"The answer is {text} in {most} of {n} chains, so guessing it reaches {most / n:.0%} "
                f"(at most {MOST_COMMON_SHARE:.0%}). Leave some of them out or vary their numbers.",
                evidence={"n": n, "answer": text, "n_commonest": most, "share": round(most / n, 4)},
            ),
        )
    return Answers(n=n, commonest=Answer.of(text), n_commonest=most, findings=findings)
