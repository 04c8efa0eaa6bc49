"""What a painted scene shows, exactly: masks of what is visible, and how much of each thing that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hopchain_core.domain.geometry import Mask
from hopchain_core.domain.images import SourceObject
from hopchain_core.domain.instances import Origin
from hopchain_core.scenes.camera import Camera
from hopchain_core.scenes.canvas import SUPERSAMPLING, Outline
from hopchain_core.scenes.layout import Placed

Ids = NDArray[np.int16]

_LEAST_PRINT_SHARE = 0.985
"""Of a printed area that shows its own thing; the rest is rounding along its edge."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A thing with its number in the canvas's ids and the outline it would have alone."""

    number: int
    placed: Placed
    outline: Outline


def pixel_ids(samples: Ids) -> Ids:
    """The thing that most samples of each pixel show; of a tie, the one painted later.

    Shapes:
        samples: int16, (2H, 2W)
        returns: int16, (H, W)
    """
    four = [samples[0::2, 0::2], samples[0::2, 1::2], samples[1::2, 0::2], samples[1::2, 1::2]]
    for i, j in ((0, 1), (2, 3), (0, 2), (1, 3), (1, 2)):
        four[i], four[j] = np.minimum(four[i], four[j]), np.maximum(four[i], four[j])
    a, b, c, d = four
    mode = np.where(c == d, d, np.where(b == c, b, np.where(a == b, a, d)))
    return mode.astype(np.int16)


def visible_share(painted: Painted, samples: Ids, everything: Sequence[Painted]) -> float:
    """Share of a thing's outline that no thing outside its cluster covers."""
    outline = painted.outline
    height, width = outline.bitmap.shape
    window = samples[outline.top : outline.top + height, outline.left : outline.left + width]
    own = [0] * (len(everything) + 1)
    for other in everything:
        own[other.number] = int(other.placed.cluster == painted.placed.cluster)
    is_own = np.array(own, dtype=bool)[window]
    return float(np.count_nonzero(is_own & outline.bitmap)) / max(1, outline.area)


def is_print_clear(painted: Painted, samples: Ids, camera: Camera) -> bool:
    """Whether nothing lies before what is printed on a thing."""
    area = painted.placed.print_corners
    if area is None:
        return True
    screen = np.rint(camera.project(area)[0] * SUPERSAMPLING).astype(np.int32)
    bitmap = np.zeros(samples.shape, dtype=np.uint8)
    cv2.fillConvexPoly(bitmap, cv2.convexHull(screen), 1)
    shown = samples[bitmap > 0]
    return float(np.count_nonzero(shown == painted.number)) >= _LEAST_PRINT_SHARE * len(shown)


def source_objects(everything: Sequence[Painted], samples: Ids) -> tuple[SourceObject, ...]:
    """All things as objects of the picture, in the order of their numbers."""
    ids = pixel_ids(samples)
    out = []
    for painted in everything:
        mask = Mask.from_bitmap(ids == painted.number)
        thing = painted.placed.thing
        out.append(
            SourceObject(
                source_id=str(painted.number),
                category=thing.category,
                box=mask.box(),
                mask=mask,
                attributes=thing.attributes,
                origin=Origin.SCENE,
            )
        )
    return tuple(out)
