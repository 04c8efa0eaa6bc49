"""A hop's evidence in the canvas's terms."""

from __future__ import annotations

from app.canvas import Arrow, CanvasInstance, Dash, HalfPlane, Overlay, Tag
from app.presenters.chain_detail import ChainDetail
from app.presenters.chain_evidence import HopEvidence
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.keys import InstanceKey


def overlay_of(evidence: HopEvidence) -> Overlay:
    """What the canvas draws of a hop."""
    border = evidence.border
    return Overlay(
        lit=evidence.lit,
        members=evidence.members,
        arrows=tuple(Arrow(link.start, link.end, link.text) for link in evidence.arrows),
        dashes=tuple(Dash(link.start, link.end, link.text) for link in evidence.dashes),
        tags=tuple(Tag(place, text) for place, text in evidence.tags),
        half_plane=None if border is None else HalfPlane(border.through, border.towards, border.text),
    )


def canvas_instances(detail: ChainDetail) -> tuple[CanvasInstance, ...]:
    """What the canvas shows of a picture: all that is marked in it; hidden ones only where the chain speaks of them."""
    spoken: set[InstanceKey] = set(detail.chain.instances)
    for evidence in detail.evidence.values():
        spoken |= evidence.lit | evidence.members
    return tuple(
        CanvasInstance(
            key=instance.key,
            name=detail.names[instance.key],
            category=instance.category,
            box=instance.box,
            mask=instance.mask,
            colour_index=n,
            is_hidden=instance.key in detail.hidden and instance.key not in spoken,
            is_crowd=instance.is_crowd,
        )
        for n, instance in enumerate(detail.facts.instances)
    )


def boxes_of(detail: ChainDetail, hop: int) -> tuple[Box, ...]:
    """What should be in sight at a hop."""
    known = detail.facts.by_key
    return tuple(known[key].box for key in detail.evidence[hop].zoomed if key in known)
