"""What the overview shows of probes."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.views.dashboard.probes import NEVER, ProbesStrip, policy_sentence, share_rows, trace_rows
from app.views.dashboard.space import DashboardSpace
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.probe_summary import ProbedChain, ProbeSummary, summed_up
from hopchain_core.domain.probes import Probe, ProbePolicies, ProbePolicy, ProbeReply, ProbeResult, Trial, TrialKind
from hopchain_core.project import Project
from hopchain_core.store.rows_probes import write_probe_result
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.samples import work


def result(chain: str, probe: Probe, kind: TrialKind, *right: bool, hop: int | None = None) -> ProbeResult:
    replies = tuple(ProbeReply(text="so", answer="3" if is_right else "4", is_right=is_right) for is_right in right)
    trial = Trial(kind=kind, hop=hop, asked="?", expected="3", replies=replies)
    return ProbeResult(chain=chain, probe=probe, trials=(trial,), model="tiny")  # type: ignore[arg-type]


def summary(*results: ProbeResult, policies: ProbePolicies | None = None) -> ProbeSummary:
    probed = (ProbedChain(answer=Answer.of(3), hops=4, result=r) for r in results)
    return summed_up(5, policies or ProbePolicies(), probed)


def test_that_only_what_was_probed_has_a_bar() -> None:
    blind = summary(
        result("a", Probe.BLIND, TrialKind.BLIND, True, True), result("b", Probe.BLIND, TrialKind.BLIND, False, True)
    )
    assert [(row.name, row.value) for row in share_rows(blind)] == [
        ("Solved without the picture", 0.5),
        ("By always saying 3", 1.0),
    ]
    skip = summary(result("a", Probe.SKIP, TrialKind.LAST, True, hop=4))
    assert [row.name for row in share_rows(skip)] == ["Answered from the last hop", "Answered from the later half"]
    traced = summary(result("a", Probe.TRACE, TrialKind.STEP, True, False, hop=2))
    assert [(row.name, row.value) for row in trace_rows(traced)] == [("Hop 2", 1)]
    assert share_rows(traced) == []


@pytest.mark.parametrize(
    ("chosen", "words"),
    [({}, "What is found flags a chain."), ({Probe.BLIND: ProbePolicy.DROP}, "Dropped for what is found by: blind.")],
)
def test_that_it_says_what_becomes_of_the_chains(chosen: dict[Probe, ProbePolicy], words: str) -> None:
    found = summary(result("a", Probe.BLIND, TrialKind.BLIND, True), policies=ProbePolicies(chosen))
    assert policy_sentence(found) == f"1 of 5 chains probed. {words}"


def test_that_the_cards_fill_with_the_first_results(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    project = studio.need_project()
    assert isinstance(project, Project)
    studio.go("overview")
    space = composed.window.space("overview")
    assert isinstance(space, DashboardSpace)
    strip: ProbesStrip = space.probes
    qtbot.waitUntil(lambda: space.presenter.figures is not None and studio.bridge.is_idle, timeout=10_000)
    qtbot.waitUntil(strip.isVisible, timeout=10_000)
    assert strip.shares.foot.text() == NEVER
    with project.read() as read:
        key = next(iter(read.chains())).chain.key

    def probed(uow: UnitOfWork) -> None:
        row = work(uow, "probe-blind", key)
        write_probe_result(uow, row, result(key, Probe.BLIND, TrialKind.BLIND, True))

    project.file.writer.submit(probed).result()
    space.presenter.read_again()
    qtbot.waitUntil(lambda: strip.shares.foot.text().startswith("1 of "), timeout=10_000)
    assert not strip.traces.isVisible()
