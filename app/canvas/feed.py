"""Brings pictures and label maps to the canvas: decoded and built elsewhere, the stale ones dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.canvas.crops import mask_of
from app.canvas.label_map import LabelMap, build
from app.canvas.palette import colour_indexes
from app.canvas.pyramid import Pyramid
from app.canvas.values import CanvasInstance, Colouring, Crop
from hopchain_core.domain.geometry import Mask
from hopchain_core.domain.keys import InstanceKey

T = TypeVar("T")


class Ask(Protocol):
    """Runs slow work in another thread, as `Bridge.ask` does.

    Exactly one of the two calls comes back, on the window's thread, or neither once nobody listens any more.
    """

    def __call__(
        self, fn: Callable[[], T], then: Callable[[T], object], *, failed: Callable[[Exception], object] | None = None
    ) -> object:
        """Runs `fn`, then `then` with its result or `failed` with what it raised."""
        ...


PREVIEW_SIDE_PX = 2000
"""A large picture is first read at this size: a JPEG is then decoded at a fraction, and most windows show no more."""
PREVIEW_FROM_PIXELS = 8_000_000
"""Smaller pictures are read at once. Chosen: about 100 ms."""
_QUICK_MASK_PIXELS = 1_000_000


def first_side(width_px: int, height_px: int) -> int | None:
    """The longer side at which a picture is read first; None where it is read whole at once."""
    return PREVIEW_SIDE_PX if width_px * height_px > PREVIEW_FROM_PIXELS else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureSource:
    """A picture that can be read.

    Attributes:
        name: For people, such as the name of its file.
        width_px: Columns of the upright picture.
        height_px: Rows of the upright picture.
        read: Given the longer side wanted or None for all of it, gives uint8 RGB, (H, W, 3), upright; it may give it
            larger or smaller than asked for, or built already. Called in another thread; what it raises comes back as
            `failed`.
        ready: The whole picture, where it is there already; then it is shown at once and nothing is read.
    """

    name: str
    width_px: int
    height_px: int
    read: Callable[[int | None], NDArray[np.uint8] | Pyramid]
    ready: Pyramid | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """Instances with all that was worked out for them."""

    instances: tuple[CanvasInstance, ...]
    labels: LabelMap
    indexes: dict[InstanceKey, int]


class Feed(QObject):
    """Loads for one canvas. Only what was asked for last arrives.

    Args:
        ask: Runs slow work.
        parent: Owns it.
    """

    picture_arrived = Signal(object)
    """A `Pyramid`: first perhaps a small one, then the whole."""
    failed = Signal(object)
    """The exception that reading or building ended with."""
    built = Signal(object)
    """A `Built`."""
    encoded = Signal(object, object)
    """An `InstanceKey` or None, and its `Mask`."""

    def __init__(self, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._picture = 0
        self._build = 0
        self.is_loading = False
        self.is_building = False

    def load(self, source: PictureSource | None) -> None:
        """Reads a picture; None only drops what is under way."""
        self._picture += 1
        self.is_loading = source is not None and source.ready is None
        if source is None:
            return
        if source.ready is not None:
            self.picture_arrived.emit(source.ready)
            return
        self._read(source, first_side(source.width_px, source.height_px))

    def _read(self, source: PictureSource, side: int | None) -> None:
        asked = self._picture

        def work() -> Pyramid | None:
            if self._picture != asked:
                return None
            found = source.read(side)
            if isinstance(found, Pyramid):
                return found
            return Pyramid.of(found, source.width_px, source.height_px) if self._picture == asked else None

        def done(pyramid: Pyramid | None) -> None:
            if self._picture != asked or pyramid is None:
                return
            self.is_loading = not pyramid.is_whole and side is not None
            if self.is_loading:
                self._read(source, None)
            self.picture_arrived.emit(pyramid)

        self._ask(work, done, failed=lambda error: self._fail_picture(asked, error))

    def _fail_picture(self, asked: int, error: Exception) -> None:
        if self._picture == asked:
            self.is_loading = False
            self.failed.emit(error)

    def build(
        self, width_px: int, height_px: int, instances: tuple[CanvasInstance, ...], colouring: Colouring, colours: int
    ) -> None:
        """Builds a label map and chooses colours."""
        self._build += 1
        asked = self._build
        self.is_building = True

        def work() -> Built:
            labels = build(width_px, height_px, instances, lambda: self._build != asked)
            return Built(instances, labels, colour_indexes(instances, colouring, colours))

        def done(found: Built) -> None:
            if self._build == asked:
                self.is_building = False
                self.built.emit(found)

        def failed(error: Exception) -> None:
            if self._build == asked:
                self.is_building = False
                self.failed.emit(error)

        self._ask(work, done, failed=failed)

    def drop_build(self) -> None:
        """What is being built is no longer wanted."""
        self._build += 1
        self.is_building = False

    def encode(self, key: InstanceKey | None, crop: Crop, height_px: int, width_px: int) -> None:
        """Turns a bitmap into a mask: at once when it is small, else elsewhere."""
        if crop.bitmap.size <= _QUICK_MASK_PIXELS:
            self.encoded.emit(key, mask_of(crop, height_px, width_px))
            return

        def done(mask: Mask) -> None:
            self.encoded.emit(key, mask)

        self._ask(lambda: mask_of(crop, height_px, width_px), done, failed=self.failed.emit)
