"""Chains of programs against readers that misread nothing, through the probes themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hopchain_core.domain.probes import Probe, TrialKind, later_hops
from hopchain_core.domain.programs.operations import Constant
from hopchain_core.project import ProbeOptions, Project, RunOptions
from tests.core.backends.vlm.fake_server import FakeServer
from tests.core.probes.oracles import Reader, without_the_first
from tests.core.probes.rates import STAGES
from tests.core.probes.talking import chains_of

COCO = Path(__file__).parents[4] / "shared" / "data" / "coco_mini"


def probed(project: Project, server: FakeServer, *, is_settled: bool = False) -> tuple[Project, Reader]:
    reader = Reader.of(project, is_settled=is_settled)
    server.speak = reader.speak
    project.probe(ProbeOptions(profile="box", probes=(Probe.BLIND, Probe.SKIP), samples=8))
    return project, reader


def test_that_no_hop_of_a_scene_can_be_skipped_and_no_question_is_solved_by_reading(
    project: Project, server: FakeServer
) -> None:
    probed(project, server)
    with project.read() as read:
        found = read.probe_summary()
    assert found.skippable_hops.n == found.skipped_last.n == found.skipped_half.n == 0
    assert found.solved_blind.n == 0
    assert found.solved_blind.of == len(chains_of(project))


def test_that_a_hop_that_makes_no_difference_is_seen_through(project: Project, server: FakeServer) -> None:
    chain = chains_of(project)[0]
    last = chain.hops[-1]
    reader = Reader.of(project, is_settled=True)
    assert "unknown" in reader.late[chain.key, TrialKind.LAST]
    # The same chain, whose last hop no longer looks back.
    bad = replace(chain, hops=(*chain.hops[:-1], replace(last, operation=Constant(chain.answer.value))))
    kept = later_hops(bad.hops, TrialKind.LAST)
    assert list(without_the_first(bad, project.facts(bad.image), kept)) == [chain.answer.value]


@pytest.mark.skipif(not COCO.is_dir(), reason="the sample photographs are not beside the project")
def test_that_no_hop_over_photographs_can_be_skipped(tmp_path: Path, server: FakeServer) -> None:
    with Project.create(tmp_path / "photos.hopchain", seed=0) as project:
        project.ingest(sorted((COCO / "images").iterdir())[:8], coco=COCO / "instances.json")
        project.run(STAGES, RunOptions(chains_per_image=3))
        probed(project, server)
        with project.read() as read:
            found = read.probe_summary()
    assert found.skippable_hops.n == 0
    assert found.skippable_hops.of > 20
    assert found.solved_blind.share < 0.2
