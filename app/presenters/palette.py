"""The palette: actions, chains and pictures by a few letters of their names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions import ActionSpec
from app.presenters.fuzzy import match
from app.studio import Studio
from hopchain_core.project import ChainQuery, ImageQuery, Reader

ACTIONS = "Commands"
CHAINS = "Chains"
PICTURES = "Pictures"
_MOST_OF_EACH = 8
_FIRST_SEARCH_LETTERS = 2
_SEARCH_AFTER_MS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteEntry:
    """One line of the palette.

    Attributes:
        section: Commands, Chains or Pictures.
        title: What it is.
        detail: Where it belongs.
        icon: Name of an icon.
        keys: Its shortcut in portable text.
        positions: Letters of the title that were meant.
        is_enabled: Whether it can be done now.
        run: Does it, or goes there.
    """

    section: str
    title: str
    detail: str = ""
    icon: str = ""
    keys: str = ""
    positions: tuple[int, ...] = ()
    is_enabled: bool = True
    run: Callable[[], object]


class PalettePresenter(QObject):
    """Answers what is typed: actions at once, chains and pictures as soon as they are read."""

    entries_changed = Signal(object)
    """A list of `PaletteEntry`, sections together, the best first."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._query = ""
        self._actions: list[PaletteEntry] = []
        self._found: list[PaletteEntry] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SEARCH_AFTER_MS)
        self._soon.timeout.connect(self._search)

    def begin(self) -> None:
        """The palette opens: everything that can be done."""
        self._found = []
        self.ask("")

    def ask(self, query: str) -> None:
        """Something else was typed."""
        self._query = query.strip()
        self._actions = self._fitting_actions()
        if len(self._query) < _FIRST_SEARCH_LETTERS or self._studio.project is None:
            self._soon.stop()
            self._found = []
        else:
            self._soon.start()
        self._tell()

    def _tell(self) -> None:
        self.entries_changed.emit([*self._actions, *self._found])

    def _fitting_actions(self) -> list[PaletteEntry]:
        table = self._studio.actions
        fitting = []
        for order, spec in enumerate(table.specs()):
            if not spec.in_palette or not table.is_here(spec):
                continue
            text = spec.text.rstrip("…")
            found = match(self._query, text)
            whole = match(self._query, f"{spec.group} {text}") if found is None else found
            if whole is None:
                continue
            positions = found.positions if found is not None else ()
            is_enabled = table.is_enabled(spec.id)
            bonus = 0 if found is not None else -20
            fitting.append((-(whole.score + bonus), not is_enabled, order, self._entry(spec, positions, is_enabled)))
        # With nothing typed: in the order of the table, what cannot be done now at the end.
        fitting.sort(key=lambda f: (f[1], f[2]) if not self._query else (f[1], f[0], f[2]))
        most = len(fitting) if not self._query else _MOST_OF_EACH
        return [entry for *_, entry in fitting[:most]]

    def _entry(self, spec: ActionSpec, positions: tuple[int, ...], is_enabled: bool) -> PaletteEntry:
        return PaletteEntry(
            section=ACTIONS,
            title=spec.text,
            detail=spec.group,
            icon=spec.icon,
            keys=self._studio.actions.first_key(spec.id),
            positions=positions,
            is_enabled=is_enabled,
            run=lambda: self._studio.actions.trigger(spec.id),
        )

    def _search(self) -> None:
        query = self._query
        if self._studio.project is None:
            return

        def look(read: Reader) -> list[tuple[str, str, str, object]]:
            found: list[tuple[str, str, str, object]] = []
            numbers = _chain_number(query)
            ids = numbers or read.chain_ids(ChainQuery(text=query))[:_MOST_OF_EACH]
            for chain in read.chain_rows(ids):
                found.append((CHAINS, chain.question, f"C-{chain.number:04d}", chain.key))
            for image in read.image_rows(read.image_ids(ImageQuery(text=query))[:_MOST_OF_EACH]):
                path = PurePosixPath(image.path)
                found.append((PICTURES, path.name, str(path.parent), image.key))
            return found

        self._studio.bridge.read(look, lambda found: self._take(query, found), key="palette")

    def _take(self, query: str, found: list[tuple[str, str, str, object]]) -> None:
        if query != self._query:
            return
        self._found = []
        for section, title, detail, key in found:
            at = title.lower().find(query.lower())
            self._found.append(
                PaletteEntry(
                    section=section,
                    title=title,
                    detail=detail,
                    icon="chains" if section == CHAINS else "image",
                    positions=tuple(range(at, at + len(query))) if at >= 0 else (),
                    run=self._to_chain(key) if section == CHAINS else self._to_picture(key),
                )
            )
        self._tell()

    def _to_chain(self, key: object) -> Callable[[], object]:
        return lambda: self._studio.go("chains", chain=key)

    def _to_picture(self, key: object) -> Callable[[], object]:
        return lambda: self._studio.go("instances", image=key)


def _chain_number(query: str) -> list[int]:
    """The chain that ``C-0412`` or ``c412`` names."""
    digits = query.upper().removeprefix("C").removeprefix("-")
    return [int(digits)] if query[:1].upper() == "C" and digits.isdigit() and len(digits) < 12 else []
