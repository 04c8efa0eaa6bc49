import base64
import json
from io import BytesIO

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from hopchain_core.domain.geometry import Box
from hopchain_core.errors import InputError
from hopchain_core.imports.labelme import LabelmeFolder
from hopchain_core.imports.notes import ImportProblem as P


def shape(label="cup", points=((10, 10), (30, 10), (30, 30), (10, 30)), kind="polygon", group=None, **more):
    points = [list(point) for point in points]
    return {"label": label, "points": points, "shape_type": kind, "group_id": group, "flags": {}} | more


def png(bitmap):
    stream = BytesIO()
    Pillow.fromarray(np.asarray(bitmap, dtype=bool)).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


@pytest.fixture
def folder(tmp_path):
    def folder(*shapes, name="a.json", **fields):
        data = {
            "version": "5.4.1",
            "flags": {},
            "shapes": list(shapes),
            "imagePath": "a.jpg",
            "imageData": None,
            "imageWidth": 100,
            "imageHeight": 60,
        } | fields
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(data))
        return LabelmeFolder(tmp_path)

    return folder


@pytest.fixture
def read(folder, header):
    def read(*shapes, head=None, **fields):
        opened = folder(*shapes, **fields)
        return opened.objects(opened.pictures[0], head or header())

    return read


def problems(result):
    return [note.problem for note in result.notes]


def test_that_a_polygon_becomes_a_mask(read):
    result = read(shape(), shape("dog", shape_type=None))
    assert [(o.source_id, o.category, o.mask.area) for o in result.objects] == [
        ("labelme-0", "cup", 400),
        ("labelme-1", "dog", 400),
    ]
    assert result.objects[0].box == Box(10, 10, 30, 30)
    assert not result.notes


def test_that_a_rectangle_is_a_box_without_a_mask(read):
    (found,) = read(shape(points=((30, 40), (10, 5)), kind="rectangle")).objects
    assert (found.box, found.mask) == (Box(10, 5, 30, 40), None)


def test_that_a_circle_covers_the_pixels_whose_middle_it_holds(read):
    (found,) = read(shape(points=((50, 30), (50, 20)), kind="circle")).objects
    assert found.box == Box(40, 20, 60, 40)
    assert found.mask.area == pytest.approx(np.pi * 100, rel=0.02)


def test_that_a_mask_shape_is_put_where_its_corners_say(read):
    bitmap = np.random.default_rng(0).random((7, 12)) < 0.5
    bitmap[0, 0] = bitmap[-1, -1] = True
    (found,) = read(shape(points=((20, 30), (31, 36)), kind="mask", mask=png(bitmap))).objects
    whole = np.zeros((60, 100), dtype=bool)
    whole[30:37, 20:32] = bitmap
    assert (found.mask.to_bitmap() == whole).all()


def test_that_a_mask_shape_over_the_edge_is_cut_off(read):
    result = read(shape(points=((-4, 50), (5, 69)), kind="mask", mask=png(np.ones((20, 10)))))
    assert (result.objects[0].box, problems(result)) == (Box(0, 50, 6, 60), [P.CLIPPED])


def test_that_shapes_of_one_group_and_label_are_one_object(read):
    apart = ((50, 10), (60, 10), (60, 20), (50, 20))
    result = read(
        shape(group=3),
        shape(points=apart, group=3),
        shape("dog", points=apart, group=3),
        shape(points=apart, group=4),
        shape(points=((70, 10), (80, 20)), kind="rectangle", group=3),
    )
    assert [(o.source_id, o.category, o.mask.area) for o in result.objects] == [
        ("labelme-0", "cup", 600),
        ("labelme-2", "dog", 100),
        ("labelme-3", "cup", 100),
    ]


def test_that_rectangles_of_one_group_share_a_box(read):
    (found,) = read(
        shape(points=((10, 10), (20, 20)), kind="rectangle", group=0),
        shape(points=((40, 5), (50, 15)), kind="rectangle", group=0),
    ).objects
    assert (found.box, found.mask) == (Box(10, 5, 50, 20), None)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"kind": "point", "points": ((1, 1),)}, P.NOT_AN_AREA),
        ({"kind": "linestrip"}, P.NOT_AN_AREA),
        ({"kind": "line"}, P.NOT_AN_AREA),
        ({"points": ((200, 10), (230, 10), (230, 30))}, P.OUTSIDE),
        ({"points": ((10, 10), (20, 10), (30, 10))}, P.NO_AREA),
        ({"kind": "rectangle", "points": ((10, 10), (10, 30))}, P.NO_AREA),
        ({"kind": "circle", "points": ((-50, 10), (-50, 30))}, P.OUTSIDE),
        ({"kind": "mask", "points": ((0, 0), (1, 1)), "mask": png(np.zeros((2, 2)))}, P.NO_AREA),
        ({"label": ""}, P.UNKNOWN_CATEGORY),
        ({"label": None}, P.UNKNOWN_CATEGORY),
    ],
)
def test_that_what_is_no_visible_area_is_left_out_with_its_reason(fields, problem, read):
    result = read(shape(**fields))
    assert (result.objects, problems(result)) == ((), [problem])


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "heptagon"},
        {"points": ((1, 1), (2, 2))},
        {"points": ((1, 1, 1), (2, 2, 2), (3, 1, 1))},
        {"points": ((float("nan"), 1), (2, 2), (5, 1))},
        {"points": (("a", 1), (2, 2), (5, 1))},
        {"kind": "circle"},
        {"kind": "mask", "points": ((0, 0), (1, 1)), "mask": "not base64!"},
        {"kind": "mask", "points": ((0, 0), (1, 1)), "mask": base64.b64encode(b"no png").decode()},
        {
            "kind": "mask",
            "points": ((0, 0), (1, 1)),
            "mask": base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 99).decode(),
        },
        {"kind": "mask", "points": ((0, 0), (1, 1)), "mask": png(np.ones((3, 3)))},
        {"kind": "mask", "points": ((0, 0), (1, 1))},
        {"kind": "mask", "points": ((0, 0), (400, 400)), "mask": png(np.ones((401, 401)))},
    ],
)
def test_that_a_shape_that_cannot_be_read_marks_its_category(fields, read):
    result = read(shape(**fields), shape("dog"))
    assert problems(result) == [P.BAD_GEOMETRY]
    mark, dog = result.objects
    assert (mark.category, mark.is_crowd, mark.mask, mark.box.area) == ("cup", True, None, 0)
    assert (dog.category, dog.is_crowd) == ("dog", False)


def test_that_a_file_for_a_picture_of_another_size_gives_nothing(read):
    result = read(shape(), imageWidth=200, imageHeight=120)
    assert (result.objects, problems(result)) == ((), [P.SIZE_DISAGREES])


def test_that_shapes_are_on_the_upright_picture_unless_the_size_says_otherwise(read, header):
    upright = read(shape(), head=header(60, 100, 6))
    assert (problems(upright), upright.objects[0].box) == ([], Box(10, 10, 30, 30))
    same_size = read(shape(), head=header(100, 60, 3))
    assert (problems(same_size), same_size.objects[0].box) == ([], Box(10, 10, 30, 30))
    stored = read(shape(), head=header(100, 60, 6))
    assert (problems(stored), stored.objects[0].box) == ([P.TURNED], Box(30, 10, 50, 30))


def test_that_a_broken_file_is_told_and_the_others_go_on(tmp_path, folder):
    (tmp_path / "broken.json").write_text('{"shapes": [')
    (tmp_path / "deep.json").write_text('{"shapes": ' + "[" * 100_000)
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\xfd")
    (tmp_path / "list.json").write_text('{"shapes": {}, "imagePath": "x.jpg"}')
    (tmp_path / "nameless.json").write_text('{"shapes": [], "imagePath": null}')
    (tmp_path / "absolute.json").write_text('{"shapes": [], "imagePath": "/etc/passwd"}')
    (tmp_path / "other.json").write_text('{"annotations": []}')
    (tmp_path / ".hidden.json").write_text("{")
    opened = folder(shape(), name="sub/good.json")
    assert [p.entry for p in opened.pictures] == ["sub/good.json"]
    assert {n.subject: n.problem for n in opened.notes} == {
        "absolute.json": P.OUTSIDE_FOLDER,
        "binary.json": P.BROKEN,
        "broken.json": P.BROKEN,
        "deep.json": P.BROKEN,
        "list.json": P.BROKEN,
        "nameless.json": P.BROKEN,
    }


def test_that_the_picture_is_named_from_the_place_of_the_file(tmp_path, folder):
    opened = folder(name="labels/a.json", imagePath="..\\images\\a.jpg")
    assert str(opened.pictures[0].path) == (tmp_path / "images" / "a.jpg").as_posix()


def test_that_a_folder_without_labelme_files_is_refused(tmp_path):
    with pytest.raises(InputError, match="no labelme file"):
        LabelmeFolder(tmp_path)
    with pytest.raises(InputError, match="no folder"):
        LabelmeFolder(tmp_path / "none")


def test_that_one_file_can_be_given(tmp_path, folder, header):
    folder(shape(), name="one.json")
    folder(shape(), name="two.json")
    opened = LabelmeFolder(tmp_path / "one.json")
    assert [p.entry for p in opened.pictures] == ["one.json"]
    assert len(opened.objects(opened.pictures[0], header()).objects) == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats() | st.text(max_size=5) | st.just(10**30),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=10,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    field=st.sampled_from(["label", "points", "shape_type", "group_id", "mask", "flags"]),
    kind=st.sampled_from(["polygon", "rectangle", "circle", "mask"]),
    value=VALUES,
)
def test_that_no_value_of_any_field_stops_the_reading(field, kind, value, read):
    result = read(shape(points=((10, 10), (20, 20)), kind=kind) | {field: value}, "odd", shape("last"))
    assert result.objects[-1].category == "last"
    for found in result.objects:
        assert found.box == found.box.clipped(100, 60)
