"""A sitting in a terminal: one question after another, by keyboard alone, everything kept at once."""

from __future__ import annotations

import shutil
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import click

from hopchain_core.blind import BlindItem, BlindSource, Draft, Given
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.errors import InputError, ItemError

IDLE_CAP_S = 180.0
"""One wait for an answer counts for no more: somebody who went for coffee was not at work. Chosen."""
REASONS = {
    "1": (AmbiguityReason.REFERENCE, "it does not say which one is meant"),
    "2": (AmbiguityReason.COUNT, "it is not clear what counts"),
    "3": (AmbiguityReason.TEXT, "the text in the picture cannot be read"),
    "4": (AmbiguityReason.QUESTION, "the question itself is unclear"),
    "5": (AmbiguityReason.OTHER, "something else"),
}
HELP = """  a number  the answer, then Enter        n        cannot tell
  b, b 2    ambiguous, with a reason      x        a bad question
  m TEXT    a note to the answer          s        put it off to the end
  o         open the picture              u        take the last answer back
  r, r 3    open an earlier answer again  q        stop; all is kept"""

Show = Callable[[str], None]
Ask = Callable[[str], str]


class Sitting:
    """One person answers in a terminal.

    Args:
        source: The person's items.
        picture_of: The picture of an item as a file.
        ask: Shows a prompt and reads a line; raises EOFError at the end of input.
        show: Prints a line.
        opens_pictures: Open each picture without being asked to.
        clock: Seconds that only go up.
    """

    def __init__(
        self,
        source: BlindSource,
        picture_of: Callable[[BlindItem], Path],
        ask: Ask,
        show: Show,
        *,
        opens_pictures: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source, self._picture_of, self._ask, self._show = source, picture_of, ask, show
        self._opens_pictures, self._clock = opens_pictures, clock

    def run(self) -> None:
        """Asks until everything is answered, the person stops, or the input ends."""
        self._show(
            f"{plain(self._source.title)}, answered by {plain(self._source.annotator)}."
            " o opens the picture, ? shows all keys."
        )
        item = self._source.next()
        while item is not None:
            goal = self._source.progress()
            try:
                if not self._ask_one(item):
                    return
            except EOFError:
                return
            now = self._source.progress()
            if now.goal is not None and goal.in_sitting < now.goal <= now.in_sitting:
                self._show(f"\nThat is your goal of {now.goal} for this sitting. Go on, or stop with q.")
            item = self._source.next()
        self._show("\nEverything is answered.")

    def _ask_one(self, item: BlindItem, previous: Given | None = None) -> bool:
        """Stays with one item until it is left; False to stop."""
        self._present(item, previous)
        while True:
            line = self._wait(item)
            word, _, rest = line.partition(" ")
            rest = rest.strip()
            match word.lower():
                case "":
                    continue
                case "?" | "h" | "help":
                    self._show(HELP)
                case "q":
                    return False
                case "o":
                    self._open(item)
                case "m":
                    self._note(item, rest)
                case "s":
                    if previous is None:
                        self._source.skip(item.id)
                    return True
                case "u":
                    if self._undo():
                        return True
                case "r":
                    earlier = self._earlier(rest)
                    if earlier is not None:
                        return self._ask_one(self._source.item(earlier.item), self._source.reopen(earlier.item))
                case _:
                    if self._give(item, word, rest, line):
                        return True

    def _give(self, item: BlindItem, word: str, rest: str, line: str) -> bool:
        reason: AmbiguityReason | None = None
        text = ""
        match word.lower():
            case "n":
                outcome = Outcome.CANNOT_TELL
            case "x":
                outcome = Outcome.BAD
            case "b":
                outcome = Outcome.AMBIGUOUS
                chosen = rest or self._reason()
                if chosen not in REASONS:
                    self._show("  Not given: choose one of the reasons 1 to 5.")
                    return False
                reason = REASONS[chosen][0]
            case _:
                outcome, text = Outcome.ANSWERED, line
        draft = self._source.draft(item.id)
        try:
            given = self._source.answer(
                item.id, outcome, text, reason=reason, note=draft.note, active_seconds=draft.active_seconds
            )
        except InputError as error:
            self._show(f"  {error.line}")
            return False
        self._show(f"  {said(given)}")
        return True

    def _present(self, item: BlindItem, previous: Given | None) -> None:
        progress = self._source.progress()
        put_off = f", {progress.skipped} put off" if progress.skipped else ""
        goal = f" of {progress.goal}" if progress.goal else ""
        self._show(
            f"\n{progress.answered} of {progress.total} answered{put_off}, {progress.in_sitting}{goal} in this sitting"
        )
        try:
            self._show(f"picture: {plain(str(self._picture_of(item)))} ({item.width_px} × {item.height_px})")
        except ItemError as error:
            self._show(f"picture: {plain(str(error))}")
        self._show(_filled(plain(item.question)))
        draft = self._source.draft(item.id)
        if previous is not None:
            self._show(f"  so far: {said(previous)}")
            if draft == Draft():
                draft = Draft(note=previous.note, active_seconds=previous.active_seconds)
                self._source.save_draft(item.id, draft)
        elif draft.text:
            self._show(f"  typed before: {plain(draft.text)}")
        if draft.note:
            self._show(f"  note: {plain(draft.note)}")
        if self._opens_pictures:
            self._open(item)

    def _wait(self, item: BlindItem) -> str:
        begun = self._clock()
        try:
            return self._ask("> ").strip()
        finally:
            # Also when the wait ends with Ctrl-C: the time was spent.
            spent = min(IDLE_CAP_S, self._clock() - begun)
            draft = self._source.draft(item.id)
            seconds = draft.active_seconds + spent
            self._source.save_draft(item.id, Draft(text=draft.text, note=draft.note, active_seconds=seconds))

    def _note(self, item: BlindItem, note: str) -> None:
        draft = self._source.draft(item.id)
        self._source.save_draft(item.id, Draft(text=draft.text, note=note, active_seconds=draft.active_seconds))
        self._show("  noted; it goes with your answer" if note else "  the note is gone")

    def _undo(self) -> bool:
        item = self._source.undo()
        self._show("  There is nothing to take back." if item is None else "  Taken back.")
        return item is not None

    def _reason(self) -> str:
        for key, (_, words) in REASONS.items():
            self._show(f"  {key}  {words}")
        return self._ask("why? ").strip()

    def _earlier(self, rest: str) -> Given | None:
        recent = self._source.recent()
        if not recent:
            self._show("  There is no earlier answer.")
            return None
        if not rest:
            for number, given in enumerate(recent, start=1):
                question = plain(self._source.item(given.item).question)
                self._show(f"  {number:>2}  {said(given)}: {question if len(question) < 70 else question[:69] + '…'}")
            rest = self._ask("which? ").strip()
        if rest.isascii() and rest.isdecimal() and 1 <= int(rest) <= len(recent):
            return recent[int(rest) - 1]
        self._show("  None of them opened.")
        return None

    def _open(self, item: BlindItem) -> None:
        try:
            path = self._picture_of(item)
        except ItemError as error:
            self._show(f"  {plain(str(error))}")
            return
        if click.launch(str(path)) != 0:
            self._show("  No program was found that shows pictures; open the file yourself.")


def said(given: Given) -> str:
    """An own answer in words."""
    if given.outcome is Outcome.ANSWERED:
        return f"answered {given.text}"
    words = given.outcome.value.replace("_", " ")
    return words if given.reason is None else f"{words} ({given.reason.value.replace('_', ' ')})"


def _filled(text: str) -> str:
    width = max(40, min(100, shutil.get_terminal_size().columns))
    return "\n".join(textwrap.fill(line, width) for line in text.split("\n"))


def plain(text: str) -> str:
    """Text from a file, without what would steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
