"""The stages with models behind them, over HTTP, with what goes wrong there."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.cli.main import run as cli
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.rollouts import Difficulty, Rollout
from hopchain_core.errors import PrerequisiteError, RunEndedError
from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import EndpointProfile, ServerAbilities
from hopchain_core.project import BackendChoice, Project, RunOptions
from hopchain_core.scenes import write_scenes
from hopchain_core.store.queries import ImageQuery
from tests.core.backends.vlm import author
from tests.core.backends.vlm.fake_server import MODEL, FakeServer, Trouble, serving

SCENES = 4
COCO = Path(__file__).parents[4] / "shared" / "data" / "coco_mini"
OPTIONS = RunOptions(
    composer=BackendChoice(name="vlm", options={"profile": "box"}),
    solver=BackendChoice(name="vlm", options={"profile": "box", "samples_per_request": 4}),
    chains_per_image=2,
    rollouts=8,
    concurrency=6,
)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    monkeypatch.setattr("hopchain_core.backends.vlm.client.FIRST_PAUSE_S", 0.001)
    with serving(FakeServer(speak=author.speak)) as fake:
        can = ServerAbilities(json_schema=True, seed=True)
        ProfileBook().put(EndpointProfile(name="box", url=fake.url, model=MODEL, label="Tiny", can=can))
        yield fake


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rendered scenes."""
    folder = tmp_path_factory.mktemp("pictures")
    write_scenes(folder, SCENES, seed=2)
    return folder


@pytest.fixture
def project(pictures: Path, tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.hopchain", seed=7) as made:
        made.ingest([pictures], scenes=pictures)
        yield made


def rows(project: Project) -> tuple[list[str], list[Rollout]]:
    """What the project holds of chains and rollouts."""
    with project.read() as read:
        chains = [stored.chain for stored in read.chains()]
        return [c.key for c in chains], [r for c in chains for r in read.rollouts(c.key)]


def difficulty_of(project: Project, chain: str) -> Difficulty:
    with project.read() as read:
        found = read.difficulty(ChainKey(chain))
    assert found is not None
    return found


@pytest.mark.usefixtures("server")
def test_that_every_stage_runs_and_says_which_model_it_was(project: Project) -> None:
    reports = project.run(options=OPTIONS)
    assert [r.failed for r in reports] == [0] * 6
    keys, rollouts = rows(project)
    assert len(keys) == 2 * SCENES
    assert len(rollouts) == 8 * len(keys)
    assert {r.is_correct for r in rollouts} == {True, False}
    with project.read() as read:
        run = read.run_of_chain(next(read.chains()).chain.key)
        difficulty = read.difficulty(next(read.chains()).chain.key)
    assert run is not None
    assert run.backend is not None
    assert (run.backend.model, run.backend.is_simulated) == ("Tiny", False)
    assert run.prompt_hash == run.backend.prompt_hash != ""
    assert difficulty is not None
    assert (difficulty.model, difficulty.n) == ("Tiny", 8)


def test_that_troubles_on_the_way_change_nothing_of_what_comes_out(
    project: Project, server: FakeServer, pictures: Path, tmp_path: Path
) -> None:
    project.run(options=OPTIONS)
    wanted = rows(project)
    rng = random.Random(0)
    with Project.create(tmp_path / "again.hopchain", seed=7) as again:
        again.ingest([pictures], scenes=pictures)
        server.trouble = [Trouble(rng.choice([429, 500, 503, 0, -1])) for _ in range(25)]
        for _ in range(4):
            again.run(options=OPTIONS.model_copy(update={"retry_failed": True}))
        assert server.trouble == []
        assert rows(again) == wanted


def test_that_a_server_that_bears_little_loses_nothing(
    project: Project, server: FakeServer, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hopchain_core.backends.vlm.admission.COOL_DOWN_S", 0.02)
    project.run(options=OPTIONS)
    wanted = rows(project)
    server.bears, server.latency_s = 6, 0.005
    with Project.create(tmp_path / "again.hopchain", seed=7) as again:
        again.ingest([pictures], scenes=pictures)
        before = len(server.requests)
        reports = again.run(options=OPTIONS)
        assert [r.failed for r in reports] == [0] * 6
        assert rows(again) == wanted
    # Some were refused, or this would show nothing.
    assert len(server.requests) - before > before


def test_that_a_server_that_dies_leaves_the_rest_owed_and_nothing_twice(project: Project, server: FakeServer) -> None:
    project.run(["categorize", "segment", "compose", "audit"], OPTIONS)
    asked = len(server.requests)

    def die(body: Any, seed: int) -> str:
        if len(server.requests) > asked + 5:
            server.trouble = [Trouble(500, "EngineCore encountered an issue", times=None)]
        return author.speak(body, seed)

    server.speak = die
    (report,) = project.run(["solve"], OPTIONS)
    assert report.failed > 0
    _, before = rows(project)
    server.speak, server.trouble = author.speak, []
    (report,) = project.run(["solve"], OPTIONS.model_copy(update={"retry_failed": True}))
    assert report.failed == 0
    keys, after = rows(project)
    assert len(after) == len({(r.chain, r.index) for r in after}) == 8 * len(keys)
    assert [r for r in after if r in before] == before


@pytest.mark.usefixtures("server")
def test_that_more_rollouts_ask_for_the_rest_only(project: Project, server: FakeServer) -> None:
    project.run(options=OPTIONS)
    _, eight = rows(project)
    before = server.samples
    project.run(options=OPTIONS.model_copy(update={"rollouts": 16}))
    keys, sixteen = rows(project)
    assert server.samples - before == 8 * len(keys)
    assert [r for r in sixteen if r.index < 8] == eight


def test_that_trying_until_decided_asks_less_and_a_full_count_then_the_rest(
    project: Project, server: FakeServer, pictures: Path, tmp_path: Path
) -> None:
    project.run(options=OPTIONS)
    keys, full = rows(project)
    kept = {key: difficulty_of(project, key).is_kept for key in keys}
    with Project.create(tmp_path / "short.hopchain", seed=7) as short:
        short.ingest([pictures], scenes=pictures)
        short.run(["categorize", "segment", "compose", "audit"], OPTIONS)
        before = server.samples
        short.run(options=OPTIONS.model_copy(update={"until_decided": True}))
        asked = server.samples - before
        _, made = rows(short)
        assert len(made) == asked < len(full)
        assert {key: difficulty_of(short, key).is_kept for key in keys} == kept
        assert all(difficulty_of(short, key).is_until_decided for key in keys)
        short.run(options=OPTIONS)
        assert server.samples - before == len(full)
        # A server counts tokens for a request, so they are known of attempts that were asked for alone.
        assert [replace(r, tokens=None) for r in rows(short)[1]] == [replace(r, tokens=None) for r in full]
        assert not any(difficulty_of(short, key).is_until_decided for key in keys)


def test_that_chosen_chains_go_before_a_batch(project: Project, server: FakeServer) -> None:
    project.run(options=OPTIONS)
    can = ServerAbilities(json_schema=True, seed=True, priority=True)
    ProfileBook().put(EndpointProfile(name="box", url=server.url, model=MODEL, label="Tiny", can=can))
    key = rows(project)[0][0]
    more = OPTIONS.model_copy(update={"rollouts": 9})
    for changes, priority in (({"only": (key,)}, 0), ({}, 20)):
        server.requests.clear()
        (report,) = project.run(["solve"], more.model_copy(update=changes))
        assert report.done > 0
        assert {body["priority"] for body in server.requests} == {priority}


def test_that_what_a_model_thinks_of_pictures_is_kept_and_shown(
    project: Project, server: FakeServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ratings = iter([(6, "high"), (2, "high"), (7, "low"), (9, "medium")])

    def rate(body: Any, seed: int) -> str:
        said = json.loads(author.categories())
        said["complexity"], said["quality"] = next(ratings)
        return json.dumps(said)

    server.speak = rate
    named = RunOptions(categorizer=BackendChoice(name="vlm", options={"profile": "box"}), concurrency=1)
    project.run(["categorize"], named)
    with project.read() as read:
        found = [read.rating(image.key) for image in read.images()]
        assert [(r.complexity, r.quality.value) for r in found if r] == [
            (6, "high"), (2, "high"), (7, "low"), (9, "medium"),
        ]  # fmt: skip
        assert [bool(read.categories(image.key)) for image in read.images()] == [True, False, False, True]
        assert len(read.image_ids(ImageQuery(least_complexity=6))) == 3
    server.speak = author.speak
    project.run(options=OPTIONS)
    path = str(tmp_path / "p.hopchain")
    project.run(["categorize"], named)
    assert cli(["status", path]) == 0
    assert "pictures not gone on with: 1 poor quality, 1 too plain" in capsys.readouterr().out
    with project.read() as read:
        chain = next(read.chains()).chain
        rating = read.rating(chain.image)
    assert rating is not None
    assert cli(["show", path, chain.key]) == 0
    assert rating.words in capsys.readouterr().out
    assert cli(["show", path, chain.key, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["image"]["rating"]["complexity"] == rating.complexity


def test_that_another_prompt_is_another_run(
    project: Project, monkeypatch: pytest.MonkeyPatch, server: FakeServer
) -> None:
    from hopchain_core import prompts

    project.run(options=OPTIONS)
    assert all(stage.owed == 0 for stage in project.plan(options=OPTIONS).stages)
    real = prompts.prompt
    changed = prompts.Prompt("solve", real("solve").text + "\nBe quick.")
    monkeypatch.setattr(
        "hopchain_core.backends.vlm.solver.prompt", lambda name: changed if name == "solve" else real(name)
    )
    owed = {stage.stage: stage.owed for stage in project.plan(options=OPTIONS).stages}
    assert owed["solve"] > 0
    assert owed["compose"] == 0


def test_that_a_wrong_key_ends_the_run_at_once(project: Project, server: FakeServer) -> None:
    server.key = "secret"
    with pytest.raises((PrerequisiteError, RunEndedError), match="refuses the key"):
        project.run(options=OPTIONS)
    assert len(server.requests) <= 6


def test_that_a_project_whose_profiles_are_elsewhere_still_opens(
    project: Project, server: FakeServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project.run(options=OPTIONS)
    monkeypatch.setenv(FILE, str(tmp_path / "none.json"))
    standing = {stage.stage: stage for stage in project.status().stages}
    assert (standing["solve"].owed, standing["solve"].done) == (0, 2 * SCENES)
    assert "no model profile called 'box'" in standing["solve"].missing
    with pytest.raises(PrerequisiteError, match="no model profile"):
        project.run(options=OPTIONS.model_copy(update={"rollouts": 9}))


@pytest.mark.skipif(not COCO.is_dir(), reason="the photographs of coco_mini are not beside the project")
def test_that_photographs_go_through_every_model_stage(server: FakeServer, tmp_path: Path) -> None:
    annotations = next(COCO.glob("*.json"))
    with Project.create(tmp_path / "coco.hopchain") as made:
        made.ingest([COCO], coco=annotations)
        made.run(["categorize"], RunOptions(categorizer=BackendChoice(name="vlm", options={"profile": "box"})))
        with made.read() as read:
            named = [tuple(c.name for c in read.categories(image.key)) for image in read.images()]
        assert set(named) == {("book", "cup", "lamp")}
        made.run(options=OPTIONS)
        keys, rollouts = rows(made)
        assert len(keys) > 20
        assert len(rollouts) == 8 * len(keys)
