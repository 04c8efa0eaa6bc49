"""Masks to bitmaps of their bounds and back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from app.canvas.crops import crop_of, mask_of
from app.canvas.values import Crop, Region
from hopchain_core.domain.geometry import Mask

bitmaps = npst.arrays(bool, st.tuples(st.integers(1, 24), st.integers(1, 24)))


@given(bitmaps)
def test_that_a_crop_holds_the_pixels_of_the_mask_and_no_more(bitmap: np.ndarray) -> None:
    crop = crop_of(Mask.from_bitmap(bitmap))
    whole = np.zeros_like(bitmap)
    if crop.region.is_empty:
        assert not bitmap.any()
        return
    whole[crop.region.slices] = crop.bitmap
    assert np.array_equal(whole, bitmap)
    assert crop.bitmap.any(axis=0)[[0, -1]].all()
    assert crop.bitmap.any(axis=1)[[0, -1]].all()


@given(bitmaps)
def test_that_a_mask_comes_back_from_its_crop_in_the_same_code(bitmap: np.ndarray) -> None:
    mask = Mask.from_bitmap(bitmap)
    assert mask_of(crop_of(mask), *bitmap.shape) == mask


def test_that_masks_with_many_runs_in_a_column_come_back() -> None:
    bitmap = np.zeros((64, 9), dtype=bool)
    bitmap[::2, :] = True
    bitmap[:, 4] = True
    crop = crop_of(Mask.from_bitmap(bitmap))
    whole = np.zeros_like(bitmap)
    whole[crop.region.slices] = crop.bitmap
    assert np.array_equal(whole, bitmap)


def test_that_an_empty_crop_is_an_empty_mask() -> None:
    mask = mask_of(Crop(Region(0, 0, 0, 0), np.zeros((0, 0), dtype=bool)), 5, 7)
    assert mask.area == 0
    assert (mask.height_px, mask.width_px) == (5, 7)
