"""Stopping probes in mid-flight: the run ends though the server never answers, and nothing that was given is lost."""

from __future__ import annotations

import asyncio
import threading

import pytest

from hopchain_core.domain.probes import Probe
from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.jobs.events import Event, ItemDone, RunEnded
from hopchain_core.project import ProbeOptions, Project
from tests.core.backends.vlm.fake_server import Body, FakeServer, Trouble
from tests.core.probes.talking import Talker, chains_of

OPTIONS = ProbeOptions(profile="box", samples=2, concurrency=2, probes=(Probe.BLIND,))
SILENCE = Trouble(-2, times=None)


def stopped_when(project: Project, is_silent: threading.Event) -> list[Event]:
    """Probes until the server is asked what it never answers, then stops; what was told until the end."""
    told: list[Event] = []

    async def stop() -> None:
        task = asyncio.ensure_future(project.probe_async(OPTIONS, told.append))
        assert await asyncio.to_thread(is_silent.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop())
    return told


def probed(project: Project) -> int:
    """How many chains have a result."""
    with project.read() as read:
        return sum(bool(read.probe_results(chain.key)) for chain in chains_of(project))


@pytest.mark.usefixtures("talker")
def test_that_a_run_ends_though_the_server_never_answers(project: Project, server: FakeServer) -> None:
    server.trouble = [SILENCE]
    told = stopped_when(project, server.arrived)
    assert [event.outcome for event in told if isinstance(event, RunEnded)] == [RunOutcome.CANCELLED]
    assert not [event for event in told if isinstance(event, ItemDone)]
    assert probed(project) == 0
    with project.read() as read:
        assert read.failures() == ()
    server.trouble = []
    chains = len(chains_of(project))
    blind, judged = project.probe(OPTIONS)
    # What was in flight is owed, and is no failure.
    assert (blind.done, blind.done_before, blind.failed, judged.done) == (chains, 0, 0, chains)


def test_that_what_was_given_before_the_server_fell_silent_is_kept(
    project: Project, server: FakeServer, talker: Talker
) -> None:
    chains, is_silent = len(chains_of(project)), threading.Event()

    def speak(body: Body, seed: int) -> str:
        server.trouble = [SILENCE]
        is_silent.set()
        return talker.speak(body, seed)

    server.speak = speak
    told = stopped_when(project, is_silent)
    kept = probed(project)
    # One may be kept whose event the stop cut off, and none is lost that was told of.
    assert len([event for event in told if isinstance(event, ItemDone)]) <= kept < chains
    server.trouble, server.speak = [], talker.speak
    blind, judged = project.probe(OPTIONS)
    assert (blind.done, blind.done_before, blind.failed, judged.done) == (chains - kept, kept, 0, chains)
    assert probed(project) == chains
