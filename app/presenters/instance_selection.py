"""What is selected of a picture, and which chains use it; it stays through edits, undo and redo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.models.instance_lineage import Lineage
from app.models.instance_list import InstanceRow
from app.presenters import instance_picture as reads
from hopchain_core.domain.keys import InstanceKey


@dataclass(frozen=True, slots=True)
class Used:
    """Which chains were made with what is selected."""

    chains: tuple[int, ...] = ()


class InstanceSelection(QObject):
    """Follows what a person selected from version to version.

    Args:
        bridge: To the project.
        lineage: Tells which version came from which.
        parent: Owner.
    """

    changed = Signal(object)
    """tuple of `InstanceKey`; the last selected is last."""
    used_changed = Signal(object)
    """`Used`."""

    def __init__(self, bridge: Bridge, lineage: Lineage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[InstanceKey, InstanceRow] = {}
        self.keys: tuple[InstanceKey, ...] = ()
        self.used = Used()
        self._bridge = bridge
        self._lineage = lineage
        self._wanted: tuple[InstanceKey, ...] = ()

    @property
    def chosen(self) -> tuple[InstanceRow, ...]:
        """What is selected."""
        return tuple(self.rows[key] for key in self.keys)

    def take_rows(self, rows: Iterable[InstanceRow], *, forgets: bool) -> None:
        """The picture has these instances now; `tell` follows.

        Args:
            rows: All of them.
            forgets: They are of another picture.
        """
        self.rows = {row.key: row for row in rows}
        if forgets:
            self._wanted = ()
        self.keys = self._lineage.follow(self._wanted, self.rows.keys())

    def tell(self) -> None:
        """Says what is selected, also where it is the same as before: it may look otherwise."""
        self.changed.emit(self.keys)
        self.read_used()

    def select(self, keys: Iterable[InstanceKey]) -> None:
        """Selects exactly these."""
        self._wanted = tuple(dict.fromkeys(keys))
        selected = self._lineage.follow(self._wanted, self.rows.keys())
        if selected != self.keys:
            self.keys = selected
            self.tell()

    def read_used(self) -> None:
        """Looks up which chains use what is selected."""
        rows = self.chosen
        if not rows:
            self._take_used(Used())
            return
        self._bridge.read(lambda r: Used(reads.chains_using(r, rows)), self._take_used, key="instances used")

    def _take_used(self, used: Used) -> None:
        if used != self.used:
            self.used = used
            self.used_changed.emit(used)
