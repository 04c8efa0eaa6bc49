"""One table of what a person can do. Menus, buttons, palette, `?` sheet and shortcut editor all come from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from PySide6.QtCore import QObject, QTimer, Signal


def is_plain_key(keys: str) -> bool:
    """Whether a shortcut is one that typing needs: no Ctrl, Alt or Meta, and no function key.

    Args:
        keys: Portable text.
    """
    if not keys or any(keys.startswith(f"{m}+") or f"+{m}+" in keys for m in ("Ctrl", "Alt", "Meta")):
        return False
    last = keys.rpartition("Shift+")[2]
    return not (last.startswith("F") and last[1:].isdigit())


def always() -> bool:
    """Of an action that can be done at any time."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """Something a person can do.

    Attributes:
        id: ``group.what``, such as ``chains.accept``; settings keep changed keys under it, so it stays.
        text: What it does, as on a button: "Accept", "Reject…".
        run: Does it.
        keys: Default shortcuts in portable text: ``("A",)``, ``("Ctrl+Shift+Z", "Ctrl+Y")``. The first stands on buttons.
        icon: Name of an icon.
        group: Heading in the `?` sheet and the palette.
        space: Id of the space where it applies; empty for everywhere.
        enabled_when: Whether it can be done now. Asked often: it reads what is at hand and nothing else.
        why_not: Why it cannot be done now, for the tooltip.
        checked_when: Of a switch: whether it is on.
        released: Of a key that is held: what happens when it is let go.
        needs_project: Only while a project is open.
        in_palette: Offered by the palette.
        in_text: Its keys are taken while a text field has the focus, even plain ones such as Escape.
        words: What else people call it when they look for it in the palette, with spaces in between.
        menu: The menu of the frame that it stands in, and after a slash its group there: "Project/begin". Actions of a
            space stand in the menu of that space without saying so.
    """

    id: str
    text: str
    run: Callable[[], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: str = ""
    space: str = ""
    enabled_when: Callable[[], bool] = always
    why_not: Callable[[], str] | None = None
    checked_when: Callable[[], bool] | None = None
    released: Callable[[], object] | None = None
    needs_project: bool = True
    in_palette: bool = True
    in_text: bool = False
    words: str = ""
    menu: str = ""

    @property
    def is_held(self) -> bool:
        """Lasts as long as its key is held down."""
        return self.released is not None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two actions that ask for one key in one place."""

    keys: str
    first: str
    second: str


class ActionTable(QObject):
    """All actions there are now, their keys, and which can be done.

    Args:
        normalised: Brings a shortcut's text into one spelling, so that ``ctrl+k`` and ``Ctrl+K`` are the same.
        parent: Owner.
    """

    changed = Signal()
    """Actions came or went, or have other keys."""
    refreshed = Signal()
    """What can be done, or what is switched on, may have changed."""
    failed = Signal(object)
    """An action raised this."""

    def __init__(self, normalised: Callable[[str], str] = str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._normalised = normalised
        self._specs: dict[str, ActionSpec] = {}
        self._own_keys: dict[str, tuple[str, ...]] = {}
        self._space = ""
        self._has_project = False
        self._is_typing = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refreshed)

    def add(self, *specs: ActionSpec) -> None:
        """Puts actions into the table; one of the same id is replaced."""
        self._specs.update({spec.id: spec for spec in specs})
        self.changed.emit()
        self.refresh()

    def remove(self, ids: Iterable[str]) -> None:
        """Takes actions out."""
        for action_id in ids:
            self._specs.pop(action_id, None)
        self.changed.emit()

    def specs(self) -> tuple[ActionSpec, ...]:
        """All of them, in the order in which they came."""
        return tuple(self._specs.values())

    def spec(self, action_id: str) -> ActionSpec:
        """One of them.

        Raises:
            KeyError: There is none of this id.
        """
        return self._specs[action_id]

    def has(self, action_id: str) -> bool:
        """Whether there is one of this id."""
        return action_id in self._specs

    def keys(self, action_id: str) -> tuple[str, ...]:
        """Its shortcuts now: a person's own, or the default ones."""
        return self._own_keys.get(action_id, self._specs[action_id].keys)

    def first_key(self, action_id: str) -> str:
        """The shortcut that stands on buttons; empty for none."""
        return next(iter(self.keys(action_id)), "") if action_id in self._specs else ""

    def is_own(self, action_id: str) -> bool:
        """Whether a person changed its keys."""
        return action_id in self._own_keys

    def own_keys(self) -> Mapping[str, tuple[str, ...]]:
        """What a person changed; also of actions that are not there at the moment."""
        return dict(self._own_keys)

    def load_own_keys(self, own: Mapping[str, tuple[str, ...]]) -> None:
        """Takes what `own_keys` gave before."""
        self._own_keys = dict(own)
        self.changed.emit()

    def set_keys(self, action_id: str, keys: tuple[str, ...]) -> None:
        """Gives an action other shortcuts; an empty tuple takes them away, the default ones restore it."""
        keys = tuple(self._normalised(key) for key in keys if key)
        if keys == tuple(self._normalised(key) for key in self._specs[action_id].keys):
            self._own_keys.pop(action_id, None)
        else:
            self._own_keys[action_id] = keys
        self.changed.emit()

    def reset_keys(self, action_id: str | None = None) -> None:
        """Back to the default shortcuts, of one action or of all."""
        if action_id is None:
            self._own_keys.clear()
        else:
            self._own_keys.pop(action_id, None)
        self.changed.emit()

    def users_of(self, keys: str, space: str) -> list[ActionSpec]:
        """Actions that a shortcut would reach in a space (everywhere when empty)."""
        wanted = self._normalised(keys)
        return [
            spec
            for spec in self._specs.values()
            if (not spec.space or not space or spec.space == space)
            and wanted in [self._normalised(key) for key in self.keys(spec.id)]
        ]

    def conflicts(self) -> list[Conflict]:
        """Pairs of actions that ask for one key in one place."""
        users: dict[str, list[tuple[int, ActionSpec]]] = {}
        for place, spec in enumerate(self._specs.values()):
            for keys in dict.fromkeys(self._normalised(key) for key in self.keys(spec.id)):
                users.setdefault(keys, []).append((place, spec))
        found = []
        for keys, having in users.items():
            for (one, first), (other, second) in combinations(having, 2):
                if not first.space or not second.space or first.space == second.space:
                    found.append((one, other, Conflict(keys, first.id, second.id)))
        return [conflict for *_, conflict in sorted(found, key=lambda f: (f[0], f[1], f[2].keys))]

    def enter(self, space: str, *, has_project: bool) -> None:
        """Tells where the person is."""
        self._space = space
        self._has_project = has_project
        self.refreshed.emit()

    @property
    def is_typing(self) -> bool:
        """A text field has the focus: plain letters belong to it."""
        return self._is_typing

    def set_typing(self, is_typing: bool) -> None:
        """Tells whether a text field has the focus."""
        if self._is_typing != is_typing:
            self._is_typing = is_typing
            self.refresh()

    def is_plain(self, action_id: str) -> bool:
        """Whether its first key is a letter, digit or sign without Ctrl, Alt or Meta."""
        return is_plain_key(self.first_key(action_id))

    def is_here(self, spec: ActionSpec) -> bool:
        """Whether an action applies where the person is."""
        return (not spec.space or spec.space == self._space) and (self._has_project or not spec.needs_project)

    def is_enabled(self, action_id: str) -> bool:
        """Whether it can be done now."""
        spec = self._specs.get(action_id)
        return spec is not None and self.is_here(spec) and spec.enabled_when()

    def why_not(self, action_id: str) -> str:
        """Why it cannot be done now; empty when it can, or when nobody said."""
        spec = self._specs.get(action_id)
        if spec is None or spec.why_not is None or self.is_enabled(action_id):
            return ""
        return spec.why_not()

    def is_checked(self, action_id: str) -> bool:
        """Whether a switch is on."""
        spec = self._specs.get(action_id)
        return spec is not None and spec.checked_when is not None and spec.checked_when()

    def trigger(self, action_id: str) -> bool:
        """Does it, if it can be done now.

        Returns:
            Whether it was begun. What it raises goes to `failed`.
        """
        if not self.is_enabled(action_id):
            return False
        self._guarded(self._specs[action_id].run)
        return True

    def release(self, action_id: str) -> None:
        """Lets a held action go."""
        spec = self._specs.get(action_id)
        if spec is not None and spec.released is not None:
            self._guarded(spec.released)

    def refresh(self) -> None:
        """Says that what can be done may have changed; everything is asked again soon, once."""
        if not self._soon.isActive():
            self._soon.start()

    def _guarded(self, fn: Callable[[], object]) -> None:
        try:
            fn()
        except Exception as error:
            self.failed.emit(error)
        self.refresh()
