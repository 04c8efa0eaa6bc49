"""A packet as the blind door sees it: every answer is in the file before the method returns."""

from __future__ import annotations

import math
import sqlite3
import threading
from bisect import insort
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hopchain_core.blind import REOPENABLE, BlindItem, Draft, Given, Hold, Progress, read_typed
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.errors import InputError, PacketError
from hopchain_core.packets import form, pictures
from hopchain_core.packets.file import PacketRows, check_beginning, connect, reading, said_plainly
from hopchain_core.packets.form import Header, PacketItem
from hopchain_core.packets.seals import answer_seal
from hopchain_core.store.lock import WriterLock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def open_packet(path: Path, *, pictures: Path | None = None) -> PacketSource:
    """Opens a packet to answer it.

    Args:
        path: The file; answers are written into it.
        pictures: Folder that referenced pictures are looked for in; the packet's own when None.

    Raises:
        PacketError: It is missing, no packet, too new or broken, or cannot be written to.
        ProjectLockedError: Somebody is answering it already.
    """
    check_beginning(path)
    lock = WriterLock(path)
    try:
        with said_plainly(path), reading(path) as rows:
            return PacketSource(path, rows, lock, pictures)
    except BaseException:
        lock.release()
        raise


class PacketSource:
    """One person's items, from a packet. A `hopchain_core.blind.BlindSource`.

    Args:
        path: The packet.
        rows: What stands in it.
        lock: On the file; given back by `close`.
        picture_folder: Folder that referenced pictures are looked for in; the packet's own when None.
    """

    def __init__(self, path: Path, rows: PacketRows, lock: WriterLock, picture_folder: Path | None = None) -> None:
        self.path = path
        self._file_lock = lock
        self._header, self._key = rows.header, rows.key
        self._pictures = rows.pictures
        self._picture_folder = picture_folder or path.absolute().parent
        self._items = {item.id: item for item in rows.items}
        self._by_position = {item.position: item for item in rows.items}
        self._given = {given.item: given for given in sorted(rows.answers(), key=lambda given: given.answered_at)}
        self._drafts = {item: Draft(text=t, note=n, active_seconds=s) for item, t, n, s, _ in rows.drafts()}
        self._turn = {item: turn for item, _, _, _, turn in rows.drafts()}
        self._queue = sorted(self._place(item) for item in self._items if item not in self._given)
        self._reopened: set[str] = set()
        self._sitting: set[str] = set()
        self._goal: int | None = None
        self._guard = threading.RLock()
        self._connection = connect(path, "rw")
        self._is_open = True
        try:
            self._connection.execute("PRAGMA journal_mode = DELETE")
            # Says now, and not at the first answer, that the file may not be written to.
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("ROLLBACK")
        except BaseException:
            self._connection.close()
            raise

    @property
    def header(self) -> Header:
        """What the packet says of itself."""
        return self._header

    @property
    def annotator(self) -> str:
        """Who answers."""
        return self._header.annotator

    @property
    def title(self) -> str:
        """What the round is called."""
        return self._header.title

    def hold(self) -> Hold:
        """A packet is never closed: the project that takes it back decides."""
        return Hold.NONE if self._items else Hold.NOTHING_ASSIGNED

    def progress(self) -> Progress:
        """How far the person is."""
        with self._guard:
            return Progress(
                answered=len(self._given),
                total=len(self._items),
                skipped=sum(turn > 0 and item not in self._given for item, turn in self._turn.items()),
                in_sitting=len(self._sitting),
                goal=self._goal,
            )

    def set_goal(self, goal: int | None) -> None:
        """Sets how many the person wants to answer in this sitting."""
        if goal is not None and goal < 1:
            raise InputError("A goal is one question at least.")
        self._goal = goal

    def next(self) -> BlindItem | None:
        """The first item without an answer, those put off last."""
        return next(iter(self.ahead(1)), None)

    def ahead(self, count: int = 3) -> tuple[BlindItem, ...]:
        """The next item and those after it."""
        with self._guard:
            return tuple(self._blind(self._by_position[position]) for _, position in self._queue[:count])

    def item(self, item: str) -> BlindItem:
        """One item."""
        return self._blind(self._known(item))

    def answer(
        self,
        item: str,
        outcome: Outcome,
        text: str = "",
        *,
        reason: AmbiguityReason | None = None,
        note: str = "",
        active_seconds: float = 0.0,
    ) -> Given:
        """Gives an answer, or another one to an item that was reopened; its draft goes."""
        self._known(item)
        if reason is not None and outcome is not Outcome.AMBIGUOUS:
            raise InputError("Only what is ambiguous has a reason for it.")
        with self._guard:
            if item in self._given and item not in self._reopened:
                raise InputError("This question is answered already.", hint="Reopen it to answer it again.")
            given = Given(
                item=item,
                outcome=outcome,
                text=read_typed(text).text if outcome is Outcome.ANSWERED else "",
                reason=reason,
                note=_plain(note),
                active_seconds=_seconds(active_seconds),
                answered_at=self._now(),
            )
            with self._writing() as connection:
                seal = answer_seal(self._key, self._header.packet, given)
                connection.execute(
                    "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        item,
                        given.outcome.value,
                        given.text,
                        given.reason.value if given.reason else "",
                        given.note,
                        given.active_seconds,
                        given.answered_at,
                        seal,
                    ),
                )
                connection.execute("DELETE FROM draft WHERE item = ?", (item,))
            with suppress(ValueError):
                self._queue.remove(self._place(item))
            self._given.pop(item, None)  # so that it goes to the end of what was given
            self._given[item] = given
            self._drafts.pop(item, None)
            self._turn.pop(item, None)
            self._reopened.discard(item)
            self._sitting.add(item)
            return given

    def skip(self, item: str) -> None:
        """Puts an unanswered item off to the end."""
        self._known(item)
        with self._guard:
            if item in self._given:
                raise InputError("This question is answered already.")
            self._move(item, max(0, self._queue[-1][0]) + 1, self.draft(item))

    def draft(self, item: str) -> Draft:
        """What was typed so far; empty when nothing was."""
        self._known(item)
        return self._drafts.get(item, Draft())

    def save_draft(self, item: str, draft: Draft) -> None:
        """Keeps what was typed so far."""
        self._known(item)
        draft = Draft(text=_plain(draft.text), note=_plain(draft.note), active_seconds=_seconds(draft.active_seconds))
        with self._guard:
            if draft != self._drafts.get(item, Draft()):
                with self._writing() as connection:
                    self._write_draft(connection, item, draft, self._turn.get(item, 0))
                self._drafts[item] = draft

    def recent(self, limit: int = REOPENABLE) -> tuple[Given, ...]:
        """The person's own answers, newest first."""
        with self._guard:
            return tuple(given for given, _ in zip(reversed(self._given.values()), range(limit), strict=False))

    def reopen(self, item: str) -> Given:
        """Opens an answered item again; its answer stands until another one is given."""
        self._known(item)
        with self._guard:
            found = next((given for given in self.recent() if given.item == item), None)
            if found is None:
                raise InputError(f"Only the last {REOPENABLE} answers can be opened again.")
            self._reopened.add(item)
            return found

    def undo(self) -> BlindItem | None:
        """Takes the newest answer back; what it said becomes the item's draft."""
        with self._guard:
            newest = next(iter(self.recent(1)), None)
            if newest is None:
                return None
            draft = Draft(text=newest.text, note=newest.note, active_seconds=newest.active_seconds)
            turn = min(0, self._queue[0][0] - 1) if self._queue else 0
            with self._writing() as connection:
                connection.execute("DELETE FROM answer WHERE item = ?", (newest.item,))
                self._write_draft(connection, newest.item, draft, turn)
            del self._given[newest.item]
            self._drafts[newest.item], self._turn[newest.item] = draft, turn
            insort(self._queue, self._place(newest.item))
            self._reopened.discard(newest.item)
            self._sitting.discard(newest.item)
            return self.item(newest.item)

    def read_picture(self, item: str, max_side: int | None = None) -> NDArray[np.uint8]:
        """Decodes the item's picture, upright and in sRGB."""
        from hopchain_core.pictures.decode import decode_rgb

        return decode_rgb(self._picture_bytes(item), max_side)

    def picture_file(self, item: str, folder: Path) -> Path:
        """The item's picture as a file, for other programs to show.

        Args:
            item: Id of the item.
            folder: Where a picture that lies in the packet is written to.

        Raises:
            PictureError: It is not there, or not the one that was asked about.
        """
        picture = self._pictures[self._known(item).picture]
        if picture.path:
            self._picture_bytes(item)
            return self._picture_folder / picture.path
        return pictures.written(self._picture_bytes(item), folder / f"picture-{picture.number}")

    def close(self) -> None:
        """Ends the sitting. What was given and typed is kept already."""
        with self._guard:
            if self._is_open:
                self._is_open = False
                self._connection.close()
                self._file_lock.release()

    def __enter__(self) -> PacketSource:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _picture_bytes(self, item: str) -> bytes:
        picture = self._pictures[self._known(item).picture]
        if picture.path:
            return pictures.from_folder(self._picture_folder, picture)
        with self._guard, said_plainly(self.path):
            self._refuse_closed()
            return pictures.from_packet(self._connection, picture)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block has ended."""
        self._refuse_closed()
        with said_plainly(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def _move(self, item: str, turn: int, draft: Draft) -> None:
        with self._writing() as connection:
            self._write_draft(connection, item, draft, turn)
        self._queue.remove(self._place(item))
        self._turn[item] = turn
        insort(self._queue, self._place(item))

    @staticmethod
    def _write_draft(connection: sqlite3.Connection, item: str, draft: Draft, turn: int) -> None:
        connection.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)",
            (item, draft.text, draft.note, draft.active_seconds, turn),
        )

    def _place(self, item: str) -> tuple[int, int]:
        """Where an unanswered item stands in the queue: what was put off goes last, what was taken back first."""
        return (self._turn.get(item, 0), self._items[item].position)

    def _known(self, item: str) -> PacketItem:
        found = self._items.get(item)
        if found is None:
            raise InputError("This question is not in the packet.")
        return found

    def _blind(self, item: PacketItem) -> BlindItem:
        picture = self._pictures[item.picture]
        return BlindItem(
            id=item.id,
            path=picture.path or f"picture-{picture.number}",
            width_px=picture.width_px,
            height_px=picture.height_px,
            question=item.question,
        )

    def _now(self) -> str:
        """This moment, and always later than the answer before: a clock set back must not make it look older."""
        now = datetime.now(UTC)
        newest = next(iter(self.recent(1)), None)
        if newest is not None:
            with suppress(ValueError):
                now = max(now, datetime.fromisoformat(newest.answered_at) + timedelta(microseconds=1))
        return now.isoformat(timespec="microseconds")

    def _refuse_closed(self) -> None:
        if not self._is_open:
            raise PacketError(f"{self.path.name} is closed.", hint="Open it again.")


def _plain(text: str) -> str:
    # A terminal may hand over half of a character pair, which no file can hold.
    text = text.encode("utf-8", "replace").decode()
    if len(text) > form.MOST_TEXT_CHARACTERS:
        raise InputError(f"A text has at most {form.MOST_TEXT_CHARACTERS} characters.", hint="Make it shorter.")
    return text


def _seconds(seconds: float) -> float:
    if not (math.isfinite(seconds) and seconds >= 0):
        raise InputError(f"Active seconds are a length of time, not {seconds}.")
    return round(float(seconds), 3)
