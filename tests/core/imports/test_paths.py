from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.imports.annotation_set import AnnotatedPicture
from hopchain_core.imports.notes import ImportProblem as P
from hopchain_core.imports.paths import match_pictures, relative_path


def entries(*names):
    return [AnnotatedPicture(entry=str(i), subject=f"e{i}", path=PurePosixPath(n)) for i, n in enumerate(names)]


def files(*below, root="/data/set"):
    return [(PurePosixPath(root) / name, PurePosixPath(name)) for name in below]


def matched(names, below):
    found, notes = match_pictures(entries(*names), files(*below))
    return {below[index]: int(picture.entry) for index, picture in found.items()}, [n.problem for n in notes]


def test_that_a_name_alone_finds_its_picture():
    assert matched(["a.jpg", "b.jpg"], ["deep/down/b.jpg", "a.jpg"]) == ({"a.jpg": 0, "deep/down/b.jpg": 1}, [])


def test_that_a_picture_that_is_not_there_is_told():
    assert matched(["a.jpg", "c.jpg"], ["a.jpg"]) == ({"a.jpg": 0}, [P.NO_PICTURE])


def test_that_folders_tell_equal_names_apart():
    below = ["train/1.jpg", "val/1.jpg"]
    assert matched(["val/1.jpg", "train/1.jpg"], below) == ({"val/1.jpg": 0, "train/1.jpg": 1}, [])
    assert matched(["coco/val/1.jpg"], below) == ({"val/1.jpg": 0}, [])


def test_that_the_own_path_comes_before_any_other():
    below = ["1.jpg", "x/1.jpg"]
    assert matched(["1.jpg"], below) == ({"1.jpg": 0}, [])


def test_that_nothing_is_taken_when_several_could_be_meant():
    assert matched(["1.jpg"], ["train/1.jpg", "val/1.jpg"]) == ({}, [P.AMBIGUOUS])


def test_that_of_two_entries_for_one_picture_the_better_is_taken():
    assert matched(["train/1.jpg", "val/1.jpg"], ["val/1.jpg"]) == ({"val/1.jpg": 1}, [P.DUPLICATE_PICTURE])
    assert matched(["1.jpg", "1.jpg"], ["1.jpg"]) == ({"1.jpg": 0}, [P.DUPLICATE_PICTURE])


@given(st.text(max_size=30))
def test_that_a_plain_name_never_leaves_its_folder(name):
    try:
        path = relative_path(name)
    except ValueError:
        return
    assert not path.is_absolute()
    assert ".." not in path.parts
    assert path.parts
