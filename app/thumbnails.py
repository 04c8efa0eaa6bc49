"""Small pictures for lists: decoded in a few threads, kept in memory and on the disk, never waited for.

What is looked at is told as a whole each time: what is no longer looked at leaves the queue. On the disk a thumbnail is
named by the sha256 of its picture and its size, so every project of this person shares them, and a moved picture
keeps its own.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
import platformdirs
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from hopchain_core.domain.keys import ImageKey
from hopchain_core.errors import PictureError

SIDES_PX = (160, 240, 360, 640)
"""Shorter sides that are kept, in device pixels; a request takes the next larger one."""
LONGEST_PX = 4
"""A panorama's longer side may be this many times the shorter. Chosen."""
MEMORY_BYTES = 256 * 2**20
THREADS = max(1, min(2, (os.cpu_count() or 1) - 1))
"""One core is the window's own."""
_NICE = 5
"""Steps behind the window's own thread; before the processes of a run."""

Read = Callable[[str, int], NDArray[np.uint8]]
"""Given a path as `Image.path` and a longest side, gives uint8 RGB, (H, W, 3), upright. Called in other threads."""


def default_folder() -> Path:
    """Where thumbnails lie on this system."""
    return Path(platformdirs.user_cache_path("hopchain-studio")) / "thumbnails"


@dataclass(frozen=True, slots=True)
class ThumbRequest:
    """A thumbnail that is looked at.

    Attributes:
        key: Of the picture.
        path: As `Image.path`.
        width_px: Columns of the picture.
        height_px: Rows of the picture.
    """

    key: ImageKey
    path: str
    width_px: int
    height_px: int


class Thumbnails(QObject):
    """Thumbnails of the pictures of one project at a time.

    Args:
        folder: Of the cache; None keeps nothing on the disk.
        parent: Owner.
    """

    ready = Signal(str)
    """The thumbnail of this picture's key is there now, or is known not to come."""

    _made = Signal(int, object, int, QImage, str)

    def __init__(self, folder: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._read: Read | None = None
        self._kept: OrderedDict[tuple[str, int], QPixmap] = OrderedDict()
        self._kept_bytes = 0
        self._refused: dict[str, tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._queue: OrderedDict[tuple[str, int], ThumbRequest] = OrderedDict()
        self._busy: set[tuple[str, int]] = set()
        self._generation = 0
        self._hands = 0
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="thumbnails", initializer=_step_back)
        self._made.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def set_reader(self, read: Read | None) -> None:
        """Takes pictures from somewhere else, or from nowhere; what is in memory stays, for it is named by content."""
        with self._lock:
            self._generation += 1
            self._queue.clear()
            self._busy.clear()
        self._refused.clear()
        self._read = read

    def get(self, key: str, side_px: int) -> QPixmap | None:
        """A thumbnail whose shorter side is about this many device pixels; a smaller or larger one until it is there.

        None when there is nothing to show yet.
        """
        wanted = side_of(side_px)
        found = self._kept.get((key, wanted))
        if found is not None:
            self._kept.move_to_end((key, wanted))
            return found
        return next((self._kept[key, side] for side in reversed(SIDES_PX) if (key, side) in self._kept), None)

    def why_not(self, key: str) -> str:
        """Why there will be no thumbnail of this picture; empty when nothing is known against it."""
        return self._refused.get(key, ("", ""))[1]

    def try_again(self) -> None:
        """Forgets what could not be shown: the files may be back, or mended."""
        self._refused.clear()

    def look_at(self, requests: Sequence[ThumbRequest], side_px: int) -> None:
        """Says what is looked at now, the most urgent first. Whatever else was asked for is dropped."""
        if self._read is None:
            return
        side = side_of(side_px)
        with self._lock:
            self._queue.clear()
            for request in requests:
                name = (request.key, side)
                # What could not be read in one place may be read in another.
                is_refused = self._refused.get(request.key, ("",))[0] == request.path
                if name not in self._kept and name not in self._busy and not is_refused:
                    self._queue[name] = request
            idle = min(THREADS - self._hands, len(self._queue))
            self._hands += idle
            generation, read = self._generation, self._read
        for _ in range(idle):
            self._pool.submit(self._work, generation, read)

    @property
    def is_idle(self) -> bool:
        """Nothing is being decoded or waits for it."""
        with self._lock:
            return not self._queue and not self._busy and not self._hands

    def close(self) -> None:
        """Drops what waits and ends the threads."""
        self.set_reader(None)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _keep(self, generation: int, request: ThumbRequest, side: int, image: QImage, problem: str) -> None:
        key = request.key
        with self._lock:
            self._busy.discard((key, side))
        if problem:
            if generation == self._generation:
                self._refused[key] = request.path, problem
        else:
            self._refused.pop(key, None)
            pixmap = QPixmap.fromImage(image)
            if (before := self._kept.get((key, side))) is not None:
                self._kept_bytes -= _bytes_of(before)
            self._kept[key, side] = pixmap
            self._kept_bytes += _bytes_of(pixmap)
            while self._kept_bytes > MEMORY_BYTES and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._kept_bytes -= _bytes_of(gone)
        self.ready.emit(key)

    # In the threads

    def _next(self, generation: int) -> tuple[tuple[str, int], ThumbRequest] | None:
        with self._lock:
            if generation != self._generation or not self._queue:
                self._hands -= 1
                return None
            name, request = self._queue.popitem(last=False)
            self._busy.add(name)
            return name, request

    def _work(self, generation: int, read: Read) -> None:
        while (found := self._next(generation)) is not None:
            (_, side), request = found
            image, problem = QImage(), ""
            try:
                image = self._make(request, side, read)
            except PictureError as error:
                problem = str(error) or error.kind
            except Exception as error:
                # A thumbnail is never a reason to end a thread.
                problem = f"it cannot be shown ({error})"
            try:
                self._made.emit(generation, request, side, image, problem)
            except RuntimeError:
                return

    def _make(self, request: ThumbRequest, side: int, read: Read) -> QImage:
        path = None if self._folder is None else self._folder / str(side) / request.key[:2] / f"{request.key}.webp"
        if path is not None:
            kept = QImage(str(path))
            if not kept.isNull():
                return kept
        image = to_image(read(request.path, longest_side(request.width_px, request.height_px, side)))
        if path is not None:
            _write(image, path)
        return image


def _step_back() -> None:
    """Lets the window's own thread go first where both want a core; for the thread that calls it."""
    # Elsewhere a priority is that of the whole process.
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def side_of(side_px: int) -> int:
    """The shorter side that is kept for one that is wanted, in device pixels."""
    return next((side for side in SIDES_PX if side >= side_px), SIDES_PX[-1])


def longest_side(width_px: int, height_px: int, shorter_px: int) -> int:
    """The longer side of a picture that is scaled down to a shorter side; never enlarged."""
    shorter, longer = sorted((max(1, width_px), max(1, height_px)))
    return max(1, min(round(shorter_px * longer / shorter), longer, LONGEST_PX * shorter_px))


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """A picture of Qt's with its own copy of the pixels.

    Shapes:
        pixels: uint8, (H, W, 3)
    """
    height, width = pixels.shape[:2]
    packed = np.ascontiguousarray(pixels)
    return QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_RGB32
    )


def cover(size: QSize, target: QSize) -> tuple[float, float, float, float]:
    """The part of a picture that fills a target without distorting it: x, y, width, height, from its middle."""
    scale = max(target.width() / max(1, size.width()), target.height() / max(1, size.height()))
    width, height = target.width() / scale, target.height() / scale
    return (size.width() - width) / 2, (size.height() - height) / 2, width, height


def _write(image: QImage, path: Path) -> None:
    # Under another name first: two windows may write the same thumbnail, and a third reads it meanwhile.
    beside = path.with_name(f".{uuid4().hex}.webp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if image.save(str(beside), "WEBP", 85):  # type: ignore[call-overload]  # a str, whatever the stubs say
            beside.replace(path)
    except OSError:
        # Without a cache it is slower, and that is all.
        beside.unlink(missing_ok=True)


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
