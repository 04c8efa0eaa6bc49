"""Which pictures look alike: connected groups of hashes at most a few bits apart.

The search is exact. If two 64-bit hashes differ in at most 4 bits, then of three bands of 21, 21 and 22 bits at least one
differs in at most one bit (were it two or more in each, it would be six in all). So each hash looks up, for every band, the
hashes whose band is the same or one bit off, and only those are compared in full. For 100,000 hashes these are
some millions of look-ups in sorted arrays instead of five billion comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NEAR_BITS = 4
"""Pictures whose hashes differ in at most so many of 64 bits look alike. Chosen: over 40 rendered scenes, rescaling and
re-encoding changed at most 2 bits, blur at most 4 and most changes of brightness 3, while different scenes were at
least 17 apart; photographs of flat scenery lie closer together than that, so the bound stays low."""

BANDS = ((0, 21), (21, 21), (42, 22))
"""(first bit, number of bits) of each band."""
_PAIRS_AT_ONCE = 4_000_000
_BITS_OF_BYTE = np.array([bin(value).count("1") for value in range(256)], dtype=np.uint8)


def groups_of(hashes: Sequence[str]) -> NDArray[np.int64]:
    """Groups hashes that are linked by a chain of near ones.

    The groups depend on the set of hashes alone, not on their order. More hashes can join groups but never part one.

    Args:
        hashes: 16 hex digits each.

    Shapes:
        returns: int64, (N,): for each hash the index of the first hash of its group
    """
    values = np.array([int(text, 16) for text in hashes], dtype=np.uint64)
    distinct, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    parents = np.arange(len(distinct))
    for left, right in _near_pairs(distinct):
        _link(parents, left, right)
    roots = _roots(parents)
    earliest = np.full(len(distinct), len(values), dtype=np.int64)
    np.minimum.at(earliest, roots, first)
    return earliest[roots[inverse]]


def _near_pairs(hashes: NDArray[np.uint64]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of indices of different hashes at most `NEAR_BITS` apart; a pair may come more than once."""
    pairs = []
    for start, width in BANDS:
        band = (hashes >> np.uint64(start)) & np.uint64((1 << width) - 1)
        order = np.argsort(band, kind="stable")
        ordered = band[order]
        for flipped in (0, *(1 << bit for bit in range(width))):
            wanted = band ^ np.uint64(flipped)
            low = np.searchsorted(ordered, wanted, side="left")
            high = np.searchsorted(ordered, wanted, side="right")
            pairs.extend(_compare(hashes, order, low, high))
    return pairs


def _compare(
    hashes: NDArray[np.uint64], order: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Compares hash i with those at low[i] to high[i] of the order, in slices that fit into memory."""
    counts = high - low
    if not counts.any():
        return []
    near = []
    slices = np.cumsum(counts) // _PAIRS_AT_ONCE
    for part in np.split(np.arange(len(counts)), np.flatnonzero(np.diff(slices)) + 1):
        of_part = counts[part]
        left = np.repeat(part, of_part)
        within = np.arange(len(left)) - np.repeat(np.cumsum(of_part) - of_part, of_part)
        right = order[low[left] + within]
        once = left < right
        left, right = left[once], right[once]
        differing = (hashes[left] ^ hashes[right]).view(np.uint8).reshape(-1, 8)
        is_near = _BITS_OF_BYTE[differing].sum(axis=1) <= NEAR_BITS
        if is_near.any():
            near.append((left[is_near], right[is_near]))
    return near


def _link(parents: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
    """Joins the groups of all pairs; a root is the smallest index of its group."""
    while True:
        roots = _roots(parents)
        a, b = roots[left], roots[right]
        apart = a != b
        if not apart.any():
            parents[:] = roots
            return
        a, b = a[apart], b[apart]
        parents[:] = roots
        # Several pairs may want to move one root; the smallest wins and the next round moves the rest.
        np.minimum.at(parents, np.maximum(a, b), np.minimum(a, b))


def _roots(parents: NDArray[np.int64]) -> NDArray[np.int64]:
    """The root of every node; parents never have a larger index than their children, so this ends."""
    roots = parents
    while True:
        further = roots[roots]
        if np.array_equal(further, roots):
            return roots
        roots = further
