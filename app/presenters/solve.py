"""A sitting: questions one after the other, answered alone.

What is asked here goes through a `BlindSource`, which knows a picture, a question and what this person said, and has no
way to anything else. Neither this presenter nor its view holds the project.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from app.presenters.active_time import ActiveTime
from app.presenters.decoded_ahead import DecodedAhead, Making
from hopchain_core.blind import BlindItem, BlindSource, Draft, Given, Hold, Progress, read_typed
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.errors import InputError

DRAFT_AFTER_MS = 400
"""What is typed is kept once the hand rests this long. Chosen."""
DECODED_AHEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is shown.

    Attributes:
        item: Picture and question.
        draft: What was typed and not sent yet; what was sent, where it was reopened.
        given: The answer that stands, where it was reopened.
    """

    item: BlindItem
    draft: Draft
    given: Given | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What follows after something was done."""

    question: Question | None
    hold: Hold
    progress: Progress
    ahead: tuple[BlindItem, ...]


class Threads(Protocol):
    """Runs work in other threads, as the bridge does."""

    def ask(
        self,
        fn: Callable[[], Any],
        then: Callable[[Any], object],
        *,
        failed: Callable[[Exception], object] | None = None,
    ) -> object:
        """In any order."""
        ...

    def edit(
        self,
        fn: Callable[[], Any],
        then: Callable[[Any], object] | None = None,
        *,
        failed: Callable[[Exception], object] | None = None,
    ) -> object:
        """One after the other, in the order given."""
        ...


class SolvePresenter(QObject):
    """One person's sitting.

    Args:
        source: What there is to answer.
        threads: The bridge.
        making: What the view shows of a picture.
        parent: Owner.

    Attributes:
        pictures: What was made of them; those that come next are made ahead.
    """

    question_shown = Signal(object)
    """A `Question`."""
    held = Signal(object)
    """A `Hold`: there is no question now; NONE when all are answered."""
    goal_reached = Signal()
    """The goal of the sitting is reached; `go_on` shows the next question all the same."""
    progressed = Signal(object)
    """A `Progress`."""
    refused = Signal(str)
    """Why what was typed is no answer; empty to take that back."""
    failed = Signal(object)
    """The exception with which something ended."""

    def __init__(
        self, source: BlindSource, threads: Threads, making: Making[Any], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._threads = threads
        self._clock = ActiveTime()
        self._question: Question | None = None
        self._typed = ("", "")
        self._is_busy = False
        self._was_told = False
        self._seconds: list[float] = []
        self.progress: Progress | None = None
        self.pictures: DecodedAhead[Any] = DecodedAhead(threads.ask, source.read_picture, making, self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DRAFT_AFTER_MS)
        self._later.timeout.connect(self.keep_draft)

    @property
    def who(self) -> str:
        """Who answers."""
        return self._source.annotator

    @property
    def title(self) -> str:
        """What is answered, such as "Round 2"."""
        return self._source.title

    @property
    def question(self) -> Question | None:
        """What is shown."""
        return self._question

    @property
    def is_busy(self) -> bool:
        """Something is on its way: nothing can be sent."""
        return self._is_busy

    @property
    def pace_s(self) -> float | None:
        """Median of the active seconds of this sitting's answers; None before the first."""
        return statistics.median(self._seconds) if self._seconds else None

    @property
    def spent_s(self) -> float:
        """Active seconds of this sitting's answers."""
        return sum(self._seconds)

    # What a person does

    def begin(self, goal: int | None = None) -> None:
        """Shows the first question.

        Args:
            goal: How many questions this sitting is to have; None for all.
        """

        def work() -> _Step:
            self._source.set_goal(goal)
            return self._next()

        self._do(work)

    def submit(self, text: str) -> None:
        """Sends an answer, and shows the next question."""
        try:
            answer = read_typed(text)
        except InputError as error:
            self.refused.emit(str(error))
            return
        self._send(Outcome.ANSWERED, answer.text)

    def cannot_tell(self) -> None:
        """The picture does not show what is asked."""
        self._send(Outcome.CANNOT_TELL)

    def ambiguous(self, reason: AmbiguityReason) -> None:
        """The question can be taken in more than one way."""
        self._send(Outcome.AMBIGUOUS, reason=reason)

    def skip(self) -> None:
        """Puts the question at the end."""
        question = self._question
        if question is None or self._is_busy:
            return
        self.keep_draft()

        def work() -> _Step:
            self._source.skip(question.item.id)
            return self._next()

        self._do(work)

    def reopen(self, item: str) -> None:
        """Shows one of the last twenty questions again."""
        if self._is_busy:
            return
        self.keep_draft()

        def work() -> _Step:
            given = self._source.reopen(item)
            draft = Draft(text=given.text, note=given.note, active_seconds=given.active_seconds)
            return self._step(Question(item=self._source.item(item), draft=draft, given=given))

        self._do(work)

    def undo(self) -> None:
        """Takes the last answer back; its question is open again, with what was said in the box."""
        if self._is_busy:
            return
        self.keep_draft()

        def work() -> _Step | None:
            item = self._source.undo()
            if item is None:
                return None
            return self._step(Question(item=item, draft=self._source.draft(item.id)))

        def then(step: _Step | None) -> None:
            if step is not None:
                self._seconds = self._seconds[:-1]
                self._take(step)

        self._do(work, then)

    def go_on(self) -> None:
        """Shows the next question, also beyond the goal."""
        self._do(self._next)

    def ask_recent(self, then: Callable[[tuple[tuple[Given, BlindItem], ...]], object]) -> None:
        """Asks for what can be reopened, the newest first."""

        def work() -> tuple[tuple[Given, BlindItem], ...]:
            return tuple((given, self._source.item(given.item)) for given in self._source.recent())

        self._threads.ask(work, then, failed=self.failed.emit)

    def type(self, text: str, note: str) -> None:
        """Takes what stands in the box and in the note."""
        if (text, note) != self._typed:
            self._typed = (text, note)
            self.refused.emit("")
            self._later.start()

    def keep_draft(self) -> None:
        """Keeps what is typed, and how long it took so far."""
        self._later.stop()
        question = self._question
        if question is None or question.given is not None or self._is_busy:
            return
        text, note = self._typed
        draft = Draft(text=text, note=note, active_seconds=self._clock.seconds)
        self._threads.edit(lambda: self._source.save_draft(question.item.id, draft), failed=self.failed.emit)

    def touch(self) -> None:
        """The person did something."""
        self._clock.touch()

    def pause(self) -> None:
        """The window is no longer in front, or another space is shown."""
        self._clock.pause()
        self.keep_draft()

    def end(self) -> None:
        """The sitting is over: what is typed is kept."""
        self.pause()
        self.pictures.stop()
        self._question = None
        self._threads.edit(self._source.close, failed=self.failed.emit)

    # What follows

    def _send(self, outcome: Outcome, text: str = "", reason: AmbiguityReason | None = None) -> None:
        question = self._question
        if question is None or self._is_busy:
            return
        self._later.stop()
        self.pictures.go_on_now()
        seconds = self._clock.seconds
        note = self._typed[1]

        def work() -> _Step:
            self._source.answer(
                question.item.id, outcome, text, reason=reason, note=note.strip(), active_seconds=seconds
            )
            return self._next()

        def then(step: _Step) -> None:
            if question.given is None:
                self._seconds.append(seconds)
            progress = step.progress
            is_reached = progress.goal is not None and progress.in_sitting >= progress.goal
            if is_reached and not self._was_told and step.question is not None:
                self._was_told = True
                self._question = None
                self.progress = progress
                self.progressed.emit(progress)
                self.goal_reached.emit()
                return
            self._take(step)

        self._do(work, then)

    def _do(self, work: Callable[[], Any], then: Callable[[Any], object] | None = None) -> None:
        self._is_busy = True

        def done(found: Any) -> None:
            self._is_busy = False
            (then or self._take)(found)

        def fail(error: Exception) -> None:
            self._is_busy = False
            self.failed.emit(error)

        self._threads.edit(work, done, failed=fail)

    def _next(self) -> _Step:
        item = self._source.next()
        return self._step(None if item is None else Question(item=item, draft=self._source.draft(item.id)))

    def _step(self, question: Question | None) -> _Step:
        source = self._source
        return _Step(
            question=question,
            hold=source.hold() if question is None else Hold.NONE,
            progress=source.progress(),
            ahead=source.ahead(DECODED_AHEAD),
        )

    def _take(self, step: _Step) -> None:
        self.progress = step.progress
        self._question = step.question
        self.pictures.want(step.ahead, None if step.question is None else step.question.item)
        self.progressed.emit(step.progress)
        if step.question is None:
            self.held.emit(step.hold)
            return
        draft = step.question.draft
        self._typed = (draft.text, draft.note)
        self._clock.begin(draft.active_seconds)
        self.question_shown.emit(step.question)
