"""Shortcuts: what the `?` sheet shows and what the shortcut editor changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.actions import ActionSpec
from app.presenters.fuzzy import meant
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
    is_elsewhere: bool = False
    """Of a space that the person is not in."""


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

    def sheet(self, query: str = "") -> list[KeyGroup]:
        """All keys there are, or those that fit: of this space, then those that hold everywhere, then of other spaces."""
        table = self._studio.actions
        here = self._studio.space
        found = [spec for spec in self._fitting(query) if table.keys(spec.id)]
        found.sort(key=lambda spec: 0 if spec.space == here else 1 if not spec.space else 2)
        return self._grouped(found)

    def rows(self, query: str = "") -> list[KeyGroup]:
        """All actions there are, or those that fit a few letters of their name, heading or keys."""
        return self._grouped(self._fitting(query))

    def propose(self, action_id: str, keys: str, *, adds: bool = False) -> None:
        """Gives an action other keys, unless another uses them in the same place: then it says so and waits."""
        users = self._users(action_id, keys)
        if users:
            names = " and ".join(f"“{self._name_beside(spec, action_id)}”" for spec in users)
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

    def restore(self, own: Mapping[str, tuple[str, ...]]) -> None:
        """Takes back what `own` gave before, such as after a reset."""
        self._studio.actions.load_own_keys(own)
        self._keep()

    def own(self) -> Mapping[str, tuple[str, ...]]:
        """What a person changed."""
        return self._studio.actions.own_keys()

    def _keep(self) -> None:
        self._studio.settings.set_own_keys(self._studio.actions.own_keys())

    def _users(self, action_id: str, keys: str) -> list[ActionSpec]:
        table = self._studio.actions
        space = table.spec(action_id).space
        return [spec for spec in table.users_of(keys, space) if spec.id != action_id]

    def _fitting(self, query: str) -> list[ActionSpec]:
        wanted = query.strip()
        specs = [spec for spec in self._studio.actions.specs() if not wanted or self._fits(wanted, spec)]
        # Spaces put their actions into the table when they are first shown; here they keep the order of the rail.
        return sorted(specs, key=lambda spec: self._order(spec.space) if spec.space else -1)

    def _fits(self, query: str, spec: ActionSpec) -> bool:
        text = spec.text.rstrip("…")
        if meant(query, text) or meant(query, f"{self._heading(spec)} {text}"):
            return True
        wanted = " ".join(query.lower().replace("+", " ").split()) or query
        return any(wanted in keys.lower().replace("+", " ") for keys in self._studio.actions.keys(spec.id))

    def _order(self, space: str) -> int:
        ids = [spec.id for spec in self._studio.actions.specs()]
        return ids.index(f"go.{space}") if f"go.{space}" in ids else len(ids)

    def _heading(self, spec: ActionSpec) -> str:
        return spec.group or (self._title_of(spec.space) if spec.space else "Studio")

    def _name_beside(self, spec: ActionSpec, other_id: str) -> str:
        """An action's name, with its space where the other is not of it."""
        text = spec.text.rstrip("…")
        is_same = spec.space == self._studio.actions.spec(other_id).space
        return text if is_same else f"{self._heading(spec)}: {text}"

    def _grouped(self, specs: list[ActionSpec]) -> list[KeyGroup]:
        table = self._studio.actions
        clashes: dict[str, list[str]] = {}
        for conflict in table.conflicts():
            clashes.setdefault(conflict.first, []).append(table.spec(conflict.second).text)
            clashes.setdefault(conflict.second, []).append(table.spec(conflict.first).text)
        groups: dict[str, list[KeyRow]] = {}
        elsewhere: set[str] = set()
        for spec in specs:
            heading = self._heading(spec)
            if spec.space and spec.space != self._studio.space:
                elsewhere.add(heading)
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
        return [KeyGroup(title, tuple(rows), title in elsewhere) for title, rows in groups.items()]
