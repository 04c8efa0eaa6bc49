"""What there is to see of a hop on its picture: what is given, what is found, what was not chosen, how far, how many.

The figures are those that programs go by: centres and extents of boxes, areas of masks, pixels of the upright picture.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.presenters.evidence_values import Border, HopEvidence, Link, Place
from app.presenters.evidence_walk import Gathering
from hopchain_core.domain.chains import Chain, Hop
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.execution import Value
from hopchain_core.domain.programs.facts import PictureFacts


def evidence_of(
    hop: Hop, chain: Chain, facts: PictureFacts, outputs: Mapping[int, Value], names: Mapping[InstanceKey, str]
) -> HopEvidence:
    """The evidence of one hop.

    Args:
        hop: The hop.
        chain: Its chain.
        facts: The picture.
        outputs: What the hops before it give, by number; those without a value may be missing.
        names: How instances are called.
    """
    found = Gathering(hop, facts, outputs, names)
    if hop.operation is not None:
        found.walk(hop.operation, is_main=True)
    found.take_references(chain)
    return found.evidence(chain)


__all__ = ["Border", "HopEvidence", "Link", "Place", "evidence_of"]
