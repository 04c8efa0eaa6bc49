"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Union

from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.rules.subject import Subject

Evidence = Union[str, int, float, bool, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule for a chain.

    Attributes:
        code: Short and stable; findings, exports and filters name it.
        title: What a list shows.
        description: What it asks and why, in one or two sentences.
        severity: The worst it gives.
        check: What is wrong with a chain, hop by hop.
    """

    code: str
    title: str
    description: str
    severity: Severity
    check: Callable[[Subject], Iterator[Finding]]


def error(rule: str, message: str, hop: int | None = None, **evidence: Evidence) -> Finding:
    """A finding that keeps the chain from being used."""
    return Finding(rule=rule, severity=Severity.ERROR, hop=hop, message=message, evidence=evidence)


def warning(rule: str, message: str, hop: int | None = None, **evidence: Evidence) -> Finding:
    """A finding that a person should look at."""
    return Finding(rule=rule, severity=Severity.WARNING, hop=hop, message=message, evidence=evidence)
