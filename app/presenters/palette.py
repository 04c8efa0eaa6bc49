"""The palette: actions, spaces, categories, pictures and chains by a few letters of their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions import ActionSpec
from app.presenters.fuzzy import Match, meant
from app.studio import Studio
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.project import ChainQuery, ImageQuery, Reader

RECENT = "Used lately"
SPACES = "Spaces"
ACTIONS = "Commands"
ELSEWHERE = "In other spaces"
CATEGORIES = "Categories"
CHAINS = "Chains"
PICTURES = "Pictures"
RECENT_SETTING = "palette_recent"
_MOST_RECENT = 5
_MOST_KEPT = 20
_MOST_OF_EACH = 8
_FIRST_SEARCH_LETTERS = 2
_SEARCH_AFTER_MS = 90
_BEFORE_IT = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteEntry:
    """One line of the palette.

    Attributes:
        section: Under which heading.
        title: What it is.
        detail: Where it belongs; of what cannot be done now, why.
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


@dataclass(frozen=True, slots=True)
class _Found:
    """What the project holds that fits."""

    query: str = ""
    chains: list[tuple[str, str, ChainKey]] = field(default_factory=list)
    pictures: list[tuple[str, str, ImageKey]] = field(default_factory=list)


class PalettePresenter(QObject):
    """Answers what is typed: actions and categories at once, chains and pictures as soon as they are read."""

    entries_changed = Signal(object)
    """A list of `PaletteEntry`, sections together, the best first."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._query = ""
        self._found = _Found()
        self._categories: Mapping[str, int] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SEARCH_AFTER_MS)
        self._soon.timeout.connect(self._search)
        studio.project_changed.connect(self._forget_categories)
        studio.bridge.changed.connect(self._take_change)

    def begin(self) -> None:
        """The palette opens: what was used lately, and everything that can be done."""
        self._found = _Found()
        if self._categories is None and self._studio.project is not None:
            self._studio.bridge.read(
                lambda read: read.image_facets().categories, self._take_categories, key="palette-categories"
            )
        self.ask("")

    def ask(self, query: str) -> None:
        """Something else was typed."""
        self._query = query.strip()
        if len(self._query) < _FIRST_SEARCH_LETTERS or self._studio.project is None:
            self._soon.stop()
            self._found = _Found()
        else:
            self._soon.start()
        self._tell()

    def _tell(self) -> None:
        self.entries_changed.emit(self._everything() if not self._query else self._fitting())

    def _everything(self) -> list[PaletteEntry]:
        table = self._studio.actions
        here = [spec for spec in self._offered() if table.is_here(spec)]
        by_id = {spec.id: spec for spec in here}
        lately = [by_id[name] for name in self._recent() if name in by_id and table.is_enabled(name)][:_MOST_RECENT]
        entries = [self._entry(spec, RECENT) for spec in lately]
        rest = [spec for spec in here if spec not in lately]
        # In the order of the table; what belongs to this space first, what cannot be done now at the end.
        rest.sort(key=lambda spec: (not spec.space, not table.is_enabled(spec.id)))
        entries += [self._entry(spec, SPACES) for spec in rest if _is_space(spec) and not self._is_at(spec)]
        entries += [self._entry(spec, ACTIONS) for spec in rest if not _is_space(spec) and table.is_enabled(spec.id)]
        entries += [
            self._entry(spec, ACTIONS) for spec in rest if not _is_space(spec) and not table.is_enabled(spec.id)
        ]
        return entries

    def _fitting(self) -> list[PaletteEntry]:
        if _chain_number(self._query) and self._found.chains:
            return [*self._chains(), *self._actions(), *self._pictures()]
        return [*self._actions(), *self._fitting_categories(), *self._pictures(), *self._chains()]

    def _actions(self) -> list[PaletteEntry]:
        """Spaces, commands here and commands elsewhere; the section with the best match first."""
        table = self._studio.actions
        recent = self._recent()
        sections: dict[str, list[tuple[int, PaletteEntry]]] = {}
        for spec in self._offered():
            text = spec.text.rstrip("…")
            own = meant(self._query, text)
            also = None if own is not None else _said_otherwise(self._query, spec)
            found = own or also or meant(self._query, f"{spec.group} {text}")
            if found is None:
                continue
            is_here = table.is_here(spec)
            # Elsewhere the name has to fit: the heading alone would bring all there is.
            if not is_here and (
                (own is None and also is None) or (spec.needs_project and self._studio.project is None)
            ):
                continue
            score = found.score - (0 if own is not None else 4 if also is not None else 20)
            if spec.id in recent:
                score += 3
            section = SPACES if _is_space(spec) else ACTIONS if is_here else ELSEWHERE
            entry = self._entry(spec, section, own.positions if own is not None else ())
            # What cannot be done now stands behind what can.
            sections.setdefault(section, []).append((score if entry.is_enabled else score - 100, entry))
        for scored in sections.values():
            scored.sort(key=lambda pair: -pair[0])
        order = sorted(sections, key=lambda name: (name == ELSEWHERE, -sections[name][0][0]))
        return [entry for name in order for _, entry in sections[name][:_MOST_OF_EACH]]

    def _offered(self) -> Iterable[ActionSpec]:
        return (spec for spec in self._studio.actions.specs() if spec.in_palette and not spec.is_held)

    def _entry(self, spec: ActionSpec, section: str, positions: tuple[int, ...] = ()) -> PaletteEntry:
        table = self._studio.actions
        is_enabled = section == ELSEWHERE or table.is_enabled(spec.id)
        why_not = "" if is_enabled else table.why_not(spec.id)
        heading = "" if section == SPACES else spec.group
        return PaletteEntry(
            section=section,
            title=spec.text,
            detail=why_not or heading,
            icon=spec.icon,
            keys=table.first_key(spec.id),
            positions=positions,
            is_enabled=is_enabled,
            run=lambda: self._run(spec),
        )

    def _run(self, spec: ActionSpec) -> None:
        table = self._studio.actions
        self._remember(spec.id)
        if spec.space and spec.space != self._studio.space:
            self._studio.go(spec.space)
        if not table.trigger(spec.id) and (why_not := table.why_not(spec.id)):
            self._studio.toast(f"{spec.text.rstrip('…')}: {why_not}.")

    # Used lately

    def _recent(self) -> list[str]:
        kept = self._studio.settings.get(RECENT_SETTING, [])
        return [name for name in kept if isinstance(name, str)] if isinstance(kept, list) else []

    def _remember(self, action_id: str) -> None:
        others = [name for name in self._recent() if name != action_id]
        self._studio.settings.set(RECENT_SETTING, [action_id, *others][:_MOST_KEPT])

    # What the project holds

    def _fitting_categories(self) -> list[PaletteEntry]:
        fitting = []
        for name, count in (self._categories or {}).items():
            found = meant(self._query, name)
            if found is not None:
                fitting.append((-found.score, -count, name, found.positions))
        fitting.sort()
        return [
            PaletteEntry(
                section=CATEGORIES,
                title=name,
                detail=f"{-count:,} picture{'s' if count != -1 else ''}",
                icon="tag",
                positions=positions,
                run=self._to("library", category=name),
            )
            for _, count, name, positions in fitting[:_MOST_OF_EACH]
        ]

    def _chains(self) -> list[PaletteEntry]:
        icon, has = "chains", self._has_space("chains")
        return [
            self._meant(PaletteEntry(section=CHAINS, title=question, detail=number, icon=icon, run=self._to_chain(key)))
            for question, number, key in self._found.chains
            if has
        ]

    def _pictures(self) -> list[PaletteEntry]:
        return [
            self._meant(
                PaletteEntry(section=PICTURES, title=name, detail=folder, icon="image", run=self._to_picture(key, name))
            )
            for name, folder, key in self._found.pictures
        ]

    def _meant(self, entry: PaletteEntry) -> PaletteEntry:
        title = " ".join(entry.title.split())
        at = title.lower().find(self._query.lower())
        if at > _BEFORE_IT + 1:
            # A long question is shown from shortly before what was meant.
            start = title.rfind(" ", 0, at - _BEFORE_IT // 2) + 1
            title, at = f"…{title[start:]}", at - start + 1
        positions = tuple(range(at, at + len(self._query))) if at >= 0 else ()
        return replace(entry, title=title, positions=positions)

    def _search(self) -> None:
        query = self._query
        if self._studio.project is None:
            return

        def look(read: Reader) -> _Found:
            found = _Found(query)
            ids = _chain_number(query) or read.chain_ids(ChainQuery(text=query))[:_MOST_OF_EACH]
            for chain in read.chain_rows(ids):
                found.chains.append((chain.question, f"C-{chain.number:04d}", chain.key))
            for image in read.image_rows(read.image_ids(ImageQuery(text=query))[:_MOST_OF_EACH]):
                path = PurePosixPath(image.path)
                found.pictures.append((path.name, str(path.parent), image.key))
            return found

        self._studio.bridge.read(look, self._take, key="palette")

    def _take(self, found: _Found) -> None:
        if found.query == self._query:
            self._found = found
            self._tell()

    def _take_categories(self, categories: Mapping[str, int]) -> None:
        self._categories = categories
        if self._query:
            self._tell()

    def _take_change(self, tables: frozenset[str], by: object) -> None:
        if tables & {"instance", "image", "work"}:
            self._forget_categories()

    def _forget_categories(self) -> None:
        self._categories = None

    # Where entries lead

    def _is_at(self, spec: ActionSpec) -> bool:
        return spec.id == f"go.{self._studio.space}"

    def _has_space(self, space: str) -> bool:
        return self._studio.actions.has(f"go.{space}")

    def _to(self, space: str, **where: object) -> Callable[[], object]:
        return lambda: self._studio.go(space, **where)

    def _to_chain(self, key: ChainKey) -> Callable[[], object]:
        return self._to("chains", chain=key)

    def _to_picture(self, key: ImageKey, name: str) -> Callable[[], object]:
        return self._to("instances", image=key) if self._has_space("instances") else self._to("library", text=name)


def _said_otherwise(query: str, spec: ActionSpec) -> Match | None:
    """What else people call it has to be begun as it is written: strewn letters of words that nobody sees mean nothing."""
    words = spec.words.lower().split()
    if not words or not all(any(word.startswith(typed) for word in words) for typed in query.lower().split()):
        return None
    return meant(query, spec.words) or Match(0, ())


def _is_space(spec: ActionSpec) -> bool:
    return spec.id.startswith("go.")


def _chain_number(query: str) -> list[int]:
    """The chain that ``C-0412`` or ``c412`` names."""
    digits = query.upper().removeprefix("C").removeprefix("-")
    return [int(digits)] if query[:1].upper() == "C" and digits.isdigit() and len(digits) < 12 else []
