"""The list of pictures without any widget: pages, changes, and what Qt asks of a model."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from app.models.image_list import ImageListModel, ImageRole
from app.models.paged_list import MOST_PAGES
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import ImageRow


def image_row(number: int, **changes: object) -> ImageRow:
    """A picture of which only the number matters."""
    values: dict[str, object] = {
        "number": number,
        "key": ImageKey(f"{number:064x}"),
        "path": f"a/{number}.jpg",
        "width_px": 640,
        "height_px": 480,
        "instance_count": 3,
        "chain_counts": {},
    }
    return ImageRow(**{**values, **changes})  # type: ignore[arg-type]


class Feeder:
    """Answers a model at once, and counts."""

    def __init__(self, model: ImageListModel) -> None:
        self.model = model
        self.pages: list[int] = []
        model.page_wanted.connect(self.feed)

    def feed(self, page: int) -> None:
        self.pages.append(page)
        ids = list(self.model.page_ids(page))
        self.model.show_page(page, ids, [image_row(number) for number in ids])


@pytest.fixture
def model(qapp: QCoreApplication) -> ImageListModel:
    return ImageListModel()


def test_that_the_model_does_what_qt_asks_of_one(model: ImageListModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    feeder = Feeder(model)
    model.set_ids(array("q", range(1, 400)))
    for row in (0, 130, 398):
        assert model.index(row).data(ImageRole.ROW) is not None or row // ImageListModel.PAGE in feeder.pages
    model.refresh()
    model.show_missing(["a/3.jpg"], ["a/3.jpg"])
    model.set_ids(array("q", range(50, 60)))
    model.set_ids(array("q"))
    assert tester.model() is model


def test_that_only_pages_looked_at_are_read(model: ImageListModel) -> None:
    feeder = Feeder(model)
    model.set_ids(array("q", range(1, 100_001)))
    assert feeder.pages == []
    model.known(0)
    model.known(1)
    model.known(99_999)
    assert feeder.pages == [0, 99_999 // ImageListModel.PAGE]


def test_that_a_page_is_asked_for_once_until_it_comes(model: ImageListModel) -> None:
    asked = QSignalSpy(model.page_wanted)
    model.set_ids(array("q", range(1, 300)))
    for row in range(ImageListModel.PAGE):
        assert model.known(row) is None
    assert asked.count() == 1


def test_that_what_was_looked_at_longest_ago_is_let_go(model: ImageListModel) -> None:
    feeder = Feeder(model)
    model.set_ids(array("q", range(1, ImageListModel.PAGE * (MOST_PAGES + 3))))
    for page in range(MOST_PAGES + 2):
        model.known(page * ImageListModel.PAGE)
    feeder.pages.clear()
    model.known((MOST_PAGES + 1) * ImageListModel.PAGE)
    assert feeder.pages == []
    model.known(0)
    assert feeder.pages == [0]


def test_that_a_page_of_another_list_is_not_shown(model: ImageListModel) -> None:
    model.set_ids(array("q", range(1, 11)))
    model.known(0)
    asked = list(model.page_ids(0))
    model.set_ids(array("q", range(5, 11)))
    model.show_page(0, asked, [image_row(number) for number in asked])
    assert model.known(0) is None


def test_that_rows_stay_in_sight_while_they_are_read_again(model: ImageListModel) -> None:
    feeder = Feeder(model)
    model.set_ids(array("q", range(1, 11)))
    assert model.known(4) == image_row(5)
    model.page_wanted.disconnect(feeder.feed)
    asked = QSignalSpy(model.page_wanted)
    model.refresh()
    assert model.known(4) == image_row(5)
    assert asked.count() == 1


def test_that_rows_known_are_kept_for_another_list(model: ImageListModel) -> None:
    feeder = Feeder(model)
    model.set_ids(array("q", range(1, 11)))
    model.known(0)
    model.page_wanted.disconnect(feeder.feed)
    model.set_ids(array("q", range(10, 0, -1)))
    assert model.known(0) == image_row(10)


def test_that_the_same_list_resets_nothing(model: ImageListModel) -> None:
    model.set_ids(array("q", (3, 1, 2)))
    resets = QSignalSpy(model.modelReset)
    assert not model.set_ids(array("q", (3, 1, 2)))
    assert resets.count() == 0
    assert model.set_ids(array("q", (1, 2, 3)))
    assert resets.count() == 1


def test_that_pictures_gone_meanwhile_leave_their_place_empty(model: ImageListModel) -> None:
    model.set_ids(array("q", (1, 2, 3)))
    model.show_page(0, [1, 2, 3], [image_row(1), image_row(3)])
    assert model.known(1) is None
    assert model.known(2) == image_row(3)


def test_that_a_picture_says_what_is_to_be_known_of_it(model: ImageListModel) -> None:
    model.set_ids(array("q", (1, 2)))
    known = image_row(1, chain_counts={ChainStatus.VERIFIED: 2, ChainStatus.REJECTED: 1}, failing=("compose",))
    model.show_page(0, [1, 2], [known, image_row(2, instance_count=1)])
    said = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "1.jpg, 640 by 480, 3 instances, 2 chains ready, 1 chain refused, Compose failed"
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "2.jpg, 640 by 480, 1 instance, no chains yet"
    model.show_missing(["a/1.jpg", "a/2.jpg"], ["a/2.jpg"])
    assert str(model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)).endswith("its file is missing")
    assert not str(model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)).endswith("its file is missing")


def test_that_a_file_that_is_back_is_no_longer_missing(model: ImageListModel) -> None:
    model.set_ids(array("q", (1, 2)))
    model.show_missing(["a/1.jpg", "a/2.jpg"], ["a/1.jpg"])
    assert model.is_missing(image_row(1))
    changes = QSignalSpy(model.dataChanged)
    model.show_missing(["a/1.jpg"], [])
    assert not model.is_missing(image_row(1))
    assert changes.count() == 1
    model.show_missing(["a/1.jpg"], [])
    assert changes.count() == 1


@given(ids=st.lists(st.integers(1, 60), unique=True), wanted=st.sets(st.integers(1, 80)))
def test_that_ranges_hold_exactly_the_rows_of_what_is_wanted(ids: list[int], wanted: set[int]) -> None:
    model = ImageListModel()
    model.set_ids(array("q", ids))
    found = [row for first, last in model.rows_of(wanted) for row in range(first, last + 1)]
    assert found == [row for row, number in enumerate(ids) if number in wanted]
