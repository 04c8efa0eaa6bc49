"""Model profiles as a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hopchain_core.models import EndpointProfile, Profile, where

KINDS = {"endpoint": "Server", "vllm": "vLLM, started here", "transformers": "transformers", "sam3": "SAM 3"}
"""Kinds of profile in words."""
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ProfileListModel(QAbstractListModel):
    """One row a profile: its name, and beneath it what it is, where it is and what it can do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Profile, ...] = ()
        self._edited: frozenset[str] = frozenset()

    def show_edited(self, names: frozenset[str]) -> None:
        """Marks those with something entered that is not kept yet."""
        if names != self._edited:
            self._edited = names
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def show_profiles(self, rows: Sequence[Profile]) -> None:
        """Shows other profiles."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def profile(self, row: int) -> Profile | None:
        """The profile of a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, name: str) -> int:
        """The row of a profile; -1 where there is none."""
        return next((i for i, p in enumerate(self._rows) if p.name == name), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        profile = self.profile(index.row())
        if profile is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                edited = " · not kept yet" if profile.name in self._edited else ""
                return f"{profile.name}{edited}\n{KINDS[profile.kind]} · {profile.model}"
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (profile.note, where(profile), abilities_text(profile))))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{profile.name}, {KINDS[profile.kind]}, {profile.model}"
        return None


def abilities_text(profile: Profile) -> str:
    """What it can do, as far as somebody checked."""
    if not isinstance(profile, EndpointProfile):
        return ""
    if profile.can is None:
        return "Not checked yet."
    can = profile.can.model_dump()
    context = can.pop("context_tokens")
    words = [f"{name.replace('_', ' ')}: {'yes' if is_there else 'no'}" for name, is_there in can.items()]
    return " · ".join([*words, f"context: {context} tokens" if context else "context: not told"])
