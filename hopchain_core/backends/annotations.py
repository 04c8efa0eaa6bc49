"""Stages 1 and 2 without a model: what people annotated, or what a rendered scene knows of itself."""

from __future__ import annotations

from hopchain_core.backends.protocols import Categorized, CategorizeRequest, Refusal, Segmented, SegmentRequest
from hopchain_core.domain.images import Category, SourceObject
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.provenance import BackendSpec


class AnnotationCategorizer:
    """Takes the categories of the objects that came with the picture.

    A category with a crowd region holds more than is marked one by one, so it cannot be counted.
    """

    @property
    def spec(self) -> BackendSpec:
        """Names it."""
        return BackendSpec(role="categorizer", name="annotations", version=1, model="annotations")

    async def categorize(self, request: CategorizeRequest) -> Categorized:
        """The categories, by name."""
        objects: dict[str, list[SourceObject]] = {}
        for source in request.source_objects:
            objects.setdefault(_name(source), []).append(source)
        return Categorized(
            categories=tuple(
                Category(
                    name=name,
                    estimated_count=sum(not o.is_crowd for o in objects[name]),
                    is_countable=not any(o.is_crowd for o in objects[name]),
                )
                for name in sorted(objects)
                if name
            )
        )

    async def aclose(self) -> None:
        """Holds nothing."""


class AnnotationSegmenter:
    """Takes the objects that came with the picture, of the categories asked for.

    Crowd regions are kept as such, and so are objects that have a box only.
    """

    @property
    def spec(self) -> BackendSpec:
        """Names it."""
        return BackendSpec(role="segmenter", name="annotations", version=1, model="annotations")

    async def segment(self, request: SegmentRequest) -> Segmented:
        """The instances, in the order their objects came."""
        asked = {c.name for c in request.categories}
        instances: list[Instance] = []
        refusals: list[Refusal] = []
        for source in request.source_objects:
            if _name(source) not in asked:
                continue
            instance = _instance(request.image.key, source)
            if instance.area_px > 0:
                instances.append(instance)
            else:
                refusals.append(Refusal(reason="no_area", detail=f"{source.category} ({source.source_id})"))
        return Segmented(instances=tuple(instances), refusals=tuple(refusals))

    async def aclose(self) -> None:
        """Holds nothing."""


def _name(source: SourceObject) -> str:
    return " ".join(source.category.lower().split())


def _instance(image: ImageKey, source: SourceObject) -> Instance:
    return Instance(
        image=image,
        category=_name(source),
        box=source.mask.box() if source.mask else source.box,
        mask=source.mask,
        score=None,
        origin=source.origin,
        attributes=source.attributes,
        is_crowd=source.is_crowd,
    )
