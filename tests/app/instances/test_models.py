"""The list and what it is made of, without any widget."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.models.instance_lineage import Lineage
from app.models.instance_list import InstanceColumn, InstanceListModel, InstanceRole, InstanceRow, rows_of
from app.models.instance_names import instance_names, share_text
from app.presenters.chain_detail import instance_names as names_in_chains
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import Attribute, AttributeName, Instance, Origin
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.domain.programs.facts import PictureFacts

SIZE = (100, 50)


def instance(category: str, x: float = 0.0, **more: Any) -> Instance:
    given_ = {"box": Box(x, 0, x + 10, 10), "mask": None, "score": None, "origin": Origin.MODEL, **more}
    return Instance(image=ImageKey("i" * 64), category=category, **given_)


def some() -> tuple[InstanceRow, ...]:
    bitmap = np.zeros((50, 100), dtype=bool)
    bitmap[:40, :50] = True
    mask = Mask.from_bitmap(bitmap)
    made = (
        instance("bowl", 1, score=0.9),
        instance("bowl", 2, score=0.4),
        instance("cup", 3, score=None, attributes=(Attribute(AttributeName.COLOUR, "teal", Origin.PERSON),)),
        instance("table", 4, mask=mask, box=mask.box(), score=0.7),
    )
    return rows_of(made, [made[1].key], SIZE)


@pytest.fixture
def model(qapp: QCoreApplication) -> Iterator[InstanceListModel]:
    made = InstanceListModel()
    tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield made
    del tester


def names(model: InstanceListModel) -> list[str]:
    return [row.name for row in model.rows]


def test_that_instances_are_numbered_where_a_category_has_several() -> None:
    made = [instance("cup", 1), instance("bowl", 2), instance("cup", 2, is_crowd=True), instance("cup", 3)]
    assert list(instance_names(made).values()) == ["cup 1", "bowl", "cup", "cup 2"]


def test_that_chains_call_instances_by_the_same_numbers() -> None:
    made = [
        instance("cup", 5),
        instance("cup", 1),
        instance("bowl", 9),
        instance("cup", 3, is_crowd=True),
        instance("bowl", 2),
    ]
    facts = PictureFacts(*SIZE, tuple(made))
    # As the project gives them.
    ordered = sorted(made, key=lambda i: (i.category, i.box.x0, i.box.y0, i.key))
    assert instance_names(ordered) == names_in_chains(facts)


def test_that_rows_hold_shares_and_who_is_hidden() -> None:
    rows = some()
    assert [row.is_hidden for row in rows] == [False, True, False, False]
    assert rows[3].share == pytest.approx(0.4)
    assert rows[0].share == pytest.approx(100 / 5000)


@pytest.mark.parametrize(("share", "text"), [(0.0, "0.0 %"), (0.0004, "< 0.1 %"), (0.029, "2.9 %"), (1.0, "100.0 %")])
def test_that_small_shares_are_not_rounded_to_nothing(share: float, text: str) -> None:
    assert share_text(share) == text


def test_that_the_list_shows_all_columns(model: InstanceListModel) -> None:
    model.set_rows(some())
    assert model.rowCount() == 4
    assert model.columnCount() == len(InstanceColumn)
    row = [model.index(1, column).data() for column in InstanceColumn]
    assert row == ["hidden", "bowl 2", "0.40", "2.0 %"]
    assert model.index(2, InstanceColumn.SCORE).data() == "–"
    said = model.index(1, InstanceColumn.NAME).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "bowl 2, score 0.40, 2.0 % of the picture, hidden"


def test_that_the_filter_looks_at_names_and_attributes(model: InstanceListModel) -> None:
    model.set_rows(some())
    model.set_filter(" Teal ")
    assert names(model) == ["cup"]
    model.set_filter("bowl 2")
    assert names(model) == ["bowl 2"]
    model.set_filter("zebra")
    assert names(model) == []
    model.set_filter("")
    assert len(names(model)) == 4


@pytest.mark.parametrize(
    ("column", "first"),
    [
        (InstanceColumn.NAME, "bowl 1"),
        (InstanceColumn.SCORE, "cup"),
        (InstanceColumn.AREA, "bowl 1"),
        (InstanceColumn.EYE, "bowl 1"),
    ],
)
def test_that_each_column_sorts_both_ways(model: InstanceListModel, column: InstanceColumn, first: str) -> None:
    model.set_rows(some())
    model.sort(column)
    ascending = names(model)
    assert ascending[0] == first
    model.sort(column, Qt.SortOrder.DescendingOrder)
    assert names(model) == ascending[::-1]


def test_that_another_version_changes_a_row_in_place(model: InstanceListModel) -> None:
    rows = some()
    model.set_rows(rows)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(0))
    kept = model.index(1, InstanceColumn.NAME)
    old = rows[1].instance
    new = instance("bowl", 2, score=None, supersedes=old.key)
    later = rows_of(
        [rows[0].instance, new, *(r.instance for r in rows[2:])], [], SIZE, lambda k: (old.key,) if k == new.key else ()
    )
    model.set_rows(later)
    assert resets == []
    assert kept.data(InstanceRole.ROW).key == new.key
    assert model.row(new.key) == 1
    assert model.row(old.key) == -1
    model.set_rows(later[1:])
    assert resets == [0]


def test_that_typing_over_a_name_asks_and_changes_nothing_yet(model: InstanceListModel) -> None:
    model.set_rows(some())
    asked: list[tuple[InstanceKey, str]] = []
    model.relabel_wanted.connect(lambda key, category: asked.append((key, category)))
    index = model.index(0, InstanceColumn.NAME)
    assert index.flags() & Qt.ItemFlag.ItemIsEditable
    assert not model.index(0, InstanceColumn.AREA).flags() & Qt.ItemFlag.ItemIsEditable
    assert model.setData(index, "  Wok ")
    assert asked == [(model.rows[0].key, "wok")]
    assert index.data() == "bowl 1"
    model.setData(index, "bowl")
    model.setData(index, "  ")
    assert len(asked) == 1
    model.set_editable(False)
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable


def key(number: int) -> InstanceKey:
    return InstanceKey(f"{number:016x}")


def test_that_what_is_selected_is_followed_through_edits_and_back() -> None:
    lineage = Lineage()
    lineage.note(key(2), key(1))
    lineage.note(key(3), key(2))
    assert lineage.follow([key(1)], {key(3), key(9)}) == (key(3),)
    # Undone: the later versions are gone from the project.
    assert lineage.follow([key(3)], {key(1), key(9)}) == (key(1),)
    assert lineage.follow([key(2)], {key(9)}) == ()
    assert lineage.root(key(3)) == lineage.root(key(1)) == key(1)


def test_that_merged_ones_are_followed_to_the_one_they_became() -> None:
    lineage = Lineage()
    lineage.note(key(5), key(1))
    assert lineage.follow([key(1), key(2)], {key(5)}) == (key(5),)
    assert lineage.follow([key(1), key(2)], {key(1), key(2)}) == (key(1), key(2))


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12), st.integers(0, 12))
def test_that_one_thing_is_followed_to_one_version_at_most(chain: list[int], seen: int) -> None:
    lineage = Lineage()
    for before, after in itertools.pairwise(chain):
        lineage.note(key(after), key(before))
    followed = lineage.follow([key(number) for number in chain], {key(seen)})
    assert set(followed) <= {key(seen)}
    assert len(followed) == (1 if followed else 0)
