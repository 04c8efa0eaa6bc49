"""What the space Instances shows and does: which picture, what is selected, what is drawn and not yet named."""

from __future__ import annotations

from array import array
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
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import AttributeName, Instance
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.project import ImageQuery, Reader

_SHOWN = frozenset({"image", "instance", "work"})
"""Tables that a picture's instances are made of."""
_USING = frozenset({"chain", "chain_image"})
"""Tables that say which chains use an instance."""
_AFTER_JOBS_MS = 300
"""While a job commits, the picture is read again about three times a second at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A shape that waits for its category.

    Attributes:
        box: In pixels of the picture.
        mask: None for a box alone.
    """

    box: Box
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where among the pictures one is: `number` from 1, 0 for nowhere."""

    number: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Used:
    """Which chains were made with what is selected."""

    chains: tuple[int, ...] = ()


class InstancesPresenter(QObject):
    """Between the project and the views of instances.

    Args:
        bridge: To the project.
        query: The pictures to go through, as the library lists them now.
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
        self, bridge: Bridge, query: Callable[[], ImageQuery] = ImageQuery, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.model = InstanceListModel(self)
        self.picture: Picture | None = None
        self.drawn: Drawn | None = None
        self.used = Used()
        self.place = Place()
        self._bridge = bridge
        self._query = query
        self._asked_query = ImageQuery()
        self._lineage = Lineage()
        self.edits = InstanceEdits(bridge, self._lineage, self)
        self.edits.refused.connect(self.refused)
        self._wanted: tuple[InstanceKey, ...] = ()
        self._selected: tuple[InstanceKey, ...] = ()
        self._rows: dict[InstanceKey, InstanceRow] = {}
        self._ids: array[int] = array("q")
        self._at = -1
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
        query = self._query()
        is_other_list = query != self._asked_query or not self._ids
        if instance is not None:
            self._show_instance(image, instance)
        elif image is not None:
            self._show(image)
        elif self.picture is None:
            self._show_first(query)
            return
        if is_other_list or image is not None:
            self._read_sequence(query, image or (self.picture.image.key if self.picture else None))

    def step(self, by: int) -> None:
        """Goes to the next picture, or back."""
        at = self._at + by
        if 0 <= at < len(self._ids):
            self._at = at
            number = self._ids[at]
            self._tell_place()
            self._bridge.read(
                lambda r: None if (k := reads.key_at(r, number)) is None else reads.read_picture(r, k, self._lineage),
                self._take,
                key="instances picture",
            )

    def can_step(self, by: int) -> bool:
        """Whether there is a picture there."""
        return self._at >= 0 and 0 <= self._at + by < len(self._ids)

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
            self._read_sequence(self._query(), found)

        if image is not None:
            self._show(image, (instance,))
        else:
            self._bridge.read(lambda r: reads.picture_of_instance(r, instance), take, key="instances where")

    def _show_first(self, query: ImageQuery) -> None:
        def take(found: tuple[reads.Sequence, ImageKey | None]) -> None:
            sequence, key = found
            self._asked_query = query
            self._ids, self._at = sequence.ids, 0 if key is not None else -1
            self._tell_place()
            if key is None:
                self._take(None)
            else:
                self._show(key)

        def read(r: Reader) -> tuple[reads.Sequence, ImageKey | None]:
            sequence = reads.sequence_of(r, query, None)
            return sequence, reads.key_at(r, sequence.ids[0]) if sequence.ids else None

        self._bridge.read(read, take, key="instances list")

    def _read_sequence(self, query: ImageQuery, image: ImageKey | None) -> None:
        def take(sequence: reads.Sequence) -> None:
            self._asked_query = query
            self._ids, self._at = sequence.ids, sequence.place
            self._tell_place()

        self._bridge.read(lambda r: reads.sequence_of(r, query, image), take, key="instances list")

    def _tell_place(self) -> None:
        place = Place(self._at + 1, len(self._ids))
        if place != self.place:
            self.place = place
            self.place_changed.emit(place)

    # What is shown of it

    def _react(self, tables: frozenset[str], by: object) -> None:
        if tables & _USING:
            self._read_used()
        if not tables & _SHOWN:
            return
        if by is None:
            self._categories.forget()
        if "image" in tables and self._is_active:
            image = self.picture.image.key if self.picture else None
            if image is None:
                self._show_first(self._query())
                return
            self._read_sequence(self._query(), image)
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
        image, known = self.picture.image.key, self._rows
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
        self._rows = {row.key: row for row in rows}
        self._removing.clear()
        if is_other:
            self.give_up_drawn()
            self._wanted = ()
        self.model.set_rows(rows)
        self._categories.note(row.category for row in rows)
        if is_other:
            self.picture_changed.emit(picture)
        elif picture is not None:
            self.rows_changed.emit(picture)
        self._resolve_selection(is_certain=True)

    # Selection

    @property
    def selected(self) -> tuple[InstanceKey, ...]:
        """Versions seen of what is selected."""
        return self._selected

    @property
    def selected_rows(self) -> tuple[InstanceRow, ...]:
        """What is selected."""
        return tuple(self._rows[key] for key in self._selected)

    def row(self, key: InstanceKey) -> InstanceRow | None:
        """One of the picture."""
        return self._rows.get(key)

    def root(self, key: InstanceKey) -> InstanceKey:
        """The first version of one: the same after every edit."""
        return self._lineage.root(key)

    def select(self, keys: Iterable[InstanceKey]) -> None:
        """Selects exactly these. What is selected stays so through edits, and through undo and redo of them."""
        self._wanted = tuple(dict.fromkeys(keys))
        self._resolve_selection()

    def _resolve_selection(self, *, is_certain: bool = False) -> None:
        selected = self._lineage.follow(self._wanted, self._rows.keys())
        if selected == self._selected and not is_certain:
            return
        self._selected = selected
        self.selection_changed.emit(selected)
        self._read_used()

    def _read_used(self) -> None:
        rows = self.selected_rows
        if not rows:
            self._take_used(Used())
            return
        self._bridge.read(lambda r: Used(reads.chains_using(r, rows)), self._take_used, key="instances used")

    def _take_used(self, used: Used) -> None:
        if used != self.used:
            self.used = used
            self.used_changed.emit(used)

    # What is done

    def relabel(self, category: str, keys: Sequence[InstanceKey] | None = None) -> None:
        """Gives what is selected, or these, another category."""
        clean = " ".join(category.lower().split())
        rows = [row for key in (self._selected if keys is None else keys) if (row := self._rows.get(key)) is not None]
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
        changed = [key for key in keys if (row := self._rows.get(key)) is not None and row.is_hidden != hidden]
        if changed and self.picture is not None:
            self.edits.hide(self.picture.image.key, changed, hidden)

    def hide_others(self) -> None:
        """Shows only what is selected."""
        chosen = set(self._selected)
        self.set_hidden([key for key in self._rows if key not in chosen], True)

    def show_all(self) -> None:
        """Shows everything."""
        self.set_hidden(list(self._rows), False)

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
        if len(self._selected) > 1 and self.picture is not None:
            self.edits.merge(self.picture.image.key, self._selected)

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
            self._wanted = (added.key,)
            self._resolve_selection()

        self._categories.note((clean,))
        self.drawn = None
        self.edits.add(self.picture.image.key, clean, drawn.box, drawn.mask, take)
        self.drawn_changed.emit(None)

    # Categories

    @property
    def categories(self) -> tuple[str, ...]:
        """All that the project has, the most used first."""
        return self._categories.names

    @property
    def numbered(self) -> tuple[str, ...]:
        """Those that the digits from 1 give; the same as long as the project is open."""
        return self._categories.numbered
