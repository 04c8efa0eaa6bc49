"""What is needed to find out what a stage owes: a few columns of all pictures at once, never a mask or a chain's body.

A query for each picture takes minutes over 100,000 of them; these take one query each and are read side by side,
picture by picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import TextClause, text

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.images import Category, SourceObject
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey
from hopchain_core.domain.review import Annotation
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.reader import Reader
from hopchain_core.store.values import to_annotation, to_answer, to_category, to_source_object
from hopchain_core.store.visibility import SEEN_CHAIN, SEEN_INSTANCE, STATUS

T = TypeVar("T")

# `CROSS JOIN` keeps the pictures outside, so that their index gives the order.
_BY_PICTURE = "ORDER BY image.path, image.key"
_INSTANCES = text(
    "SELECT image.key AS image_key, i.key, i.origin FROM image CROSS JOIN instance AS i ON i.image_id = image.id"
    f" WHERE {SEEN_INSTANCE} {_BY_PICTURE}"
)
_CATEGORIES = text(
    "SELECT image.key AS image_key, k.name, k.estimated_count, k.is_countable"
    " FROM image CROSS JOIN category AS k ON k.image_id = image.id JOIN work ON work.id = k.work_id"
    f" WHERE work.is_current = 1 {_BY_PICTURE}, k.name, k.id"
)
_SOURCE_OBJECTS = text(
    "SELECT image.key AS image_key, o.*, image.width_px, image.height_px"
    f" FROM image CROSS JOIN source_object AS o ON o.image_id = image.id {_BY_PICTURE}, o.origin, o.id"
)
_CHAINS = text(
    f"SELECT image.key AS image_key, c.key, {STATUS} AS status"
    " FROM image CROSS JOIN chain_image AS ci ON ci.image_id = image.id AND ci.position = 0"
    f" CROSS JOIN chain AS c ON c.id = ci.chain_id WHERE {SEEN_CHAIN} {_BY_PICTURE}, c.key"
)
_ANNOTATIONS = text("SELECT * FROM annotation ORDER BY annotator")

_LABELS = text(
    "SELECT v.chain_key, v.label FROM verdict AS v JOIN work ON work.id = v.work_id"
    " WHERE work.is_current = 1 AND v.label IS NOT NULL ORDER BY v.id"
)


class SeenInstance(NamedTuple):
    """An instance that is seen, without where it is."""

    key: InstanceKey
    origin: Origin


class SeenChain(NamedTuple):
    """A chain that is seen, without what it asks."""

    key: ChainKey
    status: ChainStatus


class ByPicture(Generic[T]):
    """Rows ordered as `Reader.images` orders pictures, handed out picture by picture."""

    def __init__(self, rows: Iterator[tuple[ImageKey, T]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, image: ImageKey) -> tuple[T, ...]:
        """The picture's rows. Ask for every picture, in the order of `Reader.images`."""
        found: list[T] = []
        while self._next is not None and self._next[0] == image:
            found.append(self._next[1])
            self._next = next(self._rows, None)
        return tuple(found)


def instances_by_picture(read: Reader) -> ByPicture[SeenInstance]:
    """The instances seen in each picture."""
    return ByPicture(
        (ImageKey(row.image_key), SeenInstance(InstanceKey(row.key), Origin(row.origin)))
        for row in _rows(read, _INSTANCES)
    )


def categories_by_picture(read: Reader) -> ByPicture[Category]:
    """The categories of each picture, as `Reader.categories` gives them."""
    return ByPicture((ImageKey(row.image_key), to_category(row)) for row in _rows(read, _CATEGORIES))


def source_objects_by_picture(read: Reader) -> ByPicture[SourceObject]:
    """What came with each picture, as `Reader.source_objects` gives it."""
    return ByPicture((ImageKey(row.image_key), to_source_object(row)) for row in _rows(read, _SOURCE_OBJECTS))


def chains_by_picture(read: Reader) -> ByPicture[SeenChain]:
    """The chains seen of each picture and where they stand, by key."""
    return ByPicture(
        (ImageKey(row.image_key), SeenChain(ChainKey(row.key), ChainStatus(row.status))) for row in _rows(read, _CHAINS)
    )


def annotations_by_chain(read: Reader) -> dict[ChainKey, list[Annotation]]:
    """All answers of people, by the chain they answer."""
    found: dict[ChainKey, list[Annotation]] = {}
    for row in _rows(read, _ANNOTATIONS):
        annotation = to_annotation(row)
        found.setdefault(annotation.chain, []).append(annotation)
    return found


def labels_by_chain(read: Reader) -> dict[ChainKey, Answer]:
    """The numbers that verdicts give chains, as currently decided."""
    found = {}
    for row in _rows(read, _LABELS):
        label = to_answer(row.label)
        if label is not None:
            found[ChainKey(row.chain_key)] = label
    return found


def _rows(read: Reader, query: TextClause) -> Iterator[Any]:
    return iter(read._conn.execute(query))
