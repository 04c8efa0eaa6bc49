"""Rounds in a project's own file at 10,000 questions.

Nothing to compare with: no tool that was tried gives verdicts while people answer.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hopchain_core.domain.policy import Policy
from hopchain_core.domain.review import Outcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.project import Project
from tests.benchmarks.bench_store import fill

QUESTIONS = 10_000
PEOPLE = ("ann", "bob", "cat", "dan", "eve", "fay")
ANSWERED = 300


def main() -> None:
    """Prints every row."""
    for row in run():
        print(f"{row['name']}: {row['ours']:.3g} {row['unit']}\n    {row['note']}")


def run() -> list[dict[str, Any]]:
    """All measurements."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "p.hopchain"
        fill(path, QUESTIONS)
        with Project.open(path) as project:
            for person in PEOPLE:
                project.add_annotator(person)
            opening = milliseconds(lambda: project.open_round(RoundTerms(per_chain=4)))
            undoing = milliseconds(project.undo)
            project.redo()
            begin = milliseconds(lambda: project.blind("ann"))
            nexts, answers = answering(project)
            policy = milliseconds(lambda: project.set_policy(Policy(agreeing=3)))
    return [
        _row(
            f"open a round of {QUESTIONS} questions, 4 of 6 people each", opening,
            f"dealt out evenly over people and pairs of them; undone in {undoing:.0f} ms",
        ),
        _row("begin a sitting of 6,667 questions", begin, "the person's whole list is read, once"),
        _row("next question of a project, median", statistics.median(nexts), f"p95 {_p95(nexts):.2f} ms"),
        _row(
            "an answer with its verdict, on the disk, median", statistics.median(answers),
            f"recorded for undo and judged in one transaction; p95 {_p95(answers):.1f} ms",
        ),
        _row(f"judge {QUESTIONS} chains under another policy", policy, "in one transaction, with every list right after it"),
    ]  # fmt: skip


def answering(project: Project) -> tuple[list[float], list[float]]:
    """Milliseconds for the next question, and for an answer."""
    source = project.blind("ann")
    nexts, answers = [], []
    for number in range(ANSWERED):
        begun = time.perf_counter()
        item = source.next()
        nexts.append((time.perf_counter() - begun) * 1000)
        assert item is not None
        begun = time.perf_counter()
        source.answer(item.id, Outcome.ANSWERED, str(number), active_seconds=9.0)
        answers.append((time.perf_counter() - begun) * 1000)
    return nexts, answers


def milliseconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]


def _row(name: str, ours: float, note: str) -> dict[str, Any]:
    return {"name": name, "ours": ours, "other_name": "", "other": None, "unit": "ms", "note": note}


if __name__ == "__main__":
    main()
