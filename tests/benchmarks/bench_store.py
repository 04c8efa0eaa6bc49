"""Opening and paging a big project, and how long a person's write takes beside a job that writes without a gap."""

from __future__ import annotations

import json
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, Composer, Hop, InstanceReference, Level, ValueReference, chain_to_json
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey, RunId, canonical_json, content_key
from hopchain_core.domain.provenance import WorkStatus
from hopchain_core.domain.review import Annotation, Outcome
from hopchain_core.store.engine import driver
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.queries import ImageQuery
from hopchain_core.store.rows_chains import write_annotation, write_chains
from hopchain_core.store.rows_runs import start_run, write_work
from hopchain_core.store.rows_sources import write_image
from hopchain_core.store.unit_of_work import UnitOfWork
from hopchain_core.store.writer import Priority

PICTURES = 100_000
PAGE = 200
SAMPLED = 1000
JOB_ROWS = 20
PEOPLE_WRITES = 200
BETWEEN_WRITES_S = 0.01
STAGES = ("segment", "compose", "audit")
CATEGORIES = ("cup", "book", "bottle", "clock", "ball")


def main() -> None:
    """Prints every row."""
    for row in run():
        print(f"{row['name']}: {row['ours']:.3g} {row['unit']}, {row['other_name']} {row['other']:.3g} {row['unit']}")
        print(f"    {row['note']}")


def run() -> list[dict[str, Any]]:
    """All measurements of the store."""
    with tempfile.TemporaryDirectory() as folder:
        return [*bench_big_project(Path(folder)), *bench_writing(Path(folder)), bench_work(Path(folder))]


def bench_big_project(folder: Path, pictures: int = PICTURES) -> list[dict[str, Any]]:
    """Opening a project and showing its first page, beside a JSON file with the same pictures."""
    path, listing = folder / "big.hopchain", folder / "big.json"
    fill(path, pictures)
    with ProjectFile.open(path, read_only=True) as project, project.read() as reader:
        rows = [{"path": i.path, "key": i.key, "width": i.width_px, "height": i.height_px} for i in reader.images()]
    listing.write_text(json.dumps(rows), encoding="utf-8")

    def ours() -> None:
        with ProjectFile.open(path, read_only=True) as project, project.read() as reader:
            ids = reader.image_ids()
            assert len(ids) == pictures
            assert len(reader.image_rows(ids[:PAGE])) == PAGE

    def theirs() -> None:
        rows = sorted(json.loads(listing.read_text(encoding="utf-8")), key=lambda row: (row["path"], row["key"]))
        assert len(rows[:PAGE]) == PAGE

    found = [
        {
            "name": f"open and show the first {PAGE} of {pictures} pictures",
            "ours": median_s(ours) * 1000,
            "other_name": "read a JSON list of the pictures alone",
            "other": median_s(theirs) * 1000,
            "unit": "ms",
            "note": "ours with counts of instances and chains by status for the page; the JSON has neither",
        }
    ]
    with ProjectFile.open(path, read_only=True) as project, project.read() as reader:
        ids = reader.image_ids()
        middle = pictures // 2
        keys = [row.key for row in reader.chain_rows(reader.chain_ids()[:SAMPLED])]
        one_by_one = median_s(lambda: [reader.status(key) for key in keys]) * pictures / len(keys)
        filtered = median_s(lambda: reader.image_ids(ImageQuery(category="clock")))
        counted = median_s(reader.counts)
        found += [
            {
                "name": f"jump to a page in the middle of {pictures} pictures",
                "ours": median_s(lambda: reader.image_rows(ids[middle : middle + PAGE])) * 1000,
                "other_name": "read a JSON list of the pictures alone",
                "other": median_s(theirs) * 1000,
                "unit": "ms",
                "note": f"ids of the pictures that hold a clock: {filtered * 1000:.0f} ms",
            },
            {
                "name": f"count where {pictures} chains stand",
                "ours": median_s(reader.status_counts) * 1000,
                "other_name": "ask for each chain's status",
                "other": one_by_one * 1000,
                "unit": "ms",
                "note": f"the other side from {SAMPLED} chains; counting {4 * pictures} instances that are seen,"
                f" the pictures and the chains takes {counted * 1000:.0f} ms",
            },
        ]
    return found


def bench_writing(folder: Path) -> list[dict[str, Any]]:
    """A person's write beside a job without a gap: one writer with priorities, and two plain connections."""
    ours, job_rate = _latencies_of_writer(folder / "writer.hopchain")
    theirs, plain_rate, failures = _latencies_of_plain_sqlite(folder / "plain.hopchain")
    note = (
        f"job writes {JOB_ROWS} rows a transaction: {job_rate:.0f} rows/s beside ours, {plain_rate:.0f} beside plain; "
        f"{failures} of {PEOPLE_WRITES} plain writes failed with 'database is locked'"
    )
    return [
        {
            "name": f"a person's write beside a job, {label}",
            "ours": pick(ours) * 1000,
            "other_name": "sqlite3 with busy_timeout",
            "other": pick(theirs) * 1000,
            "unit": "ms",
            "note": note,
        }
        for label, pick in (("median", statistics.median), ("p95", _p95), ("longest", max))
    ]


def bench_work(folder: Path, items: int = 1000) -> dict[str, Any]:
    """Committing one item (a work row and three chains), beside the same rows through plain sqlite3."""
    with ProjectFile.create(folder / "items.hopchain") as project:
        keys = project.writer.submit(lambda uow: _pictures(uow, 0, items)).result()
        run_id = project.writer.submit(lambda uow: _run(uow, "compose")).result()
        chains = [[_chain(key, number) for number in range(3)] for key in keys]
        begun = time.perf_counter()
        for key, made in zip(keys, chains, strict=True):
            project.writer.submit(partial(_compose, run_id=run_id, key=key, chains=made)).result()
        ours = (time.perf_counter() - begun) / items
    connection = sqlite3.connect(folder / "items.hopchain", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    rows = connection.execute("SELECT * FROM chain").fetchall()
    work = connection.execute("SELECT * FROM work").fetchall()
    connection.execute("CREATE TABLE chain2 AS SELECT * FROM chain WHERE 0")
    connection.execute("CREATE TABLE work2 AS SELECT * FROM work WHERE 0")
    begun = time.perf_counter()
    for number in range(items):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"INSERT INTO work2 VALUES ({','.join('?' * len(work[0]))})", work[number])
        marks = ",".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO chain2 VALUES ({marks})", rows[3 * number : 3 * number + 3])
        connection.execute("COMMIT")
    theirs = (time.perf_counter() - begun) / items
    connection.close()
    return {
        "name": "commit one item with three chains",
        "ours": ours * 1000,
        "other_name": "plain sqlite3, prepared rows, no index",
        "other": theirs * 1000,
        "unit": "ms",
        "note": "ours makes keys and JSON, looks for earlier work, keeps indexes and foreign keys, and changes threads",
    }


def fill(path: Path, pictures: int) -> None:
    """Makes a project with four instances and one composed, audited chain for each picture.

    The rows are made without the domain's values, which would take a minute and a half of hashing and JSON.
    """
    with ProjectFile.create(path) as project:
        for first in range(0, pictures, 10_000):
            numbers = range(first, min(first + 10_000, pictures))
            project.writer.submit(partial(_fill, numbers=numbers)).result()


def median_s(call: Callable[[], object], times: int = 5) -> float:
    """Median of the seconds a call takes."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def _fill(uow: UnitOfWork, numbers: range) -> None:
    plain = driver(uow.conn)
    for stage in STAGES if numbers.start == 0 else ():
        _run(uow, stage)
    plain.executemany(
        "INSERT INTO image VALUES (?, ?, ?, 640, 480, '', '', '', 'JPEG', '')",
        ((n + 1, _image_key(n), _path(n)) for n in numbers),
    )
    plain.executemany(
        "INSERT INTO work VALUES (?, ?, 'f', ?, ?, ?, 'done', 1, 0.1, NULL, NULL)",
        (
            (3 * n + index + 1, stage, f"{n:016x}", f"{n:016x}" if stage == "audit" else _image_key(n), index + 1)
            for n in numbers
            for index, stage in enumerate(STAGES)
        ),
    )
    mask = "PPYo1" + "0O1O" * 60
    plain.executemany(
        "INSERT INTO instance VALUES (NULL, ?, ?, ?, ?, ?, 20, ?, 40, ?, 160, 0.5, 'model', '[]', 0, NULL, 0, 0)",
        (
            (f"{4 * n + i:016x}", n + 1, 3 * n + 1, CATEGORIES[(n * 7 + i) % len(CATEGORIES)], 9 * i, 9 * i + 8, mask)
            for n in numbers
            for i in range(4)
        ),
    )
    body = canonical_json(chain_to_json(_chain(_image_key(0), 0)))
    plain.executemany(
        "INSERT INTO chain VALUES (?, ?, ?, ?, '4', 'program', 1, NULL, 0, 4, ?)",
        ((n + 1, f"{n:016x}", 3 * n + 2, f"What number do you reach in picture {n}?", body) for n in numbers),
    )
    plain.executemany("INSERT INTO chain_image VALUES (?, 0, ?)", ((n + 1, n + 1) for n in numbers))


def _image_key(number: int) -> ImageKey:
    return ImageKey(f"{number * 2654435761 % 2**32:064x}")


def _path(number: int) -> str:
    return f"pictures/{number % 100:02d}/{number:08d}.jpg"


def _pictures(uow: UnitOfWork, first: int, count: int) -> list[ImageKey]:
    keys = []
    for number in range(first, first + count):
        key = _image_key(number)
        write_image(uow, Image(key=key, path=_path(number), width_px=640, height_px=480))
        keys.append(key)
    return keys


def _run(uow: UnitOfWork, stage: str) -> RunId:
    return start_run(uow, stage=stage, stage_version=1, fingerprint="f", options={}, backend=None)


def _work(uow: UnitOfWork, run_id: RunId, stage: str, subject: str) -> int:
    return write_work(
        uow,
        stage=stage,
        fingerprint="f",
        item_key=subject,
        subject=subject,
        run_id=run_id,
        status=WorkStatus.DONE,
        seconds=0.1,
    )


def _compose(uow: UnitOfWork, run_id: RunId, key: ImageKey, chains: list[Chain]) -> None:
    write_chains(uow, _work(uow, run_id, "compose", key), chains)


def _chain(key: ImageKey, number: int) -> Chain:
    instances = tuple(InstanceKey(content_key([key, number, i])) for i in range(4))
    hops = tuple(
        Hop(
            index=i + 1,
            level=Level.ONE_OBJECT,
            sub_question=f"Which object is the {i + 1}th from the left of those that stand on the table?",
            uses=(InstanceReference(instances[i]),),
            establishes=(InstanceReference(instances[(i + 1) % 4]), ValueReference("4")),
            needs=(i,) if i else (),
            output="the red mug beside the clock",
        )
        for i in range(4)
    )
    return Chain(
        images=(key,),
        instances=instances,
        question=f"Start with the mug and go on from there {number} times; what number do you reach in the end?",
        hops=hops,
        answer=Answer(Decimal(number)),
        composer=Composer.PROGRAM,
    )


def _latencies_of_writer(path: Path) -> tuple[list[float], float]:
    with ProjectFile.create(path) as project:
        stop, written = threading.Event(), [0]

        def job() -> None:
            while not stop.is_set():
                first = written[0]
                project.writer.submit(partial(_pictures, first=first, count=JOB_ROWS)).result()
                written[0] += JOB_ROWS

        thread = threading.Thread(target=job)
        begun = time.perf_counter()
        thread.start()
        taken = []
        for number in range(PEOPLE_WRITES):
            answer = Annotation(
                chain=ChainKey(f"{number:016x}"), annotator="a", outcome=Outcome.ANSWERED, answer=Answer.of(number)
            )
            since = time.perf_counter()
            project.writer.submit(partial(write_annotation, annotation=answer), Priority.PERSON).result()
            taken.append(time.perf_counter() - since)
            time.sleep(BETWEEN_WRITES_S)
        stop.set()
        thread.join()
        return taken, written[0] / (time.perf_counter() - begun)


def _latencies_of_plain_sqlite(path: Path) -> tuple[list[float], float, int]:
    ProjectFile.create(path).close()
    stop, written, failures = threading.Event(), [0], 0
    # The statements `write_image` makes, so that both sides do the same for a picture.
    statements = (
        "DELETE FROM refused_file WHERE path = :path",
        "SELECT id FROM image WHERE key = :key",
        "INSERT INTO image VALUES (NULL, :key, :path, 640, 480, '', '', '', '', '')",
    )

    def job() -> None:
        connection = _plain(path)
        while not stop.is_set():
            connection.execute("BEGIN IMMEDIATE")
            for number in range(written[0], written[0] + JOB_ROWS):
                for statement in statements:
                    connection.execute(statement, {"key": _image_key(number), "path": _path(number)}).fetchall()
            connection.execute("COMMIT")
            written[0] += JOB_ROWS
        connection.close()

    thread = threading.Thread(target=job)
    begun = time.perf_counter()
    thread.start()
    connection, taken = _plain(path), []
    for number in range(PEOPLE_WRITES):
        since = time.perf_counter()
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO annotation VALUES (NULL, ?, 'a', 'answered', '3', 0, '', '')", (f"{number:016x}",)
            )
            connection.execute("COMMIT")
        except sqlite3.OperationalError:
            failures += 1
        taken.append(time.perf_counter() - since)
        time.sleep(BETWEEN_WRITES_S)
    stop.set()
    thread.join()
    connection.close()
    return taken, written[0] / (time.perf_counter() - begun), failures


def _plain(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5.0)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


if __name__ == "__main__":
    main()
