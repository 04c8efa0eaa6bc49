"""Where a chain stands, derived from rows and never stored."""

from __future__ import annotations

from enum import StrEnum

from hopchain_core.domain.review import MarkKind, Verdict, VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty


class ChainStatus(StrEnum):
    """Where a chain stands. Earlier members win over later ones."""

    REJECTED = "rejected"
    """A curator refused it."""
    UNAUDITED = "unaudited"
    """No rule has looked at this version yet."""
    REFUSED = "refused"
    """A rule found an error in it."""
    TOO_EASY = "too_easy"
    """The policy drops it because the weak model solves it too often."""
    TOO_HARD = "too_hard"
    """The policy drops it because the weak model solves it too seldom; only where the band has a lower end."""
    DISPUTED = "disputed"
    """People did not agree on it, or refused it."""
    VERIFIED = "verified"
    """People agreed on its number."""
    ADJUDICATED = "adjudicated"
    """People did not agree on it, and an adjudicator decided on its number."""
    BY_CONSTRUCTION = "by_construction"
    """Its number follows from human or scene annotations; no person has answered it."""
    AWAITING = "awaiting"
    """It waits for people."""


def status_of(
    *,
    mark: MarkKind | None,
    is_audited: bool,
    has_error: bool,
    verdict: Verdict | None,
    difficulty: Difficulty | None,
) -> ChainStatus:
    """Where a chain stands, from what has been said of it; the store's SQL says the same."""
    if mark is MarkKind.REJECT:
        return ChainStatus.REJECTED
    if not is_audited:
        return ChainStatus.UNAUDITED
    if has_error:
        return ChainStatus.REFUSED
    if difficulty is not None and not difficulty.is_kept:
        return ChainStatus.TOO_HARD if difficulty.is_too_hard else ChainStatus.TOO_EASY
    match verdict.outcome if verdict else None:
        case VerdictOutcome.DISPUTED | VerdictOutcome.REFUSED:
            return ChainStatus.DISPUTED
        case VerdictOutcome.AGREED:
            return ChainStatus.VERIFIED
        case VerdictOutcome.ADJUDICATED:
            return ChainStatus.ADJUDICATED
        case VerdictOutcome.BY_CONSTRUCTION:
            return ChainStatus.BY_CONSTRUCTION
    return ChainStatus.AWAITING
