"""How the studio calls what goes wrong in rollouts."""

from __future__ import annotations

from hopchain_core.domain.rollout_errors import ErrorSubkind, RolloutError
from hopchain_core.domain.rollouts import ErrorKind

KIND_WORDS: dict[ErrorKind, tuple[str, str]] = {
    ErrorKind.PERCEPTION: ("Perception", "Something in the picture was seen wrongly"),
    ErrorKind.REASONING: ("Reasoning", "Seen rightly, concluded or calculated wrongly"),
    ErrorKind.HALLUCINATION: ("Hallucination", "Something was made up that is not in the picture"),
    ErrorKind.KNOWLEDGE: ("Knowledge", "Something that one has to know was not known"),
    ErrorKind.OTHER: ("Other", "Cut off, no answer, the question misread, or anything else"),
}
"""Name and meaning, in the order of the keys."""

SUBKIND_WORDS: dict[ErrorSubkind, tuple[str, str]] = {
    ErrorSubkind.SPATIAL: ("Spatial", "Left and right, in front and behind, nearer and farther"),
    ErrorSubkind.COUNTING: ("Counting", "Too many or too few were counted"),
    ErrorSubkind.TEXT: ("Text", "A word, letter or figure was misread"),
    ErrorSubkind.OBJECT: ("Object", "Taken for something else, or the wrong one of several"),
    ErrorSubkind.COLOUR: ("Colour", "A colour was misjudged"),
    ErrorSubkind.CHART: ("Chart", "A chart was misread"),
    ErrorSubkind.TEMPORAL: ("Time", "The order of what happens was misread"),
    ErrorSubkind.LOGIC: ("Logic", "A step left out, a condition turned round, a result not carried on"),
    ErrorSubkind.ARITHMETIC: ("Arithmetic", "Calculated wrongly"),
    ErrorSubkind.SPACE: ("Places", "Seen rightly, concluded wrongly about places"),
    ErrorSubkind.ORDER_IN_TIME: ("Order", "Concluded wrongly about what comes first"),
    ErrorSubkind.CAUSE: ("Cause", "Concluded wrongly about what brings about what"),
}
"""Name and meaning, in the order in which they are offered."""

KIND_KEYS: dict[ErrorKind, str] = {kind: str(n) for n, kind in enumerate(KIND_WORDS, start=1)}
SUBKIND_KEYS: dict[ErrorSubkind, str] = {
    ErrorSubkind.SPATIAL: "S",
    ErrorSubkind.COUNTING: "C",
    ErrorSubkind.TEXT: "T",
    ErrorSubkind.OBJECT: "O",
    ErrorSubkind.COLOUR: "L",
    ErrorSubkind.CHART: "H",
    ErrorSubkind.TEMPORAL: "M",
    ErrorSubkind.LOGIC: "G",
    ErrorSubkind.ARITHMETIC: "A",
    ErrorSubkind.SPACE: "P",
    ErrorSubkind.ORDER_IN_TIME: "R",
    ErrorSubkind.CAUSE: "E",
}
"""One key judges kind and sub-kind at once."""


def subkinds_offered(kind: ErrorKind) -> tuple[ErrorSubkind, ...]:
    """Those of a kind, in the order in which they are offered."""
    return tuple(sub for sub in SUBKIND_WORDS if sub.kind is kind)


def error_word(kind: ErrorKind, subkind: ErrorSubkind | None = None) -> str:
    """A judgement in a few words: "Perception · counting"."""
    word = KIND_WORDS[kind][0]
    return f"{word} · {SUBKIND_WORDS[subkind][0].lower()}" if subkind is not None else word


def error_sentence(error: RolloutError) -> str:
    """A judgement for screen readers and tooltips."""
    return f"{error_word(error.kind, error.subkind)}, judged by {error.judged_by}"
