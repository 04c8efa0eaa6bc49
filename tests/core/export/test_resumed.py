"""An export that was killed goes on where it stopped and gives the same bytes as one that was not."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.cli.main import run
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.errors import InputError
from hopchain_core.export import records
from hopchain_core.export.admission import Terms
from hopchain_core.export.formats.names import Format
from hopchain_core.export.pace import ExportProgress, ExportStep, Pace
from hopchain_core.export.unfinished import Purpose, unfinished
from hopchain_core.project import Project

TERMS = Terms(accept_by_construction=True, allow_simulated=True, keep_too_easy=True, format=Format.TRL, shard_size=4)
PURPOSE = Purpose(program="p", terms="t", project="q")
MOMENTS = ("chain 1", "chain 7", "chain 13", "row 1", "row 9", "row 17", "manifest", "flush", "exchange", "removal")
_KILLED = """
import os, signal, sys
from pathlib import Path
from hopchain_core.export import exporter, records, unfinished
from hopchain_core.export.formats import writer
from hopchain_core.project import Project
from tests.core.export.test_resumed import TERMS
from dataclasses import replace
from hopchain_core.export.formats.names import Format

project, out, moment, form = sys.argv[1:]
records.BATCH = 3
left = [int(moment.split()[-1]) if " " in moment else 1]

def dying(module, name, after=False):
    real = getattr(module, name)
    def call(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            if after:
                real(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    setattr(module, name, call)

if moment.startswith("chain"):
    dying(records, "build_record")
elif moment.startswith("row"):
    from hopchain_core.export.formats import parquet
    dying(parquet if form == "hf" else writer, "columns_of" if form == "hf" else "shape")
elif moment == "manifest":
    dying(exporter, "write_manifest", after=True)
elif moment == "flush":
    dying(unfinished, "flush_folder")
elif moment == "exchange":
    dying(unfinished, "put_in_place")
elif moment == "removal":
    dying(unfinished, "put_in_place", after=True)
with Project.open(Path(project), read_only=True) as opened:
    opened.export(Path(out), replace(TERMS, format=Format(form)))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "d"
    assert run(["demo", str(folder), "--scenes", "6", "--seed", "3"]) == 0
    return next(folder.glob("*.hopchain"))


def _bytes(out: Path) -> dict[str, str]:
    """Every file by its hash; the manifest without the moment at which the export began."""
    found = {}
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if path.name == "manifest.json":
            manifest = json.loads(data)
            del manifest["exported_at"]
            data = json.dumps(manifest).encode()
        found[path.relative_to(out).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


def _killed(project: Path, out: Path, moment: str, form: Format = Format.TRL) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(project), str(out), moment, form.value],
        check=False,
        capture_output=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def _whole(project: Path, out: Path, form: Format = Format.TRL) -> dict[str, str]:
    """What an export that nobody disturbs gives at this place, which is empty again afterwards."""
    with Project.open(project, read_only=True) as opened:
        opened.export(out, replace(TERMS, format=form))
    found = _bytes(out)
    out.rename(out.with_name("undisturbed"))
    return found


@pytest.mark.parametrize("moment", MOMENTS)
def test_that_an_export_killed_at_any_moment_ends_in_the_same_bytes(made: Path, tmp_path: Path, moment: str) -> None:
    out = tmp_path / "out"
    whole = _whole(made, out)
    _killed(made, out, moment)
    with Project.open(made, read_only=True) as opened:
        summary = opened.export(out, TERMS)
    assert _bytes(out) == whole
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "undisturbed"]
    assert (summary.resumed > 0) == (moment not in ("chain 1", "exchange", "removal"))


@pytest.mark.parametrize("moment", ["row 1", "row 9"])
@pytest.mark.parametrize("form", [Format.HF, Format.SKYRL])
def test_that_shards_with_pictures_inside_end_in_the_same_bytes(
    made: Path, tmp_path: Path, form: Format, moment: str
) -> None:
    if form is Format.HF:
        pytest.importorskip("pyarrow")
    out = tmp_path / "out"
    whole = _whole(made, out, form)
    _killed(made, out, moment, form)
    with Project.open(made, read_only=True) as opened:
        opened.export(out, replace(TERMS, format=form))
    assert _bytes(out) == whole


def test_that_two_kills_one_after_the_other_end_in_the_same_bytes(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    whole = _whole(made, out)
    for moment in ("chain 5", "chain 2", "row 6", "row 3"):
        _killed(made, out, moment)
    with Project.open(made, read_only=True) as opened:
        opened.export(out, TERMS)
    assert _bytes(out) == whole


def test_that_what_is_done_is_not_done_again(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _killed(made, tmp_path / "out", "chain 13")
    built: list[Any] = []
    real = records.build_record
    monkeypatch.setattr(records, "build_record", lambda *args: (built.append(args), real(*args))[1])
    with Project.open(made, read_only=True) as opened:
        summary = opened.export(tmp_path / "out", TERMS)
    assert summary.resumed >= 3
    assert len(built) <= summary.records - 9


def _changed_terms(_project: Path, tmp_path: Path) -> Terms:
    return replace(TERMS, without_flagged=True)


def _changed_project(project: Path, _tmp_path: Path) -> Terms:
    with Project.open(project) as opened:
        with opened.read() as read:
            key = next(iter(read.chains())).chain.key
        opened.mark(Mark(chain=key, kind=MarkKind.FLAG, reason="look again"))
    return TERMS


@pytest.mark.parametrize(
    ("change", "why"), [(_changed_terms, "other options"), (_changed_project, "the project has been changed")]
)
def test_that_after_a_change_it_starts_afresh_and_says_why(
    made: Path, tmp_path: Path, change: Callable[[Path, Path], Terms], why: str
) -> None:
    out = tmp_path / "out"
    _killed(made, out, "chain 7")
    terms = change(made, tmp_path)
    told: list[ExportProgress] = []
    with Project.open(made, read_only=True) as opened:
        summary = opened.export(out, terms, watch=told.append)
        assert summary.resumed == 0
        assert why in summary.why_afresh
        assert why in told[0].why_afresh
        found = _bytes(out)
        opened.export(out, terms)
    assert _bytes(out) == found


def test_that_opening_and_closing_the_project_changes_nothing(made: Path, tmp_path: Path) -> None:
    _killed(made, tmp_path / "out", "chain 7")
    with Project.open(made):
        pass
    with Project.open(made) as opened:
        assert opened.export(tmp_path / "out", TERMS).resumed > 0


def test_that_a_broken_state_is_no_state(made: Path, tmp_path: Path) -> None:
    _killed(made, tmp_path / "out", "chain 7")
    (tmp_path / ".out.unfinished/state.json").write_text("{")
    with Project.open(made, read_only=True) as opened:
        assert opened.export(tmp_path / "out", TERMS).resumed == 0


def test_that_a_full_disk_keeps_what_is_there(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with Project.open(made, read_only=True) as opened:
        with monkeypatch.context() as patch:
            patch.setattr("hopchain_core.export.exporter.write_manifest", full)
            with pytest.raises(OSError, match="No space"):
                opened.export(tmp_path / "out", TERMS)
        assert opened.export(tmp_path / "out", TERMS).resumed > 0


def test_that_two_exports_to_one_place_do_not_meet(tmp_path: Path) -> None:
    with unfinished(tmp_path / "out", PURPOSE), pytest.raises(InputError, match="Another export"):  # noqa: SIM117
        with unfinished(tmp_path / "out", PURPOSE):
            pass


def test_that_a_watcher_is_told_both_steps_to_their_end(made: Path, tmp_path: Path) -> None:
    told: list[ExportProgress] = []
    with Project.open(made, read_only=True) as opened:
        summary = opened.export(tmp_path / "out", TERMS, watch=told.append)
    last = {p.step: p for p in told}
    assert last[ExportStep.RECORDS].done == last[ExportStep.RECORDS].total >= summary.records
    assert last[ExportStep.ROWS].done == last[ExportStep.ROWS].total == summary.records


def test_that_a_rate_counts_only_what_this_process_did() -> None:
    told: list[ExportProgress] = []
    now = [100.0]
    pace = Pace(told.append, ExportStep.RECORDS, 1_000, clock=lambda: now[0])
    pace.skip(400)
    now[0] += 10.0
    pace.reach(600)
    now[0] += 0.01
    pace.reach(601)
    assert [(p.done, p.before, p.rate_per_s, p.remaining_s) for p in told] == [
        (400, 400, 0.0, None),
        (600, 400, 20.0, 20.0),
    ]
