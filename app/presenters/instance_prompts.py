"""Prompts on the picture shown: a word, boxes or points, and candidates that a person keeps or rejects."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.presenters.instance_candidates import Candidate, Candidates, candidates_of
from app.presenters.instance_engine import PromptEngine
from app.presenters.instance_picture import Picture
from app.presenters.instance_prompting import Prompting
from app.presenters.instances import InstancesPresenter
from app.studio import Studio
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.errors import HopchainError, KnownError
from hopchain_core.prompting import SCORE_FROM, PromptStep

_SCORE = "instances.prompt_score"
USUAL_SCORE = 0.5
"""Least score of what is shown, until a person chooses another. Chosen; as in the stage."""
MOST_SCORE = 0.95


class PromptMode(StrEnum):
    """By what a person says what is meant."""

    WORD = "word"
    BOX = "box"
    POINTS = "points"


class Phase(StrEnum):
    """What a prompt is at."""

    READY = "ready"
    WAITING = "waiting"
    LOADING = "loading"
    LOOKING = "looking"
    FINDING = "finding"
    FOUND = "found"
    FAILED = "failed"


_OF_STEP = {
    PromptStep.LOADING: Phase.LOADING,
    PromptStep.LOOKING: Phase.LOOKING,
    PromptStep.FINDING: Phase.FINDING,
}
_BUSY = frozenset({Phase.WAITING, Phase.LOADING, Phase.LOOKING, Phase.FINDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptState:
    """How it stands.

    Attributes:
        phase: What it is at.
        since: When that began, as `time.monotonic` counts.
        text: What is waited for, or what went wrong.
        hint: What to do about it.
        seconds: How long the model took to answer.
    """

    phase: Phase = Phase.READY
    since: float = 0.0
    text: str = ""
    hint: str = ""
    seconds: float = 0.0

    @property
    def is_busy(self) -> bool:
        """A question is on its way."""
        return self.phase in _BUSY


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the model is asked.

    Attributes:
        word: A word or a short phrase.
        boxes: And whether each shows what is meant.
        points: And whether each lies on what is meant.
    """

    word: str = ""
    boxes: tuple[tuple[Box, bool], ...] = ()
    points: tuple[tuple[Point, bool], ...] = ()

    @property
    def is_anything(self) -> bool:
        """Whether there is something to ask."""
        return bool(self.word or self.boxes or self.points)


class PromptsPresenter(QObject):
    """Between a model that is prompted and the views of it.

    Args:
        studio: What everything shares.
        instances: Whose picture is prompted, and who keeps what is found.
        prompting: Where models come from.
        parent: Owner.
    """

    opened = Signal(bool)
    """Prompting begins, or is over."""
    mode_changed = Signal(object)
    """`PromptMode`."""
    state_changed = Signal(object)
    """`PromptState`."""
    asked_changed = Signal(object)
    """`Asked`: other boxes or points."""
    candidates_changed = Signal(object)
    """`Candidates`."""
    kept = Signal(int, str)
    """(how many, category): these are instances now."""
    name_wanted = Signal()
    """What was found has no category yet."""

    def __init__(
        self, studio: Studio, instances: InstancesPresenter, prompting: Prompting, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.mode = PromptMode.WORD
        self.state = PromptState()
        self.asked = Asked()
        self.is_open = False
        self.engine = PromptEngine(studio, prompting, self)
        self._studio = studio
        self._instances = instances
        kept = studio.settings.get(_SCORE, USUAL_SCORE)
        score_from = min(MOST_SCORE, max(SCORE_FROM, float(kept))) if isinstance(kept, (int, float)) else USUAL_SCORE
        self.score_from = score_from
        self.candidates = Candidates(score_from=score_from)
        self._task: asyncio.Task[None] | None = None
        self._numbers = 0
        self._is_keeping = False
        self.engine.waited.connect(lambda text: self._step(Phase.WAITING, text))
        self.engine.stepped.connect(lambda step: self._step(_OF_STEP[step]))
        self.engine.stopped.connect(self.cancel)
        instances.picture_changed.connect(self._take_picture)
        instances.selection_changed.connect(self._follow_selection)

    # Opening and leaving

    def open(self, mode: PromptMode) -> None:
        """Begins to prompt in a mode, or goes on in another one."""
        if mode is not self.mode and PromptMode.POINTS in (mode, self.mode):
            # One thing and many of a kind are different questions.
            self.discard()
        is_new, self.mode = not self.is_open, mode
        if is_new:
            self.is_open = True
            self.engine.read_profiles()
            self.opened.emit(True)
        self.mode_changed.emit(mode)
        self._show(self.candidates.filtered(self._least()))

    def close(self) -> None:
        """Leaves; what was not kept is gone. The model stays for a while."""
        if self.is_open:
            self.discard()
            self.is_open = False
            self.opened.emit(False)

    def give_up(self) -> None:
        """One step back: the question on its way, then what was found or shown, then prompting itself."""
        if self.state.is_busy:
            self.cancel()
        elif self.asked.is_anything or self.candidates.found or self.state.phase is not Phase.READY:
            self.discard()
        else:
            self.close()

    # What is asked

    def ask_word(self, word: str) -> None:
        """Looks for everything that a word names."""
        clean = " ".join(word.split())
        if clean:
            self._show(Candidates(score_from=self._least()))
            self._ask(Asked(word=clean))

    def add_box(self, box: Box, is_inside: bool) -> None:
        """Looks for everything like what a box shows, or unlike; a word that was asked for before goes along."""
        if is_inside or self.asked.is_anything:
            self._ask(Asked(word=self.asked.word, boxes=(*self.asked.boxes, (box, is_inside))))
        else:
            self._fail("Show first what is meant: draw a box without Alt.", "")

    def add_point(self, point: Point, is_inside: bool) -> None:
        """Looks for the one thing that the points lie on."""
        if is_inside or self.asked.points:
            self._ask(Asked(points=(*self.asked.points, (point, is_inside))))
        else:
            self._fail("Click first on what is meant, then beside it.", "")

    def take_back(self) -> bool:
        """Takes back the last box or point; False when there is none."""
        asked = self.asked
        if not asked.boxes and not asked.points:
            return False
        left = Asked(word=asked.word, boxes=asked.boxes[:-1], points=asked.points[:-1])
        # Only places that say what is not meant ask for nothing.
        if left.word or any(yes for _, yes in (*left.boxes, *left.points)):
            self._ask(left)
        else:
            self.discard()
        return True

    def retry(self) -> None:
        """Asks the same again."""
        if self.asked.is_anything:
            self._ask(self.asked)

    def cancel(self) -> None:
        """Gives up waiting for the answer."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            self._tell(PromptState(phase=Phase.FOUND if self.candidates.found else Phase.READY))

    def discard(self) -> None:
        """Drops what was asked and found."""
        self.cancel()
        if self.asked.is_anything:
            self.asked = Asked()
            self.asked_changed.emit(self.asked)
        self._show(Candidates(score_from=self._least()))
        self._tell(PromptState())

    def _ask(self, asked: Asked) -> None:
        picture, project = self._instances.picture, self._studio.project
        self.cancel()
        if asked != self.asked:
            self.asked = asked
            self.asked_changed.emit(asked)
        if picture is None or project is None or self.engine.profile is None:
            return
        self._step(Phase.FINDING)
        self._task = self._studio.tasks.spawn(self._run(project.folder, picture, asked))

    async def _run(self, folder: Path, picture: Picture, asked: Asked) -> None:
        task = asyncio.current_task()
        image = picture.image
        try:
            proposals = await self.engine.find(
                folder / image.path, str(image.key), word=asked.word, boxes=asked.boxes, points=asked.points
            )
            first = self._numbers
            self._numbers += len(proposals.found)
            rows = self._instances.picture.rows if self._instances.picture is not None else ()
            found = await asyncio.to_thread(candidates_of, proposals.found, rows, first)
        except HopchainError as error:
            if self._task is task:
                self._task = None
                lines = str(error).strip().splitlines() or ["SAM 3 failed."]
                self._fail(lines[0], error.hint if isinstance(error, KnownError) else "Try again.")
            return
        if self._task is task:
            self._task = None
            if found:
                # What comes is what keys mean now.
                self._instances.select(())
            self._show(Candidates(found=found, score_from=self._least()))
            self._tell(PromptState(phase=Phase.FOUND, seconds=proposals.seconds))

    # What was found

    def look_at(self, key: InstanceKey | None) -> None:
        """Looks at one candidate, or at none."""
        self._show(self.candidates.looking_at(key))

    def move(self, by: int) -> None:
        """Looks at the next candidate, or back."""
        self._show(self.candidates.moved(by))

    def reject(self) -> None:
        """Does not want the candidate that is looked at."""
        current = self.candidates.current
        if current is not None:
            self._show(self.candidates.without([current.key]))

    def bring_back(self) -> None:
        """Shows again what was rejected."""
        self._show(self.candidates.restored())

    def set_score_from(self, score: float) -> None:
        """Shows what has at least this score."""
        self.score_from = score
        self._studio.settings.set(_SCORE, score)
        self._show(self.candidates.filtered(self._least()))

    def keep_all(self, category: str) -> None:
        """Makes instances of all that are shown, but of those that are there already."""
        self._keep(category, self.candidates.new)

    def keep_one(self, category: str) -> None:
        """Makes an instance of the candidate that is looked at, also where it is there already."""
        current = self.candidates.current
        if current is not None:
            self._keep(category, (current,))

    def _keep(self, category: str, chosen: tuple[Candidate, ...]) -> None:
        clean = " ".join(category.lower().split())
        if not chosen or self._is_keeping or self.state.is_busy:
            return
        if not clean:
            self.name_wanted.emit()
            return

        def done(added: tuple[Instance, ...]) -> None:
            self._is_keeping = False
            if not added:
                return
            left = self.candidates.dropped(one.key for one in chosen)
            if left.new or (len(chosen) == 1 and left.shown):
                # One goes on with the others: keys mean the next of them, and not what was kept.
                self._show(left)
            else:
                self.discard()
                self._instances.select(instance.key for instance in added)
            self.kept.emit(len(added), clean)

        self._is_keeping = True
        self._instances.keep(clean, [(one.mask, one.score) for one in chosen], done)

    # How it stands

    def _least(self) -> float:
        # Points mean one thing, and its score is another measure: it is shown whatever it is.
        return 0.0 if self.mode is PromptMode.POINTS else self.score_from

    def _take_picture(self, picture: object) -> None:
        self._is_keeping = False
        self.discard()

    def _follow_selection(self, keys: tuple[InstanceKey, ...]) -> None:
        if keys:
            self.look_at(None)

    def _step(self, phase: Phase, text: str = "") -> None:
        self._tell(PromptState(phase=phase, since=time.monotonic(), text=text))

    def _fail(self, text: str, hint: str) -> None:
        self._tell(PromptState(phase=Phase.FAILED, text=text, hint=hint))

    def _tell(self, state: PromptState) -> None:
        self.state = state
        self.state_changed.emit(state)

    def _show(self, candidates: Candidates) -> None:
        if candidates != self.candidates:
            self.candidates = candidates
            self.candidates_changed.emit(candidates)
