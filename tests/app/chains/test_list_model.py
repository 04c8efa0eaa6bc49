"""The list of chains as a model: places are kept, pages come when they are looked at."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.models.chain_list import ChainListModel, ChainRole
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.domain.review import MarkKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import ChainRow


def row(number: int, *, mark: MarkKind | None = None) -> ChainRow:
    return ChainRow(
        number,
        ChainKey(f"{number:016x}"),
        ImageKey("a" * 64),
        "one.jpg",
        f"Question {number}?",
        "9",
        Composer.PROGRAM,
        1,
        4,
        ChainStatus.AWAITING,
        0,
        0,
        None,
        mark,
    )


@pytest.fixture
def model(qtbot: QtBot) -> ChainListModel:
    made = ChainListModel()
    made.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]
        made, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return made


def test_that_every_chain_has_a_row_before_anything_was_read(model: ChainListModel) -> None:
    model.set_ids(array("q", range(1000)))
    assert model.rowCount() == 1000
    assert model.index(999).data(ChainRole.NUMBER) == 999
    assert model.index(999).data(ChainRole.ROW) is None


def test_that_a_page_is_asked_for_once_until_it_comes(model: ChainListModel) -> None:
    model.set_ids(array("q", range(1000)))
    asked: list[int] = []
    model.page_wanted.connect(asked.append)
    for _ in range(3):
        model.known(ChainListModel.PAGE + 5)
    assert asked == [1]
    ids = list(model.page_ids(1))
    model.show_page(1, ids, [row(number) for number in ids])
    found = model.known(ChainListModel.PAGE + 5)
    assert found is not None
    assert found.number == ChainListModel.PAGE + 5
    assert asked == [1]
    model.refresh()
    assert model.known(ChainListModel.PAGE + 5) == found
    assert asked.count(1) == 2


def test_that_a_page_of_another_list_is_not_taken(model: ChainListModel) -> None:
    model.set_ids(array("q", range(100)))
    old = list(model.page_ids(0))
    model.set_ids(array("q", range(500, 600)))
    model.show_page(0, old, [row(number) for number in old])
    assert model.known(0) is None


def test_that_rows_read_are_kept_by_another_order(model: ChainListModel) -> None:
    model.set_ids(array("q", range(40)))
    model.show_page(0, list(range(40)), [row(number) for number in range(40)])
    model.set_ids(array("q", reversed(range(40))))
    found = model.known(0)
    assert found is not None
    assert found.number == 39


def test_that_one_chain_less_removes_one_row(model: ChainListModel) -> None:
    model.set_ids(array("q", range(500)))
    told: list[str] = []
    model.modelReset.connect(lambda: told.append("reset"))
    model.rowsRemoved.connect(lambda _, first, last: told.append(f"{first}-{last}"))
    assert model.set_ids(array("q", [n for n in range(500) if n != 77]))
    assert told == ["77-77"]
    assert model.row_of(77) is None
    assert model.row_of(78) == 77


def test_that_the_same_list_changes_nothing(model: ChainListModel) -> None:
    model.set_ids(array("q", range(10)))
    told: list[None] = []
    model.modelReset.connect(lambda: told.append(None))
    assert not model.set_ids(array("q", range(10)))
    assert not told


@given(st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True))
def test_that_any_list_follows_any_other(before: list[int], after: list[int]) -> None:
    model = ChainListModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_ids(array("q", before))
    model.show_page(0, before, [row(number) for number in before])
    model.set_ids(array("q", after))
    assert list(model.ids()) == after
    for place, number in enumerate(after):
        found = model.known(place)
        assert (found.number if found is not None else None) == (number if number in before else None)
    del tester
