import copy
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycocotools import mask as coco_mask

from hopchain_core.domain.geometry import Box
from hopchain_core.errors import InputError
from hopchain_core.imports.coco import CocoFile
from hopchain_core.imports.notes import ImportProblem as P

COCO_MINI = Path(__file__).parents[3].parent / "shared" / "data" / "coco_mini"
SQUARE = [10, 10, 30, 10, 30, 30, 10, 30]


def annotation(**fields):
    return {
        "id": 1,
        "image_id": 1,
        "category_id": 1,
        "iscrowd": 0,
        "segmentation": [SQUARE],
        "bbox": [10, 10, 20, 20],
    } | fields


def document(*annotations, **members):
    return {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 60}],
        "annotations": list(annotations),
        "categories": [{"id": 1, "name": "cup"}, {"id": 2, "name": "dog"}],
    } | members


@pytest.fixture
def coco(tmp_path):
    def coco(data):
        path = tmp_path / "instances.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return CocoFile(path)

    return coco


@pytest.fixture
def read(coco, header):
    def read(*annotations, head=None, **members):
        opened = coco(document(*annotations, **members))
        return opened.objects(opened.pictures[0], head or header())

    return read


def problems(result):
    return [note.problem for note in result.notes]


def test_that_a_polygon_becomes_a_mask_with_its_own_bounds(read):
    result = read(annotation(bbox=[0, 0, 1, 1], id=77))
    (found,) = result.objects
    assert (found.source_id, found.category, found.is_crowd) == ("77", "cup", False)
    assert found.box == found.mask.box() == Box(10, 10, 30, 30)
    assert found.mask.area == 400
    assert not result.notes


def test_that_all_parts_of_an_object_are_joined(read):
    (found,) = read(annotation(segmentation=[SQUARE, [40, 40, 50, 40, 50, 50, 40, 50], SQUARE])).objects
    assert found.mask.area == 500
    assert found.box == Box(10, 10, 50, 50)


def test_that_both_kinds_of_run_length_code_are_read(read):
    bitmap = np.zeros((60, 100), dtype=np.uint8, order="F")
    bitmap[5:9, 7:20] = 1
    code = coco_mask.encode(bitmap)
    compressed = {"size": [60, 100], "counts": code["counts"].decode()}
    plain = {"size": [60, 100], "counts": [7 * 60 + 5, *[4, 56] * 12, 4, 6000 - 7 * 60 - 5 - 12 * 60 - 4]}
    for outline in (compressed, plain):
        (found,) = read(annotation(segmentation=outline, iscrowd=1)).objects
        assert (found.mask.to_bitmap() == bitmap).all()
        assert found.is_crowd


def test_that_an_object_without_an_outline_keeps_its_box(read):
    for outline in ([], None):
        (found,) = read(annotation(segmentation=outline)).objects
        assert (found.mask, found.box) == (None, Box(10, 10, 30, 30))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"category_id": 9}, P.UNKNOWN_CATEGORY),
        ({"category_id": [1]}, P.UNKNOWN_CATEGORY),
        ({"segmentation": [[200, 10, 230, 10, 230, 30]]}, P.OUTSIDE),
        ({"segmentation": [[-50, 10, -20, 10, -20, 30]]}, P.OUTSIDE),
        ({"segmentation": [[10, 10, 20, 10, 30, 10]]}, P.NO_AREA),
        ({"segmentation": [], "bbox": [10, 10, 0, 5]}, P.NO_AREA),
        ({"segmentation": [], "bbox": [300, 10, 5, 5]}, P.OUTSIDE),
        ({"segmentation": {"size": [60, 100], "counts": [6000]}}, P.NO_AREA),
    ],
)
def test_that_what_cannot_be_seen_is_left_out_with_its_reason(fields, problem, read):
    result = read(annotation(**fields))
    assert (result.objects, problems(result)) == ((), [problem])


@pytest.mark.parametrize(
    "outline",
    [
        "nonsense",
        [[float("nan"), 1, 2, 3, 4, 5]],
        [[1, 2, 3, 4, 5]],
        [["1", "2", "3", "4", "5", "6"]],
        [[1, 2, 3, 4]],
        [[True, 2, 3, 4, 5, 6]],
        [[1e300, 2, 3, 4, 5, 6]],
        [[10**400, 2, 3, 4, 5, 6]],
        [[1e11, 0, -1e11, 5, 6, 9]],
        [1, 2, 3, 4, 5, 6],
        {"size": [60, 100], "counts": [-5, 6005]},
        {"size": [60, 100], "counts": [10]},
        {"size": [60, 100], "counts": [5999.5, 0.5]},
        {"size": [60, 100], "counts": "not a code"},
        {"size": [60, 100], "counts": "ünï"},
        {"size": [60, 100], "counts": None},
        {"size": "60x100", "counts": [6000]},
        {"counts": [6000]},
    ],
)
def test_that_an_outline_that_cannot_be_read_leaves_the_box_or_a_mark(outline, read):
    result = read(annotation(segmentation=outline))
    assert [o.box for o in result.objects] == [Box(10, 10, 30, 30)]
    assert result.objects[0].mask is None
    assert problems(result)[-1] is P.BOX_ONLY
    for box in (None, [1, 2, 3], [1, 2, -3, 4], [1, 2, float("inf"), 4], "box"):
        result = read(annotation(segmentation=outline, bbox=box))
        assert problems(result)[-1] is P.BAD_GEOMETRY
        # One more of the category than is marked: it must not be counted.
        assert [(o.category, o.is_crowd, o.box.area, o.mask) for o in result.objects] == [("cup", True, 0, None)]


def test_that_a_code_of_another_size_is_not_scaled(read):
    result = read(annotation(segmentation={"size": [30, 50], "counts": [500, 1000]}))
    assert problems(result) == [P.SIZE_DISAGREES]
    assert [(o.is_crowd, o.mask) for o in result.objects] == [(True, None)]


def test_that_what_reaches_beyond_the_picture_is_cut_off_and_told(read):
    result = read(annotation(segmentation=[[80, 40, 120, 40, 120, 80, 80, 80]]))
    assert result.objects[0].box == Box(80, 40, 100, 60)
    assert problems(result) == [P.CLIPPED]
    result = read(annotation(segmentation=[], bbox=[90, -5, 20, 20]))
    assert result.objects[0].box == Box(90, 0, 100, 15)
    assert problems(result) == [P.CLIPPED]
    # A slip of less than a pixel is not worth a word.
    assert not read(annotation(segmentation=[[80, 40, 100.5, 40, 100.5, 60.5, 80, 60.5]])).notes


def test_that_a_part_without_three_corners_is_told_and_the_rest_taken(read):
    result = read(annotation(segmentation=[SQUARE, [1, 2, 3, 4]]))
    assert (result.objects[0].mask.area, problems(result)) == (400, [P.BAD_PART])


def test_that_an_entry_for_a_picture_of_another_size_gives_nothing(read, header):
    result = read(annotation(), annotation(id=2), head=header(200, 120))
    assert (result.objects, problems(result)) == ((), [P.SIZE_DISAGREES])
    assert "2 annotations" in result.notes[0].message


def test_that_an_entry_without_a_size_is_taken_at_its_word(read, header):
    images = [{"id": 1, "file_name": "a.jpg"}]
    assert len(read(annotation(), images=images, head=header(640, 480)).objects) == 1


def test_that_equal_ids_lose_no_object(read):
    other = annotation(segmentation=[[50, 10, 70, 10, 70, 30]])
    result = read(annotation(), annotation(), other, annotation(id="1"))
    assert [o.source_id for o in result.objects] == ["1", "1#2"]
    assert problems(result) == [P.DUPLICATE_ID] * 3


def test_that_an_annotation_without_an_id_is_taken(read):
    data = annotation()
    del data["id"]
    assert [o.source_id for o in read(data, annotation(id=None)).objects] == ["#0", "#1"]


@pytest.mark.parametrize(
    ("value", "is_crowd"), [(0, False), (1, True), (True, True), (None, False), ("yes", True), ([], False)]
)
def test_that_a_doubtful_crowd_counts_as_one(value, is_crowd, read):
    assert read(annotation(iscrowd=value)).objects[0].is_crowd is is_crowd


def test_that_licence_and_address_come_with_a_picture(coco):
    images = [
        {"id": 1, "file_name": "a.jpg", "license": 4, "flickr_url": "http://f/a", "coco_url": "http://c/a"},
        {"id": 2, "file_name": "b.jpg", "license": 9, "coco_url": "http://c/b"},
        {"id": 3, "file_name": "c.jpg", "license": "5"},
    ]
    licences = [
        {"id": 4, "name": "CC BY 2.0", "url": "u"},
        {"id": 5, "url": "http://licence"},
        "odd",
        {"name": "no id"},
    ]
    opened = coco(document(images=images, licenses=licences))
    assert [(p.licence, p.source) for p in opened.pictures] == [
        ("CC BY 2.0", "http://f/a"),
        ("", "http://c/b"),
        ("http://licence", ""),
    ]
    assert [n.problem for n in opened.notes] == [P.BROKEN, P.BROKEN]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../../etc/passwd", P.OUTSIDE_FOLDER),
        ("/etc/passwd", P.OUTSIDE_FOLDER),
        ("C:\\pictures\\a.jpg", P.OUTSIDE_FOLDER),
        ("a/../../b.jpg", P.OUTSIDE_FOLDER),
        ("..\\b.jpg", P.OUTSIDE_FOLDER),
        ("", P.BROKEN),
        (None, P.BROKEN),
        ("a\0.jpg", P.BROKEN),
        ("./", P.BROKEN),
    ],
)
def test_that_a_name_cannot_leave_its_folder(name, problem, coco):
    opened = coco(document(annotation(), images=[{"id": 1, "file_name": name, "width": 9, "height": 9}]))
    assert not opened.pictures
    assert [n.problem for n in opened.notes] == [problem]


def test_that_inner_detours_and_backslashes_are_made_plain(coco):
    opened = coco(document(images=[{"id": 1, "file_name": ".\\train\\x/..//a.jpg"}]))
    assert str(opened.pictures[0].path) == "train/a.jpg"


def test_that_entries_that_hang_in_the_air_are_told(coco):
    data = document(
        annotation(image_id=5),
        annotation(image_id=None),
        "odd",
        images=[{"id": 1, "file_name": "a.jpg"}, {"id": 1, "file_name": "b.jpg"}, 7],
        categories=[{"id": 1, "name": "cup"}, {"id": 1, "name": "mug"}],
    )
    notes = coco(data).notes
    assert sorted(n.problem for n in notes) == sorted([P.UNKNOWN_PICTURE, *[P.BROKEN] * 3, *[P.DUPLICATE_ID] * 2])


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "7", "{", '{"images": [', '{"images": []}', '{"images": [], "annotations": [{]}', "\x00\x01", '{"a": 1,}',
        '{"images": [1,], "annotations": []}', '{"images": [], "annotations": [], "categories": {}}',
        '{"images": [], "annotations": [], "categories": []} and more', "[" * 100_000, '{"images": ' + "[" * 100_000,
        '{"images": [], "annotations": [' + "9" * 5000 + '], "categories": []}',
    ],
)  # fmt: skip
def test_that_a_file_that_is_no_coco_is_refused_as_a_whole(text, coco):
    with pytest.raises(InputError):
        coco(text)


def test_that_a_file_that_is_missing_or_too_large_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        CocoFile(tmp_path / "none.json")
    with pytest.raises(InputError, match="cannot be read"):
        CocoFile(tmp_path)
    path = tmp_path / "large.json"
    path.write_text(json.dumps(document(annotation())))
    with pytest.raises(InputError, match="more than 100 bytes"):
        CocoFile(path, most_bytes=100)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_that_every_encoding_of_json_is_read(encoding, tmp_path, header):
    path = tmp_path / "a.json"
    data = document(annotation(), categories=[{"id": 1, "name": "Tässchen 🍵"}])
    path.write_text(json.dumps(data, ensure_ascii=False), encoding=encoding)
    opened = CocoFile(path)
    assert opened.objects(opened.pictures[0], header()).objects[0].category == "Tässchen 🍵"


@pytest.mark.parametrize("orientation", range(2, 9))
def test_that_annotations_turn_with_a_picture_that_exif_turns(orientation, read, header):
    from hopchain_core.imports.frames import Frame

    # Drawn on the picture as stored, 100 x 60; the upright one is 60 x 100 for orientations 5 to 8.
    result = read(annotation(), annotation(id=2, segmentation=[]), head=header(100, 60, orientation))
    with_mask, with_box = result.objects
    assert problems(result) == [P.TURNED]
    assert with_mask.box == with_box.box
    assert (with_mask.mask.width_px, with_mask.mask.height_px) == ((60, 100) if orientation >= 5 else (100, 60))
    assert with_mask.mask.area == 400
    assert with_mask.box == Frame(100, 60, orientation).upright_box(Box(10, 10, 30, 30))


def test_that_the_stated_size_tells_on_which_pixels_it_was_drawn(read, header):
    upright = [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 60}]
    result = read(annotation(), images=upright, head=header(60, 100, 6))
    assert (problems(result), result.objects[0].box) == ([], Box(10, 10, 30, 30))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats() | st.text(max_size=5) | st.just(10**30),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.sampled_from(["size", "counts", "x"]), inner),
    max_leaves=12,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    field=st.sampled_from(["id", "image_id", "category_id", "iscrowd", "segmentation", "bbox"]),
    value=VALUES,
    without_box=st.booleans(),
)
def test_that_no_value_of_any_field_stops_the_reading(field, value, without_box, coco, header):
    spoilt = annotation(**{"bbox": None} if without_box else {}) | {field: value}
    opened = coco(document(spoilt, annotation(id=2)))
    result = opened.objects(opened.pictures[0], header())
    assert any(o.source_id == "2" and o.mask.area == 400 for o in result.objects)
    for found in result.objects:
        assert found.mask is None or found.box == found.mask.box()
        assert found.box == found.box.clipped(100, 60)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(member=st.sampled_from(["images", "annotations", "categories", "licenses", "info"]), value=VALUES)
def test_that_no_value_of_any_member_does_more_than_refuse_the_file(member, value, coco, header):
    data = copy.deepcopy(document(annotation())) | {member: value}
    try:
        opened = coco(data)
    except InputError:
        return
    for picture in opened.pictures:
        opened.objects(picture, header())


@pytest.mark.skipif(not COCO_MINI.is_dir(), reason="the shared folder with coco_mini is not beside the project")
def test_that_all_of_coco_mini_arrives_pixel_for_pixel(header):
    opened = CocoFile(COCO_MINI / "instances.json")
    data = json.loads((COCO_MINI / "instances.json").read_text())
    sizes = {str(i["id"]): (i["height"], i["width"]) for i in data["images"]}
    raw = {str(a["id"]): a for a in data["annotations"]}
    seen = 0
    for picture in opened.pictures:
        height, width = sizes[picture.entry]
        result = opened.objects(picture, header(width, height))
        assert not result.notes
        for found in result.objects:
            outline = raw[found.source_id]["segmentation"]
            codes = coco_mask.frPyObjects(outline, height, width)
            code = coco_mask.merge(codes) if isinstance(codes, list) else codes
            assert found.mask.counts == code["counts"].decode()
            assert found.is_crowd == bool(raw[found.source_id]["iscrowd"])
            seen += 1
    assert (seen, len(opened.pictures), len(opened.notes)) == (350, 20, 0)
