"""Reading and stepping: which chain is open, at which hop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.chain_words import chain_name
from app.presenters.chain_detail import ChainDetail
from app.presenters.chain_pictures import PictureShelf
from app.presenters.chain_search import ChainSearch, ChainTotals
from app.presenters.chain_shelf import ChainShelf, first_detail
from app.studio import Studio
from hopchain_core.domain.chains import Hop
from hopchain_core.domain.images import Image
from hopchain_core.errors import InputError

DETAIL_TABLES = frozenset(
    {
        "image",
        "category",
        "instance",
        "chain",
        "work",
        "finding",
        "mark",
        "comment",
        "annotation",
        "rollout",
        "difficulty",
        "verdict",
    }
)
"""Tables that an open chain is made of."""
_AFTER_JOBS_MS = 400
_AHEAD, _BACK = 2, 1
"""Chains read before they are asked for."""
_AHEAD_AFTER_MS = 45
"""While a run keeps the cores busy: readers in other threads would hold up the painting of what was asked for."""


class OpenChain(QObject):
    """The chain that is open, those beside it, and the list they stand in.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    chain_shown = Signal(object)
    """`ChainDetail` or None: another chain is open, or the open one has changed."""
    hop_shown = Signal(object)
    """Number of the hop shown, or None where the chain has none."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._bridge = studio.bridge
        self.search = ChainSearch(self._bridge, self)
        self.pictures = PictureShelf()
        self._shelf = ChainShelf(self._bridge, self.pictures)
        self.detail: ChainDetail | None = None
        self.hop: int | None = None
        self._number: int | None = None
        self._row = 0
        self._token = 0
        self._is_active = False
        self._is_due = False
        self._wants_first = True
        self._preferred: int | None = None
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(_AHEAD_AFTER_MS)
        self._ahead.timeout.connect(self._read_ahead)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_JOBS_MS)
        self._later.timeout.connect(self._reload)
        self.search.listed.connect(self._take_list)
        self._bridge.changed.connect(self._react)

    # Where the person is

    def set_active(self, is_active: bool) -> None:
        """Whether the space is on the screen; nothing is read while it is not."""
        self._is_active = is_active
        self.search.set_active(is_active)
        if is_active and self._is_due:
            self._reload()

    @property
    def number(self) -> int | None:
        """Number of the chain that is open, or is being opened."""
        return self._number

    def has_at_hand(self, number: int) -> bool:
        """Whether a chain would be shown without a wait."""
        return self._shelf.get(number) is not None

    def open_number(self, number: int, hop: int | None = None) -> None:
        """Opens a chain by its number."""
        if number == self._number and self.detail is not None and self.detail.stored.number == number:
            if hop is not None:
                self.show_hop(hop)
            return
        self._number = number
        self._token += 1
        self._remember_row(number)
        kept = self._shelf.get(number)
        if kept is not None:
            self._show(kept, hop)
            if not self._studio.runs.is_running:
                self._read_ahead()
            elif not self._ahead.isActive():
                # Not begun anew: while a key is held, chains are read ahead all the same.
                self._ahead.start()
            if self._shelf.is_aged(number) and not self._later.isActive():
                self._later.start()
            return
        self._read(chain_name(number), hop)

    def open_named(self, name: str, hop: int | None = None) -> None:
        """Opens a chain by what a person calls it, or by its key."""
        self._wants_first = False
        self._read(name, hop, is_asked=True)

    def step(self, by: int) -> bool:
        """Opens the next chain of the list, or the one before.

        Returns:
            Whether there is one.
        """
        number = self._beside(by)
        if number is None:
            return False
        self.open_number(number)
        return True

    def show_hop(self, index: int) -> None:
        """Shows a hop of the chain; a number it has not is brought into its range."""
        hops = self.detail.chain.hops if self.detail is not None else ()
        if not hops:
            return
        numbers = [hop.index for hop in hops]
        if index not in numbers:
            index = min(max(index, numbers[0]), numbers[-1])
        if index != self.hop:
            self.hop = index
            self.hop_shown.emit(index)

    def step_hop(self, by: int) -> None:
        """Shows the next hop, or the one before."""
        if self.hop is not None:
            self.show_hop(self.hop + by)

    @property
    def current_hop(self) -> Hop | None:
        """The hop shown."""
        return self.detail.hop_at(self.hop) if self.detail is not None and self.hop is not None else None

    # Reading

    def source_of(self, image: Image) -> Callable[[int | None], Any]:
        """Reads a picture by the longer side wanted, from memory where it is at hand."""
        project = self._studio.need_project()
        return lambda side: self.pictures.get(image, project.read_picture, side)

    def _read(self, name: str, hop: int | None, *, is_asked: bool = False, otherwise: tuple[str, ...] = ()) -> None:
        project = self._studio.project
        if project is None:
            return
        self._token += 1
        token, generation, age = self._token, self._shelf.generation, self._shelf.age

        def show(detail: ChainDetail) -> None:
            if token != self._token:
                return
            # What is shown already stays the same object.
            self._shelf.keep(self.detail if self.detail is not None and self.detail == detail else detail, age)
            self._show(detail, hop)
            if generation == self._shelf.generation:
                self._read_ahead()
            else:
                self._reload()

        def fail(error: Exception) -> None:
            if token != self._token:
                return
            if isinstance(error, InputError):
                self._gone(error, is_asked=is_asked)
            else:
                self._bridge.failed.emit(error)

        self._bridge.ask(lambda: first_detail(project, name, *otherwise), show, key="chain detail", failed=fail)

    def _show(self, detail: ChainDetail, hop: int | None) -> None:
        is_other = self.detail is None or self.detail.stored.number != detail.stored.number
        was = self.detail
        follows = was is not None and was.key in {v.chain.key for v in detail.versions}
        if was is not None and was == detail and hop in (None, self.hop):
            # Something else was committed: what is shown need not be made anew.
            self._number = was.stored.number
            return
        self.detail = detail
        self._number = detail.stored.number
        self._remember_row(detail.stored.number)
        numbers = [h.index for h in detail.chain.hops]
        if hop is None and (follows or not is_other):
            hop = self.hop
        wanted = hop if hop in numbers else (numbers[0] if numbers else None)
        self.hop = wanted
        self.chain_shown.emit(detail)
        self.hop_shown.emit(wanted)
        self._studio.actions.refresh()

    def _gone(self, error: InputError, *, is_asked: bool) -> None:
        # What was asked for by its number is no more, such as after a job discarded it.
        if is_asked or self.detail is None or self._number != self.detail.stored.number:
            self._studio.toast(error.line, "warn")
        self._number = self.detail.stored.number if self.detail is not None else None
        if self.detail is None and not self._select_nearby():
            self._clear()

    def _clear(self) -> None:
        self.detail, self.hop, self._number = None, None, None
        self.chain_shown.emit(None)
        self.hop_shown.emit(None)
        self._studio.actions.refresh()

    def _read_ahead(self) -> None:
        """Reads the chains beside this one, and their pictures."""
        project = self._bridge.project
        if project is not None:
            beside = (self._beside(by) for by in (*range(1, _AHEAD + 1), *range(-1, -_BACK - 1, -1)))
            self._shelf.read_ahead(project, [number for number in beside if number is not None])

    def _beside(self, by: int) -> int | None:
        model = self.search.model
        row = model.row_of(self._number) if self._number is not None else None
        if row is None:
            # The chain has left the list: the one after it stands in its row now.
            return model.number(self._row + (by - 1 if by > 0 else by))
        return model.number(row + by)

    def _remember_row(self, number: int) -> None:
        row = self.search.model.row_of(number)
        if row is not None:
            self._row = row

    # What has changed

    def _take_list(self, totals: ChainTotals) -> None:
        if self._number is not None:
            self._remember_row(self._number)
        if self._wants_first and totals.listed:
            self._wants_first = False
            if self.detail is None or self.search.model.row_of(self.detail.stored.number) is None:
                self._open_first()
        elif self.detail is not None:
            self._read_ahead()

    def _open_first(self) -> None:
        preferred, self._preferred = self._preferred, None
        if preferred is not None and self.search.model.row_of(preferred) is not None:
            self.open_number(preferred)
            return
        self._row = 0
        self._select_nearby()

    def _select_nearby(self) -> bool:
        model = self.search.model
        number = model.number(min(self._row, model.rowCount() - 1))
        if number is None:
            return False
        self.open_number(number)
        return True

    def prefer(self, number: int) -> None:
        """This chain is opened in place of the first one when the list comes, if it is in it."""
        self._preferred = number

    def forget_place(self) -> None:
        """The first chain of the list is opened once the list is there, unless the open one is in it."""
        self._wants_first = True

    def _react(self, tables: frozenset[str], by: object) -> None:
        if not tables & DETAIL_TABLES:
            return
        if by is None:
            self._shelf.grow_old()
        else:
            self._shelf.clear()
        self._is_due = True
        if not self._is_active:
            return
        if by is not None:
            self._reload()
        elif not self._later.isActive():
            self._later.start()

    def _reload(self) -> None:
        if not self._is_active:
            return
        self._is_due = False
        if self.detail is not None:
            number, detail = self._number, self.detail
            if number is not None and number != detail.stored.number:
                self._read(chain_name(number), None)
                return
            # After an undo the version shown may be no more; the one before it is.
            earlier = tuple(v.chain.key for v in reversed(detail.versions) if v.chain.key != detail.key)
            self._read(detail.key, self.hop, otherwise=earlier)
