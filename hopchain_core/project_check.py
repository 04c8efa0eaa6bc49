"""What the rules found in a project: by chain, and in all chains taken together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hopchain_core.domain.findings import Finding
from hopchain_core.domain.keys import ChainKey
from hopchain_core.store.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedChain:
    """A chain against which something was found."""

    number: int
    chain: ChainKey
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCheck:
    """What the rules found.

    Attributes:
        chains: How many chains are seen.
        unaudited: Of those, not looked at yet.
        found: Those with findings, in the project's order.
    """

    chains: int
    found: tuple[CheckedChain, ...]

    def by_rule(self) -> dict[str, int]:
        """How many findings each rule gave, most first."""
        return dict(Counter(f.rule for c in self.found for f in c.findings).most_common())


def check_project(read: Reader) -> ProjectCheck:
    """Gathers the findings of the current audit."""
    chains = 0
    found = []
    for stored in read.chains():
        chains += 1
        findings = read.findings(stored.chain.key)
        if findings:
            found.append(CheckedChain(number=stored.number, chain=stored.chain.key, findings=findings))
    return ProjectCheck(chains=chains, found=tuple(found))
