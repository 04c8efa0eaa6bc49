"""Stage 2: where all instances of the categories are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from hopchain_core.backends.protocols import Refusal, SegmentRequest
from hopchain_core.domain.images import Category, Image, SourceObject
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.pipeline.contents import category_content, picture_key
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_owed import categories_by_picture, instances_by_picture, source_objects_by_picture
from hopchain_core.store.rows_sources import write_instances
from hopchain_core.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentItem:
    """One picture with its categories, and what came with it where the backend reads that."""

    image: Image
    categories: tuple[Category, ...]
    source_objects: tuple[SourceObject, ...]


class SegmentStage:
    """Finds every instance of the categories of each picture.

    Args:
        reads_annotations: As for `CategorizeStage`.
    """

    name: ClassVar[str] = "segment"
    version: ClassVar[int] = 1
    role: ClassVar[str | None] = "segmenter"

    def __init__(self, *, reads_annotations: bool) -> None:
        self._reads_annotations = reads_annotations

    @property
    def options(self) -> dict[str, Any]:
        """None of its own."""
        return {}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every picture with categories, and those left without any that still show instances found before."""
        all_categories, all_instances = categories_by_picture(read), instances_by_picture(read)
        all_objects = source_objects_by_picture(read) if self._reads_annotations else None
        for image in read.images():
            categories, instances = all_categories.of(image.key), all_instances.of(image.key)
            objects = all_objects.of(image.key) if all_objects else ()
            if categories or instances:
                yield self._wanted(image, categories, objects)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> SegmentItem | None:
        """The picture with its categories."""
        image, categories = read.image(wanted.image), read.categories(wanted.image)
        objects = read.source_objects(image.key) if self._reads_annotations else ()
        if self._wanted(image, categories, objects) != wanted:
            return None
        return SegmentItem(image=image, categories=categories, source_objects=objects)

    async def run(self, item: SegmentItem, tools: Tools) -> Outcome[Instance]:
        """Asks the backend where there is something to look for; the very same instance is kept once."""
        if not item.categories:
            return Outcome(outputs=())
        found = await tools.backend.segment(
            SegmentRequest(
                image=item.image,
                path=tools.path_of(item.image),
                categories=item.categories,
                source_objects=item.source_objects,
            )
        )
        kept: dict[InstanceKey, Instance] = {}
        refusals = list(found.refusals)
        for instance in found.instances:
            if instance.key in kept:
                refusals.append(Refusal(reason="duplicate", detail=f"{instance.category} at {instance.box.as_tuple()}"))
            else:
                kept[instance.key] = instance
        return Outcome(outputs=tuple(kept.values()), refusals=tuple(refusals))

    def save(self, uow: UnitOfWork, work: WorkRow, item: SegmentItem, outputs: tuple[Instance, ...]) -> None:
        """Writes the instances."""
        write_instances(uow, work.id, outputs)

    @staticmethod
    def _wanted(image: Image, categories: tuple[Category, ...], source_objects: tuple[SourceObject, ...]) -> Wanted:
        key = picture_key(image.key, source_objects, category_content(categories))
        return Wanted(key=key, subject=image.key, image=image.key)
