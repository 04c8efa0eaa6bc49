"""Runs all stages of a project and tells of each event in a line: the process that `test_crash` kills.

``python crash_run.py PROJECT CALLS COMPOSER``. Every picture that the fixture composer is asked about is noted in the
file CALLS before anything is made of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hopchain_core.backends.protocols import Composed, ComposeRequest
from hopchain_core.jobs.events import Event
from hopchain_core.pipeline.options import BackendChoice
from hopchain_core.project import Project
from tests.core.jobs import synthetic


def main(path: str, calls: str, composer: str) -> None:
    """Runs to the end, if nobody kills it."""
    compose = synthetic.FixtureComposer.compose

    def note(key: str) -> None:
        with Path(calls).open("a") as stream:
            stream.write(f"{key}\n")

    async def noted(self: synthetic.FixtureComposer, request: ComposeRequest) -> Composed:
        note(request.image.key)
        return await compose(self, request)

    synthetic.FixtureComposer.compose = noted  # type: ignore[method-assign]
    delay = {"delay_s": 0.02}
    options = synthetic.fixture_options(composer=delay, solver=delay)
    if composer != "fixture":
        options = options.model_copy(update={"composer": BackendChoice(name=composer)})

    def tell(event: Event) -> None:
        sys.stdout.write(f"{event.event} {event.stage}\n")
        sys.stdout.flush()

    with Project.open(Path(path)) as project:
        project.run(options=options, emit=tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
