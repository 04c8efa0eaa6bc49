"""Pictures as a model is sent them: upright, no larger than it looks at, and the same bytes every time.

The same bytes matter: servers cache what they made of a picture by its content, so that all questions about one
picture cost its encoding once.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import Future
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from hopchain_core.backends.vlm.chat import PicturePart
from hopchain_core.domain.geometry import Box
from hopchain_core.pictures.decode import read_header, read_rgb

MOST_PIXELS = 2_000_000
"""A choice: about 2,000 tokens of Qwen3-VL, which merges 32 x 32 pixels into one."""
CROP_MARGIN = 0.15
"""Surroundings shown with a crop, on each side, in shares of its longer side. Chosen, after the paper's crops."""
LEAST_CROP_PX = 112
"""Smaller objects are shown with more around them, so that a model has something to look at. Chosen."""
_JPEG_QUALITY = 95


def whole_picture(path: Path, *, most_pixels: int = MOST_PIXELS) -> PicturePart:
    """A picture for a model.

    Raises:
        PictureError: It cannot be read.
    """
    header = read_header(path)
    shrink = min(1.0, (most_pixels / (header.width_px * header.height_px)) ** 0.5)
    longer = max(header.width_px, header.height_px)
    return encoded(read_rgb(path, None if shrink == 1.0 else max(1, int(longer * shrink))))


def crops(path: Path, boxes: tuple[Box, ...], *, most_pixels: int = MOST_PIXELS) -> tuple[PicturePart, ...]:
    """Cut-outs of a picture with a little of their surroundings, for the author of questions only.

    Args:
        path: The picture.
        boxes: In pixels of the upright picture.
        most_pixels: Of each cut-out.

    Raises:
        PictureError: The picture cannot be read.
    """
    pixels = read_rgb(path)
    return tuple(encoded(_shrunk(_cut(pixels, box), most_pixels)) for box in boxes)


def encoded(pixels: NDArray[np.uint8]) -> PicturePart:
    """Encodes pixels as JPEG.

    Shapes:
        pixels: uint8, (H, W, 3), RGB
    """
    height, width = pixels.shape[:2]
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return PicturePart(content=file.getvalue(), media_type="image/jpeg", width_px=width, height_px=height)


def with_margin(box: Box, width_px: int, height_px: int) -> tuple[int, int, int, int]:
    """The part of a picture that shows an object with its surroundings: x0, y0, x1, y1 in whole pixels, inside it."""
    margin = CROP_MARGIN * max(box.width, box.height)
    grow_x = max(margin, (LEAST_CROP_PX - box.width) / 2)
    grow_y = max(margin, (LEAST_CROP_PX - box.height) / 2)
    x0, y0 = max(0, int(box.x0 - grow_x)), max(0, int(box.y0 - grow_y))
    x1, y1 = min(width_px, int(np.ceil(box.x1 + grow_x))), min(height_px, int(np.ceil(box.y1 + grow_y)))
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


class PictureCache:
    """Keeps the last few pictures as they are sent, so that the questions about one picture encode it once.

    Args:
        most: How many to keep.
    """

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Future[PicturePart]] = OrderedDict()
        self._lock = threading.Lock()

    def whole(self, path: Path, key: str, most_pixels: int) -> PicturePart:
        """`whole_picture`, from memory where it has been asked for lately; asked for twice at once, it is made once.

        Args:
            path: Where the picture lies.
            key: Of its content.
            most_pixels: See `whole_picture`.

        Raises:
            PictureError: It cannot be read.
        """
        asked = (key, most_pixels)
        with self._lock:
            future = self._kept.get(asked)
            is_ours = future is None
            if future is None:
                future = self._kept[asked] = Future()
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            else:
                self._kept.move_to_end(asked)
        if is_ours:
            try:
                future.set_result(whole_picture(path, most_pixels=most_pixels))
            except BaseException as error:
                with self._lock:
                    self._kept.pop(asked, None)
                future.set_exception(error)
        return future.result()


def _cut(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = with_margin(box, width, height)
    return pixels[y0:y1, x0:x1]


def _shrunk(pixels: NDArray[np.uint8], most_pixels: int) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    shrink = (most_pixels / (height * width)) ** 0.5
    if shrink >= 1:
        return pixels
    size = (max(1, int(width * shrink)), max(1, int(height * shrink)))
    return np.asarray(Pillow.fromarray(pixels).resize(size, Pillow.Resampling.LANCZOS))
