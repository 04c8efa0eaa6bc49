"""Which things stand together: books in a stack or in a row, all else alone."""

from __future__ import annotations

from random import Random

from hopchain_core.scenes.casting import KINDS, Role
from hopchain_core.scenes.layout import Cluster
from hopchain_core.scenes.things.books import book_flat, book_spine
from hopchain_core.scenes.things.thing import Thing
from hopchain_core.scenes.words import Printer

_STACK, _ROW = 3, 4


def grouped(rng: Random, roles: list[Role], printer: Printer, *, headroom: float) -> list[Cluster]:
    """Builds all things and puts them together.

    Args:
        rng: Of the scene.
        roles: What to build.
        printer: What to print.
        headroom: Greatest height of anything, units.
    """
    books = [r for r in roles if r.category == "book"]
    clusters: list[Cluster] = []
    together: list[Role] = []
    if len(books) >= 2 and rng.random() < 0.75:
        together, books = _unlike_neighbours(books, rng.randint(2, _ROW))
    if len(together) >= 2:
        if rng.random() < 0.5:
            clusters.append(_stack(rng, together[:_STACK], printer))
            books = together[_STACK:] + books
        else:
            clusters.append(_row(rng, together, printer))
    else:
        books = together + books
    for role in [r for r in roles if r.category != "book"] + books:
        thing = _built(rng, role, printer, headroom)
        if thing is not None:
            clusters.append(Cluster(((thing, (0.0, 0.0, 0.0)),)))
    return clusters


def _unlike_neighbours(books: list[Role], most: int) -> tuple[list[Role], list[Role]]:
    """Books to put side by side, no two neighbours of one colour, and those left over."""
    together: list[Role] = []
    left: list[Role] = []
    for book in books:
        is_fit = len(together) < most and (not together or together[-1].colour != book.colour)
        (together if is_fit else left).append(book)
    return together, left


def _built(rng: Random, role: Role, printer: Printer, headroom: float) -> Thing | None:
    """The thing a role asks for, in one of its looks that is low enough; None when there is none."""
    for _ in range(6):
        try:
            builder = rng.choice(KINDS[role.category].builders)
            thing = builder(rng, role.colour, printer if role.is_printed else None)
        except ValueError:
            return None
        if thing.mesh.height <= headroom:
            return thing
    return None


def _stack(rng: Random, roles: list[Role], printer: Printer) -> Cluster:
    height = 0.0
    placed = []
    for role in roles:
        book = book_flat(rng, role.colour, printer if role.is_printed else None)
        placed.append((book, (0.12 * (rng.random() - 0.5), height, 0.06 * (rng.random() - 0.5))))
        height += book.mesh.height
    return Cluster(tuple(placed))


def _row(rng: Random, roles: list[Role], printer: Printer) -> Cluster:
    x = 0.0
    placed = []
    for role in roles:
        book = book_spine(rng, role.colour, printer if role.is_printed else None)
        low, high = float(book.mesh.points[:, 0].min()), float(book.mesh.points[:, 0].max())
        placed.append((book, (x - low, 0.0, 0.05 * (rng.random() - 0.5))))
        x += high - low + 0.012
    return Cluster(tuple((book, (at[0] - x / 2, at[1], at[2])) for book, at in placed))
