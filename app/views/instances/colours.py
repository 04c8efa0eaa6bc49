"""Which colour each instance asks for: the same in all its versions, and for a category in every picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.canvas import CanvasInstance, Colouring
from app.models.instance_list import InstanceRow
from app.presenters.instance_picture import Picture
from app.presenters.instances import Drawn
from hopchain_core.domain.keys import InstanceKey

DRAWN = InstanceKey("drawn")
"""Key of a shape that waits for its category."""
_COLOURS = 10


class Colours:
    """Remembers the colours that instances got.

    Args:
        root: Gives the first version of an instance.
    """

    def __init__(self, root: Callable[[InstanceKey], InstanceKey]) -> None:
        self._root = root
        self._kept: dict[InstanceKey, int] = {}
        self._categories: tuple[str, ...] = ()
        self._made: dict[InstanceKey, tuple[InstanceRow, CanvasInstance]] = {}

    def set_categories(self, names: Sequence[str]) -> None:
        """All categories of the project; the order decides which colour each asks for."""
        self._categories = tuple(names)

    def keep(self, indexes: Mapping[InstanceKey, int]) -> None:
        """Remembers the colours by instance that the canvas chose."""
        self._kept.update((self._root(key), index) for key, index in indexes.items())

    def canvas_instances(
        self, picture: Picture, colouring: Colouring, drawn: Drawn | None = None
    ) -> tuple[CanvasInstance, ...]:
        """What the canvas shows of a picture, and of a shape that waits for its category."""
        rows = picture.rows
        if colouring is Colouring.CATEGORY:
            asked = self._by_category({row.category for row in rows})
            wishes = [(asked[row.category], False) for row in rows]
        else:
            roots = [self._root(row.key) for row in rows]
            # One that was just drawn may be shown before its picture is read again: it chooses last.
            wishes = [
                (self._kept[root], True) if root in self._kept else (picture.turns.get(root, len(rows)), False)
                for root in roots
            ]
        made = [self._made_of(row, *wish) for row, wish in zip(rows, wishes, strict=True)]
        self._made = {i.key: (row, i) for row, i in zip(rows, made, strict=True)}
        if drawn is not None:
            made.append(
                CanvasInstance(key=DRAWN, name="new", category="", box=drawn.box, mask=drawn.mask, is_candidate=True)
            )
        return tuple(made)

    def _made_of(self, row: InstanceRow, index: int, is_firm: bool) -> CanvasInstance:
        before, made = self._made.get(row.key, (None, None))
        if made is not None and before is row and (made.colour_index, made.has_colour) == (index, is_firm):
            return made
        return CanvasInstance(
            key=row.key,
            name=row.name,
            category=row.category,
            box=row.instance.box,
            mask=row.instance.mask,
            colour_index=index,
            has_colour=is_firm,
            score=row.score,
            is_hidden=row.is_hidden,
            is_crowd=row.instance.is_crowd,
        )

    def _by_category(self, names: Iterable[str]) -> dict[str, int]:
        """The project's colour of each category, unless another one of this picture has it and some are free."""
        order = {name: place for place, name in enumerate(self._categories)}
        chosen: dict[str, int] = {}
        for name in sorted(names, key=lambda n: (order.get(n, len(order)), n)):
            wish = order.get(name, len(chosen)) % _COLOURS
            turns = ((wish + step) % _COLOURS for step in range(_COLOURS))
            chosen[name] = next((index for index in turns if index not in chosen.values()), wish)
        return chosen
