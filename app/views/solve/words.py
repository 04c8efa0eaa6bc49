"""Words for answers and for why there is nothing to answer."""

from __future__ import annotations

from collections.abc import Mapping

from hopchain_core.blind import Given, Hold
from hopchain_core.domain.review import AmbiguityReason, Outcome

REASONS: Mapping[AmbiguityReason, str] = {
    AmbiguityReason.REFERENCE: "Fits more than one thing",
    AmbiguityReason.COUNT: "Unclear what is to be counted",
    AmbiguityReason.TEXT: "A text cannot be read",
    AmbiguityReason.QUESTION: "The question is unclear",
    AmbiguityReason.OTHER: "Something else",
}
HOLDS: Mapping[Hold, tuple[str, str]] = {
    Hold.NONE: ("All questions are answered", "The last twenty can be reopened until the round is closed."),
    Hold.NOTHING_ASSIGNED: ("Nothing to answer", "No question of an open round is assigned to you."),
    Hold.NOT_QUALIFIED: (
        "The first questions did not go well enough",
        "Ask whoever leads the project: they can let you in.",
    ),
    Hold.ROUND_CLOSED: ("The round is closed", "Your answers are kept."),
    Hold.INACTIVE: ("You no longer take part", "Ask whoever leads the project."),
}


def said_words(given: Given) -> str:
    """An answer as a person would say it."""
    match given.outcome:
        case Outcome.ANSWERED:
            return given.text
        case Outcome.CANNOT_TELL:
            return "“cannot tell”"
        case Outcome.AMBIGUOUS:
            return f"“ambiguous: {REASONS[given.reason].lower()}”" if given.reason else "“ambiguous”"
        case _:
            return f"“{given.outcome.value}”"


def duration_words(seconds: float) -> str:
    """How long something took or takes: "38 s", "31 min", "1 h 5 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
