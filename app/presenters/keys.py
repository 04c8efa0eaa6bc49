"""Shortcuts: what the `?` sheet shows and what the shortcut editor changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.actions import ActionSpec
from app.presenters.fuzzy import match
from app.studio import Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """An action with its shortcuts.

    Attributes:
        id: Of the action.
        text: What it does.
        group: Heading.
        keys: Its shortcuts now, portable text.
        is_own: A person changed them.
        conflicts: Texts of actions that ask for one of these keys in the same place.
        is_held: The key is held down.
    """

    id: str
    text: str
    group: str
    keys: tuple[str, ...]
    is_own: bool = False
    conflicts: tuple[str, ...] = ()
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Rows under one heading."""

    title: str
    rows: tuple[KeyRow, ...]


class KeysPresenter(QObject):
    """Reads the table of actions and changes its keys; every change is kept at once.

    Args:
        studio: Holds the table and the settings.
        title_of: Name of a space.
    """

    changed = Signal()
    """Other keys, or other actions."""
    conflict_found = Signal(str, str, str)
    """(action id, keys, who uses them): the person decides."""

    def __init__(self, studio: Studio, title_of: Callable[[str], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._title_of = title_of
        studio.actions.changed.connect(self.changed)

    def sheet(self) -> list[KeyGroup]:
        """What can be pressed where the person is: the space first, then what holds everywhere."""
        table = self._studio.actions
        here = [spec for spec in table.specs() if table.is_here(spec) and table.keys(spec.id)]
        here.sort(key=lambda spec: not spec.space)
        return self._grouped(here)

    def rows(self, query: str = "") -> list[KeyGroup]:
        """All actions there are, or those that fit a few letters of their name, heading or keys."""
        wanted = query.strip()
        fitting = [spec for spec in self._studio.actions.specs() if not wanted or self._fits(wanted, spec)]
        return self._grouped(fitting)

    def propose(self, action_id: str, keys: str, *, adds: bool = False) -> None:
        """Gives an action other keys, unless another uses them in the same place: then it says so and waits."""
        users = self._users(action_id, keys)
        if users:
            names = " and ".join(f"“{spec.text.rstrip('…')}”" for spec in users)
            self.conflict_found.emit(action_id, keys, names)
        else:
            self._set(action_id, keys, adds=adds)

    def take_over(self, action_id: str, keys: str, *, adds: bool = False) -> None:
        """Gives an action keys and takes them from whoever has them in the same place."""
        table = self._studio.actions
        for spec in self._users(action_id, keys):
            table.set_keys(spec.id, tuple(key for key in table.keys(spec.id) if key != keys))
        self._set(action_id, keys, adds=adds)

    def clear(self, action_id: str) -> None:
        """Leaves an action without a shortcut."""
        self._studio.actions.set_keys(action_id, ())
        self._keep()

    def reset(self, action_id: str | None = None) -> None:
        """Back to the default shortcuts, of one action or of all."""
        self._studio.actions.reset_keys(action_id)
        self._keep()

    def _set(self, action_id: str, keys: str, *, adds: bool) -> None:
        table = self._studio.actions
        table.set_keys(action_id, (*table.keys(action_id), keys) if adds else (keys,))
        self._keep()

    def _keep(self) -> None:
        self._studio.settings.set_own_keys(self._studio.actions.own_keys())

    def _users(self, action_id: str, keys: str) -> list[ActionSpec]:
        table = self._studio.actions
        space = table.spec(action_id).space
        return [spec for spec in table.users_of(keys, space) if spec.id != action_id]

    def _fits(self, query: str, spec: ActionSpec) -> bool:
        keys = " ".join(self._studio.actions.keys(spec.id))
        return match(query, f"{spec.group} {spec.text}") is not None or query.lower() in keys.lower()

    def _grouped(self, specs: list[ActionSpec]) -> list[KeyGroup]:
        table = self._studio.actions
        clashes: dict[str, list[str]] = {}
        for conflict in table.conflicts():
            clashes.setdefault(conflict.first, []).append(table.spec(conflict.second).text)
            clashes.setdefault(conflict.second, []).append(table.spec(conflict.first).text)
        groups: dict[str, list[KeyRow]] = {}
        for spec in specs:
            heading = spec.group or (self._title_of(spec.space) if spec.space else "Studio")
            groups.setdefault(heading, []).append(
                KeyRow(
                    id=spec.id,
                    text=spec.text.rstrip("…"),
                    group=heading,
                    keys=table.keys(spec.id),
                    is_own=table.is_own(spec.id),
                    conflicts=tuple(dict.fromkeys(clashes.get(spec.id, ()))),
                    is_held=spec.is_held,
                )
            )
        return [KeyGroup(title, tuple(rows)) for title, rows in groups.items()]
