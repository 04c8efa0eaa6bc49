"""Whether the later hops alone already give the answer, whatever the lost ones may have found."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice, product

from hopchain_core.backends.program.words import singular
from hopchain_core.domain.chains import Chain, Hop
from hopchain_core.domain.probes import TrialKind, later_hops
from hopchain_core.domain.programs.execution import PictureFacts, ProgramError, Seen, Value, run_program

LARGEST = 60
"""Numbers that the lost hops may have led to are tried up to this one. Chosen."""
MOST_TRIED = 2000
"""Ways the lost hops may have come out that are tried; two that differ mostly come among the first few. Chosen."""


def can_be_skipped(chain: Chain, facts: PictureFacts) -> bool:
    """The last hop alone, or the later half of the hops, gives the answer to whoever sees the picture.

    It cannot be told from the words: "the lowest clock to the right of the plant" may be the same clock wherever a plant
    stands in this picture.
    """
    for kind in (TrialKind.LAST, TrialKind.HALF):
        kept = later_hops(chain.hops, kind)
        if kept and _is_settled(chain, facts, kept):
            return True
    return False


def _is_settled(chain: Chain, facts: PictureFacts, kept: Sequence[Hop]) -> bool:
    outputs = run_program(chain.hops, facts).outputs
    true = dict(zip((hop.index for hop in chain.hops), outputs, strict=True))
    text = " ".join(hop.sub_question for hop in kept)
    needed = {need for hop in kept for need in hop.needs}
    lost = [hop.index for hop in chain.hops if hop.index < kept[0].index]
    ways = [_could_be(true[index], facts, text) if index in needed else (true[index],) for index in lost]
    answers: set[Decimal | None] = set()
    for values in islice(product(*ways), MOST_TRIED):
        try:
            answers.add(run_program(chain.hops, facts, override=dict(zip(lost, values, strict=True))).answer)
        except ProgramError:
            continue
        if len(answers) > 1:
            return False
    return bool(answers)


def _could_be(value: Value, facts: PictureFacts, text: str) -> Sequence[Value]:
    """What a hop could have found that found this: anything, a thing of its kind where the text names it, any number."""
    match value:
        case Seen():
            return facts.by_category[value.category] if singular(value.category) in text else facts.seen
        case bool():
            return (True, False)
        case Decimal():
            return [Decimal(n) for n in range(LARGEST + 1)]
    return (value,)
