import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from hopchain_core.domain.instances import Origin
from hopchain_core.errors import InputError
from hopchain_core.imports.notes import ImportProblem
from hopchain_core.pipeline.ingest import ingest
from hopchain_core.pipeline.split_groups import regroup
from hopchain_core.scenes import write_scenes
from hopchain_core.store.project_file import ProjectFile

COCO_MINI = Path(__file__).parents[3].parent / "shared" / "data" / "coco_mini"


@pytest.fixture
def project(tmp_path):
    with ProjectFile.create(tmp_path / "p.hopchain") as opened:
        yield opened


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


def pixels(seed, width=96, height=64):
    """A picture that looks like no other: large random patches."""
    patches = np.random.default_rng(seed).integers(0, 255, (8, 12, 3), dtype=np.uint8)
    return Pillow.fromarray(patches).resize((width, height), Pillow.Resampling.NEAREST)


def save(path, seed=None, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels(sum(path.name.encode()) if seed is None else seed).save(path, **options)
    return path


def images(project):
    with project.read() as read:
        return list(read.images())


def paths(project):
    return [image.path for image in images(project)]


def refused(report):
    return {r.path: r.reason for r in report.refused}


def dump(project):
    """All that ingest writes, without row ids and times."""
    with project.read() as read:
        return (
            [(image, read.source_objects(image.key)) for image in read.images()],
            [(row.path, row.reason, row.message) for row in read.refused_files()],
        )


def coco_file(path, names, **fields):
    annotations = [
        {
            "id": 10 * i + k,
            "image_id": i,
            "category_id": 1,
            "segmentation": [[k, 5, 40, 5, 40, 30]],
            "bbox": [5, 5, 9, 9],
        }
        for i in range(len(names))
        for k in (5, 6)
    ]
    entries = [{"id": i, "file_name": name, "width": 96, "height": 64} | fields for i, name in enumerate(names)]
    data = {"images": entries, "annotations": annotations, "categories": [{"id": 1, "name": "cup"}]}
    path.write_text(json.dumps(data | {"licenses": [{"id": 1, "name": "CC BY 4.0"}]}))
    return path


def test_that_a_folder_is_taken_in_by_path_with_all_there_is_to_know(project, pictures):
    save(pictures / "b.jpg")
    save(pictures / "a" / "c.png")
    report = ingest(project, [pictures], licence="CC0")
    assert (report.taken, report.refused, report.is_complete) == (2, (), True)
    first, second = images(project)
    assert (first.path, second.path) == ("pictures/a/c.png", "pictures/b.jpg")
    assert (first.width_px, first.height_px, first.file_format, first.licence) == (96, 64, "PNG", "CC0")
    assert first.split_group == first.key
    assert len(first.perceptual_hash) == 16


def test_that_a_picture_outside_the_project_keeps_its_whole_path(tmp_path, pictures):
    (tmp_path / "elsewhere").mkdir()
    picture = save(pictures / "a.png")
    with ProjectFile.create(tmp_path / "elsewhere" / "p.hopchain") as project:
        ingest(project, [picture])
        assert paths(project) == [picture.as_posix()]


def test_that_a_path_is_relative_however_its_folder_is_spelled(project, pictures, tmp_path):
    save(pictures / "a.png")
    (tmp_path / "link").symlink_to(pictures)
    with ProjectFile.create(pictures / "p.hopchain") as inner:
        ingest(inner, [tmp_path / "link"])
        assert paths(inner) == ["a.png"]


def test_that_the_same_bytes_are_taken_once(project, pictures):
    for name in ("b.png", "a.png", "sub/z.png"):
        save(pictures / name, seed=1)
    report = ingest(project, [pictures])
    assert (report.taken, report.duplicates, paths(project)) == (1, 2, ["pictures/a.png"])
    again = ingest(project, [pictures])
    assert (again.taken, again.already_there, again.duplicates) == (0, 1, 2)


def test_that_overlapping_paths_are_looked_at_once(project, pictures):
    path = save(pictures / "a.png")
    report = ingest(project, [path, pictures, pictures / ".." / "pictures"])
    assert (report.taken, report.duplicates) == (1, 0)


def test_that_each_bad_file_is_refused_with_its_reason_and_the_others_go_on(project, pictures):
    save(pictures / "good.png")
    save(pictures / "short.jpg", quality=95)
    (pictures / "short.jpg").write_bytes((pictures / "short.jpg").read_bytes()[:1500])
    (pictures / "empty.png").touch()
    (pictures / "text.jpg").write_text("no picture")
    os.mkfifo(pictures / "pipe.png")
    pixels(1, 20, 20).save(pictures / "tiny.png")
    save(pictures / "other.gif").rename(pictures / "wrong.jpg")
    report = ingest(project, [pictures, pictures / "nothing.png"])
    assert refused(report) == {
        "pictures/empty.png": "empty",
        "pictures/nothing.png": "missing",
        "pictures/pipe.png": "not_a_file",
        "pictures/short.jpg": "truncated",
        "pictures/text.jpg": "not_a_picture",
        "pictures/tiny.png": "too_small",
    }
    assert report.mislabelled == (("pictures/wrong.jpg", "GIF"),)
    assert paths(project) == ["pictures/good.png", "pictures/wrong.jpg"]
    with project.read() as read:
        assert {row.path: row.reason for row in read.refused_files()} == refused(report)


def test_that_a_file_mended_later_is_taken_and_loses_its_refusal(project, pictures):
    (pictures / "a.png").write_text("not yet")
    (pictures / "b.png").write_text("not yet")
    save(pictures / "c.png", seed=5)
    assert ingest(project, [pictures]).taken == 1
    save(pictures / "a.png")
    save(pictures / "b.png", seed=5)
    report = ingest(project, [pictures])
    assert (report.taken, report.already_there, report.duplicates, report.refused) == (1, 1, 1, ())
    with project.read() as read:
        assert read.refused_files() == ()


def test_that_hidden_files_and_what_is_no_picture_are_passed_over(project, pictures):
    save(pictures / "a.png")
    save(pictures / ".hidden.png")
    save(pictures / ".folder" / "b.png")
    save(pictures / "picture.png").rename(pictures / "without_suffix")
    (pictures / "notes.txt").write_text("text")
    (pictures / "instances.json").write_text("{}")
    os.mkfifo(pictures / "pipe")
    report = ingest(project, [pictures])
    assert paths(project) == ["pictures/a.png", "pictures/without_suffix"]
    assert (report.refused, report.passed_over) == ((), 3)
    assert ingest(project, [pictures / ".hidden.png"]).taken == 1


def test_that_links_out_of_the_folder_are_refused_and_those_inside_followed(project, pictures, tmp_path):
    outside = save(tmp_path / "outside" / "secret.png")
    save(pictures / "a.png")
    (pictures / "inside.png").symlink_to(pictures / "a.png")
    (pictures / "leaves.png").symlink_to(outside)
    (pictures / "folder_out").symlink_to(outside.parent)
    (pictures / "folder_in").symlink_to(pictures)
    (pictures / "nowhere.png").symlink_to(pictures / "none.png")
    (pictures / "circle.png").symlink_to(pictures / "circle.png")
    report = ingest(project, [pictures])
    assert (report.taken, report.duplicates) == (1, 1)
    assert refused(report) == {
        "pictures/circle.png": "unreadable",
        "pictures/folder_out": "outside",
        "pictures/leaves.png": "outside",
        "pictures/nowhere.png": "missing",
    }
    # What a person names is theirs to name.
    assert ingest(project, [pictures / "leaves.png"]).taken == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such names")
def test_that_a_name_that_is_no_text_is_refused(project, pictures):
    save(pictures / "a.png")
    Path(os.fsdecode(os.fsencode(pictures) + b"/\xff\xfe.png")).write_bytes((pictures / "a.png").read_bytes())
    report = ingest(project, [pictures])
    assert (report.taken, list(refused(report).values())) == (1, ["odd_name"])


def test_that_a_changed_file_is_a_new_picture_and_told(project, pictures):
    save(pictures / "a.png", seed=1)
    ingest(project, [pictures])
    save(pictures / "a.png", seed=2)
    report = ingest(project, [pictures])
    assert (report.taken, report.changed) == (1, ("pictures/a.png",))
    assert ingest(project, [pictures]).changed == ()


def test_that_coco_gives_objects_licence_and_address(project, pictures, tmp_path):
    for name in ("x.png", "y.png"):
        save(pictures / name)
    coco = coco_file(tmp_path / "i.json", ["x.png", "gone.png"], license=1, flickr_url="http://f/x")
    report = ingest(project, [pictures], coco=coco, licence="mine")
    x, y = images(project)
    assert (x.licence, x.source, y.licence, y.source) == ("CC BY 4.0", "http://f/x", "mine", "")
    with project.read() as read:
        objects = read.source_objects(x.key)
        assert [(o.source_id, o.category, o.origin) for o in objects] == [
            ("5", "cup", Origin.IMPORT),
            ("6", "cup", Origin.IMPORT),
        ]
        assert objects[0].box == objects[0].mask.box()
        assert read.source_objects(y.key) == ()
    assert (report.objects_taken, [n.problem for n in report.notes]) == (2, [ImportProblem.NO_PICTURE])


def test_that_annotations_can_come_later_and_again(project, pictures, tmp_path):
    save(pictures / "x.png")
    ingest(project, [pictures])
    coco = coco_file(tmp_path / "i.json", ["x.png"], license=1)
    report = ingest(project, [pictures], coco=coco)
    assert (report.taken, report.objects_taken, report.objects_there) == (0, 2, 0)
    assert images(project)[0].licence == "CC BY 4.0"
    again = ingest(project, [pictures], coco=coco)
    assert (again.objects_taken, again.objects_there) == (0, 2)
    coco.write_text(coco.read_text().replace('"cup"', '"mug"'))
    mended = ingest(project, [pictures], coco=coco)
    assert (mended.objects_taken, mended.objects_there) == (2, 0)
    with project.read() as read:
        assert {o.category for o in read.source_objects(images(project)[0].key)} == {"mug"}


def test_that_objects_of_the_same_bytes_are_not_taken_twice(project, pictures, tmp_path):
    for name in ("x.png", "y.png", "z.png"):
        save(pictures / name, seed=4)
    # The first file by path is not listed; the next one is, and the one after it says the same once more.
    report = ingest(project, [pictures], coco=coco_file(tmp_path / "i.json", ["y.png", "z.png"], license=1))
    (image,) = images(project)
    with project.read() as read:
        assert len(read.source_objects(image.key)) == report.objects_taken == 2
    assert image.licence == "CC BY 4.0"
    assert [n.problem for n in report.notes] == [ImportProblem.DUPLICATE_PICTURE]


def test_that_labelme_and_coco_go_together(project, pictures, tmp_path):
    save(pictures / "x.png")
    shape = {"label": "dog", "points": [[1, 1], [20, 1], [20, 20]], "shape_type": "polygon", "group_id": None}
    data = {"shapes": [shape, shape], "imagePath": "../pictures/x.png", "imageWidth": 96, "imageHeight": 64}
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "x.json").write_text(json.dumps(data))
    coco = coco_file(tmp_path / "i.json", ["x.png"])
    report = ingest(project, [pictures], coco=coco, labelme=tmp_path / "labels")
    with project.read() as read:
        assert Counter(o.category for o in read.source_objects(images(project)[0].key)) == {"cup": 2, "dog": 2}
    assert (report.objects_taken, report.notes) == (4, ())


def test_that_scenes_bring_their_truth_to_exactly_their_bytes(project, tmp_path):
    write_scenes(tmp_path / "scenes", 2, 3, width_px=640, height_px=480)
    (tmp_path / "scenes" / "scene-000004.png").unlink()
    report = ingest(project, [tmp_path / "scenes"], scenes=tmp_path / "scenes")
    (image,) = images(project)
    assert (image.source, report.objects_there) == ("scene:3", 0)
    with project.read() as read:
        objects = read.source_objects(image.key)
    assert len(objects) == report.objects_taken >= 8
    assert {o.origin for o in objects} == {Origin.SCENE}
    assert [n.problem for n in report.notes] == [ImportProblem.NO_PICTURE]


def test_that_an_import_that_is_none_stops_before_anything_is_taken(project, pictures, tmp_path):
    save(pictures / "x.png")
    (tmp_path / "bad.json").write_text("[]")
    for options in ({"coco": tmp_path / "bad.json"}, {"labelme": tmp_path / "none"}, {"scenes": pictures}):
        with pytest.raises(InputError):
            ingest(project, [pictures], **options)
    assert images(project) == []


def test_that_pictures_that_look_alike_share_a_group_named_by_the_first(project, pictures):
    pixels(1, 192, 128).save(pictures / "c.png")
    pixels(1, 96, 64).save(pictures / "b.jpg", quality=60)
    save(pictures / "a.png", seed=2)
    report = ingest(project, [pictures])
    a, b, c = images(project)
    assert (a.split_group, b.split_group, c.split_group) == (a.key, b.key, b.key)
    assert report.near_duplicates == 2


def test_that_a_group_keeps_its_name_when_a_picture_before_it_joins(project, pictures):
    pixels(1, 192, 128).save(pictures / "b.png")
    ingest(project, [pictures])
    pixels(1, 96, 64).save(pictures / "a.png")
    ingest(project, [pictures])
    a, b = images(project)
    assert (a.split_group, b.split_group) == (b.key, b.key)


def test_that_groups_that_are_up_to_date_are_not_written_again(project, pictures):
    save(pictures / "a.png")
    ingest(project, [pictures])
    written = []
    project.on_commit(lambda tables, _: written.append(tables))
    regroup(project)
    assert written == []


def test_that_progress_counts_every_file(project, pictures):
    for i in range(40):
        save(pictures / f"{i:02}.png", seed=i)
    seen = []
    ingest(project, [pictures], on_progress=seen.append)
    assert [p.done for p in seen] == [16, 32, 40]
    assert {p.total for p in seen} == {40}
    assert seen[-1].path == "pictures/39.png"


@pytest.mark.parametrize("after", [0, 1, 20, 59])
def test_that_a_cancelled_ingest_and_the_rest_equal_one_that_was_not(after, tmp_path, pictures):
    for i in range(60):
        save(pictures / f"{i:02}.png", seed=i // 2 if i % 4 else i)
    (pictures / "30.png").write_text("broken")
    coco = coco_file(tmp_path / "i.json", [f"{i:02}.png" for i in range(0, 60, 3)])
    asked = []

    def is_cancelled():
        asked.append(1)
        return len(asked) > after

    with ProjectFile.create(tmp_path / "a.hopchain") as stopped, ProjectFile.create(tmp_path / "b.hopchain") as whole:
        report = ingest(stopped, [pictures], coco=coco, is_cancelled=is_cancelled)
        assert not report.is_complete
        assert report.taken < 60
        ingest(stopped, [pictures], coco=coco)
        assert ingest(whole, [pictures], coco=coco).is_complete
        assert dump(stopped) == dump(whole)


KILLED = """
import sys, os
from pathlib import Path
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.pipeline.ingest import ingest
project, pictures, coco = map(Path, sys.argv[1:])
with ProjectFile.open(project) as opened:
    ingest(opened, [pictures], coco=coco, on_progress=lambda p: print(p.done, flush=True))
"""


@pytest.mark.slow
def test_that_a_killed_ingest_and_the_rest_equal_one_that_was_not(tmp_path, pictures):
    for i in range(120):
        save(pictures / f"{i:03}.png", seed=i // 2 if i % 4 else i)
    coco = coco_file(tmp_path / "i.json", [f"{i:03}.png" for i in range(120)])
    path = tmp_path / "killed.hopchain"
    ProjectFile.create(path).close()
    for batches in (1, 3, 6):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, path, pictures, coco], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
        )
        with process:
            for _ in range(batches):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
    with ProjectFile.open(path) as killed, ProjectFile.create(tmp_path / "whole.hopchain") as whole:
        before = len(images(killed))
        ingest(killed, [pictures], coco=coco)
        ingest(whole, [pictures], coco=coco)
        assert before > 0
        assert dump(killed) == dump(whole)


def test_that_a_failure_of_the_writer_ends_the_ingest_and_its_threads(project, pictures, monkeypatch):
    from hopchain_core.pipeline import ingest as module

    for i in range(60):
        save(pictures / f"{i:02}.png", seed=i)

    def fail(uow, image):
        raise OSError("disk full")

    monkeypatch.setattr(module, "write_image", fail)
    with pytest.raises(OSError, match="disk full"):
        ingest(project, [pictures])
    assert images(project) == []
    time.sleep(0.01)
    assert not [t for t in threading.enumerate() if t.name.startswith("ingest")]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), cuts=st.lists(st.integers(0, 6), max_size=2))
def test_that_who_shares_a_group_does_not_depend_on_the_order_of_coming(order, cuts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for i in range(6):
        pixels(i // 2, 96 + 24 * (i % 2), 64 + 16 * (i % 2)).save(folder / f"{i}.png")
    with ProjectFile.create(folder / "p.hopchain") as project:
        start = 0
        for end in [*sorted(cuts), 6]:
            ingest(project, [folder / f"{i}.png" for i in order[start:end]])
            start = end
        together = [image.split_group for image in images(project)]
    assert [together[i] == together[j] for i in range(6) for j in range(6)] == [
        i // 2 == j // 2 for i in range(6) for j in range(6)
    ]


@pytest.mark.skipif(not COCO_MINI.is_dir(), reason="the shared folder with coco_mini is not beside the project")
def test_that_all_of_coco_mini_arrives(project):
    report = ingest(project, [COCO_MINI / "images"], coco=COCO_MINI / "instances.json")
    assert (report.taken, report.objects_taken, report.refused, report.notes) == (20, 350, (), ())
    taken = images(project)
    with project.read() as read:
        objects = [o for image in taken for o in read.source_objects(image.key)]
        assert all(o.box == o.mask.box() for o in objects)
    assert sum(o.is_crowd for o in objects) == 5
    assert all(image.licence and image.source.startswith("http") for image in taken)
    assert len({image.split_group for image in taken}) == 20
