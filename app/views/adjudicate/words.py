"""Words for disputes and decisions."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.chain_words import Word
from hopchain_core.domain.review import AdjudicationKind, Outcome
from hopchain_core.project import DisputeRow

_OUTCOMES = {
    Outcome.CANNOT_TELL.value: "cannot tell",
    Outcome.AMBIGUOUS.value: "ambiguous",
    Outcome.BAD.value: "bad",
}


def answer_text(text: str) -> str:
    """An answer, or the word for an outcome without one."""
    return _OUTCOMES.get(text, text)


def tally_text(tally: Sequence[tuple[str, int]]) -> str:
    """How people split: "3 : 1"."""
    return " : ".join(str(n) for _, n in tally)


def outcome_word(row: DisputeRow) -> Word:
    """What was decided; an empty text where it waits."""
    decided = row.adjudication
    if decided is None:
        return Word("", "", "warn")
    match decided.kind:
        case AdjudicationKind.LABEL:
            return Word(f"Decided: {decided.label.text if decided.label is not None else ''}", "check", "text")
        case AdjudicationKind.REFUSED:
            return Word("Refused", "cross", "bad")
        case AdjudicationKind.SENT_BACK:
            return Word("Sent back", "return", "text")
