"""A studio without a window, and what a person does with a chain in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions import ActionTable
from app.bridge import Bridge
from app.presenters.chain_edit import ChainEdit
from app.settings import Settings
from app.studio import Studio, Toast
from app.style.theme import Theme
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, InstanceReference
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.review import Annotation, Outcome
from hopchain_core.project import Project, StoredChain


class Desk:
    """A chain being edited, without widgets."""

    def __init__(self, studio: Studio, qtbot: QtBot) -> None:
        self.studio, self.qtbot = studio, qtbot
        self.toasts: list[Toast] = []
        studio.toast_asked.connect(self.toasts.append)
        self.edit = ChainEdit(studio, studio)

    @property
    def project(self) -> Project:
        return self.studio.need_project()

    def chains(self) -> list[StoredChain]:
        """Chains that are seen."""
        with self.project.read() as read:
            return list(read.chains())

    def find(self, wanted: Callable[[Chain], bool] = lambda _: True) -> StoredChain:
        """The first chain seen that is so."""
        return next(stored for stored in self.chains() if wanted(stored.chain))

    def facts(self, stored: StoredChain) -> PictureFacts:
        return self.project.facts(stored.chain.image)

    def begin(self, stored: StoredChain | None = None) -> StoredChain:
        """Edits a chain, and waits until it is looked at."""
        stored = stored or self.find(finds_objects)
        self.edit.begin(stored, self.facts(stored))
        self.settle()
        return stored

    def settle(self) -> None:
        """Until the rules have looked at what is typed, and nothing is read or written."""

        def is_quiet() -> bool:
            is_checked = not self.edit.is_editing or self.edit.is_checked
            return self.studio.bridge.is_idle and is_checked and not self.edit.is_saving

        self.qtbot.waitUntil(is_quiet, timeout=20_000)

    def save(self) -> Chain:
        """Saves; the new version."""
        made: list[Chain] = []
        assert self.edit.save(made.append), self.toasts
        self.settle()
        assert made, self.toasts
        return made[0]

    def answer_as(self, *people: str, chain: ChainKey) -> None:
        """People answer a chain."""
        for name in people:
            self.project.annotate(
                Annotation(chain=chain, annotator=name, outcome=Outcome.ANSWERED, answer=Answer.of(7)), by=name
            )

    def undo(self) -> None:
        self.studio.undo()
        self.settle()

    def seen(self, stored: StoredChain) -> Chain:
        """The version of a chain that is seen now."""
        with self.project.read() as read:
            keys = {v.chain.key for v in read.versions(stored.chain.key)}
            return next(other.chain for other in read.chains(stored.chain.image) if other.chain.key in keys)


def finds_objects(chain: Chain) -> bool:
    """A chain whose first hop finds one object and whose later hops are recomputed from it."""
    return chain.is_executable and isinstance(chain.hops[0].establishes[0], InstanceReference) and len(chain.hops) > 2


@contextmanager
def windowless(settings_at: Path, project: Path, qtbot: QtBot) -> Iterator[Desk]:
    """A studio with a project open and no window."""
    studio = Studio(bridge=Bridge(), actions=ActionTable(), theme=cast(Theme, None), settings=Settings(settings_at))
    studio.take_project(Project.open(project))
    desk = Desk(studio, qtbot)
    try:
        yield desk
    finally:
        studio.close()
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        studio.deleteLater()
