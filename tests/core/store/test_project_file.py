"""Opening, refusing, sharing and closing a project file."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from hopchain_core.errors import (
    InputError,
    KnownError,
    ProjectDamagedError,
    ProjectError,
    ProjectForeignError,
    ProjectLockedError,
    ProjectMissingError,
    ProjectTooNewError,
    ProjectUnwritableError,
)
from hopchain_core.store import engine
from hopchain_core.store.file_check import APPLICATION_ID
from hopchain_core.store.lock import WriterLock
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_runs import write_fact
from hopchain_core.store.rows_sources import write_image
from hopchain_core.store.unit_of_work import UnitOfWork
from hopchain_core.store.writer import Priority
from tests.core.store.samples import image

HOLD = """
import sys, time
from pathlib import Path
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_runs import write_fact
project = ProjectFile.open(Path(sys.argv[1]))
project.writer.submit(lambda uow: write_fact(uow, "held", "yes")).result()
print("held", flush=True)
time.sleep(60)
"""


def test_that_a_new_project_keeps_its_seed_and_its_name_for_life(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path / "p.hopchain", seed=-3) as made:
        uuid = made.uuid
    with ProjectFile.open(tmp_path / "p.hopchain") as opened:
        assert (opened.seed, opened.uuid) == (-3, uuid)
    assert len(uuid) == 36


def test_that_a_closed_project_is_one_file(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path / "p.hopchain") as project:
        project.writer.submit(lambda uow: write_image(uow, image())).result()
        assert (tmp_path / "p.hopchain-wal").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["p.hopchain"]


def test_that_the_file_says_what_it_is(tmp_path: Path) -> None:
    ProjectFile.create(tmp_path / "p.hopchain").close()
    assert (tmp_path / "p.hopchain").read_bytes()[68:72] == b"HOPC"


def test_that_create_leaves_what_is_there_alone(tmp_path: Path) -> None:
    path = tmp_path / "p.hopchain"
    path.write_text("mine")
    with pytest.raises(InputError) as caught:
        ProjectFile.create(path)
    assert caught.value.hint
    assert path.read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["p.hopchain"]


def test_that_create_needs_its_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        ProjectFile.create(tmp_path / "missing" / "p.hopchain")


def _text(path: Path) -> None:
    path.write_text("not a database, but longer than the hundred bytes of a header " * 40)


def _empty(path: Path) -> None:
    path.touch()


def _folder(path: Path) -> None:
    path.mkdir()


def _other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")


def _newer(path: Path) -> None:
    ProjectFile.create(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


def _truncated(path: Path) -> None:
    ProjectFile.create(path).close()
    os.truncate(path, path.stat().st_size // 2)


def _cut_header(path: Path) -> None:
    ProjectFile.create(path).close()
    os.truncate(path, 1000)


def _zeroed(path: Path) -> None:
    ProjectFile.create(path).close()
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)


def _without_a_table(path: Path) -> None:
    ProjectFile.create(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE chain_image")


def _without_facts(path: Path) -> None:
    ProjectFile.create(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM project")


def _without_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


REFUSED: list[tuple[Callable[[Path], None], type[KnownError]]] = [
    (_text, ProjectForeignError),
    (_empty, ProjectForeignError),
    (_folder, ProjectForeignError),
    (_other_program, ProjectForeignError),
    (_newer, ProjectTooNewError),
    (_truncated, ProjectDamagedError),
    (_cut_header, ProjectDamagedError),
    (_zeroed, ProjectDamagedError),
    (_without_a_table, ProjectDamagedError),
    (_without_facts, ProjectDamagedError),
    (_without_version, ProjectDamagedError),
]


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(("make", "error"), REFUSED, ids=lambda value: getattr(value, "__name__", ""))
def test_that_a_file_that_is_no_sound_project_is_refused_and_untouched(
    tmp_path: Path, make: Callable[[Path], None], error: type[KnownError], read_only: bool
) -> None:
    path = tmp_path / "p.hopchain"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(error) as caught:
        ProjectFile.open(path, read_only=read_only)
    assert type(caught.value) is error
    assert caught.value.hint
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert [p.name for p in tmp_path.iterdir()] == ["p.hopchain"]


def test_that_a_missing_project_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectMissingError, match=r"p\.hopchain") as caught:
        ProjectFile.open(tmp_path / "p.hopchain")
    assert "hopchain new" in caught.value.hint
    assert not list(tmp_path.iterdir())


def _add_pictures(uow: UnitOfWork, numbers: range) -> None:
    for number in numbers:
        write_image(uow, image(f"{number:06d}"))


def test_that_damage_deep_in_the_file_is_named_when_it_is_met(tmp_path: Path) -> None:
    path = tmp_path / "p.hopchain"
    with ProjectFile.create(path) as project:
        for start in range(0, 2000, 200):
            project.writer.submit(partial(_add_pictures, numbers=range(start, start + 200))).result()
    data = bytearray(path.read_bytes())
    page_size = int.from_bytes(data[16:18], "big")
    middle = data.index(b"pictures/001000.jpg") // page_size
    data[middle * page_size : (middle + 1) * page_size] = b"\xee" * page_size
    path.write_bytes(data)
    with ProjectFile.open(path, read_only=True) as project:
        with pytest.raises(ProjectDamagedError, match="damaged"), project.read() as reader:
            list(reader.images())
        assert project.problems()


def test_that_a_sound_project_has_no_problems(project: ProjectFile) -> None:
    assert project.problems() == []


def test_that_a_second_writer_is_refused_and_told_by_whom(project: ProjectFile) -> None:
    with pytest.raises(ProjectLockedError, match=str(os.getpid())) as caught:
        ProjectFile.open(project.path)
    assert "read-only" in caught.value.hint


def test_that_reading_goes_on_beside_a_writer_of_another_process(tmp_path: Path) -> None:
    path = tmp_path / "p.hopchain"
    ProjectFile.create(path).close()
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ProjectLockedError, match=f"process {holder.pid} "):
            ProjectFile.open(path)
        with ProjectFile.open(path, read_only=True) as project, project.read() as reader:
            assert reader.fact("held") == "yes"
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate()
    assert path.with_name("p.hopchain-wal").exists()
    with ProjectFile.open(path, read_only=True) as project, project.read() as reader:
        assert reader.fact("held") == "yes"
    with ProjectFile.open(path) as project, project.read() as reader:
        assert reader.fact("held") == "yes"


def test_that_a_snapshot_of_an_unwritten_project_keeps_a_writer_out_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.hopchain"
    ProjectFile.create(path).close()
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.1)
    with ProjectFile.open(path, read_only=True) as other:
        with other.read(), pytest.raises(ProjectLockedError, match="another program") as caught:
            ProjectFile.open(path)
        assert caught.value.hint
        ProjectFile.open(path).close()


def test_that_a_lock_file_removed_in_the_last_moment_locks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real, calls = tmp_path / "p.hopchain", fcntl.flock, list[int]()

    def flock(descriptor: int, how: int) -> None:
        calls.append(descriptor)
        if len(calls) == 1:
            (tmp_path / "p.hopchain.lock").unlink()  # what its last holder does between our opening and our locking
        real(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    lock = WriterLock(path)
    with pytest.raises(ProjectLockedError):
        WriterLock(path)
    lock.release()
    WriterLock(path).release()


def test_that_a_forked_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "p.hopchain"
    script = """
import os, sys, time
from pathlib import Path
from hopchain_core.store.lock import WriterLock
lock = WriterLock(Path(sys.argv[1]))
child = os.fork()
if child == 0:
    time.sleep(60)
print(child, flush=True)
time.sleep(60)
"""
    holder = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    child = int(holder.stdout.readline())
    ProjectFile.create(tmp_path / "other.hopchain").close()
    shutil.copy(tmp_path / "other.hopchain", path)
    try:
        with pytest.raises(ProjectLockedError):
            ProjectFile.open(path)
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        os.kill(child, 0)
        ProjectFile.open(path).close()
    finally:
        os.kill(child, signal.SIGKILL)
        holder.stdout.close()


def test_that_a_read_only_project_shows_what_others_commit_and_writes_nothing(project: ProjectFile) -> None:
    with ProjectFile.open(project.path, read_only=True) as other:
        project.writer.submit(lambda uow: write_image(uow, image())).result()
        with other.read() as reader:
            assert reader.image_count() == 1
        with pytest.raises(ProjectError, match="read-only"):
            other.edit("Add", lambda uow: write_image(uow, image("b")))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_that_a_project_in_a_folder_nobody_may_write_to_opens_read_only(tmp_path: Path) -> None:
    folder = tmp_path / "medium"
    folder.mkdir()
    ProjectFile.create(folder / "p.hopchain").close()
    folder.chmod(0o555)
    try:
        with pytest.raises(ProjectError) as caught:
            ProjectFile.open(folder / "p.hopchain")
        assert "read-only" in caught.value.hint
        ProjectFile.open(folder / "p.hopchain", read_only=True).close()
    finally:
        folder.chmod(0o755)


def test_that_a_file_nobody_may_write_to_is_refused_for_writing_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.hopchain"
    ProjectFile.create(path).close()
    # The superuser may write to everything, so the system's answer is given here.
    asked = os.access
    monkeypatch.setattr(os, "access", lambda file, mode: mode != os.W_OK and asked(file, mode))
    with pytest.raises(ProjectUnwritableError, match="the file is read-only"):
        ProjectFile.open(path)
    assert [file.name for file in tmp_path.iterdir()] == ["p.hopchain"]
    ProjectFile.open(path, read_only=True).close()


def test_that_a_snapshot_stays_as_it_was_when_it_began(project: ProjectFile) -> None:
    with project.read() as reader:
        project.writer.submit(lambda uow: write_image(uow, image())).result()
        assert reader.image_count() == 0
    with project.read() as reader:
        assert reader.image_count() == 1


def test_that_snapshots_are_read_in_many_threads_at_once(project: ProjectFile) -> None:
    project.writer.submit(lambda uow: [write_image(uow, image(f"{n}")) for n in range(20)]).result()
    barrier, found = threading.Barrier(20), []

    def look() -> None:
        with project.read() as reader:
            barrier.wait(timeout=20)
            found.append(sum(1 for _ in reader.images()))

    threads = [threading.Thread(target=look) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [20] * 20


def test_that_an_error_in_an_edit_writes_nothing(project: ProjectFile) -> None:
    def fails(uow: object) -> None:
        write_image(uow, image())  # type: ignore[arg-type]
        raise LookupError("the caller's own")

    with pytest.raises(LookupError, match="own"):
        project.edit("Add", fails)
    with project.read() as reader:
        assert reader.image_count() == 0
    assert project.undo_texts() == (None, None)


def test_that_a_closed_project_says_so(tmp_path: Path) -> None:
    project = ProjectFile.create(tmp_path / "p.hopchain")
    project.close()
    project.close()
    with pytest.raises(ProjectError, match="closed"):
        project.edit("Add", lambda uow: write_fact(uow, "a", "b"))
    with pytest.raises(ProjectError, match="closed"), project.read():
        pass


def test_that_a_snapshot_open_during_close_is_read_to_its_end(tmp_path: Path) -> None:
    project = ProjectFile.create(tmp_path / "p.hopchain")
    project.writer.submit(lambda uow: [write_image(uow, image(f"{n}")) for n in range(5)]).result()
    with project.read() as reader:
        images = reader.images()
        next(images)
        project.close()
        assert sum(1 for _ in images) == 4
    with ProjectFile.open(tmp_path / "p.hopchain") as again, again.read() as reader:
        assert reader.image_count() == 5


def test_that_waiting_for_an_edit_inside_the_writer_is_refused(project: ProjectFile) -> None:
    with pytest.raises(RuntimeError, match="writer's own thread"):
        project.writer.submit(lambda uow: project.undo(), Priority.PERSON).result()


def test_that_a_read_only_file_is_opened_where_the_name_needs_quoting(tmp_path: Path) -> None:
    path = tmp_path / "ä #1 100%?mode=x.hopchain"
    ProjectFile.create(path).close()
    with ProjectFile.open(path, read_only=True) as project:
        assert project.path == path
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
