"""What a look at this computer finds, one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    ABSENT = "absent"
    """Not there, and not needed for the flow on the embedded backends."""
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: What.
        state: How it came out.
        found: What is there.
        hint: What to do; empty when nothing.
    """

    name: str
    state: State
    found: str
    hint: str = ""

    def to_json(self) -> dict[str, str]:
        """Plain JSON."""
        return {"name": self.name, "state": self.state.value, "found": self.found, "hint": self.hint}
