"""The tour: what is said where. Keys in the words come from the table of actions, so a changed one is told right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.studio import Studio

_KEY = re.compile(r"\{([a-z_.]+)\|([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TourStep:
    """One stop.

    Attributes:
        space: Where it is; steps of spaces that do not exist are left out. Empty for wherever one is.
        title: What is seen.
        text: One to three sentences. ``{action.id|X}`` becomes the action's key, or X where it has none.
        target: What it points at: names of attributes of the space's widget, or of the window when they begin with
            ``window.``; the first that exists is taken, the whole space when none does.
        where: Given to `Studio.go`.
        elsewhere: Said instead of the text in a project that is not the sample; empty where the text holds there, too.
    """

    space: str
    title: str
    text: str
    target: tuple[str, ...] = ()
    where: Mapping[str, Any] = field(default_factory=dict)
    elsewhere: str = ""


STEPS = (
    TourStep(
        space="library",
        title="From a picture to a question",
        text="This project holds rendered still lifes whose every object is known. In two minutes you see how a picture "
        "becomes a question that takes several hops to answer. Enter goes on, Esc leaves; nothing is changed meanwhile.",
        elsewhere="In two minutes you see how a picture becomes a question that takes several hops to answer. "
        "Enter goes on, Esc leaves; nothing is changed meanwhile.",
    ),
    TourStep(
        space="library",
        title="The flow, from top to bottom",
        text="A space for each part of the work, in the order in which it is done. A figure says how much waits there. "
        "{go.library|Ctrl 1}, {go.pipeline|Ctrl 2} and so on go there from the keyboard.",
        target=("window.rail",),
    ),
    TourStep(
        space="library",
        title="Pictures, and where each stands",
        text="Under each picture: how many instances it has, and its chains by what has been decided about them. "
        "The filters at the left say how many pictures they would leave.",
        target=("grid",),
    ),
    TourStep(
        space="pipeline",
        title="Stages write, people decide",
        text="Each stage says what it owes and what it has done. Nothing is done twice: stop at any moment, start again, "
        "and exactly the rest is done. The sample ran on the embedded composer, which needs no model.",
        elsewhere="Each stage says what it owes and what it has done. Nothing is done twice: stop at any moment, start "
        "again, and exactly the rest is done. The embedded composer needs no model where pictures are annotated.",
        target=("stages",),
    ),
    TourStep(
        space="instances",
        title="What the picture holds",
        text="Masks, boxes and names. Move over one to see it, click to select it, again for what lies beneath. "
        "Hold {instances.bare|Space} for the bare picture.",
        target=("canvas",),
    ),
    TourStep(
        space="chains",
        title="A chain: one question, several hops",
        text="The question stands above the picture with its number. It can only be answered by finding one thing "
        "after the other.",
        target=("question",),
    ),
    TourStep(
        space="chains",
        title="Step through the hops",
        text="{chains.hop_next|]} and {chains.hop_previous|[} walk from hop to hop: all but the hop’s instances go dark, and an "
        "arrow shows where it came from. What the rules found stands beside the hop that it concerns.",
        target=("stepper", "side"),
        where={"hop": 1},
    ),
    TourStep(
        space="chains",
        title="Decide, and take it back",
        text="{chains.accept|A} accepts, {chains.reject|X} rejects, {chains.flag|F} flags. Each decision is on the disk at "
        "once: there is no Save. {edit.undo|U} takes back what you did, even tomorrow.",
        target=("decisions", "side"),
    ),
    TourStep(
        space="solve",
        title="Answer without looking",
        text="Here a question is answered by a person who sees neither the proposed answer nor what others said. "
        "When all agree, their number becomes the label.",
        target=("entry.title", "entry"),
    ),
    TourStep(
        space="adjudicate",
        title="Where people differ",
        text="Answers side by side and without names, and how well people agree beyond chance.",
        target=("answers", "list"),
    ),
    TourStep(
        space="difficulty",
        title="What a weaker model makes of it",
        text="What it solves every time teaches a trainer nothing and is dropped. In the sample these attempts are "
        "simulated, and say so.",
        target=("charts",),
    ),
    TourStep(
        space="export",
        title="Records for a trainer",
        text="You see exactly what will be written, and what is left out and why. Then the files.",
        target=("terms",),
    ),
    TourStep(
        space="library",
        title="Everything by a few letters",
        text="{app.palette|Ctrl K} finds every command, chain and picture. {app.keys|?} shows the keys of the space you are in. "
        "That is all: the sample is yours to play with.",
        elsewhere="{app.palette|Ctrl K} finds every command, chain and picture. {app.keys|?} shows the keys of the space "
        "you are in. The sample project, from the start screen, is there to play with.",
        target=("window.top_bar.search",),
    ),
)


class TourPresenter(QObject):
    """Walks through the steps.

    Args:
        studio: Goes to the spaces.
        has_space: Whether a space exists.
        steps: In their order.
        is_sample: Whether the open project is the sample.
    """

    step_changed = Signal(object, int, int)
    """(TourStep with its text made ready, index, how many)."""
    ended = Signal()

    def __init__(
        self,
        studio: Studio,
        has_space: Callable[[str], bool],
        steps: Sequence[TourStep] = STEPS,
        *,
        is_sample: Callable[[], bool] = lambda: True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._steps = [step for step in steps if not step.space or has_space(step.space)]
        self._is_sample = is_sample
        self._index = -1

    @property
    def is_running(self) -> bool:
        """Whether the tour goes on."""
        return self._index >= 0

    def start(self) -> None:
        """Begins with the first step."""
        if self._steps and self._studio.project is not None:
            self._index = 0
            self._show()

    def forward(self) -> None:
        """Goes to the next step, or ends after the last."""
        if self.is_running:
            self._index += 1
            if self._index < len(self._steps):
                self._show()
            else:
                self.stop()

    def back(self) -> None:
        """Goes to the step before."""
        if self._index > 0:
            self._index -= 1
            self._show()

    def stop(self) -> None:
        """Ends the tour."""
        if self.is_running:
            self._index = -1
            self.ended.emit()

    def _show(self) -> None:
        step = self._steps[self._index]
        if step.space and (step.space != self._studio.space or step.where):
            self._studio.go(step.space, **step.where)
        text = step.text if self._is_sample() or not step.elsewhere else step.elsewhere
        ready = replace(step, text=self._with_keys(text))
        self.step_changed.emit(ready, self._index, len(self._steps))

    def _with_keys(self, text: str) -> str:
        return _KEY.sub(lambda found: _spoken(self._studio.actions.first_key(found[1])) or found[2], text)


def _spoken(keys: str) -> str:
    return keys.replace("+", " ") if keys != "+" else keys
