"""What of SAM 3's findings is kept: one instance once, under one name, in one piece, large enough to see.

SAM 3 is asked for one phrase at a time, so a woman comes back as "person" too. What is left out is a refusal with its
reason, never silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from hopchain_core.domain.geometry import Box, Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is kept.

    Attributes:
        same_iou: Two of one category that overlap more are one.
        other_iou: Two of different categories that overlap more are one; the surer name stays.
        least_area: Share of the picture.
        speck: Parts below this share of the mask are wiped off.
        least_piece: Share of the mask that its largest part must have; less is fragments.
        most: Of one category in one picture.
    """

    same_iou: float
    other_iou: float
    least_area: float
    speck: float
    least_piece: float
    most: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One finding.

    Attributes:
        category: The phrase it was found by.
        score: In [0, 1].
        mask: In pixels of the picture.
    """

    category: str
    score: float
    mask: Mask


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that is not kept."""

    candidate: Candidate
    reason: str
    detail: str


def tidied(candidates: Sequence[Candidate], limits: Limits) -> tuple[list[Candidate], list[Left]]:
    """Sorts findings of one picture into those kept, by falling score, and those left out."""
    kept: list[tuple[Candidate, Box]] = []
    left: list[Left] = []
    counts: dict[str, int] = {}
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.category, c.mask.counts)):
        cleaned, largest = without_specks(candidate.mask, limits.speck)
        candidate = Candidate(candidate.category, candidate.score, cleaned)
        reason, detail = _fault(candidate, largest, limits)
        box = cleaned.box()
        if not reason:
            twin = _twin(candidate, box, kept, limits)
            if twin is not None:
                reason, detail = "duplicate", f"the same as {twin.category} {twin.score:.2f}"
            elif counts.get(candidate.category, 0) >= limits.most:
                reason, detail = "too_many", f"more than {limits.most} of {candidate.category}"
        if reason:
            left.append(Left(candidate, reason, f"{candidate.category} {candidate.score:.2f}: {detail}"))
            continue
        counts[candidate.category] = counts.get(candidate.category, 0) + 1
        kept.append((candidate, box))
    return [candidate for candidate, _ in kept], left


def without_specks(mask: Mask, speck: float) -> tuple[Mask, float]:
    """A mask without its small parts, and the share of it that its largest part had.

    Args:
        mask: The mask.
        speck: Parts below this share of it go.
    """
    box = mask.box()
    x0, y0, x1, y1 = (int(v) for v in box.as_tuple())
    if x1 <= x0 or y1 <= y0:
        return mask, 0.0
    whole = mask.to_bitmap()
    part = whole[y0:y1, x0:x1]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8), connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    total = int(areas.sum())
    largest = float(areas.max() / total)
    if count == 2:
        return mask, largest
    stays = np.concatenate(([False], areas >= speck * total))
    if stays[1:].all():
        return mask, largest
    cleaned = np.zeros_like(whole)
    cleaned[y0:y1, x0:x1] = stays[labels]
    return Mask.from_bitmap(cleaned), largest


def _fault(candidate: Candidate, largest: float, limits: Limits) -> tuple[str, str]:
    mask = candidate.mask
    share = mask.area / (mask.height_px * mask.width_px)
    if share < limits.least_area or not mask.area:
        return "too_small", f"{share:.4%} of the picture"
    if largest < limits.least_piece:
        return "fragments", f"its largest part is {largest:.0%} of it"
    return "", ""


def _twin(candidate: Candidate, box: Box, kept: Sequence[tuple[Candidate, Box]], limits: Limits) -> Candidate | None:
    for other, other_box in kept:
        most = limits.same_iou if other.category == candidate.category else limits.other_iou
        # Boxes bound what masks can share, and cost nothing.
        if box.intersection_area(other_box) and candidate.mask.iou(other.mask) > most:
            return other
    return None
