"""Where two people may have parted on the way to their answers."""

from __future__ import annotations

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain

MOST_MISCOUNTED = 2
"""Numbers this far apart may come of one miscount; farther ones say nothing. Chosen."""


def parting(tally: tuple[tuple[str, int], ...], chain: Chain) -> tuple[str, int | None]:
    """What the two answers given most often tell, in a sentence, and the hop to look at; empty and None where nothing.

    Numbers that differ by as much as a count could be off point at the last hop that counts.

    Args:
        tally: Answers and outcomes, each with how many gave it, the most frequent first.
        chain: Its own steps.
    """
    numbers = [Answer.of(text) for text, _ in tally if _is_number(text)]
    counts = [hop for hop in chain.hops if hop.output.isdigit() and hop.uses]
    if len(numbers) < 2 or not counts:
        return "", None
    first, second = numbers[0], numbers[1]
    apart, last = abs(first.value - second.value), counts[-1]
    if not 0 < apart <= MOST_MISCOUNTED:
        return "", None
    return f"{first.text} and {second.text} are {apart.normalize():f} apart: look at hop {last.index}.", last.index


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
