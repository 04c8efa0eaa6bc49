"""Pictures decoded before they are asked for, so that the next one is there at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from hopchain_core.blind import BlindItem

Read = Callable[[str, int | None], NDArray[np.uint8]]
MOST_BYTES = 600_000_000
"""Of pictures kept decoded. Chosen: three of 50 megapixels, or all that comes next of ordinary ones."""


class DecodedAhead(QObject):
    """Keeps the pictures that come next, whole.

    Args:
        ask: Runs work in another thread, as `Bridge.ask` does.
        read: Decodes the picture of an item, by its id; from any thread.
        parent: Owner.
    """

    def __init__(self, ask: Callable[..., object], read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._read = read
        self._lock = Lock()
        # By path: several questions share a picture.
        self._kept: dict[str, Future[NDArray[np.uint8]]] = {}

    def want(self, items: Iterable[BlindItem], shown: BlindItem | None = None) -> None:
        """These come next, the first soonest; what is not among them is let go.

        Args:
            items: In their order.
            shown: Its picture is kept where it is decoded already; else whoever shows it reads it.
        """
        wanted: dict[str, BlindItem] = {}
        for item in items:
            wanted.setdefault(item.path, item)
        here = None if shown is None else shown.path
        with self._lock:
            self._kept = {path: kept for path, kept in self._kept.items() if path in wanted or path == here}
            missing = [
                item
                for path, item in wanted.items()
                if path not in self._kept and path != here and self._size() < MOST_BYTES
            ]
            for item in missing:
                self._kept[item.path] = Future()
        for item in missing:
            self._ask(lambda item=item: self._decode(item), _forget, failed=_forget)

    def read(self, item: BlindItem, side: int | None) -> NDArray[np.uint8]:
        """A picture, from what is kept or from its file; from any thread, and never the window's.

        Shapes:
            returns: uint8, (H, W, 3)

        Raises:
            PictureError: It cannot be read.
        """
        with self._lock:
            kept = self._kept.get(item.path)
        if kept is not None and kept.done() and kept.exception() is None:
            return kept.result()
        return self._read(item.id, side)

    def is_ready(self, item: BlindItem) -> bool:
        """Whether a picture is decoded."""
        with self._lock:
            kept = self._kept.get(item.path)
        return kept is not None and kept.done() and kept.exception() is None

    def _decode(self, item: BlindItem) -> None:
        with self._lock:
            kept = self._kept.get(item.path)
        if kept is None or not kept.set_running_or_notify_cancel():
            return
        try:
            kept.set_result(self._read(item.id, None))
        except Exception as error:  # shown when the picture is really asked for
            kept.set_exception(error)

    def _size(self) -> int:
        return sum(k.result().nbytes for k in self._kept.values() if k.done() and k.exception() is None)


def _forget(_: object) -> None:
    """Nobody waits for this."""
