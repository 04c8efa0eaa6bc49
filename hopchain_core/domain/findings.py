"""What a rule or a probe says against a chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """What a finding means for the chain."""

    ERROR = "error"
    """The chain is not used: nobody spends time on it and it is never exported."""
    WARNING = "warning"
    """A person should look."""
    NOTE = "note"
    """Worth knowing; nothing is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a rule found.

    Attributes:
        rule: The rule's code, such as ``depends``.
        severity: What it means for the chain.
        hop: The hop it concerns; None for the whole chain.
        message: What is wrong and what to do, for a curator.
        evidence: Plain JSON values that show it: names, figures, the words at fault.
    """

    rule: str
    severity: Severity
    hop: int | None
    message: str
    evidence: dict[str, str | int | float | bool | None] = field(default_factory=dict)
