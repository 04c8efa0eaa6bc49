"""Finds what was meant from a few letters of it."""

from __future__ import annotations

from dataclasses import dataclass

_START_OF_WORD = 8
_NEXT_TO = 5
_EXACT_CASE = 1
_GAP = -1
_MOST_GAP = -12
_WORTH_A_LETTER = 2


@dataclass(frozen=True, slots=True)
class Match:
    """How well letters fit a text.

    Attributes:
        score: Higher fits better; comparable for one query only.
        positions: Which letters of the text were meant.
    """

    score: int
    positions: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """Fits the letters of a query into a text, in their order.

    Letters at the beginnings of words and letters side by side count most; spaces of the query are passed over, so
    ``ad fl`` fits "Adjudicate: flag".

    Args:
        query: As typed; an empty one fits everything.
        text: To search in.

    Returns:
        None when the letters are not all there.
    """
    letters = [c for c in query if not c.isspace()]
    if not letters:
        return Match(0, ())
    low = text.lower()
    if len(low) != len(text):
        # A few letters grow when they are lowered; positions would not be those of the text.
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    wanted = [c.lower() for c in letters]
    # best[i]: score and positions of the best way to fit the letters so far, the last of them at i.
    best: dict[int, tuple[int, tuple[int, ...]]] = {}
    for index, letter in enumerate(wanted):
        reached: dict[int, tuple[int, tuple[int, ...]]] = {}
        at = low.find(letter)
        while at >= 0:
            own = _worth(text, at) + (_EXACT_CASE if text[at] == letters[index] else 0)
            if index == 0:
                reached[at] = (own + max(_MOST_GAP, _GAP * at), (at,))
            else:
                ways = [
                    (score + own + (_NEXT_TO if at - before == 1 else max(_MOST_GAP, _GAP * (at - before))), places)
                    for before, (score, places) in best.items()
                    if before < at
                ]
                if ways:
                    score, places = max(ways, key=lambda way: way[0])
                    reached[at] = (score, (*places, at))
            at = low.find(letter, at + 1)
        if not reached:
            return None
        best = reached
    score, positions = max(best.values(), key=lambda way: way[0])
    return Match(score, positions)


def meant(query: str, text: str) -> Match | None:
    """As `match`, but None also where the letters are merely strewn over the text: nobody meant that.

    The bound, two points a letter, is a choice.
    """
    found = match(query, text)
    letters = sum(not c.isspace() for c in query)
    return found if found is not None and found.score >= _WORTH_A_LETTER * letters else None


def _worth(text: str, at: int) -> int:
    is_start = at == 0 or not text[at - 1].isalnum() or (text[at].isupper() and text[at - 1].islower())
    return _START_OF_WORD if is_start else 0
