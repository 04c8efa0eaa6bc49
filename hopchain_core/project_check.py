"""What the rules found in a project: by chain, and in all chains taken together.

What is said of all chains together is computed each time and never stored: every chain changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.rules import Answers, Conditionals, answers, conditionals, outcomes_of
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.reader import Reader

_LEFT_OUT = frozenset({ChainStatus.REJECTED, ChainStatus.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedChain:
    """A chain against which something was found.

    Attributes:
        number: Its row in the project, as people call it.
    """

    number: int
    chain: ChainKey
    status: ChainStatus
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCheck:
    """What the rules found.

    Attributes:
        chains: How many chains are seen.
        unaudited: Of those, not looked at yet.
        found: Those with findings, by the path of their picture.
        conditionals: How the conditions of sound chains come out.
        answers: What guessing reaches over sound chains.
    """

    chains: int
    unaudited: int
    found: tuple[CheckedChain, ...]
    conditionals: Conditionals
    answers: Answers

    @property
    def project_findings(self) -> tuple[Finding, ...]:
        """What is wrong with all chains taken together."""
        return (*self.conditionals.findings, *self.answers.findings)

    def by_rule(self) -> dict[str, int]:
        """How many chains each rule found something in, most first."""
        counts = Counter(rule for checked in self.found for rule in {f.rule for f in checked.findings})
        return dict(sorted(counts.items(), key=lambda c: (-c[1], c[0])))

    def by_severity(self) -> dict[Severity, int]:
        """How many findings of each severity there are, those about all chains included."""
        findings = [*self.project_findings, *(f for checked in self.found for f in checked.findings)]
        counts = Counter(f.severity for f in findings)
        return {severity: counts[severity] for severity in Severity}

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "chains": self.chains,
            "unaudited": self.unaudited,
            "by_rule": self.by_rule(),
            "by_severity": {s.value: n for s, n in self.by_severity().items()},
            "conditionals": {
                "n": self.conditionals.n,
                "no": self.conditionals.n_no,
                "share_no": self.conditionals.share_no,
                "interval": list(self.conditionals.interval),
            },
            "answers": {
                "n": self.answers.n,
                "commonest": self.answers.commonest.text if self.answers.commonest else None,
                "guessing": self.answers.share,
            },
            "project_findings": [asdict(f) for f in self.project_findings],
            "found": [
                {
                    "number": c.number,
                    "chain": c.chain,
                    "status": c.status.value,
                    "findings": [asdict(f) for f in c.findings],
                }
                for c in self.found
            ],
        }


def check_project(read: Reader) -> ProjectCheck:
    """Gathers the findings of the current audit, and looks at all sound chains together."""
    chains = unaudited = 0
    found: list[CheckedChain] = []
    sound: list[Chain] = []
    for stored in read.chains():
        key, status = stored.chain.key, read.status(stored.chain.key)
        chains += 1
        unaudited += status is ChainStatus.UNAUDITED
        findings = read.findings(key)
        if findings:
            found.append(CheckedChain(number=stored.number, chain=key, status=status, findings=findings))
        if status not in _LEFT_OUT:
            sound.append(stored.chain)
    return ProjectCheck(
        chains=chains,
        unaudited=unaudited,
        found=tuple(found),
        conditionals=conditionals(_outcomes(read, sound)),
        answers=answers(chain.answer for chain in sound),
    )


def _outcomes(read: Reader, chains: list[Chain]) -> Iterator[bool]:
    image: ImageKey | None = None
    for chain in chains:
        if chain.image != image:
            image = chain.image
            facts = PictureFacts.of(read.image(image), read.categories(image), read.instances(image))
        yield from outcomes_of(chain, facts)
