"""Categories and instances out of what came with a picture."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np

from hopchain_core.backends.annotations import AnnotationCategorizer, AnnotationSegmenter
from hopchain_core.backends.protocols import CategorizeRequest, Segmented, SegmentRequest
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.images import Category, Image, SourceObject
from hopchain_core.domain.instances import Attribute, AttributeName, Origin
from hopchain_core.domain.keys import ImageKey

IMAGE = Image(key=ImageKey("a" * 64), path="p.png", width_px=40, height_px=30)


def _object(source_id: str, category: str, **changes: object) -> SourceObject:
    fields: dict[str, object] = {"box": Box(1, 2, 11, 12), "mask": None, **changes}
    return SourceObject(source_id=source_id, category=category, **fields)  # type: ignore[arg-type]


def _categorize(*objects: SourceObject) -> tuple[Category, ...]:
    request = CategorizeRequest(image=IMAGE, path=Path("p.png"), source_objects=objects)
    return asyncio.run(AnnotationCategorizer().categorize(request)).categories


def _segment(*objects: SourceObject, asked: tuple[str, ...] = ("cup", "book")) -> Segmented:
    categories = tuple(Category(name=name) for name in asked)
    request = SegmentRequest(image=IMAGE, path=Path("p.png"), categories=categories, source_objects=objects)
    return asyncio.run(AnnotationSegmenter().segment(request))


def test_that_categories_are_counted_and_sorted_by_name() -> None:
    found = _categorize(_object("1", "cup"), _object("2", "book"), _object("3", " Cup "))
    assert found == (Category(name="book", estimated_count=1), Category(name="cup", estimated_count=2))


def test_that_a_category_with_a_crowd_region_cannot_be_counted() -> None:
    found = _categorize(_object("1", "cup"), _object("2", "cup", is_crowd=True), _object("3", "book"))
    assert found == (
        Category(name="book", estimated_count=1),
        Category(name="cup", estimated_count=1, is_countable=False),
    )


def test_that_a_picture_without_annotations_has_no_categories() -> None:
    assert _categorize() == ()


def test_that_an_instance_keeps_mask_attributes_and_origin_and_takes_the_masks_box() -> None:
    bitmap = np.zeros((30, 40), dtype=bool)
    bitmap[5:9, 10:20] = True
    red = Attribute(AttributeName.COLOUR, "red", Origin.SCENE)
    source = _object("1", "cup", mask=Mask.from_bitmap(bitmap), attributes=(red,), origin=Origin.SCENE)
    (found,) = _segment(source).instances
    assert (found.box, found.mask, found.attributes) == (Box(10, 5, 20, 9), source.mask, (red,))
    assert (found.origin, found.score, found.image, found.area_px) == (Origin.SCENE, None, IMAGE.key, 40)


def test_that_an_object_with_a_box_only_is_kept() -> None:
    (found,) = _segment(_object("1", "cup")).instances
    assert (found.mask, found.box, found.origin) == (None, Box(1, 2, 11, 12), Origin.IMPORT)


def test_that_a_crowd_region_is_kept_as_one() -> None:
    (found,) = _segment(_object("1", "cup", is_crowd=True)).instances
    assert found.is_crowd


def test_that_only_the_categories_asked_for_are_segmented() -> None:
    found = _segment(_object("1", "cup"), _object("2", "book"), asked=("book",))
    assert [i.category for i in found.instances] == ["book"]
    assert found.refusals == ()


def test_that_an_object_without_area_is_refused_with_its_reason() -> None:
    empty = Mask.from_bitmap(np.zeros((30, 40), dtype=bool))
    found = _segment(_object("1", "cup", box=Box(3, 3, 3, 9)), _object("2", "book", mask=empty), _object("3", "cup"))
    assert len(found.instances) == 1
    assert [(r.reason, r.detail) for r in found.refusals] == [("no_area", "cup (1)"), ("no_area", "book (2)")]
