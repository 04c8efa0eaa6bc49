"""Writes of what is known of pictures: images, what came with them, categories and instances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from hopchain_core.domain.images import Category, Image, Rating, SourceObject
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ImageKey
from hopchain_core.store import schema
from hopchain_core.store.unit_of_work import Row, UnitOfWork
from hopchain_core.store.values import attributes_json

_IMAGE_ID = select(schema.image.c.id).where(schema.image.c.key == bindparam("key"))


def now_text() -> str:
    """This moment in UTC as ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def image_row_id(uow: UnitOfWork, key: ImageKey) -> int:
    """Row of a picture.

    Raises:
        KeyError: The project does not hold it.
    """
    found = uow.conn.execute(_IMAGE_ID, {"key": key}).scalar()
    if found is None:
        raise KeyError(f"no picture {key} in this project")
    return int(found)


def write_image(uow: UnitOfWork, image: Image) -> bool:
    """Adds a picture; a refusal of its path, if there was one, is taken back.

    Returns:
        False if a picture of these bytes is there already; it stays as it is.
    """
    uow.drop(schema.refused_file, (image.path,))
    if uow.conn.execute(_IMAGE_ID, {"key": image.key}).scalar() is not None:
        return False
    uow.put(
        schema.image,
        {
            "key": image.key,
            "path": image.path,
            "width_px": image.width_px,
            "height_px": image.height_px,
            "licence": image.licence,
            "source": image.source,
            "split_group": image.split_group,
            "file_format": image.file_format,
            "perceptual_hash": image.perceptual_hash,
        },
    )
    return True


def write_refused_file(uow: UnitOfWork, path: str, reason: str, message: str) -> None:
    """Notes a file that ingest did not take, over any earlier note on the same path."""
    uow.put(schema.refused_file, {"path": path, "reason": reason, "message": message, "refused_at": now_text()})


def write_source_objects(uow: UnitOfWork, image_key: ImageKey, objects: Sequence[SourceObject]) -> None:
    """Adds what came with a picture; an object of the same origin and source id is replaced.

    Raises:
        KeyError: The project does not hold the picture.
    """
    if not objects:
        return
    image_id = image_row_id(uow, image_key)
    rows: list[Row] = [
        {
            "image_id": image_id,
            "origin": o.origin.value,
            "source_id": o.source_id,
            "category": o.category,
            "x0": o.box.x0,
            "y0": o.box.y0,
            "x1": o.box.x1,
            "y1": o.box.y1,
            "mask": o.mask.counts if o.mask else None,
            "is_crowd": int(o.is_crowd),
            "attributes": attributes_json(o.attributes),
        }
        for o in objects
    ]
    table = schema.source_object
    unique = ("image_id", "origin", "source_id")
    if uow.recording:
        for row in rows:
            same = select(table.c.id).where(*(table.c[name] == row[name] for name in unique))
            uow.put(table, row | {"id": uow.conn.execute(same).scalar()})
        return
    statement = upsert(table)
    replaced = {c.name: statement.excluded[c.name] for c in table.c if c.name not in (*unique, "id")}
    uow.conn.execute(statement.on_conflict_do_update(index_elements=unique, set_=replaced), rows)
    uow.changed_tables.add(table.name)


def write_categories(uow: UnitOfWork, work_id: int, image_key: ImageKey, categories: Sequence[Category]) -> None:
    """Adds the categories one work item saw in a picture.

    Raises:
        KeyError: The project does not hold the picture.
    """
    if not categories:
        return
    image_id = image_row_id(uow, image_key)
    uow.put_new(
        schema.category,
        [
            {
                "image_id": image_id,
                "work_id": work_id,
                "name": c.name,
                "estimated_count": c.estimated_count,
                "is_countable": int(c.is_countable),
            }
            for c in categories
        ],
    )


def write_rating(uow: UnitOfWork, work_id: int, image_key: ImageKey, rating: Rating) -> None:
    """Adds what the model of one work item thought of a picture.

    Raises:
        KeyError: The project does not hold the picture.
    """
    uow.put(
        schema.rating,
        {
            "image_id": image_row_id(uow, image_key),
            "work_id": work_id,
            "complexity": rating.complexity,
            "quality": rating.quality.value,
        },
    )


def write_instances(uow: UnitOfWork, work_id: int | None, instances: Sequence[Instance]) -> None:
    """Adds instances: those one work item found, or a person's (`work_id` None) that may supersede others.

    Raises:
        KeyError: The project does not hold a picture they are in.
    """
    image_ids = {key: image_row_id(uow, key) for key in dict.fromkeys(i.image for i in instances)}
    uow.put_new(
        schema.instance,
        [
            {
                "key": i.key,
                "image_id": image_ids[i.image],
                "work_id": work_id,
                "category": i.category,
                "x0": i.box.x0,
                "y0": i.box.y0,
                "x1": i.box.x1,
                "y1": i.box.y1,
                "mask": i.mask.counts if i.mask else None,
                "area_px": i.area_px,
                "score": i.score,
                "origin": i.origin.value,
                "attributes": attributes_json(i.attributes),
                "is_crowd": int(i.is_crowd),
                "supersedes": i.supersedes,
                "is_removed": int(i.is_removed),
                "is_hidden": 0,
            }
            for i in instances
        ],
    )
