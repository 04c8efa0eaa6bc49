"""Fifty questions answered by keys from the X server alone, in a process of its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from hopchain_core.domain.review import Outcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.project import Project, RunOptions
from hopchain_core.scenes import write_scenes
from tests.app.screen import ON_A_SCREEN, Desk, desk, display, wait_for

__all__ = ["desk", "display"]
pytestmark = ON_A_SCREEN
QUESTIONS = 50


@pytest.fixture
def sample_project(tmp_path: Path) -> Path:
    """A project with a round of more than fifty questions for the person who sits here."""
    path = tmp_path / "big" / "sample.hopchain"
    path.parent.mkdir()
    write_scenes(path.parent / "scenes", 22, 0, width_px=480, height_px=360, workers=2)
    with Project.create(path) as project:
        project.ingest([path.parent / "scenes"], scenes=path.parent / "scenes")
        project.run(("categorize", "segment", "compose", "audit"), RunOptions(concurrency=2))
        project.add_annotator("ada")
        project.open_round(RoundTerms())
    return path


def answered(path: Path) -> int:
    """Answers in the file, read beside the studio that writes them."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM annotation").fetchone()[0])


def test_that_fifty_questions_are_answered_without_the_mouse(desk: Desk) -> None:
    with Project.open(desk.project, read_only=True) as project, project.read() as read:
        (progress,) = read.round_progress(1)
    assert progress.assigned >= QUESTIONS
    desk.key("ctrl+5")
    wait_for("the space where questions are solved", lambda: desk.is_at(4))
    # The first row has the keyboard: the goal is said by Shift+Tab and an arrow, and Enter begins.
    desk.key("Return")
    for number in range(QUESTIONS):
        before = answered(desk.project)

        def is_sent(number: int = number, before: int = before) -> bool:
            if answered(desk.project) > before:
                return True
            if number % 10 == 7:
                desk.key("n")
            elif number == 40:
                # The goal of forty is reached; Enter goes on.
                desk.key("Return", "4", "Return")
            else:
                desk.key(*str(number), "Return")
            return answered(desk.project) > before

        wait_for(f"answer {number + 1} in the file", is_sent)
    desk.key("Escape")
    wait_for("the rail again", lambda: desk.is_at(4))
    desk.key("ctrl+q")
    wait_for("the end", lambda: desk.process.poll() is not None)
    assert desk.said.read_text(encoding="utf-8") == ""
    with Project.open(desk.project) as project, project.read() as read:
        rows = read.answer_rows()
    assert len(rows) >= QUESTIONS
    assert {row.outcome for row in rows} == {Outcome.ANSWERED, Outcome.CANNOT_TELL}
    assert all(row.seconds > 0 for row in rows)
