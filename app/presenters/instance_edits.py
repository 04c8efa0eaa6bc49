"""What a person does to instances: each call one step of undo, made in the bridge's writing thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.models.instance_lineage import Lineage
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import AttributeName, Instance
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.errors import InputError
from hopchain_core.project import Project

T = TypeVar("T")


class InstanceEdits(QObject):
    """Writes instances of one project.

    Strokes follow each other more quickly than the list is read again, so an edit may name a version that has been
    corrected since: then the version that is seen now is meant, and it is edited.

    Args:
        bridge: To the project.
        lineage: Learns each new version before anybody hears of it.
        parent: Owner.
    """

    made = Signal(object)
    """A tuple of the `Instance`s that an edit wrote."""
    refused = Signal(str)
    """Why an edit was not taken, in one line."""

    def __init__(self, bridge: Bridge, lineage: Lineage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._lineage = lineage

    def relabel(self, image: ImageKey, keys: Sequence[InstanceKey], category: str) -> None:
        """Gives instances another category."""
        self._change(image, keys, lambda p, now: p.relabel_instances(now, category, by=self))

    def describe(self, image: ImageKey, key: InstanceKey, values: Mapping[AttributeName, str]) -> None:
        """Says what an instance looks like; an empty text takes an attribute away."""
        self._change(image, [key], lambda p, now: [p.describe_instance(now[0], values, by=self)])

    def redraw(self, image: ImageKey, key: InstanceKey, mask: Mask) -> None:
        """Gives an instance another mask."""
        self._change(image, [key], lambda p, now: [p.redraw_instance(now[0], mask.box(), mask, by=self)])

    def merge(self, image: ImageKey, keys: Sequence[InstanceKey]) -> None:
        """Makes one of several: the first one's category, the pixels of all."""
        self._change(image, keys, lambda p, now: [p.merge_instances(now, by=self)])

    def add(
        self, image: ImageKey, category: str, box: Box, mask: Mask | None, then: Callable[[Instance], object]
    ) -> None:
        """Adds what was drawn; `then` gets it before the list is read again."""

        def done(added: Sequence[Instance]) -> None:
            then(added[0])
            self.made.emit(tuple(added))

        self._edit(lambda p: [p.add_instance(image, category, box, mask, by=self)], done)

    def keep(
        self,
        image: ImageKey,
        category: str,
        found: Sequence[tuple[Mask, float]],
        then: Callable[[tuple[Instance, ...]], object],
    ) -> None:
        """Adds what a model proposed and a person kept, in one step; `then` gets none when it was refused."""

        def done(added: tuple[Instance, ...]) -> None:
            then(added)
            self.made.emit(added)

        def fail(error: Exception) -> None:
            then(())
            self._refuse(error)

        self._edit(lambda p: p.add_instances(image, category, found, by=self), done, fail)

    def remove(self, image: ImageKey, keys: Sequence[InstanceKey], then: Callable[[], object]) -> None:
        """Deletes instances."""

        def do(project: Project, now: Sequence[InstanceKey]) -> tuple[Instance, ...]:
            project.remove_instances(now, by=self)
            return ()

        self._change(image, keys, do, lambda _: then())

    def hide(self, image: ImageKey, keys: Sequence[InstanceKey], hidden: bool) -> None:
        """Shows instances no longer, or again."""

        def do(project: Project, now: Sequence[InstanceKey]) -> tuple[Instance, ...]:
            project.hide_instances(now, hidden=hidden, by=self)
            return ()

        self._change(image, keys, do)

    def _change(
        self,
        image: ImageKey,
        keys: Sequence[InstanceKey],
        do: Callable[[Project, Sequence[InstanceKey]], Iterable[Instance]],
        then: Callable[[tuple[Instance, ...]], object] | None = None,
    ) -> None:
        asked = tuple(keys)

        def work(project: Project) -> tuple[Instance, ...]:
            try:
                return tuple(do(project, asked))
            except InputError:
                now = self._now(project, image, asked)
                if now == asked or not now:
                    raise
                return tuple(do(project, now))

        self._edit(work, then or self.made.emit)

    def _edit(
        self,
        work: Callable[[Project], Sequence[Instance]],
        then: Callable[[tuple[Instance, ...]], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        project = self._bridge.project
        if project is None:
            return

        def do() -> tuple[Instance, ...]:
            written = tuple(work(project))
            for instance in written:
                self._lineage.note(instance.key, instance.supersedes)
            return written

        self._bridge.edit(do, then, failed=failed or self._refuse)

    def _now(self, project: Project, image: ImageKey, keys: Sequence[InstanceKey]) -> tuple[InstanceKey, ...]:
        with project.read() as read:
            seen = read.instances(image)
        for instance in seen:
            self._lineage.note(instance.key, instance.supersedes)
        return self._lineage.follow(keys, {instance.key for instance in seen})

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self.refused.emit(error.line)
        else:
            self._bridge.failed.emit(error)
