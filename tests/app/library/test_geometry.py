"""Where cards lie: in rows that fill the width, each point in one card at most."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect

from app.views.library.geometry import GAP_PX, LEAST_WIDTH_PX, MARGIN_PX, MOST_WIDTH_PX, GridGeometry

geometries = st.builds(
    GridGeometry,
    width_px=st.integers(200, 4000),
    cell_wish_px=st.integers(LEAST_WIDTH_PX, MOST_WIDTH_PX),
    count=st.integers(1, 100_000),
)


@given(geometries, st.data())
def test_that_the_middle_of_a_card_is_in_that_card(geometry: GridGeometry, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, geometry.count - 1))
    assert geometry.at(geometry.rect(index).center()) == index


@given(geometries)
def test_that_cards_stay_inside_the_width(geometry: GridGeometry) -> None:
    last = geometry.rect(min(geometry.columns, geometry.count) - 1)
    assert last.right() < geometry.width_px - MARGIN_PX + GAP_PX
    assert geometry.rect(geometry.count - 1).bottom() < geometry.height_px


@given(geometries, st.integers(0, 5000), st.integers(1, 2000))
def test_that_what_lies_between_two_heights_is_all_that_shows(geometry: GridGeometry, top: int, height: int) -> None:
    view = QRect(0, top, geometry.width_px, height)
    found = geometry.between(top, top + height)
    for index in (found.start - 1, found.stop):
        if 0 <= index < geometry.count:
            assert not geometry.rect(index).intersects(view)
    assert len(found) <= geometry.columns * (height // (geometry.cell_height_px + GAP_PX) + 2)


@given(geometries)
def test_that_a_card_is_about_as_wide_as_was_asked(geometry: GridGeometry) -> None:
    if geometry.width_px >= 2 * MOST_WIDTH_PX:
        assert 0.7 * geometry.cell_wish_px <= geometry.cell_width_px <= 1.5 * geometry.cell_wish_px


def test_that_a_gap_belongs_to_no_card() -> None:
    geometry = GridGeometry(1000, 224, 50)
    beside = geometry.rect(0).topRight() + QPoint(GAP_PX // 2, 10)
    assert geometry.at(beside) == -1
    assert geometry.at(QPoint(2, 2)) == -1


def test_that_there_is_nothing_behind_the_last_card() -> None:
    geometry = GridGeometry(1000, 224, geometry_count := 2)
    assert geometry.at(geometry.rect(geometry_count).center()) == -1
