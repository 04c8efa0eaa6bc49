"""A project with questions that await people, and shortcuts to ask and answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hopchain_core.blind import BlindSource, Given
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Outcome, Verdict
from hopchain_core.project import Project
from hopchain_core.store import rows_chains, rows_sources
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.samples import chain, image, instance, work

FOUR = ("Ada", "Ben", "Cem", "Dora")
ANSWER = "2.5"
"""What the sample chains propose."""


@dataclass
class Asking:
    """A project whose chains were audited, and its chains in the order they were made."""

    project: Project
    chains: list[Chain]

    @property
    def keys(self) -> list[ChainKey]:
        return [made.key for made in self.chains]

    def add(self, *names: str) -> None:
        for name in names:
            self.project.add_annotator(name)

    def verdict(self, chain: ChainKey) -> Verdict:
        with self.project.read() as read:
            found = read.verdict(chain)
        assert found is not None
        return found

    def audit(self, chain: Chain) -> None:
        """What the audit would write for a chain without findings."""
        self.project.file.writer.submit(lambda uow: work(uow, "audit", chain.key) and None).result()


def make(path: Path, chains: int, *, origin: Origin = Origin.MODEL) -> Asking:
    """A project over two pictures."""
    project = Project(ProjectFile.create(path, seed=5))
    made: list[Chain] = []

    def fill(uow: UnitOfWork) -> None:
        for number, of in enumerate((image("a"), image("b"))):
            rows_sources.write_image(uow, of)
            found = [instance(of, 0, origin=origin), instance(of, 2.5, "clock", origin=origin)]
            rows_sources.write_instances(uow, work(uow, "segment", of.key), found)
            asked = [
                chain(of, f"How many things stand in {of.path}, number {n}?", tuple(i.key for i in found))
                for n in range(number, chains, 2)
            ]
            rows_chains.write_chains(uow, work(uow, "compose", of.key), asked)
            made.extend(asked)
        for one in made:
            work(uow, "audit", one.key)

    project.file.writer.submit(fill).result()
    return Asking(project, made)


def answer_all(source: BlindSource, text: str = ANSWER, *, at_most: int | None = None) -> list[Given]:
    """Answers what comes next until nothing does."""
    given: list[Given] = []
    while (at_most is None or len(given) < at_most) and (item := source.next()) is not None:
        given.append(source.answer(item.id, Outcome.ANSWERED, text, active_seconds=4.0))
    return given
