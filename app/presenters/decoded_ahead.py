"""Pictures made ready before they are asked for, so that the next one is there at once.

What is shown comes first: nothing is made ready ahead until the picture of the question is there, and then one at a time,
the soonest first. Two at once, beside the one that somebody waits for, made it come later than without any of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

from hopchain_core.blind import BlindItem

T = TypeVar("T")

Read = Callable[[str, int | None], NDArray[np.uint8]]
MOST_BYTES = 600_000_000
"""Of pictures kept ready. Chosen: two of 50 megapixels, or all that comes next of ordinary ones."""
PAINTED_FIRST_MS = 40
"""How long after a picture is there the next is begun, so that it is painted undisturbed. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Making(Generic[T]):
    """What a view shows, made of pixels.

    Attributes:
        of: Gets uint8 RGB, (H, W, 3), and columns and rows of the whole picture; called in any thread.
        size: Bytes of what it made.
        first_side: Gets columns and rows of a picture; the longer side, in pixels, that it is made at first, because all of
            it takes too long; None where it is made whole at once.
    """

    of: Callable[[NDArray[np.uint8], int, int], T]
    size: Callable[[T], int]
    first_side: Callable[[int, int], int | None]


class DecodedAhead(QObject, Generic[T]):
    """Keeps the pictures that come next.

    Args:
        ask: Runs work in another thread, as `Bridge.ask` does.
        read: Decodes the picture of an item, by its id; from any thread.
        making: What is kept.
        parent: Owner.
    """

    def __init__(
        self, ask: Callable[..., object], read: Read, making: Making[T], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._ask = ask
        self._read = read
        self._making = making
        self._lock = Lock()
        # By path, because several questions share a picture, and by whether it is whole.
        self._kept: dict[tuple[str, bool], Future[T]] = {}
        self._wanted: list[BlindItem] = []
        self._is_making = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PAINTED_FIRST_MS)
        self._soon.timeout.connect(self.go_on_now)

    def want(self, items: Iterable[BlindItem], shown: BlindItem | None = None) -> None:
        """These come next, the first soonest; what is not among them is let go. They are begun by `go_on`.

        Args:
            items: In their order.
            shown: Its picture is kept where it is ready; else whoever shows it has it made, by `read`.
        """
        self._soon.stop()
        wanted: dict[str, BlindItem] = {}
        for item in items:
            wanted.setdefault(item.path, item)
        here = None if shown is None else shown.path
        with self._lock:
            self._kept = {key: kept for key, kept in self._kept.items() if key[0] in wanted or key[0] == here}
        self._wanted = [item for path, item in wanted.items() if path != here]

    def go_on(self) -> None:
        """What is shown is there, or cannot be: the next may be made ready, once it is painted."""
        self._soon.start()

    def go_on_now(self) -> None:
        """The next is about to be asked for."""
        self._soon.stop()
        if self._is_making:
            return
        with self._lock:
            used = sum(self._making.size(kept.result()) for kept in self._kept.values() if _is_good(kept))
            found = self._missing()
            if found is None or used >= MOST_BYTES:
                return
            item, side = found
            kept = self._kept[item.path, side is None] = Future()
        self._is_making = True
        self._ask(lambda: self._fill_ahead(kept, item, side), self._made, failed=self._made)

    def stop(self) -> None:
        """Nothing is wanted any more."""
        self.want(())

    def read(self, item: BlindItem, side: int | None) -> T:
        """A picture: what is kept, what is just being made, or made now; from any thread, and never the window's.

        Args:
            item: Whose picture.
            side: Longer side at which it would do for now; None for all of it.

        Raises:
            PictureError: It cannot be read.
        """
        with self._lock:
            places = [(item.path, True)] if side is None else [(item.path, False), (item.path, True)]
            kept = next((k for place in places if (k := self._kept.get(place)) is not None and _is_under_way(k)), None)
            mine: Future[T] = Future()
            if kept is None:
                mine.set_running_or_notify_cancel()
                self._kept[item.path, side is None] = mine
        # To wait for what was begun is sooner than to begin again beside it.
        return self._fill(mine, item, side) if kept is None else kept.result()

    def ready(self, item: BlindItem) -> T | None:
        """A whole picture that is ready, else None."""
        with self._lock:
            kept = self._kept.get((item.path, True))
        return kept.result() if kept is not None and _is_good(kept) else None

    def _missing(self) -> tuple[BlindItem, int | None] | None:
        """What to make next; only the very next is made small first: for the others there is time."""
        missing = [item for item in self._wanted if (item.path, True) not in self._kept]
        if not missing:
            return None
        first = missing[0]
        side = self._making.first_side(first.width_px, first.height_px) if first is self._wanted[0] else None
        return first, None if (first.path, False) in self._kept else side

    def _made(self, _: object) -> None:
        self._is_making = False
        if self._wanted and not self._soon.isActive():
            self.go_on_now()

    def _fill_ahead(self, kept: Future[T], item: BlindItem, side: int | None) -> None:
        with self._lock:
            # Whoever asked for it meanwhile has begun to make it.
            is_wanted = self._kept.get((item.path, side is None)) is kept
            if is_wanted:
                kept.set_running_or_notify_cancel()
        if is_wanted:
            self._fill(kept, item, side)

    def _fill(self, kept: Future[T], item: BlindItem, side: int | None) -> T:
        try:
            made = self._making.of(self._read(item.id, side), item.width_px, item.height_px)
        except Exception as error:
            kept.set_exception(error)
            raise
        kept.set_result(made)
        return made


def _is_good(kept: Future[T]) -> bool:
    return kept.done() and kept.exception() is None


def _is_under_way(kept: Future[T]) -> bool:
    return kept.running() or _is_good(kept)
