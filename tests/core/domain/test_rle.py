import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pycocotools import mask as coco

from hopchain_core.domain import rle

SHAPES = st.tuples(st.integers(1, 14), st.integers(1, 14))
BITMAPS = hnp.arrays(bool, SHAPES)


@st.composite
def blobs(draw):
    """Bitmaps as instances have them: a few filled boxes in a larger picture."""
    height, width = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    bitmap = np.zeros((height, width), dtype=bool)
    for _ in range(draw(st.integers(0, 4))):
        top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        bitmap[top : top + draw(st.integers(1, height)), left : left + draw(st.integers(1, width))] ^= True
    return bitmap


ANY = BITMAPS | blobs()


@st.composite
def same_size(draw, count):
    shape = draw(SHAPES)
    return [draw(hnp.arrays(bool, shape)) for _ in range(count)]


def theirs(bitmap):
    return coco.encode(np.asfortranarray(bitmap.astype(np.uint8)))


@given(ANY)
@example(np.ones((3, 4), bool))
@example(np.zeros((3, 4), bool))
def test_that_a_bitmap_comes_back_from_runs_and_text(bitmap):
    runs = rle.encode(bitmap)
    rle.check(runs, *bitmap.shape)
    assert (rle.decode(runs, *bitmap.shape) == bitmap).all()
    assert (rle.from_string(rle.to_string(runs)) == runs).all()
    assert runs.dtype == np.int64
    assert (runs[1:] > 0).all()


@given(ANY)
def test_that_text_area_and_bounds_equal_those_of_pycocotools(bitmap):
    runs, code = rle.encode(bitmap), theirs(bitmap)
    assert rle.to_string(runs) == code["counts"].decode()
    assert rle.area(runs) == coco.area(code) == bitmap.sum()
    x, y, width, height = coco.toBbox(code).tolist()
    assert rle.bounds(runs, bitmap.shape[0]) == (x, y, x + width, y + height)


@given(same_size(2))
def test_that_common_pixels_are_counted_from_the_runs(pair):
    a, b = pair
    assert rle.intersection_area(rle.encode(a), rle.encode(b)) == (a & b).sum()


@given(same_size(3))
def test_that_a_union_holds_the_pixels_of_any(masks):
    union = rle.union([rle.encode(m) for m in masks], masks[0].size)
    assert (union == rle.encode(np.logical_or.reduce(masks))).all()
    assert rle.to_string(union) == coco.merge([theirs(m) for m in masks])["counts"].decode()


@given(BITMAPS, st.data())
def test_that_runs_of_length_zero_change_nothing(bitmap, data):
    runs = rle.encode(bitmap).tolist()
    for _ in range(3):
        place = data.draw(st.integers(0, len(runs)))
        runs[place:place] = [0, 0]
    spoilt = np.array(runs, dtype=np.int64)
    rle.check(spoilt, *bitmap.shape)
    assert (rle.decode(spoilt, *bitmap.shape) == bitmap).all()
    assert rle.area(spoilt) == bitmap.sum()
    assert rle.bounds(spoilt, bitmap.shape[0]) == rle.bounds(rle.encode(bitmap), bitmap.shape[0])
    assert rle.intersection_area(spoilt, rle.encode(bitmap)) == bitmap.sum()
    assert (rle.union([spoilt, spoilt], bitmap.size) == rle.encode(bitmap)).all()


@given(st.lists(st.integers(0, rle.LONGEST_RUN), min_size=1, max_size=400))
def test_that_any_runs_come_back_from_their_text(counts):
    runs = np.array(counts, dtype=np.int64)
    assert rle.from_string(rle.to_string(runs)).tolist() == counts


def test_that_long_and_short_codes_are_written_alike():
    random = np.random.default_rng(0)
    for length in (1, 2, 3, 4, 127, 128, 129, 130, 1000):
        counts = random.integers(0, 10 ** random.integers(1, 9), length)
        size = {"size": [1, int(counts.sum())], "counts": counts.tolist()}
        assert rle.to_string(counts) == coco.frPyObjects(size, *size["size"])["counts"].decode()


@given(st.text(max_size=40) | st.text(st.characters(min_codepoint=48, max_codepoint=111), max_size=60))
def test_that_any_text_is_read_or_refused(text):
    try:
        runs = rle.from_string(text)
    except ValueError:
        return
    assert (runs >= 0).all()
    assert (rle.from_string(rle.to_string(runs)) == runs).all()


@pytest.mark.parametrize("text", ["P", "0P", "é", "p", "/", "o" * 13 + "0", "oooooooo0", "O"])
def test_that_a_text_that_is_no_code_is_refused(text):
    with pytest.raises(ValueError, match=r"run-length|ascii"):
        rle.from_string(text)


@pytest.mark.parametrize(
    "runs", [[], [5], [13], [-1, 13], [6, 7], [2**62, 2**62, 2**62, 2**62, 12], [2**63 - 1, 2**63 - 1, 14]]
)
def test_that_runs_that_do_not_cover_the_picture_are_refused(runs):
    with pytest.raises(ValueError, match="does not cover 3 x 4"):
        rle.check(np.array(runs, dtype=np.int64), 3, 4)
    rle.check(np.array([5, 7], dtype=np.int64), 3, 4)


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0)])
def test_that_an_empty_picture_has_one_run_of_nothing(shape):
    runs = rle.encode(np.zeros(shape, bool))
    assert runs.tolist() == [0]
    assert rle.decode(runs, *shape).shape == shape
