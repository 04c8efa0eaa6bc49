"""What the space Instances shows and does: which picture, what is selected, what is drawn and not yet named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import Bridge
from app.models.instance_lineage import Lineage
from app.models.instance_list import InstanceListModel, InstanceRow
from app.presenters import instance_picture as reads
from app.presenters.instance_categories import InstanceCategories
from app.presenters.instance_edits import InstanceEdits
from app.presenters.instance_picture import Picture
from app.presenters.instance_selection import InstanceSelection, Used
from app.presenters.instance_walk import PictureWalk, Place
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import AttributeName, Instance
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.project import ImageQuery

_SHOWN = frozenset({"image", "instance", "work"})
"""Tables that a picture's instances are made of."""
_USING = frozenset({"chain", "chain_image"})
"""Tables that say which chains use an instance."""
_AFTER_JOBS_MS = 300
"""While a job commits, the picture is read again about three times a second at most."""


Kept = Callable[[tuple[Instance, ...]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A shape that waits for its category.

    Attributes:
        box: In pixels of the picture.
        mask: None for a box alone.
    """

    box: Box
    mask: Mask | None = None


class InstancesPresenter(QObject):
    """Between the project and the views of instances.

    Args:
        bridge: To the project.
        query: The pictures to go through, as the library lists them now.
        begins_at: The picture to begin with, where nobody says which; the first one when None or gone.
        parent: Owner.
    """

    picture_changed = Signal(object)
    """A `Picture` in place of another, or None."""
    rows_changed = Signal(object)
    """A `Picture` whose instances, or one of them, are others than before."""
    selection_changed = Signal(object)
    """tuple of `InstanceKey`; the last selected is last."""
    place_changed = Signal(object)
    """`Place`."""
    used_changed = Signal(object)
    """`Used`."""
    drawn_changed = Signal(object)
    """`Drawn` that waits for a category, or None."""
    categories_changed = Signal()
    removed = Signal(int, object)
    """(how many, `Used`): instances were deleted."""
    refused = Signal(str)
    """Why something was not done, in one line."""

    def __init__(
        self,
        bridge: Bridge,
        query: Callable[[], ImageQuery] = ImageQuery,
        begins_at: Callable[[], ImageKey | None] = lambda: None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = InstanceListModel(self)
        self.picture: Picture | None = None
        self.drawn: Drawn | None = None
        self._bridge = bridge
        self._begins_at = begins_at
        self._walk = PictureWalk(bridge, query, self)
        self._walk.changed.connect(self.place_changed)
        self._lineage = Lineage()
        self.edits = InstanceEdits(bridge, self._lineage, self)
        self.edits.refused.connect(self.refused)
        self._selection = InstanceSelection(bridge, self._lineage, self)
        self._selection.changed.connect(self.selection_changed)
        self._selection.used_changed.connect(self.used_changed)
        self._categories = InstanceCategories(bridge, self)
        self._categories.changed.connect(self.categories_changed)
        self._is_active = False
        self._is_stale = False
        self._removing: set[InstanceKey] = set()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_JOBS_MS)
        self._later.timeout.connect(self._reload)
        self.model.relabel_wanted.connect(lambda key, category: self.relabel(category, [key]))
        bridge.changed.connect(self._react)

    # Which picture

    def set_active(self, is_active: bool) -> None:
        """Whether the space is on the screen; nothing is read while it is not."""
        self._is_active = is_active
        if is_active:
            self._categories.read()
            if self._is_stale:
                self._reload()

    def enter(self, image: ImageKey | None = None, instance: InstanceKey | None = None) -> None:
        """Goes to a picture and selects an instance in it; with neither: where one was, or to the first picture."""
        is_other_list = self._walk.is_other
        if instance is not None:
            self._show_instance(image, instance)
        elif image is not None:
            self._show(image)
        elif self.picture is None:
            self._show_first(self._begins_at())
            return
        if is_other_list or image is not None:
            self._walk.find(image or (self.picture.image.key if self.picture else None))

    def step(self, by: int) -> None:
        """Goes to the next picture, or back."""
        number = self._walk.step(by)
        if number is not None:
            self._bridge.read(
                lambda r: None if (k := reads.key_at(r, number)) is None else reads.read_picture(r, k, self._lineage),
                self._take,
                key="instances picture",
            )

    def can_step(self, by: int) -> bool:
        """Whether there is a picture there."""
        return self._walk.can_step(by)

    @property
    def place(self) -> Place:
        """Where among the pictures one is."""
        return self._walk.place

    def _show(self, image: ImageKey, then: tuple[InstanceKey, ...] | None = None) -> None:
        def take(picture: Picture | None) -> None:
            self._take(picture)
            if then is not None:
                self.select(then)

        self._bridge.read(
            lambda r: reads.read_picture(r, image, self._lineage) if r.has_image(image) else None,
            take,
            key="instances picture",
        )

    def _show_instance(self, image: ImageKey | None, instance: InstanceKey) -> None:
        def take(found: ImageKey | None) -> None:
            if found is None:
                self.refused.emit("This instance is not in the project any more.")
                return
            self._show(found, (instance,))
            self._walk.find(found)

        if image is not None:
            self._show(image, (instance,))
        else:
            self._bridge.read(lambda r: reads.picture_of_instance(r, instance), take, key="instances where")

    def _show_first(self, wished: ImageKey | None = None) -> None:
        def take(found: ImageKey | None) -> None:
            if found is None:
                self._take(None)
            else:
                self._show(found)

        self._walk.begin(wished, take)

    # What is shown of it

    def _react(self, tables: frozenset[str], by: object) -> None:
        if tables & _USING:
            self._selection.read_used()
        if not tables & _SHOWN:
            return
        if by is None:
            self._categories.forget()
        if "image" in tables and self._is_active:
            image = self.picture.image.key if self.picture else None
            if image is None:
                self._show_first()
                return
            self._walk.find(image)
        if by is not None:
            self._reload()
        elif not self._is_active:
            self._is_stale = True
        elif not self._later.isActive():
            self._later.start()

    def _reload(self) -> None:
        self._is_stale = False
        if self.picture is None or self._bridge.project is None:
            return
        image, known = self.picture.image.key, self._selection.rows
        self._bridge.read(
            lambda r: reads.read_picture(r, image, self._lineage, known) if r.has_image(image) else None,
            lambda picture: self._take_again(image, picture),
            key="instances again",
        )

    def _take_again(self, image: ImageKey, picture: Picture | None) -> None:
        # Another picture may have been gone to meanwhile.
        if self.picture is not None and self.picture.image.key == image:
            self._take(picture)

    def _take(self, picture: Picture | None) -> None:
        before, self.picture = self.picture, picture
        is_other = (before.image if before else None) != (picture.image if picture else None)
        if not is_other and before == picture:
            return
        rows = picture.rows if picture is not None else ()
        self._removing.clear()
        if is_other:
            self.give_up_drawn()
        self._selection.take_rows(rows, forgets=is_other)
        self.model.set_rows(rows)
        self._categories.note(row.category for row in rows)
        if is_other:
            self.picture_changed.emit(picture)
        elif picture is not None:
            self.rows_changed.emit(picture)
        self._selection.tell()

    # Selection

    @property
    def selected(self) -> tuple[InstanceKey, ...]:
        """Versions seen of what is selected."""
        return self._selection.keys

    @property
    def selected_rows(self) -> tuple[InstanceRow, ...]:
        """What is selected."""
        return self._selection.chosen

    @property
    def used(self) -> Used:
        """Which chains were made with what is selected."""
        return self._selection.used

    def row(self, key: InstanceKey) -> InstanceRow | None:
        """One of the picture."""
        return self._selection.rows.get(key)

    def root(self, key: InstanceKey) -> InstanceKey:
        """The first version of one: the same after every edit."""
        return self._lineage.root(key)

    def select(self, keys: Iterable[InstanceKey]) -> None:
        """Selects exactly these. What is selected stays so through edits, and through undo and redo of them."""
        self._selection.select(keys)

    # What is done

    def relabel(self, category: str, keys: Sequence[InstanceKey] | None = None) -> None:
        """Gives what is selected, or these, another category."""
        clean = " ".join(category.lower().split())
        rows = [
            row
            for key in (self.selected if keys is None else keys)
            if (row := self._selection.rows.get(key)) is not None
        ]
        changed = [row.key for row in rows if row.category != clean]
        if clean and changed and self.picture is not None:
            self._categories.note((clean,))
            self.edits.relabel(self.picture.image.key, changed, clean)

    def describe(self, key: InstanceKey, name: AttributeName, value: str) -> None:
        """Says one thing of an instance, or no longer."""
        if self.picture is not None:
            self.edits.describe(self.picture.image.key, key, {name: value})

    def set_hidden(self, keys: Sequence[InstanceKey], hidden: bool) -> None:
        """Shows instances no longer, or again."""
        changed = [
            key for key in keys if (row := self._selection.rows.get(key)) is not None and row.is_hidden != hidden
        ]
        if changed and self.picture is not None:
            self.edits.hide(self.picture.image.key, changed, hidden)

    def hide_others(self) -> None:
        """Shows only what is selected."""
        chosen = set(self.selected)
        self.set_hidden([key for key in self._selection.rows if key not in chosen], True)

    def show_all(self) -> None:
        """Shows everything."""
        self.set_hidden(list(self._selection.rows), False)

    def remove(self) -> None:
        """Deletes what is selected."""
        rows = tuple(row for row in self.selected_rows if row.key not in self._removing)
        if not rows or self.picture is None:
            return
        image, edits, keys = self.picture.image.key, self.edits, [row.key for row in rows]
        # A key that repeats deletes once.
        self._removing.update(keys)

        def ask_chains(used: Used) -> None:
            edits.remove(image, keys, lambda: self.removed.emit(len(keys), used))

        # Which chains are concerned is known only while the instances are there.
        self._bridge.read(lambda r: Used(reads.chains_using(r, rows)), ask_chains)

    def merge(self) -> None:
        """Makes one of those selected."""
        if len(self.selected) > 1 and self.picture is not None:
            self.edits.merge(self.picture.image.key, self.selected)

    def redraw(self, key: InstanceKey, mask: Mask) -> None:
        """Takes a stroke: another mask of an instance."""
        if self.picture is not None:
            self.edits.redraw(self.picture.image.key, key, mask)

    # What is drawn

    def draw(self, box: Box, mask: Mask | None = None) -> None:
        """Takes a shape that was drawn; it waits for its category."""
        self.drawn = Drawn(box=box, mask=mask)
        self.drawn_changed.emit(self.drawn)

    def give_up_drawn(self) -> None:
        """Drops the shape that waits."""
        if self.drawn is not None:
            self.drawn = None
            self.drawn_changed.emit(None)

    def name_drawn(self, category: str) -> None:
        """Adds the shape that waits, as an instance of a category, and selects it."""
        drawn, clean = self.drawn, " ".join(category.lower().split())
        if drawn is None or not clean or self.picture is None:
            return

        def take(added: Instance) -> None:
            self.select((added.key,))

        self._categories.note((clean,))
        self.drawn = None
        self.edits.add(self.picture.image.key, clean, drawn.box, drawn.mask, take)
        self.drawn_changed.emit(None)

    # What a model proposed

    def keep(self, category: str, found: Sequence[tuple[Mask, float]], then: Kept) -> None:
        """Adds what a person kept of a model's proposals, in one step of undo.

        Args:
            category: Of all of them.
            found: Masks and scores.
            then: Gets what was added; nothing when it was refused.
        """
        if self.picture is not None:
            self._categories.note((category,))
            self.edits.keep(self.picture.image.key, category, found, then)

    # Categories

    @property
    def categories(self) -> tuple[str, ...]:
        """All that the project has, the most used first."""
        return self._categories.names

    @property
    def numbered(self) -> tuple[str, ...]:
        """Those that the digits from 1 give; the same as long as the project is open."""
        return self._categories.numbered
