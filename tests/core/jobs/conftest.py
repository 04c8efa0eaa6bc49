"""What the tests of running stages share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hopchain_core.jobs.events import Event
from hopchain_core.jobs.flow import run_stages
from hopchain_core.jobs.runner import StageReport
from hopchain_core.pipeline.options import RunOptions
from hopchain_core.store.project_file import ProjectFile
from tests.core.jobs import synthetic


@dataclass
class Bench:
    """A project and what happened in it."""

    file: ProjectFile
    events: list[Event] = field(default_factory=list)
    _happened: asyncio.Event = field(default_factory=asyncio.Event)

    def run(self, options: RunOptions, *names: str) -> dict[str, StageReport]:
        """Runs stages to their end; their reports by name."""
        return {r.stage: r for r in asyncio.run(self.run_async(options, names or None))}

    async def run_async(self, options: RunOptions, names: Iterable[str] | None = None) -> tuple[StageReport, ...]:
        """Runs stages on the loop of the test."""
        return await run_stages(self.file, names, options, self._take)

    async def until(self, count: int, kind: type[Event], stage: str) -> None:
        """Waits until so many events of a kind have come from a stage."""
        while sum(isinstance(e, kind) and e.stage == stage for e in self.events) < count:
            self._happened.clear()
            await self._happened.wait()

    def _take(self, event: Event) -> None:
        self.events.append(event)
        self._happened.set()


@pytest.fixture(name="bench_of")
def make_bench(tmp_path: Path) -> Iterator[Callable[[int], Bench]]:
    """Makes a project with so many annotated pictures."""
    files: list[ProjectFile] = []

    def make(pictures: int) -> Bench:
        folder = tmp_path / str(len(files))
        folder.mkdir()
        files.append(synthetic.make_project(folder / "p.hopchain", pictures))
        return Bench(files[-1])

    synthetic.composed.clear()
    synthetic.solved.clear()
    yield make
    for file in files:
        file.close()
