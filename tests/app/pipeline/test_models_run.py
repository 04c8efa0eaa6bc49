"""All stages run from the Pipeline with models of a person's own, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.composition import Composed
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.profile import EndpointProfile, ServerAbilities
from hopchain_core.project import BackendChoice
from tests.app.pipeline.test_runs import SCENES, Desk, fresh
from tests.core.backends.vlm import author
from tests.core.backends.vlm.fake_server import MODEL, FakeServer, serving

__all__ = ["fresh"]
ROLLOUTS = 4


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setenv("HOPCHAIN_PROFILES", str(tmp_path / "profiles.json"))
    with serving(FakeServer(speak=author.speak)) as fake:
        can = ServerAbilities(json_schema=True, seed=True)
        ProfileBook().put(EndpointProfile(name="box", url=fake.url, model=MODEL, label="Tiny", can=can))
        yield fake


@pytest.mark.timeout(300)
def test_that_the_pipeline_runs_all_stages_with_an_author_and_a_solver_on_a_server(
    composed: Composed, qtbot: QtBot, fresh: Path, server: FakeServer
) -> None:
    desk = Desk(composed, qtbot, fresh)
    project = desk.studio.need_project()
    box = BackendChoice(name="vlm", options={"profile": "box"})
    project.set_options(
        project.last_options().model_copy(update={"composer": box, "solver": box, "rollouts": ROLLOUTS})
    )
    desk.settle()
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.space.presenter.is_running
    desk.settle(timeout=200_000)
    assert desk.figures("compose") == (0, SCENES, 0)
    chains, rollouts = desk.counts()
    assert chains > 0
    assert rollouts == ROLLOUTS * chains
    # Every attempt was asked of the server, and the chains before them.
    assert sum(body.get("n", 1) for body in server.requests) > rollouts
