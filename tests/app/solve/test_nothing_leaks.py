"""Whatever reaches the Solve space says nothing of answers, hops, instances, gold or other people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.views.solve.space import SolveSpace
from hopchain_core.blind import BlindSource
from hopchain_core.domain.review import Annotation, Outcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.project import Project

SECRET = "91827.5"
"""What another person answers: no question has it."""


class Recorder:
    """A source that writes down all that it gives."""

    def __init__(self, source: BlindSource) -> None:
        self._source = source
        self.given: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._source, name)
        if not callable(found):
            self.given.append(repr(found))
            return found

        def call(*args: Any, **named: Any) -> Any:
            value = found(*args, **named)
            if name != "read_picture":
                self.given.append(repr(value))
            return value

        return call


def test_that_nothing_but_picture_and_question_reaches_the_space(
    composed: Composed, studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = studio.need_project()
    for name in ("ada", "bo"):
        project.add_annotator(name)
    with project.read() as read:
        chains = [stored.chain for stored in read.chains()]
        gold = read.awaiting_people()[:2]
    for key in gold:
        project.set_gold(key)
    project.open_round(RoundTerms(gold_share=0.2))
    from hopchain_core.domain.answers import Answer

    for chain in chains:
        project.annotate(
            Annotation(
                chain=chain.key,
                annotator="bo",
                outcome=Outcome.ANSWERED,
                answer=Answer.of(SECRET),
                note="bo was here",
            )
        )
    recorders: list[Recorder] = []
    real = Project.blind

    def blind(self: Project, *args: Any, **named: Any) -> Any:
        recorders.append(Recorder(real(self, *args, **named)))
        return recorders[-1]

    monkeypatch.setattr(Project, "blind", blind)
    studio.go("solve", person="ada")
    space = composed.window.stack.currentWidget()
    assert isinstance(space, SolveSpace)
    qtbot.waitUntil(lambda: space.has_question, timeout=20_000)
    while (question := space.sitting.question) is not None:
        QTest.keyClicks(space.sitting.panel.field, "1")
        QTest.keyClick(space.sitting.panel.field, Qt.Key.Key_Return)
        shown = question
        qtbot.waitUntil(lambda: space.sitting.question is not shown)  # noqa: B023
    studio.undo()
    qtbot.waitUntil(lambda: space.has_question)
    recorders[0].recent()
    said = "\n".join(recorders[0].given)
    assert said.count("question=") > len(chains)
    for chain in chains:
        assert chain.key not in said
        for hop in chain.hops:
            assert hop.sub_question not in said
            if hop.output not in chain.question and not hop.output.isdigit():
                assert f"'{hop.output}'" not in said
        for instance in chain.instances:
            assert instance not in said
    for word in (SECRET, "bo was here", "'bo'", "gold", "proposed"):
        assert word not in said
    # The numbers that do come are what this person typed.
    for text in {chain.answer.text for chain in chains} - {"1"}:
        assert f"text='{text}'" not in said
    assert json.dumps(said)
