"""An export's folder is whole or not there, whatever happens on the way."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hopchain_core.export.folder import whole_folder


def _names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def _write_and_raise(out: Path, error: BaseException) -> None:
    with whole_folder(out) as folder:
        (folder / "a").write_text("new")
        raise error


def test_that_a_finished_folder_stands_alone(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with whole_folder(out) as folder:
        (folder / "a").write_text("1")
        assert not out.exists()
    assert _names(out.parent) == ["out"]
    assert (out / "a").read_text() == "1"


def test_that_an_exception_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _write_and_raise(tmp_path / "out", KeyboardInterrupt())
    assert _names(tmp_path) == []


def test_that_an_exception_leaves_an_earlier_folder_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with whole_folder(out) as folder:
        (folder / "a").write_text("old")
    with pytest.raises(OSError, match="full"):
        _write_and_raise(out, OSError("disk full"))
    assert (out / "a").read_text() == "old"
    assert _names(tmp_path) == ["out"]


def test_that_a_second_folder_replaces_the_first_entirely(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with whole_folder(out) as folder:
        (folder / "a").write_text("old")
    with whole_folder(out) as folder:
        (folder / "b").write_text("new")
    assert _names(out) == ["b"]
    assert _names(tmp_path) == ["out"]


def test_that_an_empty_folder_is_filled(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with whole_folder(out) as folder:
        (folder / "a").write_text("1")
    assert _names(out) == ["a"]


_SLOW = """
import sys, time
from pathlib import Path
from hopchain_core.export.folder import whole_folder
with whole_folder(Path(sys.argv[1])) as folder:
    (folder / "a").write_text("new")
    print("writing", flush=True)
    time.sleep(60)
"""


def _kill_while_writing(out: Path) -> int:
    process = subprocess.Popen([sys.executable, "-c", _SLOW, str(out)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return process.pid


def test_that_a_killed_process_leaves_the_earlier_folder_and_its_rest_is_cleared_by_the_next(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with whole_folder(out) as folder:
        (folder / "a").write_text("old")
    pid = _kill_while_writing(out)
    assert (out / "a").read_text() == "old"
    assert _names(tmp_path) == [f".out.partial-{pid}", "out"]
    with whole_folder(out) as folder:
        (folder / "a").write_text("newest")
    assert _names(tmp_path) == ["out"]
    assert (out / "a").read_text() == "newest"


def test_that_a_folder_being_written_by_a_living_process_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    living = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        other = tmp_path / f".out.partial-{living.pid}"
        other.mkdir()
        with whole_folder(out) as folder:
            (folder / "a").write_text("1")
        assert other.exists()
    finally:
        living.kill()
        living.wait()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux exchanges two folders in one step")
def test_that_readers_always_find_a_whole_folder_while_it_is_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with whole_folder(out) as folder:
        (folder / "a").write_text("x")
    watcher = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, sys, time\nend = time.monotonic() + 1.0\nmissing = 0\nprint('on', flush=True)\n"
            "while time.monotonic() < end:\n    missing += not os.path.exists(sys.argv[1])\nsys.exit(missing > 0)",
            str(out / "a"),
        ],
        stdout=subprocess.PIPE,
    )
    assert watcher.stdout is not None
    watcher.stdout.readline()
    while watcher.poll() is None:
        with whole_folder(out) as folder:
            (folder / "a").write_text("x")
        time.sleep(0.002)
    watcher.stdout.close()
    assert watcher.returncode == 0


def test_that_the_folder_is_beside_its_final_place(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "out") as folder:
        assert folder.stat().st_dev == tmp_path.stat().st_dev
        assert folder.parent == tmp_path
