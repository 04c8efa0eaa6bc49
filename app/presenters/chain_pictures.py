"""Decoded pictures kept at hand, so that the next chain's picture is there before it is asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey

MOST_BYTES = 384 * 2**20
"""Of decoded pixels; about two pictures of 50 megapixels. Chosen."""

Pixels = NDArray[np.uint8]
Read = Callable[[str, int | None], Pixels]


class PictureShelf:
    """A few pictures in memory; what was asked for longest ago goes first. All of it may be used from any thread."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[ImageKey, int | None], Pixels] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, image: Image, read: Read, side_px: int | None) -> Pixels:
        """A picture, from memory or read now.

        Args:
            image: Which one.
            read: Gives its pixels by path and longer side.
            side_px: The longer side wanted; None for all of it. All of it is given where that is at hand.

        Shapes:
            returns: uint8, (H, W, 3)
        """
        with self._lock:
            for name in ((image.key, None), (image.key, side_px)):
                if name in self._kept:
                    self._kept.move_to_end(name)
                    return self._kept[name]
        pixels = read(image.path, side_px)
        with self._lock:
            self._kept[image.key, side_px] = pixels
            while sum(kept.nbytes for kept in self._kept.values()) > self._most_bytes and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return pixels

    def has(self, key: ImageKey, side_px: int | None) -> bool:
        """Whether a picture is at hand."""
        with self._lock:
            return (key, None) in self._kept or (key, side_px) in self._kept
