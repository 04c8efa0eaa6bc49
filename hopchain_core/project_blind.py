"""The blind door of a project: one person's items of one round, answered in the project's own file."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from hopchain_core.blind import REOPENABLE, BlindItem, Draft, Given, Hold, Progress, read_typed, refusal
from hopchain_core.blind_queue import BlindQueue
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import AmbiguityReason, Annotation, Outcome
from hopchain_core.domain.rounds import RoundKind, Standing
from hopchain_core.edits_people import annotator_of
from hopchain_core.errors import InputError
from hopchain_core.store import schema
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_blind import (
    AskedItem,
    OwnAnswer,
    OwnDraft,
    items,
    own_answer,
    own_answers,
    own_draft,
    queue,
    rounds_of,
)
from hopchain_core.store.rows_chains import drop_annotation, write_annotation
from hopchain_core.store.rows_people import write_draft
from hopchain_core.store.unit_of_work import UnitOfWork
from hopchain_core.store.writer import Priority

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_Change = Callable[[OwnDraft], OwnDraft]

_MADE_OF = frozenset({"assignment", "round", "annotation", "annotator", "chain", "mark"})
"""Tables that a person's queue is made of."""


class ProjectBlindSource:
    """A `BlindSource` over a project's file.

    The queue is read once and kept; what others change meanwhile is read again before the next question.

    Args:
        file: The project's file.
        annotator: Who answers.
        round_id: The round; None for the person's own: a qualification first, then the oldest with something left.
        by: Told to listeners of commits as the cause of this person's writes; the source itself when None.

    Raises:
        InputError: There is no such person or round.
    """

    def __init__(self, file: ProjectFile, annotator: str, round_id: int | None = None, by: object = None) -> None:
        self._file = file
        self._annotator = annotator
        self._by = self if by is None else by
        self._lock = threading.RLock()
        self._goal: int | None = None
        self._in_sitting = 0
        self._is_stale = False
        self._reopened: set[ChainKey] = set()
        with file.read() as read:
            annotator_of(read, annotator)
            if round_id is not None and read.round(round_id) is None:
                raise InputError(f"There is no round {round_id}.")
            self._round = _round_of(read, annotator) if round_id is None else round_id
            self._load(read)
        if not file.is_read_only:
            _listen(file, self)

    # What there is

    @property
    def annotator(self) -> str:
        """Who answers."""
        return self._annotator

    @property
    def title(self) -> str:
        """What the round is called."""
        if self._round is None:
            return "No round"
        return f"Qualification {self._round}" if self._is_qualification else f"Round {self._round}"

    def hold(self) -> Hold:
        """Why there is no next item."""
        with self._lock:
            self._refresh()
            return self._hold

    def progress(self) -> Progress:
        """How far the person is."""
        with self._lock:
            self._refresh()
            return Progress(
                answered=self._queue.answered,
                total=self._queue.answered + self._queue.pending,
                skipped=self._queue.put_off,
                in_sitting=self._in_sitting,
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
        with self._lock:
            self._refresh()
            if self._hold is not Hold.NONE:
                return ()
            found: list[BlindItem] = []
            while wanted := self._queue.coming(len(found), count):
                shown = {one.chain: one for one in self._items(wanted)}
                for position in wanted:
                    one = shown.get(self._queue.chain(position))
                    if one is None or not one.is_asked:
                        self._queue.withdraw(position)
                    else:
                        found.append(self._shown(position, one))
            return tuple(found)

    def item(self, item: str) -> BlindItem:
        """One item."""
        position = self._queue.position(item)
        found = self._items([position])
        if not found:
            raise InputError("This question is not there any more.")
        return self._shown(position, found[0])

    # What a person does

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
        """Gives an answer, or another one to an item that was reopened."""
        position = self._queue.position(item)
        chain = self._queue.chain(position)
        annotation = Annotation(
            chain=chain,
            annotator=self._annotator,
            outcome=outcome,
            answer=read_typed(text) if outcome is Outcome.ANSWERED else None,
            active_seconds=active_seconds,
            note=note.strip(),
            reason=reason if outcome is Outcome.AMBIGUOUS else None,
            round=self._round,
        )

        def write(uow: UnitOfWork) -> OwnAnswer:
            read = self._check_open(uow)
            if chain not in self._reopened:
                if own_answer(read, self._annotator, chain) is not None:
                    raise InputError("This question was answered already.", hint="Reopen it to change the answer.")
                if not any(one.is_asked for one in items(read, [chain])):
                    raise InputError("This question was withdrawn meanwhile.", hint="Go on with the next one.")
            write_annotation(uow, annotation)
            uow.unrecorded().drop(schema.draft, (self._annotator, chain))
            written = own_answer(read, self._annotator, chain)
            assert written is not None
            return written

        with self._lock:
            written = self._file.edit(f"Answer of {self._annotator}", write, self._by)
            if chain not in self._reopened:
                self._in_sitting += 1
            self._reopened.discard(chain)
            self._queue.answer(position)
            return self._given(written)

    def skip(self, item: str) -> None:
        """Puts an unanswered item off to the end."""
        with self._lock:
            position = self._queue.position(item)
            if self._queue.is_answered(position):
                raise InputError("This question was answered already.")
            rank = self._queue.last_rank(position)
            chain = self._queue.chain(position)
            self._keep(chain, lambda kept: OwnDraft(kept.text, kept.note, kept.active_seconds, rank))
            self._queue.put(position, rank)

    def draft(self, item: str) -> Draft:
        """What was typed so far."""
        chain = self._queue.chain(self._queue.position(item))
        with self._file.read() as read:
            kept = own_draft(read, self._annotator, chain)
        return Draft(text=kept.text, note=kept.note, active_seconds=kept.active_seconds)

    def save_draft(self, item: str, draft: Draft) -> None:
        """Keeps what was typed so far."""
        chain = self._queue.chain(self._queue.position(item))
        self._keep(chain, lambda kept: OwnDraft(draft.text, draft.note, draft.active_seconds, kept.skips))

    def recent(self, limit: int = REOPENABLE) -> tuple[Given, ...]:
        """The person's own answers of this round, newest first."""
        if self._round is None:
            return ()
        with self._file.read() as read:
            return tuple(
                self._given(one)
                for one in own_answers(read, self._round, self._annotator, limit)
                if self._queue.place_of(one.chain) is not None
            )

    def reopen(self, item: str) -> Given:
        """Opens an answered item again."""
        chain = self._queue.chain(self._queue.position(item))
        with self._lock:
            self._refresh()
            self._refuse_on_hold()
            found = next((given for given in self.recent() if given.item == item), None)
            if found is None:
                raise InputError(
                    f"Only the last {REOPENABLE} answers can be opened again.", hint="Ask the curator to send it back."
                )
            with self._file.read() as read:
                if not any(one.is_asked for one in items(read, [chain])):
                    raise InputError("This question was withdrawn meanwhile.", hint="Its answer stays as it is.")
            self._reopened.add(chain)
            return found

    def undo(self) -> BlindItem | None:
        """Takes the newest of the person's answers in this round back."""

        def write(uow: UnitOfWork) -> ChainKey | None:
            read = self._check_open(uow)
            assert self._round is not None
            newest = own_answers(read, self._round, self._annotator, 1)
            if not newest:
                return None
            one = newest[0]
            if not any(found.is_asked for found in items(read, [one.chain])):
                raise InputError("The last question was withdrawn meanwhile.", hint="Its answer stays as it is.")
            drop_annotation(uow, one.chain, self._annotator)
            write_draft(
                uow.unrecorded(), self._annotator, one.chain,
                text=one.text, note=one.note, active_seconds=one.active_seconds, skips=0,
            )  # fmt: skip
            return one.chain

        with self._lock:
            chain = self._file.edit(f"Take back answer of {self._annotator}", write, self._by)
            position = None if chain is None else self._queue.place_of(chain)
            if chain is None or position is None:
                return None
            self._in_sitting = max(0, self._in_sitting - 1)
            self._reopened.discard(chain)
            self._queue.take_back(position)
            return self.item(self._queue.id(position))

    def read_picture(self, item: str, max_side: int | None = None) -> NDArray[np.uint8]:
        """Decodes the item's picture."""
        from hopchain_core.pictures.decode import read_rgb

        return read_rgb(self._file.path.parent / self.item(item).path, max_side)

    def close(self) -> None:
        """Ends the sitting."""

    # Inside

    def told(self, tables: frozenset[str], by: object) -> None:
        """Takes notice of a commit, in the writer's thread."""
        if by is not self._by and not tables.isdisjoint(_MADE_OF):
            self._is_stale = True

    def _load(self, read: Reader) -> None:
        listed = [] if self._round is None else queue(read, self._round, self._annotator)
        self._queue = BlindQueue(self._round, listed)
        self._hold = self._held(read)

    def _held(self, read: Reader) -> Hold:
        found = None if self._round is None else read.round(self._round)
        # Also of somebody who may not answer: the title names it.
        self._is_qualification = found is not None and found.kind is RoundKind.QUALIFICATION
        standing = read.standing(self._annotator) if read.annotator(self._annotator) else Standing.INACTIVE
        if standing is Standing.INACTIVE:
            return Hold.INACTIVE
        if found is None or not len(self._queue):
            return Hold.NOTHING_ASSIGNED
        if not found.is_open:
            return Hold.ROUND_CLOSED
        return Hold.NONE if self._is_qualification or standing.may_answer else Hold.NOT_QUALIFIED

    def _refresh(self) -> None:
        if self._is_stale:
            self._is_stale = False
            with self._file.read() as read:
                self._load(read)

    def _refuse_on_hold(self) -> None:
        if self._hold is not Hold.NONE:
            raise refusal(self._hold)

    def _check_open(self, uow: UnitOfWork) -> Reader:
        read = Reader(uow.conn)
        self._hold = self._held(read)
        self._refuse_on_hold()
        return read

    def _keep(self, chain: ChainKey, change: _Change) -> None:
        def write(uow: UnitOfWork) -> None:
            kept = change(own_draft(Reader(uow.conn), self._annotator, chain))
            write_draft(
                uow, self._annotator, chain,
                text=kept.text, note=kept.note, active_seconds=kept.active_seconds, skips=kept.skips,
            )  # fmt: skip

        # Typing is no step of undo.
        self._file.writer.submit(write, Priority.PERSON, self._by).result()

    def _items(self, positions: list[int]) -> list[AskedItem]:
        with self._file.read() as read:
            return items(read, [self._queue.chain(position) for position in positions])

    def _shown(self, position: int, one: AskedItem) -> BlindItem:
        return BlindItem(
            id=self._queue.id(position),
            path=one.path,
            width_px=one.width_px,
            height_px=one.height_px,
            question=one.question,
        )

    def _given(self, one: OwnAnswer) -> Given:
        return Given(
            item=self._queue.id_of(one.chain),
            outcome=one.outcome,
            text=one.text,
            reason=one.reason,
            note=one.note,
            active_seconds=one.active_seconds,
            answered_at=one.answered_at,
        )


def _round_of(read: Reader, annotator: str) -> int | None:
    rounds = rounds_of(read, annotator)
    if not rounds:
        return None
    return next((number for number, _, left in rounds if left), rounds[-1][0])


def _listen(file: ProjectFile, source: ProjectBlindSource) -> None:
    # The file outlives the sitting.
    there = weakref.ref(source)

    def told(tables: frozenset[str], by: object) -> None:
        found = there()
        if found is not None:
            found.told(tables, by)

    file.on_commit(told)
