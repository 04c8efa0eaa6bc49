"""A chain as a graph: hops, and what each hands on to which."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters.chain_detail import ChainDetail
from hopchain_core.domain.chains import Level, instances_in
from hopchain_core.domain.findings import Severity


@dataclass(frozen=True, slots=True)
class Node:
    """A hop.

    Attributes:
        index: Its number.
        level: How much it looks at.
        output: What it gives.
        severity: The worst that was found about it; None for nothing.
    """

    index: int
    level: Level | None
    output: str
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class Edge:
    """What a hop hands on to a later one.

    Attributes:
        start: Number of the hop that gives.
        end: Number of the hop that needs it.
        is_instance: An instance or a set is handed on; otherwise a value.
        changes_level: From one object to several, or back.
        lane: 0 for hops side by side; higher ones pass above so many others.
    """

    start: int
    end: int
    is_instance: bool
    changes_level: bool
    lane: int


@dataclass(frozen=True, slots=True)
class Graph:
    """All of a chain."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    @property
    def lanes(self) -> int:
        """How many lanes pass above."""
        return max((edge.lane for edge in self.edges), default=0)


def graph_of(detail: ChainDetail) -> Graph:
    """The graph of a chain."""
    hops = detail.chain.hops
    places = {hop.index: place for place, hop in enumerate(hops)}
    nodes = tuple(Node(h.index, h.level, h.output, _worst(detail, h.index)) for h in hops)
    wanted = [
        (start, hop.index)
        for hop in hops
        for start in hop.needs
        if start in places and places[start] < places[hop.index]
    ]
    lanes = _lanes([(places[start], places[end]) for start, end in wanted])
    edges = []
    for (start, end), lane in zip(wanted, lanes, strict=True):
        one, other = hops[places[start]], hops[places[end]]
        edges.append(
            Edge(
                start,
                end,
                is_instance=bool(instances_in(one.establishes, with_sets=True)),
                changes_level=one.level is not None and other.level is not None and one.level != other.level,
                lane=lane,
            )
        )
    return Graph(nodes, tuple(edges))


def _lanes(spans: list[tuple[int, int]]) -> list[int]:
    """0 for neighbours; for others the lowest lane in which they cross no other span, short ones first."""
    lanes = [0] * len(spans)
    taken: list[list[tuple[int, int]]] = []
    for n in sorted((n for n, (a, b) in enumerate(spans) if b - a > 1), key=lambda n: (spans[n][1] - spans[n][0], n)):
        start, end = spans[n]
        for lane, others in enumerate(taken):
            if all(end <= a or start >= b for a, b in others):
                others.append((start, end))
                lanes[n] = lane + 1
                break
        else:
            taken.append([(start, end)])
            lanes[n] = len(taken)
    return lanes


def _worst(detail: ChainDetail, index: int) -> Severity | None:
    found = {finding.severity for finding in detail.findings_of(index)}
    return next((s for s in (Severity.ERROR, Severity.WARNING, Severity.NOTE) if s in found), None)
