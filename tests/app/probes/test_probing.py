"""Probing from the window: chosen, started, followed, stopped, tried again, and looked at."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.models.chain_words import chain_name
from app.models.status_words import counted
from app.studio import Studio
from app.views.chains.space import ChainsSpace
from app.views.dashboard.probes import NEVER
from app.views.dashboard.space import DashboardSpace
from app.views.pipeline.space import PipelineSpace
from app.views.probes.dialog import ProbeDialog
from app.views.probes.said import SaidDialog
from hopchain_core.domain.probes import PROBES, Probe, ProbePolicy, TrialKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import Project
from tests.core.backends.vlm.fake_server import FakeServer, Trouble
from tests.core.probes.talking import Talker, number

PATIENCE_MS = 90_000


def overview(composed: Composed, qtbot: QtBot) -> DashboardSpace:
    composed.studio.go("overview")
    space = composed.window.space("overview")
    assert isinstance(space, DashboardSpace)
    qtbot.waitUntil(space.probes.isVisible, timeout=PATIENCE_MS)
    return space


def opened(composed: Composed, qtbot: QtBot, action: str = "probes.start") -> ProbeDialog:
    """The dialog, once it says what would be asked."""
    composed.studio.actions.trigger(action)
    dialog = next(d for d in composed.window.findChildren(ProbeDialog) if d.isVisible())
    qtbot.waitUntil(dialog.start.isEnabled, timeout=PATIENCE_MS)
    return dialog


def run(composed: Composed, qtbot: QtBot, dialog: ProbeDialog) -> None:
    """Starts, and waits for the end."""
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: composed.studio.bridge.is_idle, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not composed.studio.runs.is_running, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: composed.studio.bridge.is_idle, timeout=PATIENCE_MS)


def only(dialog: ProbeDialog, *probes: Probe) -> None:
    for probe, row in dialog.rows.items():
        row.check.setChecked(probe in probes)


def planned(qtbot: QtBot, dialog: ProbeDialog, probe: Probe, text: str) -> None:
    qtbot.waitUntil(lambda: dialog.rows[probe].standing.text() == text, timeout=PATIENCE_MS)
    qtbot.waitUntil(dialog.start.isEnabled, timeout=PATIENCE_MS)


def sound(project: Project) -> int:
    with project.read() as read:
        counts = read.status_counts()
    return sum(counts.values()) - counts[ChainStatus.REFUSED] - counts[ChainStatus.REJECTED]


@pytest.mark.usefixtures("talker")
def test_that_all_chains_are_probed_from_the_overview(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    space = overview(composed, qtbot)
    assert space.probes.shares.foot.text() == NEVER
    dialog = opened(composed, qtbot)
    chains = sound(studio.need_project())
    assert {row.standing.text() for row in dialog.rows.values()} == {f"{counted(chains, 'chain')} to ask"}
    run(composed, qtbot, dialog)
    with studio.need_project().read() as read:
        assert read.probe_summary().probed == dict.fromkeys(PROBES, chains)
    qtbot.waitUntil(lambda: space.probes.shares.foot.text() != NEVER, timeout=PATIENCE_MS)
    again = opened(composed, qtbot)
    assert {row.standing.text() for row in again.rows.values()} == {f"{chains} there"}
    assert again.start.text() == "Apply"
    again.reject()


def test_that_only_what_is_chosen_is_asked(
    composed: Composed, studio: Studio, qtbot: QtBot, server: FakeServer, talker: Talker
) -> None:
    dialog = opened(composed, qtbot)
    only(dialog, Probe.BLIND)
    dialog.tries.field.setText("65")
    qtbot.waitUntil(lambda: not dialog.start.isEnabled(), timeout=PATIENCE_MS)
    assert dialog.tries.refusal.isVisible()
    dialog.tries.field.setText("3")
    dialog.scope.setCurrentIndex(dialog.scope.count() - 1)
    dialog.pictures.field.setText("1")
    with studio.need_project().read() as read:
        first = next(iter(read.images()))
        chains = sum(read.status(c.chain.key) is not ChainStatus.REFUSED for c in read.chains(first.key))
    planned(qtbot, dialog, Probe.BLIND, f"{counted(chains, 'chain')} to ask")
    run(composed, qtbot, dialog)
    assert (len(server.requests), server.samples) == (chains, 3 * chains)
    assert studio.need_project().last_probing().samples == 3


def test_that_a_chain_is_dropped_once_a_person_says_so_and_nothing_is_asked_for_it(
    composed: Composed, studio: Studio, qtbot: QtBot, server: FakeServer, talker: Talker
) -> None:
    project = studio.need_project()
    with project.read() as read:
        bad = next(c.chain for c in read.chains() if read.status(c.chain.key) is not ChainStatus.REFUSED)
    talker.otherwise[bad.key, TrialKind.BLIND, None] = lambda seed: number(bad.answer.text)
    dialog = opened(composed, qtbot)
    only(dialog, Probe.BLIND)
    planned(qtbot, dialog, Probe.SKIP, "")
    run(composed, qtbot, dialog)
    asked = len(server.requests)
    with project.read() as read:
        assert read.status(bad.key) is not ChainStatus.REFUSED
        assert [f.rule for f in read.findings(bad.key)] == ["blind"]
    again = opened(composed, qtbot)
    policy = again.rows[Probe.BLIND].policy
    assert policy.currentData() == ProbePolicy.FLAG
    policy.setCurrentIndex(1)
    run(composed, qtbot, again)
    assert len(server.requests) == asked
    with project.read() as read:
        assert read.status(bad.key) is ChainStatus.REFUSED


def test_that_probing_is_followed_and_stopped_within_a_second(
    composed: Composed, studio: Studio, qtbot: QtBot, server: FakeServer, talker: Talker
) -> None:
    server.latency_s = 0.3
    space = overview(composed, qtbot)
    line = space.probes.running
    dialog = opened(composed, qtbot)
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(line.isVisible, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "chain" in line.text.text(), timeout=PATIENCE_MS)
    assert line.text.text().startswith("Probe: ")
    assert not studio.actions.is_enabled("probes.start")
    began = time.monotonic()
    qtbot.mouseClick(line.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not studio.runs.is_running, timeout=PATIENCE_MS)
    took_s = time.monotonic() - began
    qtbot.waitUntil(line.isHidden, timeout=PATIENCE_MS)
    print(f"stopped in {took_s:.2f} s")
    server.latency_s = 0.0
    asked = len(server.requests)
    run(composed, qtbot, opened(composed, qtbot))
    with studio.need_project().read() as read:
        assert set(read.probe_summary().probed.values()) == {sound(studio.need_project())}
    assert len(server.requests) >= len(talker.asked) >= asked


@pytest.mark.usefixtures("talker")
def test_that_what_failed_is_listed_and_only_that_is_tried_again(
    composed: Composed, studio: Studio, qtbot: QtBot, server: FakeServer
) -> None:
    space = overview(composed, qtbot)
    server.trouble.append(Trouble(400, "no such thing", times=2))
    dialog = opened(composed, qtbot)
    only(dialog, Probe.BLIND)
    planned(qtbot, dialog, Probe.SKIP, "")
    run(composed, qtbot, dialog)
    line = space.probes.running
    qtbot.waitUntil(lambda: line.failed.text() == "2 probes of chains failed", timeout=PATIENCE_MS)
    asked = len(server.requests)
    assert opened(composed, qtbot).retry.isVisible()
    next(d for d in composed.window.findChildren(ProbeDialog) if d.isVisible()).reject()
    qtbot.mouseClick(line.show_failures, Qt.MouseButton.LeftButton)
    pipeline = composed.window.space("pipeline")
    assert isinstance(pipeline, PipelineSpace)
    qtbot.waitUntil(lambda: len(pipeline.presenter.failures.items()) == 2, timeout=PATIENCE_MS)
    first, second = pipeline.presenter.failures.items()
    assert (first.stage, "no such thing" in first.error_text) == ("probe-blind", True)
    assert pipeline.presenter.retry_items([first])
    qtbot.waitUntil(lambda: len(pipeline.presenter.failures.items()) == 1, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not studio.runs.is_running and studio.bridge.is_idle, timeout=PATIENCE_MS)
    assert len(server.requests) == asked + 1
    assert pipeline.presenter.failures.items()[0].subject == second.subject
    studio.go("overview")
    qtbot.waitUntil(lambda: line.failed.text() == "1 probe of a chain failed", timeout=PATIENCE_MS)
    qtbot.waitUntil(line.retry.isEnabled, timeout=PATIENCE_MS)
    qtbot.mouseClick(line.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(line.isHidden, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not studio.runs.is_running and studio.bridge.is_idle, timeout=PATIENCE_MS)
    assert len(server.requests) == asked + 2


def test_that_the_chains_behind_a_figure_open_with_what_was_said(
    composed: Composed, studio: Studio, qtbot: QtBot, talker: Talker
) -> None:
    project = studio.need_project()
    with project.read() as read:
        bad = next(c for c in read.chains() if read.status(c.chain.key) is not ChainStatus.REFUSED)
    talker.otherwise[bad.chain.key, TrialKind.BLIND, None] = lambda seed: number(bad.chain.answer.text)
    space = overview(composed, qtbot)
    dialog = opened(composed, qtbot)
    only(dialog, Probe.BLIND)
    planned(qtbot, dialog, Probe.SKIP, "")
    run(composed, qtbot, dialog)
    qtbot.waitUntil(lambda: space.probes.shares.foot.text() != NEVER, timeout=PATIENCE_MS)
    space.probes.shares.bars.chosen.emit(0)
    chains = composed.window.space("chains")
    assert isinstance(chains, ChainsSpace)
    qtbot.waitUntil(lambda: list(chains.presenter.search.model.ids()) == [bad.number], timeout=PATIENCE_MS)
    qtbot.waitUntil(
        lambda: (d := chains.presenter.detail) is not None and d.stored.number == bad.number, timeout=PATIENCE_MS
    )
    (finding,) = [f for f in chains.presenter.detail.findings if f.rule == "blind"]  # type: ignore[union-attr]
    assert finding.evidence["expected"] == bad.chain.answer.text
    card = next(c for c in chains.stepper.whole.cards if c.said is not None)
    qtbot.mouseClick(card.said, Qt.MouseButton.LeftButton)
    (said,) = [d for d in composed.window.findChildren(SaidDialog) if d.isVisible()]
    qtbot.waitUntil(lambda: len(said.cards) == 1, timeout=PATIENCE_MS)
    assert bad.chain.question in said.cards[0].asked.text()
    said.accept()
    one = opened(composed, qtbot, "chains.probe")
    assert one.scope.currentText() == f"{chain_name(bad.number)} alone"
    planned(qtbot, one, Probe.BLIND, "1 there")
    one.reject()


def test_that_without_a_model_it_says_what_is_missing(
    composed: Composed, studio: Studio, qtbot: QtBot, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hopchain_core.profiles.book import FILE

    monkeypatch.setenv(FILE, f"{tmp_path}/none.json")
    composed.studio.actions.trigger("probes.start")
    (dialog,) = composed.window.findChildren(ProbeDialog)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=PATIENCE_MS)
    assert "model" in dialog.problem.text()
    assert not dialog.start.isEnabled()
    dialog.reject()
