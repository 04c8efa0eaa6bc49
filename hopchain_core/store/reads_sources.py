"""Reads of pictures and what is known of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import text

from hopchain_core.domain.departures import Departure, Written, departures
from hopchain_core.domain.images import Category, Image, Rating, SourceObject
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.values import to_category, to_image, to_instance, to_rating, to_source_object
from hopchain_core.store.visibility import LIVE_INSTANCE, SEEN_CHAIN, SEEN_INSTANCE

_INSTANCE_COLUMNS = "i.*, image.key AS image_key, image.width_px, image.height_px"

_IMAGES = text("SELECT * FROM image ORDER BY path, key")
_IMAGE = text("SELECT * FROM image WHERE key = :key")
_IMAGES_AS_THEY_CAME = text("SELECT * FROM image ORDER BY id")
_SOURCE_OBJECTS = text(
    "SELECT o.*, image.width_px, image.height_px FROM image JOIN source_object AS o ON o.image_id = image.id"
    " WHERE image.key = :key ORDER BY o.origin, o.id"
)
_CATEGORIES = text(
    "SELECT k.name, k.estimated_count, k.is_countable FROM image JOIN category AS k ON k.image_id = image.id"
    " JOIN work ON work.id = k.work_id WHERE image.key = :key AND work.is_current = 1 ORDER BY k.name, k.id"
)
_RATING = text(
    "SELECT r.complexity, r.quality FROM image JOIN rating AS r ON r.image_id = image.id"
    " JOIN work ON work.id = r.work_id WHERE image.key = :key AND work.is_current = 1 ORDER BY r.id DESC LIMIT 1"
)
_INSTANCES = text(
    f"SELECT {_INSTANCE_COLUMNS} FROM image JOIN instance AS i ON i.image_id = image.id"
    f" WHERE image.key = :key AND {SEEN_INSTANCE} ORDER BY i.category, i.x0, i.y0, i.key"
)
_INSTANCES_BY_KEY = text(
    f"SELECT {_INSTANCE_COLUMNS} FROM json_each(:keys) AS k CROSS JOIN instance AS i ON i.key = k.value"
    " CROSS JOIN image ON image.id = i.image_id"
)
_WRITTEN = text(
    f"SELECT i.key, i.category, i.supersedes, i.is_removed, {LIVE_INSTANCE} AS counts"
    " FROM image JOIN instance AS i ON i.image_id = image.id WHERE image.key = :key ORDER BY i.id"
)
_HIDDEN = text(
    "SELECT DISTINCT i.key FROM image JOIN instance AS i ON i.image_id = image.id"
    f" WHERE image.key = :key AND i.is_hidden = 1 AND {SEEN_INSTANCE}"
)
_REFUSED_FILES = text("SELECT path, reason, message, refused_at FROM refused_file ORDER BY path")
_COUNTS = text(
    "SELECT (SELECT COUNT(*) FROM image), "
    f"(SELECT COUNT(*) FROM instance AS i WHERE {SEEN_INSTANCE}), "
    f"(SELECT COUNT(*) FROM chain AS c WHERE {SEEN_CHAIN})"
)


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that ingest did not take."""

    path: str
    reason: str
    message: str
    refused_at: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a project holds, of what is seen."""

    images: int
    instances: int
    chains: int


class SourceReads(Reads):
    """Pictures, what came with them, categories and instances."""

    def images(self) -> Iterator[Image]:
        """All pictures by path, then key. Rows are fetched as they are asked for."""
        return (to_image(row) for row in self._conn.execute(_IMAGES))

    def images_as_they_came(self) -> Iterator[Image]:
        """All pictures, the one that was taken in first first."""
        return (to_image(row) for row in self._conn.execute(_IMAGES_AS_THEY_CAME))

    def image(self, key: ImageKey) -> Image:
        """One picture.

        Raises:
            KeyError: The project does not hold it.
        """
        row = self._conn.execute(_IMAGE, {"key": key}).first()
        if row is None:
            raise KeyError(key)
        return to_image(row)

    def has_image(self, key: ImageKey) -> bool:
        """Whether a picture of these bytes is in the project."""
        return self._conn.execute(_IMAGE, {"key": key}).first() is not None

    def image_count(self) -> int:
        """How many pictures there are."""
        return int(self._conn.execute(text("SELECT COUNT(*) FROM image")).scalar_one())

    def source_objects(self, image_key: ImageKey) -> tuple[SourceObject, ...]:
        """What came with a picture, in the order it came."""
        return tuple(to_source_object(row) for row in self._conn.execute(_SOURCE_OBJECTS, {"key": image_key}))

    def categories(self, image_key: ImageKey) -> tuple[Category, ...]:
        """Categories the current work saw in a picture, by name."""
        return tuple(to_category(row) for row in self._conn.execute(_CATEGORIES, {"key": image_key}))

    def rating(self, image_key: ImageKey) -> Rating | None:
        """What the current work thought of a picture; None where nobody was asked."""
        row = self._conn.execute(_RATING, {"key": image_key}).first()
        return None if row is None else to_rating(row)

    def instances(self, image_key: ImageKey) -> tuple[Instance, ...]:
        """Instances seen in a picture, by category, place and key."""
        return tuple(to_instance(row) for row in self._conn.execute(_INSTANCES, {"key": image_key}))

    def hidden_instances(self, image_key: ImageKey) -> frozenset[InstanceKey]:
        """Those of the instances seen in a picture that a person hid."""
        return frozenset(InstanceKey(key) for key in self._conn.execute(_HIDDEN, {"key": image_key}).scalars())

    def instances_by_key(self, keys: Iterable[InstanceKey]) -> dict[InstanceKey, Instance]:
        """Any versions ever written that are still there, superseded and removed ones too; missing keys are left out."""
        rows = self._conn.execute(_INSTANCES_BY_KEY, {"keys": json.dumps(list(keys))})
        return {InstanceKey(row.key): to_instance(row) for row in rows}

    def departures(self, image_key: ImageKey) -> dict[InstanceKey, Departure]:
        """What became of the instances of a picture that it no longer shows."""
        return departures(
            Written(
                InstanceKey(row.key),
                row.category,
                None if row.supersedes is None else InstanceKey(row.supersedes),
                bool(row.is_removed),
                bool(row.counts),
            )
            for row in self._conn.execute(_WRITTEN, {"key": image_key})
        )

    def refused_files(self) -> tuple[RefusedFile, ...]:
        """Files that ingest did not take, by path."""
        return tuple(RefusedFile(*row) for row in self._conn.execute(_REFUSED_FILES))

    def counts(self) -> Counts:
        """Pictures, instances seen and chains seen."""
        return Counts(*self._conn.execute(_COUNTS).one())
