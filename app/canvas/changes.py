"""Brings other instances onto the canvas: a few at once, many when they have been worked out elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.canvas.content import Content
from app.canvas.crops import crop_of
from app.canvas.feed import Built, Feed
from app.canvas.label_map import fits, rank_of
from app.canvas.painting import Painting
from app.canvas.values import CanvasInstance
from hopchain_core.domain.keys import InstanceKey

MOST_CHANGED = 8
"""Up to this many new or changed instances are put into the label map in place, beyond it is built anew elsewhere."""
MOST_CHANGED_PIXELS = 1_500_000
"""Their bounds together; about 8 ms of work."""


class InstanceChanges(QObject):
    """Keeps the content of a canvas to the instances that were asked for last.

    Args:
        content: What is shown.
        painting: What keeps pieces of it for painting.
        feed: Builds label maps elsewhere.
        parent: Owns it.
    """

    taken = Signal(object, bool)
    """Keys of those that look otherwise now (None for all), and whether colours were given out anew."""

    def __init__(self, content: Content, painting: Painting, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._painting = painting
        self._feed = feed
        self._wanted: tuple[CanvasInstance, ...] = ()
        feed.built.connect(self._on_built)

    def clear(self) -> None:
        """There are none; nothing that is still being built will be shown."""
        self._wanted = ()
        self._feed.drop_build()

    def show(self, wanted: tuple[CanvasInstance, ...]) -> None:
        """Shows these instances; the old ones stay until `taken`."""
        content = self._content
        before = {i.key: i for i in self._wanted}
        self._wanted = wanted
        if content.width_px == 0:
            return
        is_pending = self._feed.is_building
        changed = [i for i in wanted if not _is_placed_alike(before.get(i.key), i)]
        masked = [i for i in changed if fits(i, content.width_px, content.height_px)]
        if not is_pending and content.labels is not None and _is_little(masked):
            self._change_in_place(wanted, masked)
            return
        if not masked and not is_pending and content.labels is None:
            self._take(wanted, None)
            return
        self._feed.build(content.width_px, content.height_px, wanted, content.colouring, len(content.look.instances))

    def _change_in_place(self, wanted: tuple[CanvasInstance, ...], masked: list[CanvasInstance]) -> None:
        labels = self._content.labels
        if labels is not None:
            kept = {i.key for i in wanted} - {i.key for i in masked}
            for key in [key for key in labels.places if key not in kept]:
                self._painting.forget_masks(labels.remove(key))
                self._painting.forget_outline(key)
            for instance in masked:
                if instance.mask is not None:
                    crop = crop_of(instance.mask)
                    self._painting.forget_masks(labels.put(instance.key, crop, rank_of(instance)))
        before = self._content.instances
        # Hidden or shown, named otherwise: only where these lie do colours change.
        other = [i.key for i in wanted if before.get(i.key) != i]
        self._take(wanted, None, other if len(wanted) == len(before) and not masked else None)

    def _on_built(self, built: Built) -> None:
        if built.instances is not self._wanted:
            return
        self._content.labels = built.labels
        self._painting.forget_outline()
        self._take(built.instances, built.indexes)

    def _take(
        self,
        wanted: tuple[CanvasInstance, ...],
        indexes: dict[InstanceKey, int] | None,
        keys: Iterable[InstanceKey] | None = None,
    ) -> None:
        old = self._content.indexes
        self._content.set_instances(wanted, indexes)
        self._painting.forget_places()
        now = self._content.indexes
        if keys is not None and old != now:
            # By category, the first of a kind chooses for all of them.
            keys = {*keys, *(key for key, index in now.items() if old.get(key) != index)}
        self.taken.emit(keys, old != now)


def _is_little(masked: list[CanvasInstance]) -> bool:
    return len(masked) <= MOST_CHANGED and sum(i.box.area for i in masked) <= MOST_CHANGED_PIXELS


def _is_placed_alike(before: CanvasInstance | None, now: CanvasInstance) -> bool:
    """Whether the label map need not change."""
    if before is None:
        return False
    return before.mask == now.mask and rank_of(before) == rank_of(now)
