"""The chain as a graph: what is drawn between which hops, and what a click does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.presenters.chain_graph import Edge, Graph, Node, _lanes, graph_of
from app.views.chains.graph import GraphDrawing
from hopchain_core.domain.chains import Level
from hopchain_core.domain.findings import Severity
from tests.app.chains.curator import Curator


def test_that_every_need_is_an_edge(curator: Curator) -> None:
    chain = curator.detail.chain
    graph = graph_of(curator.detail)
    assert [(node.index, node.output, node.level) for node in graph.nodes] == [
        (h.index, h.output, h.level) for h in chain.hops
    ]
    assert {(edge.start, edge.end) for edge in graph.edges} == {(n, h.index) for h in chain.hops for n in h.needs}


def test_that_edges_tell_instances_from_values_and_levels(curator: Curator) -> None:
    hops = {hop.index: hop for hop in curator.detail.chain.hops}
    for edge in graph_of(curator.detail).edges:
        start, end = hops[edge.start], hops[edge.end]
        assert edge.is_instance == any(hasattr(r, "instance") or hasattr(r, "instances") for r in start.establishes)
        assert edge.changes_level == (None not in (start.level, end.level) and start.level != end.level)


@pytest.mark.parametrize(
    ("spans", "lanes"),
    [
        ([(0, 1), (1, 2)], [0, 0]),
        ([(0, 2), (2, 4)], [1, 1]),
        ([(0, 3), (1, 3)], [2, 1]),
        ([(0, 5), (1, 3), (3, 5)], [2, 1, 1]),
        ([], []),
    ],
)
def test_that_edges_that_overlap_pass_in_lanes_of_their_own(spans: list[tuple[int, int]], lanes: list[int]) -> None:
    assert _lanes(spans) == lanes


def test_that_a_click_on_a_box_goes_to_its_hop(curator: Curator) -> None:
    drawing = curator.space.graph.drawing
    for hop in (4, 2):
        curator.click(drawing, drawing.rect_of(hop).center().toPoint())
        assert curator.hop == hop
        assert f"hop {hop} is open" in drawing.accessibleDescription()


def test_that_arrow_keys_walk_along_the_graph(curator: Curator) -> None:
    drawing = curator.space.graph.drawing
    drawing.setFocus()
    curator.press(Qt.Key.Key_Right, on=drawing)
    assert curator.hop == 2
    curator.press(Qt.Key.Key_Left, on=drawing)
    curator.press(Qt.Key.Key_Left, on=drawing)
    assert curator.hop == 1


def test_that_boxes_never_overlap_and_stay_inside(qtbot: QtBot) -> None:
    drawing = GraphDrawing()
    qtbot.addWidget(drawing)
    for count in range(1, 11):
        nodes = tuple(Node(n, Level.SEVERAL, "something long", Severity.WARNING) for n in range(1, count + 1))
        edges = tuple(Edge(1, n, is_instance=n % 2 == 0, changes_level=True, lane=n - 2) for n in range(2, count + 1))
        drawing.show_graph(Graph(nodes, edges), 1)
        for width in (300, 624, 833, 1400):
            drawing.resize(max(width, drawing.minimumWidth()), drawing.wanted_height())
            boxes = [drawing.rect_of(node.index) for node in nodes]
            assert all(a.right() < b.left() for a, b in pairwise(boxes))
            assert boxes[0].left() >= 0
            assert boxes[-1].right() <= drawing.width()
            assert not drawing.grab().isNull()
