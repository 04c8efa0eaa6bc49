"""Publishing through the real client, to a hub on loopback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow

from hopchain_core.cli.main import run
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.export import hub as sending
from hopchain_core.export.public import PublicFile, look_at
from hopchain_core.export.remarks import without_remarks
from hopchain_core.project import Project
from tests.core.export.fake_hub import TOKEN, FakeHub, running_hub

# huggingface_hub 2.4.0 sends large files in a way that its own HTTP client calls old.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

NAME = "ann/birds"
EXPORT = ["--accept-by-construction", "--allow-simulated", "--keep-too-easy"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "d"
    assert run(["demo", str(folder), "--scenes", "4", "--seed", "3"]) == 0
    return next(folder.glob("*.hopchain"))


@pytest.fixture(scope="module")
def hf(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("pyarrow")
    out = tmp_path_factory.mktemp("hf") / "out"
    assert run(["export", str(project), str(out), "--format", "hf", *EXPORT]) == 0
    return out


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "none"))
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with running_hub() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def _names(out: Path) -> set[str]:
    return {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}


def test_that_nothing_is_sent_without_yes(hf: Path, hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["publish", str(hf), "--repo", NAME]) == 0
    assert run(["publish", str(hf), "--repo", NAME, "--yes", "--dry-run"]) == 0
    assert hub.repos == {}
    said = capsys.readouterr().out
    assert "everybody sees" in said
    assert "Nothing was sent" in said
    assert "data/train-00000-of-00001.parquet" in said


def test_that_a_dry_run_needs_neither_token_nor_hub(
    hf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    assert run(["publish", str(hf), "--repo", NAME, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["sent"] is None
    assert said["bytes"] == sum(f["bytes"] for f in said["files"])


def test_that_what_lies_on_the_hub_is_the_export_byte_for_byte(hf: Path, hub: FakeHub) -> None:
    assert run(["publish", str(hf), "--repo", NAME, "--private", "--yes"]) == 0
    assert hub.private[NAME]
    held = {path: data for path, data in hub.repos[NAME].items() if path != ".gitattributes"}
    assert set(held) == {n for n in _names(hf) if not n.startswith("images/")}
    assert all(data == (hf / path).read_bytes() for path, data in held.items())
    assert hub.commits[-1][-1] == "manifest.json"


def test_that_sending_again_sends_only_what_is_missing(
    project: Path, tmp_path: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(["export", str(project), str(out), *EXPORT]) == 0
    monkeypatch.setattr(sending, "FILES_AT_ONCE", 2)
    hub.refuse_commits_after = 2
    assert run(["publish", str(out), "--repo", NAME, "--yes"]) == 1
    assert "the line was cut" in capsys.readouterr().err
    before = len(hub.commits)
    hub.refuse_commits_after = None
    assert run(["publish", str(out), "--repo", NAME, "--yes"]) == 0
    sent = [path for commit in hub.commits for path in commit]
    assert before == 2
    assert len(sent) == len(set(sent)) == len(_names(out))
    assert run(["publish", str(out), "--repo", NAME, "--yes"]) == 0
    assert "sent 0 files" in capsys.readouterr().out


def test_that_foreign_files_are_replaced_only_when_asked(
    hf: Path, hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.repos[NAME], hub.private[NAME] = {"thesis.tex": b"x", "README.md": b"# mine"}, False
    assert run(["publish", str(hf), "--repo", NAME, "--yes"]) == 1
    assert "such as thesis.tex" in capsys.readouterr().err
    assert hub.repos[NAME]["README.md"] == b"# mine"
    assert run(["publish", str(hf), "--repo", NAME, "--yes", "--replace"]) == 0
    assert "thesis.tex" not in hub.repos[NAME]


def test_that_a_public_repository_is_not_taken_for_a_private_one(
    hf: Path, hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.repos[NAME], hub.private[NAME] = {}, False
    assert run(["publish", str(hf), "--repo", NAME, "--private", "--yes"]) == 1
    assert "already and public" in capsys.readouterr().err
    assert hub.commits == []


@pytest.mark.parametrize(
    ("token", "repo", "status", "says"),
    [
        ("", NAME, 0, "There is no token"),
        ("hf_wrong", NAME, 0, "does not know this token"),
        (TOKEN, "bob/birds", 0, "may not write"),
        (TOKEN, "no such/name!", 0, "is no name of a repository"),
        (TOKEN, NAME, 429, "asks to wait"),
        (TOKEN, NAME, 418, "status 418"),
    ],
)
def test_that_each_refusal_says_what_to_do(
    hf: Path,
    hub: FakeHub,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    token: str,
    repo: str,
    status: int,
    says: str,
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    monkeypatch.setattr(sending, "_from_keyring", lambda: "")
    hub.status = status
    assert run(["publish", str(hf), "--repo", repo, "--yes"]) == 1
    said = capsys.readouterr()
    assert says in said.err
    assert "bug" not in said.err
    assert "hf_" not in said.err + said.out


def test_that_a_hub_out_of_reach_is_said(
    hf: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    assert run(["publish", str(hf), "--repo", NAME, "--yes"]) == 1
    assert "cannot be reached" in capsys.readouterr().err


@pytest.fixture
def judged(project: Path, tmp_path: Path) -> Path:
    """An export that leaves out what curators spoke of, and a chain for another reason."""
    copy = tmp_path / "judged"
    shutil.copytree(project.parent, copy)
    with Project.open(copy / project.name) as opened:
        with opened.read() as read:
            first, second = (stored.chain.key for stored in list(read.chains())[:2])
        opened.mark(Mark(chain=first, kind=MarkKind.REJECT, reason='Bob\'s "usual" mistake, not mine'))
        opened.mark(Mark(chain=second, kind=MarkKind.FLAG, reason="ask Zoë,\nshe knows"))
    out = tmp_path / "out"
    assert run(["export", str(copy / project.name), str(out), "--without-flagged", *EXPORT]) == 0
    return out


def test_that_what_curators_wrote_stays_here_unless_asked(
    judged: Path, hub: FakeHub, capsys: pytest.CaptureFixture[str]
) -> None:
    here = (judged / "manifest.json").read_bytes()
    assert run(["publish", str(judged), "--repo", NAME, "--yes"]) == 0
    assert "2 remarks of curators on chains left out stay here" in capsys.readouterr().out
    there = hub.repos[NAME]["manifest.json"]
    assert not any(b"usual" in data or b"she knows" in data for data in hub.repos[NAME].values())
    entries = json.loads(here)["left_out"]
    spoken = {"rejected", "flagged"}
    assert {e["reason"] for e in entries if e["detail"]} >= spoken
    wanted = [{**e, "detail": "" if e["reason"] in spoken else e["detail"]} for e in entries]
    assert json.loads(there) == {**json.loads(here), "left_out": wanted}
    assert run(["publish", str(judged), "--repo", NAME, "--yes"]) == 0
    assert "sent 0 files" in capsys.readouterr().out
    assert run(["publish", str(judged), "--repo", NAME, "--with-remarks", "--yes"]) == 0
    assert "holds 2 remarks of curators" in capsys.readouterr().out
    assert hub.repos[NAME]["manifest.json"] == here


def test_that_a_manifest_without_remarks_is_sent_as_it_is(hf: Path) -> None:
    content, remarks = without_remarks(hf / "manifest.json")
    assert (content, remarks) == ((hf / "manifest.json").read_bytes(), 0)
    assert next(f for f in look_at(hf).files if f.path == "manifest.json").content is None


def _with_gps(path: Path) -> None:
    exif = Pillow.Exif()
    exif[0x010F] = "Camera"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}
    Pillow.new("RGB", (64, 64), "red").save(path, "JPEG", exif=exif)


def test_that_places_paths_and_unknown_licences_are_warned_of(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["export", str(project), str(out), "--format", "trl", *EXPORT]) == 0
    manifest = json.loads((out / "manifest.json").read_text())
    picture = next(f for f in manifest["files"] if f["path"].startswith("images/"))
    _with_gps(out / picture["path"])
    picture["bytes"] = (out / picture["path"]).stat().st_size
    manifest["counts"]["by_licence"] = {"unknown": 2}
    (out / "manifest.json").write_text(json.dumps(manifest))
    said = " ".join(look_at(out).warnings)
    assert "1 pictures say where they were taken" in said
    assert f"name folders of this machine, so that they are of no use elsewhere: train.jsonl: {out}" in said
    assert "licence of the pictures of 2" in said


def test_that_a_plain_export_gives_no_warning_of_paths_or_places(hf: Path) -> None:
    said = " ".join(look_at(hf).warnings)
    assert "taken" not in said
    assert "folders of this machine" not in said


def test_that_an_export_changed_since_is_refused(hf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(hf, tmp_path / "out")
    with (tmp_path / "out/records.jsonl").open("a") as stream:
        stream.write("{}\n")
    assert run(["publish", str(tmp_path / "out"), "--repo", NAME]) == 1
    assert "records.jsonl is missing or not as it was exported" in capsys.readouterr().err


def test_that_no_commit_holds_more_than_it_should_and_the_manifest_is_last() -> None:
    files = [PublicFile(path=f"f{n:03d}", sha256="", size_bytes=200_000_000) for n in range(7)]
    files.insert(0, PublicFile(path="manifest.json", sha256="", size_bytes=1))
    made = list(sending.batches(files))
    assert [len(batch) for batch in made] == [2, 2, 2, 2]
    assert made[-1][-1].path == "manifest.json"
