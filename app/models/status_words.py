"""How the studio calls where chains stand, and what stages are named."""

from __future__ import annotations

from dataclasses import dataclass

from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import ImageRow


@dataclass(frozen=True, slots=True)
class StatusWord:
    """How a status is shown.

    Attributes:
        text: In lists and filters.
        icon: Beside it.
        tone: A colour of the tokens for the icon.
        hint: What it means, for tooltips.
    """

    text: str
    icon: str
    tone: str
    hint: str


STATUS_WORDS: dict[ChainStatus, StatusWord] = {
    ChainStatus.AWAITING: StatusWord("Awaiting people", "circle", "text-secondary", "It waits for people's answers"),
    ChainStatus.UNAUDITED: StatusWord("Not audited", "clock", "text-secondary", "No rule has looked at it yet"),
    ChainStatus.DISPUTED: StatusWord("Disputed", "adjudicate", "warn", "People did not agree on it"),
    ChainStatus.VERIFIED: StatusWord("Verified", "check", "ok", "People agreed on its number"),
    ChainStatus.ADJUDICATED: StatusWord(
        "Adjudicated", "adjudicate", "ok", "People did not agree on it, and an adjudicator decided on its number"
    ),
    ChainStatus.BY_CONSTRUCTION: StatusWord(
        "By construction", "check", "ok", "Its number follows from annotations; no person has answered it"
    ),
    ChainStatus.TOO_EASY: StatusWord("Too easy", "bolt", "text-secondary", "The weaker model solves it every time"),
    ChainStatus.TOO_HARD: StatusWord("Too hard", "bolt", "text-secondary", "The weaker model solves it too seldom"),
    ChainStatus.REFUSED: StatusWord("Refused by a rule", "ban", "bad", "A rule found an error in it"),
    ChainStatus.REJECTED: StatusWord("Rejected", "cross", "bad", "A curator refused it"),
}
"""Every status, in the order in which lists show them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Chains of several statuses under one mark, where there is no room for words."""

    name: str
    icon: str
    tone: str
    statuses: tuple[ChainStatus, ...]


MARKS: tuple[Mark, ...] = (
    Mark("ready", "check", "ok", (ChainStatus.VERIFIED, ChainStatus.ADJUDICATED, ChainStatus.BY_CONSTRUCTION)),
    Mark("to review", "circle", "text-secondary", (ChainStatus.AWAITING, ChainStatus.UNAUDITED, ChainStatus.DISPUTED)),
    Mark("refused", "cross", "bad", (ChainStatus.REFUSED, ChainStatus.REJECTED)),
    Mark("too easy", "bolt", "text-secondary", (ChainStatus.TOO_EASY,)),
    Mark("too hard", "bolt", "text-secondary", (ChainStatus.TOO_HARD,)),
)

STAGE_WORDS: dict[str, str] = {
    "categorize": "Categorize",
    "segment": "Segment",
    "compose": "Compose",
    "audit": "Audit",
    "solve": "Solve",
    "decide": "Decide",
    "probe-blind": "Probe: blind",
    "probe-unique": "Probe: unique",
    "probe-skip": "Probe: skip",
    "probe-trace": "Probe: trace",
    "probe": "Judge probes",
}


def stage_word(stage: str) -> str:
    """How a stage is called."""
    return STAGE_WORDS.get(stage, stage.capitalize())


def mark_counts(row: ImageRow) -> list[tuple[Mark, int]]:
    """Marks of a picture with how many chains stand under each; those with none are left out."""
    found = [(mark, sum(row.chain_counts.get(status, 0) for status in mark.statuses)) for mark in MARKS]
    return [(mark, count) for mark, count in found if count]


def counted(number: int, one: str, several: str = "") -> str:
    """A number with its word: 1 picture, 2,400 pictures."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def image_sentence(row: ImageRow) -> str:
    """What is to be known of a picture in a list, for screen readers."""
    parts = [
        row.path.rpartition("/")[2],
        f"{row.width_px} by {row.height_px}",
        counted(row.instance_count, "instance"),
        *(f"{counted(count, 'chain')} {mark.name}" for mark, count in mark_counts(row)),
        *(f"{stage_word(stage)} failed" for stage in row.failing),
    ]
    if not row.chain_counts:
        parts.append("no chains yet")
    return ", ".join(parts)
