"""The way through the pictures: as the library lists them, or all of them."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.presenters import instance_picture as reads
from hopchain_core.domain.keys import ImageKey
from hopchain_core.project import ImageQuery, Reader


@dataclass(frozen=True, slots=True)
class Place:
    """Where among the pictures one is: `number` from 1, 0 for nowhere."""

    number: int = 0
    total: int = 0


class PictureWalk(QObject):
    """Knows the pictures one goes through, and where one is.

    Args:
        bridge: To the project.
        query: The pictures to go through, as the library lists them now.
        parent: Owner.
    """

    changed = Signal(object)
    """`Place`."""

    def __init__(self, bridge: Bridge, query: Callable[[], ImageQuery], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = Place()
        self._bridge = bridge
        self._query = query
        self._asked = ImageQuery()
        self._ids: array[int] = array("q")
        self._at = -1

    @property
    def is_other(self) -> bool:
        """Whether the library lists other pictures than were read last."""
        return self._query() != self._asked or not self._ids

    def begin(self, wished: ImageKey | None, then: Callable[[ImageKey | None], object]) -> None:
        """Reads the pictures; `then` gets the one wished if it is there, else the first, None where there is none."""
        query = self._query()

        def read(r: Reader) -> tuple[reads.Sequence, ImageKey | None]:
            if wished is not None and r.has_image(wished):
                return reads.sequence_of(r, query, wished), wished
            ids = reads.sequence_of(r, query, None).ids
            key = reads.key_at(r, ids[0]) if ids else None
            return reads.Sequence(ids, 0 if key is not None else -1), key

        def take(found: tuple[reads.Sequence, ImageKey | None]) -> None:
            sequence, key = found
            self._take(query, sequence)
            then(key)

        self._bridge.read(read, take, key="instances list")

    def find(self, image: ImageKey | None) -> None:
        """Reads the pictures again, and where one of them stands."""
        query = self._query()
        self._bridge.read(
            lambda r: reads.sequence_of(r, query, image),
            lambda sequence: self._take(query, sequence),
            key="instances list",
        )

    def step(self, by: int) -> int | None:
        """Goes on; gives the number of the picture there, None where there is none."""
        if not 0 <= self._at + by < len(self._ids):
            return None
        self._at += by
        self._tell()
        return self._ids[self._at]

    def can_step(self, by: int) -> bool:
        """Whether there is a picture there."""
        return self._at >= 0 and 0 <= self._at + by < len(self._ids)

    def _take(self, query: ImageQuery, sequence: reads.Sequence) -> None:
        self._asked = query
        self._ids, self._at = sequence.ids, sequence.place
        self._tell()

    def _tell(self) -> None:
        place = Place(self._at + 1, len(self._ids))
        if place != self.place:
            self.place = place
            self.changed.emit(place)
