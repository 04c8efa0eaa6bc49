"""A 64-bit hash that pictures share when they look alike.

Difference hash: the picture is shrunk to 9 x 8 grey pixels, and each bit says whether a pixel is brighter than its left
neighbour (N. Krawetz, "Kind of Like That", 2013). Scaling, re-encoding and greyscale change few bits; cropping, mirroring
and turning change many and are not recognised.
"""

from __future__ import annotations

import numpy as np
from PIL import Image as Pillow

HASH_SIDE_PX = 64
"""A picture may be shrunk to this before it is hashed without changing more than a bit or two."""
HASH_BITS = 64


def difference_hash(picture: Pillow.Image) -> str:
    """The hash as 16 hex digits, rows from the top, the leftmost difference in the highest bit.

    Args:
        picture: Upright, in any mode that can be resized; what is transparent counts as white.
    """
    if picture.mode in ("LA", "RGBA"):
        alpha = picture.getchannel("A")
        white = Pillow.new("L", picture.size, 255)
        picture = Pillow.composite(picture.convert("L"), white, alpha)
    elif picture.mode == "LAB":
        picture = picture.getchannel(0)
    small = np.asarray(picture.convert("L").resize((9, 8), Pillow.Resampling.BOX), dtype=np.int16)
    bits = small[:, 1:] > small[:, :-1]
    return np.packbits(bits.ravel()).tobytes().hex()
