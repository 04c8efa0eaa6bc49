"""What the content of an item is made of: the keys that say whether it has been done before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from hopchain_core.domain.images import Category, SourceObject
from hopchain_core.domain.keys import ImageKey, InstanceKey, content_key
from hopchain_core.domain.review import Annotation


class HasKey(Protocol):
    """An instance, or as much of it as says which."""

    @property
    def key(self) -> InstanceKey: ...  # noqa: D102


def picture_key(image: ImageKey, objects: Iterable[SourceObject] = (), *more: Any) -> str:
    """Key of a picture with what came with it and other plain JSON that is read."""
    return content_key([image, [source_object_content(o) for o in objects], *more])


def source_object_content(source: SourceObject) -> list[Any]:
    """All of an object that came with a picture."""
    return [
        source.origin.value,
        source.source_id,
        source.category,
        [round(v, 3) for v in source.box.as_tuple()],
        source.mask.counts if source.mask else None,
        source.is_crowd,
        [[a.name.value, a.value, a.source.value] for a in source.attributes],
    ]


def category_content(categories: Iterable[Category]) -> list[list[Any]]:
    """All of the categories, whatever their order."""
    return sorted(([c.name, c.is_countable, c.estimated_count] for c in categories), key=lambda c: str(c[0]))


def instance_content(instances: Iterable[HasKey]) -> list[str]:
    """All of the instances, whatever their order."""
    return sorted(i.key for i in instances)


def facts_content(categories: Iterable[Category], instances: Iterable[HasKey]) -> list[Any]:
    """What programs and rules see of a picture: its instances, and which categories cannot be counted."""
    return facts_in_names((c.name for c in categories if not c.is_countable), (i.key for i in instances))


def facts_in_names(uncountable: Iterable[str], instances: Iterable[str]) -> list[Any]:
    """`facts_content` for whoever has no more of a picture than names of categories and keys of instances."""
    return [sorted(uncountable), sorted(instances)]


def annotation_content(annotations: Iterable[Annotation]) -> list[list[Any]]:
    """Who answered what; how long it took and notes change no verdict."""
    return sorted([a.annotator, a.outcome.value, a.answer.text if a.answer else None] for a in annotations)
