"""Chains that were read already, or are read before they are asked for, so that stepping waits for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from app.bridge import Bridge
from app.models.chain_words import chain_name
from app.presenters.chain_detail import ChainDetail, read_detail
from app.presenters.chain_pictures import PictureShelf
from hopchain_core.domain.images import Image
from hopchain_core.errors import InputError
from hopchain_core.project import Project

_KEPT = 12
LARGE_FROM_PIXELS = 8_000_000
PREVIEW_SIDE_PX = 2000
"""As the canvas reads large pictures: a small one first."""


class ChainShelf:
    """The chains read last, by their numbers.

    Args:
        bridge: Reads.
        pictures: Where the pictures of chains read ahead are put.

    Attributes:
        generation: Another one since each change by a person; what was read for an earlier one is out of date.
        age: Another one since each change by a job, which is seldom one of these chains: they may be shown meanwhile.
    """

    def __init__(self, bridge: Bridge, pictures: PictureShelf) -> None:
        self._bridge = bridge
        self._pictures = pictures
        self._kept: dict[int, tuple[ChainDetail, int]] = {}
        self._coming: set[int] = set()
        self.generation = 0
        self.age = 0

    def get(self, number: int) -> ChainDetail | None:
        """A chain, if it is at hand and no person has changed anything since."""
        kept = self._kept.get(number)
        return None if kept is None else kept[0]

    def is_aged(self, number: int) -> bool:
        """Whether a job has changed something since a chain that is at hand was read."""
        kept = self._kept.get(number)
        return kept is not None and kept[1] != self.age

    def keep(self, detail: ChainDetail, age: int) -> None:
        """Puts a chain here; the one that has been here longest goes when there are too many.

        Args:
            detail: The chain.
            age: `age` when its reading began.
        """
        self._kept.pop(detail.stored.number, None)
        self._kept[detail.stored.number] = detail, age
        while len(self._kept) > _KEPT:
            self._kept.pop(next(iter(self._kept)))

    def drop(self, number: int) -> None:
        """Takes a chain away: it is about to be another."""
        self._kept.pop(number, None)

    def clear(self) -> None:
        """A person has changed the project: all of it is read anew."""
        self.generation += 1
        self._kept.clear()

    def grow_old(self) -> None:
        """A job has changed the project: what is here is shown, and read anew where it is looked at."""
        self.age += 1

    def read_ahead(self, project: Project, numbers: Iterable[int]) -> None:
        """Reads chains and their pictures, those that are not here or on their way."""
        for number in numbers:
            if number in self._coming:
                continue
            if number in self._kept:
                self._preload_picture(project, self._kept[number][0].image)
            else:
                self._read(project, number)

    def _read(self, project: Project, number: int) -> None:
        self._coming.add(number)
        generation, age = self.generation, self.age

        def take(detail: ChainDetail) -> None:
            self._coming.discard(number)
            # One that was opened meanwhile is here already, and what it was read for may be newer.
            if generation == self.generation and number not in self._kept:
                self.keep(detail, age)
                self._preload_picture(project, detail.image)

        def fail(_: Exception) -> None:
            # It is read again, and the error told, when it is opened.
            self._coming.discard(number)

        self._bridge.ask(lambda: first_detail(project, chain_name(number)), take, failed=fail)

    def _preload_picture(self, project: Project, image: Image) -> None:
        side = PREVIEW_SIDE_PX if image.width_px * image.height_px > LARGE_FROM_PIXELS else None
        if not self._pictures.has(image.key, side):
            self._bridge.ask(
                lambda: self._pictures.get(image, project.read_picture, side),
                lambda _: None,
                key=("chain picture", image.key),
                failed=lambda _: None,
            )


def first_detail(project: Project, *names: str) -> ChainDetail:
    """The first of these chains that there is.

    Raises:
        InputError: There is none of them.
    """
    with project.read() as read:
        for name in names[:-1]:
            with suppress(InputError):
                return read_detail(read, name)
        return read_detail(read, names[-1])
