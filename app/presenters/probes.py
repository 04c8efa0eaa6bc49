"""Between the project and the probes: what can be chosen, what a choice would ask, what runs and what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.models.spans import NONE, span_text
from app.models.status_words import counted, stage_word
from app.running import Runs, RunState
from app.studio import Studio
from hopchain_core.domain.probes import PROBES, Probe, ProbePolicies
from hopchain_core.errors import KnownError
from hopchain_core.models import FITS, Profile, profiles, trouble
from hopchain_core.project import FailingItem, ProbeOptions, ProbeStanding, Project

PROBE_STAGES = tuple(f"probe-{probe}" for probe in PROBES)
"""Stages that ask; each can be retried."""
JUDGING = "probe"
_MOST_RETRIED = 100_000
TITLES = {
    Probe.BLIND: "Blind",
    Probe.UNIQUE: "Unique",
    Probe.SKIP: "Skip",
    Probe.TRACE: "Hop trace",
}
HINTS = {
    Probe.BLIND: "The question without the picture",
    Probe.UNIQUE: "How many things each reference fits",
    Probe.SKIP: "The answer from the last hop, and from the later half",
    Probe.TRACE: "Every hop by itself; the first that goes wrong",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Chains that a person may have meant.

    Attributes:
        words: What they are called.
        numbers: Of the chains; None for all of the project.
    """

    words: str
    numbers: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSetup:
    """What probing begins with.

    Attributes:
        last: How it was done last.
        policies: What bad results mean.
        profiles: Models that can be asked.
        problem: Why the models could not be read; empty if they could.
        chains: Chains that the rules let through are among so many.
    """

    last: ProbeOptions
    policies: ProbePolicies
    profiles: tuple[Profile, ...] = ()
    problem: str = ""
    chains: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbePlan:
    """What a choice would do.

    Attributes:
        standings: By probe; empty where no probe or no model is chosen.
        problem: Why it cannot be done; empty if it can.
    """

    standings: tuple[ProbeStanding, ...] = ()
    problem: str = ""

    @property
    def owed(self) -> int:
        """Probes of chains that would be made."""
        return sum(standing.owed for standing in self.standings)

    @property
    def failed(self) -> int:
        """Those that failed and would not be tried again."""
        return sum(standing.failed for standing in self.standings)


class ProbesPresenter(QObject):
    """What the dialog that starts probing shows and does.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    set_up = Signal(object)
    """A `ProbeSetup`."""
    planned = Signal(object)
    """A `ProbePlan` of the choice that was asked about last."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio

    def read(self) -> None:
        """Reads what probing begins with."""
        project = self._studio.project
        if project is not None:
            self._studio.bridge.ask(lambda: _setup(project), self.set_up.emit, key="probes setup")

    def plan(self, options: ProbeOptions, scope: Scope) -> None:
        """Finds out what a choice would ask; `planned` brings it. Only the last question is answered."""
        project = self._studio.project
        if project is not None:
            self._studio.bridge.ask(lambda: _plan(project, options, scope), self.planned.emit, key="probes plan")

    def start(self, options: ProbeOptions, scope: Scope) -> None:
        """Begins to probe these chains."""
        project = self._studio.project
        if project is None:
            return

        runs, bridge = self._studio.runs, self._studio.bridge

        def go(keys: tuple[str, ...] | None) -> None:
            runs.start_probes(options.model_copy(update={"only": keys}))

        if scope.numbers is None:
            go(None)
        else:
            bridge.ask(lambda: _keys(project, scope), go, key="probes start")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeLive:
    """What probing does now, and what failed in it.

    Attributes:
        text: What runs and how far it is; empty while nothing does.
        share_done: Of what this probe owed.
        share_failed: Likewise.
        is_cancelling: A person asked to stop.
        failing: Probes of chains that fail now.
    """

    text: str = ""
    share_done: float = 0.0
    share_failed: float = 0.0
    is_cancelling: bool = False
    failing: int = 0

    @property
    def is_running(self) -> bool:
        """Whether chains are being probed."""
        return bool(self.text)


class ProbeWatch(QObject):
    """Follows probing, whoever started it.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    changed = Signal(object)
    """A `ProbeLive`."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.live = ProbeLive()
        self._failing = 0
        studio.runs.changed.connect(self._take)
        studio.project_changed.connect(self.count)
        studio.runs.ended.connect(lambda _: self.count())

    def count(self) -> None:
        """Counts what fails."""
        if self._studio.project is None:
            self._counted(0)
            return
        self._studio.bridge.read(lambda read: read.failing_counts(), self._take_counts, key="probes failing")

    def cancel(self) -> None:
        """Asks probing to stop; what was answered stays, the rest stays owed."""
        if self.live.is_running:
            self._studio.runs.cancel()

    def retry(self) -> None:
        """Asks once more what failed, of the model that was asked last."""
        retry_probes(self._studio.bridge, self._studio.runs)

    def show_failures(self) -> None:
        """Goes to the list of what failed, with the reasons."""
        self._studio.go("pipeline")

    def _take_counts(self, counts: dict[str, int]) -> None:
        self._counted(sum(counts.get(stage, 0) for stage in (*PROBE_STAGES, JUDGING)))

    def _counted(self, failing: int) -> None:
        self._failing = failing
        self._take(self._studio.runs.state)

    def _take(self, state: RunState) -> None:
        live = ProbeLive(failing=self._failing)
        if state.stage == JUDGING or state.stage in PROBE_STAGES:
            text = stage_word(state.stage)
            if state.owed:
                text += f" · {state.done + state.failed:,} of {counted(state.owed, 'chain')}"
            left = span_text(state.remaining_s)
            text += " · stopping…" if state.is_cancelling else f" · {left} left" if left != NONE else ""
            live = ProbeLive(
                text=text,
                share_done=state.done / state.owed if state.owed else 0.0,
                share_failed=state.failed / state.owed if state.owed else 0.0,
                is_cancelling=state.is_cancelling,
                failing=self._failing,
            )
        if live != self.live:
            self.live = live
            self.changed.emit(live)


def fitting(found: Sequence[Profile]) -> tuple[Profile, ...]:
    """Models that can be asked about chains."""
    return tuple(profile for profile in found if profile.kind in FITS["prober"])


def _setup(project: Project) -> ProbeSetup:
    last, problem = project.last_probing(), ""
    found: tuple[Profile, ...] = ()
    try:
        found = fitting(profiles())
    except KnownError as error:
        problem = error.line
    with project.read() as read:
        return ProbeSetup(
            last=last,
            policies=read.probe_policies(),
            profiles=found,
            problem=problem,
            chains=read.chain_count(),
        )


def _plan(project: Project, options: ProbeOptions, scope: Scope) -> ProbePlan:
    if not options.probes:
        return ProbePlan()
    if not options.profile:
        return ProbePlan(problem="Choose the model that is asked.")
    try:
        if text := trouble(options.profile, "prober", profiles()):
            return ProbePlan(problem=text)
        return ProbePlan(
            standings=project.plan_probes(options.model_copy(update={"only": _keys(project, scope)})),
        )
    except KnownError as error:
        return ProbePlan(problem=error.line)


def _keys(project: Project, scope: Scope) -> tuple[str, ...] | None:
    if scope.numbers is None:
        return None
    with project.read() as read:
        return read.chain_keys(scope.numbers)


def retry_probes(bridge: Bridge, runs: Runs, items: Sequence[FailingItem] | None = None) -> bool:
    """Asks once more what failed, or these of it, of the model that was asked last, and nothing else.

    Returns:
        False when a run goes on already or no project is open.
    """
    project = bridge.project
    if project is None or runs.is_running:
        return False
    bridge.ask(lambda: _retry(project, items), runs.start_probes, key="probes retry")
    return True


def _retry(project: Project, items: Sequence[FailingItem] | None) -> ProbeOptions:
    if items is None:
        with project.read() as read:
            items = [item for stage in PROBE_STAGES for item in read.failing(stage, limit=_MOST_RETRIED)]
    stages = {item.stage for item in items}
    return project.last_probing().model_copy(
        update={
            "probes": tuple(probe for probe in PROBES if f"probe-{probe}" in stages),
            "retry_failed": True,
            "only": tuple(dict.fromkeys(str(item.subject) for item in items)),
        }
    )
