"""Charts: every mark is reached by mouse and keyboard, says its figures, and nothing is cut off."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.widgets.plots import Band, Bar, BarRow, BarRows, Funnel, FunnelRow, Histogram, Intervals, Point
from app.widgets.plots.plot import Plot, short, ticks


def made(kind: str) -> Plot:
    """A chart of each kind with four marks."""
    if kind == "histogram":
        bars = Histogram("Chains", "right of 3")
        bars.show_bars(
            [Bar(f"{n}/3", 10 * n, f"{10 * n} chains at {n}", other=n, interval=(8 * n, 12 * n)) for n in range(4)],
            [Band(0, 0, "too hard"), Band(3, 3, "too easy")],
        )
        return bars
    if kind == "rows":
        rows = BarRows("Errors")
        rows.show_rows([BarRow(f"Kind {n}", n, f"{n}", f"{n} of kind {n}") for n in range(4)])
        return rows
    if kind == "intervals":
        points = Intervals("By length", "tokens")
        points.show_points([Point(f"{n}", n / 4, (n / 5, n / 3), 1 + n, f"bin {n}") for n in range(4)], "4")
        return points
    funnel = Funnel("Steps")
    funnel.show_rows(
        [
            FunnelRow("Part"),
            FunnelRow("All", 9, 9, "All: 9"),
            FunnelRow("lost", 2, 1, "2 lost", is_loss=True),
            FunnelRow("Left", 7, 9, "Left: 7"),
            FunnelRow("None", 0, 9, "None: 0"),
        ]
    )
    return funnel


@pytest.fixture(params=["histogram", "rows", "intervals", "funnel"])
def plot(request: pytest.FixtureRequest, qtbot: QtBot) -> Plot:
    shown = made(request.param)
    qtbot.addWidget(shown)
    shown.resize(420, max(216, shown.sizeHint().height()))
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def test_that_every_mark_lies_inside_the_chart_and_on_no_other(plot: Plot) -> None:
    places = [plot.place(n) for n in range(plot.count)]
    assert plot.count == 4
    assert all(plot.rect().toRectF().adjusted(-0.5, -0.5, 0.5, 0.5).contains(place) for place in places)
    for n, place in enumerate(places):
        assert not any(place.adjusted(1, 1, -1, -1).intersects(other) for other in places[n + 1 :])


def test_that_arrows_reach_every_mark_and_say_it(plot: Plot, qtbot: QtBot) -> None:
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    on = Qt.Key.Key_Down if isinstance(plot, (BarRows, Funnel)) else Qt.Key.Key_Right
    said = [plot.accessibleDescription()]
    for _ in range(3):
        qtbot.keyClick(plot, on)
        said.append(plot.accessibleDescription())
    assert said == [plot.words(n) for n in range(4)]
    qtbot.keyClick(plot, on)
    assert plot.current == 3
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert plot.current == 0


def test_that_the_name_holds_every_figure(plot: Plot) -> None:
    assert all(plot.words(n) in plot.accessibleName() for n in range(plot.count))


def test_that_a_click_and_enter_choose_a_mark(plot: Plot, qtbot: QtBot) -> None:
    chosen: list[int] = []
    plot.chosen.connect(chosen.append)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.place(1).center().toPoint())
    plot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert chosen == [1, 1]


def test_that_a_chart_without_figures_is_still_painted(plot: Plot) -> None:
    match plot:
        case Histogram():
            plot.show_bars([])
        case BarRows() | Funnel():
            plot.show_rows([])
        case Intervals():
            plot.show_points([])
    assert plot.count == 0
    assert not plot.grab().isNull()
    assert "nothing to show" in plot.accessibleName()


def test_that_nothing_is_painted_over_the_edge(plot: Plot) -> None:
    # What reaches the edge is cut off: a line of ground stays free at the left and the right of everything.
    plot.clearFocus()
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ground = image.pixel(0, 0)
    edges = [QPoint(x, y) for x in (0, image.width() - 1) for y in range(0, 16)]
    assert all(image.pixel(point) == ground for point in edges)


def test_that_a_mark_without_a_list_behind_it_cannot_be_chosen(qtbot: QtBot) -> None:
    rows = BarRows("Hops")
    qtbot.addWidget(rows)
    rows.show_rows([BarRow("One object", 3, "3", "three", is_choosable=False)])
    chosen: list[int] = []
    rows.chosen.connect(chosen.append)
    qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=rows.place(0).center().toPoint())
    assert chosen == []


@given(st.floats(0, 1e9))
def test_that_ticks_are_few_even_and_reach_beyond_the_most(most: float) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert 2 <= len(found) <= 6
    assert len({after - before for before, after in itertools.pairwise(found)}) == 1


@pytest.mark.parametrize(
    ("number", "text"), [(980, "980"), (9_999, "9,999"), (12_300, "12.3k"), (40_000, "40k"), (1_250_000, "1.2M")]
)
def test_that_counts_are_short_where_there_is_little_room(number: int, text: str) -> None:
    assert short(number) == text
