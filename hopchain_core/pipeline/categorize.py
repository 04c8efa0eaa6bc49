"""Stage 1: which categories are in each picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Union

from hopchain_core.backends.protocols import CategorizeRequest
from hopchain_core.domain.images import Category, Image, Rating, SourceObject
from hopchain_core.domain.keys import ImageKey
from hopchain_core.pipeline.contents import picture_key
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_owed import source_objects_by_picture
from hopchain_core.store.rows_sources import write_categories, write_rating
from hopchain_core.store.unit_of_work import UnitOfWork

Said = Union[Category, Rating]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorizeItem:
    """One picture, with what came with it where the backend reads that."""

    image: Image
    source_objects: tuple[SourceObject, ...]


class CategorizeStage:
    """Names the categories in each picture, without places, and rates the picture where the backend does.

    Args:
        reads_annotations: The backend takes what came with the pictures; otherwise that is neither shown to it nor
            part of an item's content.
    """

    name: ClassVar[str] = "categorize"
    version: ClassVar[int] = 1
    role: ClassVar[str | None] = "categorizer"

    def __init__(self, *, reads_annotations: bool) -> None:
        self._reads_annotations = reads_annotations

    @property
    def options(self) -> dict[str, Any]:
        """None of its own."""
        return {}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every picture."""
        objects = source_objects_by_picture(read) if self._reads_annotations else None
        for image in read.images():
            yield self._wanted(image.key, objects.of(image.key) if objects else ())

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> CategorizeItem | None:
        """The picture with what came with it."""
        objects = read.source_objects(wanted.image) if self._reads_annotations else ()
        if self._wanted(wanted.image, objects) != wanted:
            return None
        return CategorizeItem(image=read.image(wanted.image), source_objects=objects)

    async def run(self, item: CategorizeItem, tools: Tools) -> Outcome[Said]:
        """Asks the backend; each category is kept once, with what it thinks of the picture."""
        found = await tools.backend.categorize(
            CategorizeRequest(
                image=item.image,
                path=tools.path_of(item.image),
                source_objects=item.source_objects,
                urgency=tools.urgency,
            )
        )
        kept: dict[str, Category] = {}
        for category in found.categories:
            kept.setdefault(category.name, category)
        rating = () if found.rating is None else (found.rating,)
        return Outcome(outputs=(*kept.values(), *rating), refusals=found.refusals)

    def save(self, uow: UnitOfWork, work: WorkRow, item: CategorizeItem, outputs: tuple[Said, ...]) -> None:
        """Writes the categories and the rating."""
        write_categories(uow, work.id, item.image.key, [said for said in outputs if isinstance(said, Category)])
        for said in outputs:
            if isinstance(said, Rating):
                write_rating(uow, work.id, item.image.key, said)

    @staticmethod
    def _wanted(image: ImageKey, objects: tuple[SourceObject, ...]) -> Wanted:
        return Wanted(key=picture_key(image, objects), subject=image, image=image)
