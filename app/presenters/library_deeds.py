"""What is done with pictures of the library: opened, run, tried again, shown, copied, found and looked for."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.models.image_list import ImageListModel
from app.models.status_words import counted
from hopchain_core.domain.keys import ImageKey
from hopchain_core.project import ORDER, ImageQuery, ImageRow, Reader

T = TypeVar("T")


class LibraryDeeds(QObject):
    """Does things with pictures, those selected for the most part; what only a window can do is asked for by a signal.

    Args:
        bridge: To the project.
        model: The pictures listed.
        selected: Numbers of the pictures selected.
        parent: Owner.
    """

    open_wanted = Signal(str, object)
    """A space's id and the `ImageKey` to open there."""
    run_wanted = Signal(object, object, bool)
    """Stages, keys of pictures, and whether failed items are tried again."""
    reveal_wanted = Signal(str)
    """A file to show in the system's file manager."""
    copy_wanted = Signal(str, str)
    """A text for the clipboard, and a word on what it is."""
    told = Signal(str, str)
    """A word to the person and its kind, as a toast takes them."""

    def __init__(
        self,
        bridge: Bridge,
        model: ImageListModel,
        selected: Callable[[], frozenset[int]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._model = model
        self._selected = selected

    def open(self, number: int, space: str) -> None:
        """Opens a picture in another space."""
        self._with_rows((number,), lambda rows: rows[0].key, lambda key: self.open_wanted.emit(space, key))

    def run(self, stages: Sequence[str], *, retry_failed: bool = False) -> None:
        """Runs stages over the pictures selected."""
        self._with_rows(
            self._selected(), _keys_of, lambda keys: self.run_wanted.emit(tuple(stages), keys, retry_failed)
        )

    def retry_failed(self) -> None:
        """Tries again what failed on the pictures selected, and nothing else."""

        def failed(rows: list[ImageRow]) -> tuple[tuple[str, ...], tuple[ImageKey, ...]]:
            stages = {stage for row in rows for stage in row.failing}
            return tuple(stage for stage in ORDER if stage in stages), _keys_of([row for row in rows if row.failing])

        def go(found: tuple[tuple[str, ...], tuple[ImageKey, ...]]) -> None:
            if found[1]:
                self.run_wanted.emit(*found, True)
            else:
                self.told.emit("No stage fails on these pictures.", "neutral")

        self._with_rows(self._selected(), failed, go)

    def copy_paths(self) -> None:
        """Puts the files of the pictures selected on the clipboard, one a line, in the order listed."""
        self._copy("path", lambda row: str(self.file_of(row)))

    def copy_keys(self) -> None:
        """Puts the keys of the pictures selected on the clipboard, one a line, in the order listed."""
        self._copy("key", lambda row: row.key)

    def reveal(self, number: int) -> None:
        """Shows a picture's file in the system's file manager."""
        self._with_rows((number,), lambda rows: str(self.file_of(rows[0])), self.reveal_wanted.emit)

    def find(self, key: ImageKey, then: Callable[[int], object]) -> None:
        """Calls back with the number of a picture; never when the project does not hold it."""

        def look(read: Reader) -> int | None:
            alike = read.image_rows(read.image_ids(ImageQuery(text=read.image(key).path)))
            return next((row.number for row in alike if row.key == key), None)

        self._bridge.read(
            look, lambda number: None if number is None else then(number), key="library find", failed=_ignore
        )

    async def relink(self, folder: Path) -> None:
        """Looks through a folder for pictures whose file is missing, and notes where they lie now."""
        project = self._bridge.project
        if project is None:
            return

        def is_over() -> bool:
            return self._bridge.project is not project

        try:
            report = await self._bridge.work(lambda: project.relink([folder], is_cancelled=is_over, by=self))
        except Exception:
            if is_over():
                # The project was closed meanwhile: nobody waits for it any more.
                return
            raise
        if not is_over():
            self.told.emit(*_relinked(len(report.found), len(report.still_missing)))

    def file_of(self, row: ImageRow) -> Path:
        """Where a picture's file lies."""
        project = self._bridge.project
        return Path(row.path) if project is None else project.folder / row.path

    def _copy(self, what: str, text_of: Callable[[ImageRow], str]) -> None:
        def lines(rows: list[ImageRow]) -> tuple[str, str]:
            return "\n".join(map(text_of, rows)), f"{counted(len(rows), what)} copied"

        self._with_rows(self._selected(), lines, lambda found: self.copy_wanted.emit(*found))

    def _with_rows(
        self, numbers: Collection[int], make: Callable[[list[ImageRow]], T], then: Callable[[T], object]
    ) -> None:
        """Reads rows in the order listed, and makes something of them, both in another thread."""
        if not numbers:
            return
        ids = self._model.ids()

        def read(reader: Reader) -> tuple[T] | None:
            rows = reader.image_rows(_in_order(numbers, ids))
            return (make(rows),) if rows else None

        self._bridge.read(read, lambda made: None if made is None else then(made[0]), key="library rows")


def _keys_of(rows: list[ImageRow]) -> tuple[ImageKey, ...]:
    return tuple(row.key for row in rows)


def _in_order(numbers: Collection[int], ids: array[int]) -> list[int]:
    if len(numbers) == 1:
        return list(numbers)
    place = {number: position for position, number in enumerate(ids)}
    # What is selected but no longer listed comes last.
    return sorted(numbers, key=lambda number: (place.get(number, len(place)), number))


def _ignore(_: Exception) -> None:
    """The picture is gone: there is nothing to show."""


def _relinked(found: int, missing: int) -> tuple[str, str]:
    """What a search for moved pictures came to, and its kind as a toast."""
    if not found and not missing:
        return "Every picture is where it should be.", "neutral"
    if not missing:
        return f"{counted(found, 'picture')} found again.", "ok"
    there = f"{counted(found, 'picture')} found again, " if found else ""
    return f"{there}{missing:,} still missing.", "warn"
