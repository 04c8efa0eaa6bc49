"""Packets and agreement at 10,000 questions and four people, beside scripts over JSON and the krippendorff package.

The other side does what people do without us: one JSON file a person, merged by a loop, and alpha of a matrix. It checks
nothing, knows no versions of questions, and cannot be undone.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopchain_core.blind import Given
from hopchain_core.domain.agreement import alpha
from hopchain_core.domain.review import Outcome
from hopchain_core.packets import open_packet
from hopchain_core.packets.file import reading
from hopchain_core.packets.form import Pictures
from hopchain_core.packets.seals import answer_seal
from hopchain_core.project import AnswerRow, Project
from tests.benchmarks.bench_store import fill

QUESTIONS = 10_000
PEOPLE = ("ann", "bob", "cat", "dan")
RIGHT = 0.85
ANSWERED_BY_HAND = 200
RESAMPLES_OF_OTHER = 20


def main() -> None:
    """Prints every row."""
    for row in run():
        other = "" if row["other"] is None else f", {row['other_name']} {row['other']:.3g} {row['unit']}"
        print(f"{row['name']}: {row['ours']:.3g} {row['unit']}{other}")
        print(f"    {row['note']}")


def run() -> list[dict[str, Any]]:
    """All measurements."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder / "p.hopchain", QUESTIONS)
        with Project.open(folder / "p.hopchain") as project:
            for person in PEOPLE:
                project.add_annotator(person)
            project.open_round()
            rows = [bench_make(project, folder)]
            files = [folder / f"{person}.hopchain-packet" for person in PEOPLE]
            rows += bench_answering(folder / "ann.hopchain-packet", folder / "answering.hopchain-packet")
            for seed, path in enumerate(files):
                answer_all(path, seed)
            rows += bench_merge(project, files, folder)
            rows += bench_agreement(project)
    return rows


def bench_make(project: Project, folder: Path) -> dict[str, Any]:
    """A packet of 10,000 questions over as many pictures that it refers to."""
    taken = [
        seconds(lambda person=person: project.make_packet(  # type: ignore[misc]
            person, folder / f"{person}.hopchain-packet", pictures=Pictures.REFERENCE
        ))
        for person in PEOPLE
    ]  # fmt: skip
    with reading(folder / "ann.hopchain-packet") as packet:
        listed = [{"question": item.question, "picture": packet.pictures[item.picture].path} for item in packet.items]
    theirs = seconds(lambda: (folder / "ann.json").write_text(json.dumps(listed), encoding="utf-8"))
    size = (folder / "ann.hopchain-packet").stat().st_size
    return {
        "name": f"make a packet of {QUESTIONS} questions with as many pictures referred to",
        "ours": statistics.median(taken) * 1000,
        "other_name": "json.dumps of a list already there",
        "other": theirs * 1000,
        "unit": "ms",
        "note": f"ours reads who is asked what, gives every question a sealed id and is on the disk; {size / 1e6:.1f} MB",
    }


def bench_answering(packet: Path, copy: Path) -> list[dict[str, Any]]:
    """Opening a packet, and from one answer to the next question."""
    shutil.copy(packet, copy)
    opening = seconds(lambda: open_packet(copy).close())
    steps = []
    with open_packet(copy) as source:
        item = source.next()
        for number in range(ANSWERED_BY_HAND):
            assert item is not None
            begun = time.perf_counter()
            source.answer(item.id, Outcome.ANSWERED, str(number), active_seconds=9.0)
            item = source.next()
            source.progress()
            steps.append(time.perf_counter() - begun)
    with reading(copy) as rows:
        answers = {item.id: ["", "", 0.0] for item in rows.items}
    plain = [seconds(lambda: copy.with_suffix(".json").write_text(json.dumps(answers))) for _ in range(10)]
    return [
        {
            "name": f"open a packet of {QUESTIONS} questions",
            "ours": opening * 1000,
            "other_name": "",
            "other": None,
            "unit": "ms",
            "note": "every question is checked against the packet's digest",
        },
        {
            "name": "from an answer to the next question, median",
            "ours": statistics.median(steps) * 1000,
            "other_name": "write a JSON file of all answers anew",
            "other": statistics.median(plain) * 1000,
            "unit": "ms",
            "note": f"ours is sealed and synced to the disk before the next question; p95 {p95(steps) * 1000:.1f} ms",
        },
    ]


def bench_merge(project: Project, files: list[Path], folder: Path) -> list[dict[str, Any]]:
    """Four packets with 10,000 answers each, taken back at once."""
    lists = []
    for path in files:
        with reading(path) as packet:
            text = {item.id: item.question for item in packet.items}
            lists.append(folder / f"{path.stem}.json")
            said = [[text[g.item], g.text or g.outcome.value, g.answered_at] for g in packet.answers()]
        lists[-1].write_text(json.dumps(said), encoding="utf-8")
    begun = time.perf_counter()
    merged = project.merge_packets(files)
    ours = time.perf_counter() - begun
    assert merged.answers.new == 4 * QUESTIONS
    again = seconds(lambda: project.merge_packets(files))
    theirs = seconds(lambda: _merge_lists(lists, folder / "merged.json"))
    return [
        {
            "name": f"merge 4 × {QUESTIONS} answers",
            "ours": ours,
            "other_name": "merge four JSON lists",
            "other": theirs,
            "unit": "s",
            "note": "ours checks every seal, keeps a step of undo and decides all verdicts in the same transaction",
        },
        {
            "name": "merge the same packets again",
            "ours": again,
            "other_name": "merge four JSON lists",
            "other": theirs,
            "unit": "s",
            "note": "nothing is written",
        },
    ]


def bench_agreement(project: Project) -> list[dict[str, Any]]:
    """Statistics of 40,000 answers."""
    found = project.agreement()
    assert found.overall.value is not None
    ours = seconds(project.agreement)
    with project.read() as read:
        rows = read.answer_rows()
    table = _table_of(rows)
    units, values = np.nonzero(~np.isnan(table.T))[0], table.T[~np.isnan(table.T)].astype(np.int64)
    ours_once = statistics.median(seconds(lambda: alpha(units, values)) for _ in range(5))
    once, value = _other_alpha(table)
    if value is not None:
        assert math.isclose(value, found.overall.value, abs_tol=1e-9)
    return [
        {
            "name": f"one alpha of {len(rows)} answers, without its interval",
            "ours": ours_once * 1000,
            "other_name": "the krippendorff package",
            "other": None if once is None else once * 1000,
            "unit": "ms",
            "note": "the same number to nine digits, from tables of codes that are there already",
        },
        {
            "name": f"agreement of {len(rows)} answers: alpha with interval, by group, and four people",
            "ours": ours,
            "other_name": "one alpha of the krippendorff package, resampled as often",
            "other": None if once is None else once * 1000,
            "unit": "s",
            "note": f"{2 + len(found.groups)} alphas, each with 1,000 resamples; the other side is one alpha with its"
            f" interval and no more, reckoned from {RESAMPLES_OF_OTHER} resamples, for 1,000 take minutes",
        },
    ]


def answer_all(path: Path, seed: int) -> None:
    """Answers a packet as a person would, without the years it would take: four people mostly agree."""
    drawn = random.Random(seed)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=seed)
    with reading(path) as packet:
        header, key, items = packet.header, packet.key, packet.items
    rows = []
    for number, item in enumerate(items):
        truth = int(item.question.rpartition(" ")[2].rstrip("?")) % 12
        can_tell = drawn.random() > 0.05
        given = Given(
            item=item.id,
            outcome=Outcome.ANSWERED if can_tell else Outcome.AMBIGUOUS,
            text=str(truth if drawn.random() < RIGHT else drawn.randrange(40)) if can_tell else "",
            reason=None,
            note="",
            active_seconds=round(drawn.lognormvariate(2.5, 0.5), 3),
            answered_at=(at + timedelta(seconds=number)).isoformat(timespec="microseconds"),
        )
        seal = answer_seal(key, header.packet, given)
        rows.append(
            (given.item, given.outcome.value, given.text, "", "", given.active_seconds, given.answered_at, seal)
        )
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.commit()


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return float(np.quantile(values, 0.95))


def _merge_lists(lists: list[Path], out: Path) -> None:
    merged: dict[str, dict[str, list[str]]] = {}
    for path in lists:
        for question, said, at in json.loads(path.read_text(encoding="utf-8")):
            there = merged.setdefault(question, {}).get(path.stem)
            if there is None or at > there[1]:
                merged[question][path.stem] = [said, at]
    out.write_text(json.dumps(merged), encoding="utf-8")


def _table_of(rows: Sequence[AnswerRow]) -> NDArray[np.float64]:
    """What was said, as codes, a row for each person and a column for each question; NaN where nothing was."""
    codes: dict[str, int] = {}
    questions: dict[str, int] = {}
    table = np.full((len(PEOPLE), QUESTIONS), np.nan)
    for row in rows:
        value = codes.setdefault(row.answer or row.outcome.value, len(codes))
        table[PEOPLE.index(row.annotator), questions.setdefault(row.chain_key, len(questions))] = value
    return table


def _other_alpha(table: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Seconds that one alpha of the krippendorff package takes, and the alpha; None where it is not installed."""
    try:
        import krippendorff
    except ImportError:
        return None, None
    drawn = np.random.default_rng(0)

    def other(columns: Any) -> float:
        return float(krippendorff.alpha(reliability_data=columns, level_of_measurement="nominal"))

    taken = [
        seconds(lambda: other(table[:, drawn.integers(0, QUESTIONS, QUESTIONS)])) for _ in range(RESAMPLES_OF_OTHER)
    ]
    return statistics.median(taken), other(table)


if __name__ == "__main__":
    main()
