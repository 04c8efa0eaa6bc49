import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageEnhance, ImageFilter

from hopchain_core.pictures.decode import inspect
from hopchain_core.pictures.neighbours import NEAR_BITS, groups_of


def texts(values):
    return [f"{int(v):016x}" for v in values]


def plainly_grouped(values):
    """The same by comparing each with each."""
    groups = list(range(len(values)))
    for i, a in enumerate(values):
        for j in range(i):
            if bin(a ^ values[j]).count("1") <= NEAR_BITS and groups[i] != groups[j]:
                keep, gone = sorted((groups[i], groups[j]))
                groups = [keep if g == gone else g for g in groups]
    return groups


# Values near a few centres, so that there is something to find and something to tell apart.
clumped = st.lists(
    st.builds(
        lambda centre, flips: centre ^ sum({1 << bit for bit in flips}),
        st.sampled_from([0, 2**64 - 1, 0x0123456789ABCDEF, 0xFF00FF00FF00FF00]),
        st.lists(st.integers(0, 63), max_size=9),
    ),
    max_size=30,
)


@given(clumped)
def test_that_groups_equal_those_of_comparing_each_with_each(values):
    assert groups_of(texts(values)).tolist() == plainly_grouped(values)


@given(clumped, st.randoms())
def test_that_the_order_makes_no_difference_to_who_is_together(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    plain, shuffled = groups_of(texts(values)), groups_of(texts([values[i] for i in order]))
    assert {frozenset(np.flatnonzero(plain == g)) for g in plain} == {
        frozenset(order[i] for i in np.flatnonzero(shuffled == g)) for g in shuffled
    }


@given(clumped, clumped)
def test_that_more_hashes_only_join_groups(old, new):
    before, after = groups_of(texts(old)), groups_of(texts(old + new))
    for i in range(len(old)):
        for j in range(i):
            assert before[i] != before[j] or after[i] == after[j]


@pytest.mark.parametrize("bits", range(8))
@settings(max_examples=20)
@given(st.integers(0, 2**64 - 1), st.randoms())
def test_that_the_bound_is_exact(bits, value, random):
    other = value
    for bit in random.sample(range(64), bits):
        other ^= 1 << bit
    groups = groups_of(texts([value, other]))
    assert (groups[0] == groups[1]) == (bits <= NEAR_BITS)


def test_that_a_hundred_thousand_hashes_are_grouped_in_seconds():
    random = np.random.default_rng(1)
    values = random.integers(0, 2**64, 100_000, dtype=np.uint64)
    values[50_000:50_500] = values[:500] ^ np.uint64(0b10100001)
    started = time.perf_counter()
    groups = groups_of(texts(values))
    assert time.perf_counter() - started < 30
    assert (groups[50_000:50_500] == np.arange(500)).all()
    assert len(np.unique(groups)) == 99_500


def test_that_many_equal_hashes_cost_no_more_than_one():
    values = np.full(100_000, 7, dtype=np.uint64)
    assert (groups_of(texts(values)) == 0).all()


def test_that_copies_that_were_scaled_recoded_or_greyed_share_a_group(scene, tmp_path):
    picture = Pillow.fromarray(np.kron(scene, np.ones((6, 6, 1), np.uint8)))
    copies = {
        "a.png": picture,
        "half.png": picture.resize((384, 288)),
        "grey.png": picture.convert("L"),
        "blurred.png": picture.filter(ImageFilter.GaussianBlur(2)),
        "brighter.png": ImageEnhance.Brightness(picture).enhance(1.1),
        "mirrored.png": picture.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT),
    }
    for name, copy in copies.items():
        copy.save(tmp_path / name)
    picture.save(tmp_path / "poor.jpg", quality=25)
    paths = [*(tmp_path / name for name in copies), tmp_path / "poor.jpg"]
    groups = groups_of([inspect(path).perceptual_hash for path in paths])
    assert groups.tolist() == [0, 0, 0, 0, 0, 5, 0]
