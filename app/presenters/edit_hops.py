"""What a person does to the hops of the chain that is edited: their fields, their number and their order."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal

from app.models.chain_draft import keys_of
from app.models.operation_fit import Kind, kind_of
from app.models.version_diff import joined
from app.presenters.edit_state import EditState
from hopchain_core.domain.chains import InstanceReference, Reference, SetReference, ValueReference


class EditHops(EditState):
    """The part of `ChainEdit` that changes hops."""

    hop_placed = Signal(int)
    """A hop was added or moved, or one beside it was removed: its number. `changed` came before."""
    refused = Signal(str)
    """Why something was not done."""

    def set_hop(self, index: int, **changes: Any) -> None:
        """Changes a hop: sub_question, output, level, needs, uses, establishes. What hangs on it follows.

        Raises:
            KeyError: There is no such hop.
        """
        draft = self.state.with_hop(index, **changes)
        if changes.keys() - {"sub_question", "output"}:
            self._choose(draft)
        else:
            self._take(draft)

    def set_kind(self, index: int, kind: Kind) -> None:
        """Says whether a hop finds one object, several, or a value; what it found before is kept as far as that goes."""
        hop = self.state.hop(index)
        keys = keys_of(hop.establishes)
        found: tuple[Reference, ...]
        if kind is Kind.OBJECT:
            found = (InstanceReference(keys[0]),) if keys else ()
        elif kind is Kind.OBJECTS:
            found = (SetReference(tuple(sorted(keys))),)
        else:
            found = (ValueReference(hop.output.strip()),)
        if kind is not kind_of(hop.establishes):
            self.set_hop(index, establishes=found)

    def keep_operation(self, index: int, fits: bool | None) -> None:
        """Says that the operation of a hop fits or does not; None leaves it to the rules."""
        self._choose(self.state.with_choice(index, fits))

    def add_hop(self, after: int) -> None:
        """Adds an empty hop that starts from what hop `after` finds. Raises as `set_hop`."""
        self._choose(self.state.with_hop_after(after), by_hand=False)
        self.hop_placed.emit(after + 1)

    def move_hop(self, index: int, step: int) -> None:
        """Moves a hop one place up (-1) or down (1), or says why it stays. Raises as `set_hop`."""
        refusal = self.state.move_refusal(index, step)
        if refusal:
            self.refused.emit(refusal)
            return
        self._choose(self.state.with_hop_moved(index, step), by_hand=False)
        self.hop_placed.emit(index + step)

    def remove_hop(self, index: int, *, is_agreed: bool = False) -> None:
        """Removes a hop; where others need it, asks first. Raises as `set_hop`.

        Args:
            index: Its number.
            is_agreed: Others may need it: they do so no longer.
        """
        draft = self.state
        if len(draft.hops) == 1:
            self.refused.emit("A chain has one hop at least.")
        elif draft.needed_by(index) and not is_agreed:
            self._removing = draft.id_of(index)
            self.changed.emit()
        else:
            self._choose(draft.without_hop(index), by_hand=False)
            self.hop_placed.emit(min(index, len(self.state.hops)))

    def keep_hop(self) -> None:
        """Removes nothing after all."""
        self._removing = None
        self.changed.emit()

    @property
    def removing(self) -> int | None:
        """The hop of which it is asked whether it shall go although others need it."""
        return self.state.number_of(self._removing) if self._removing is not None else None

    @property
    def removal_words(self) -> str:
        """What removing that hop does to those that need it; empty while nothing is asked."""
        index = self.removing
        if index is None:
            return ""
        needing = [hop for hop in self.state.saved_hops if index in hop.needs]
        names = joined([str(hop.index) for hop in needing])
        who, they = (
            (f"Hop {names} needs", "it no longer starts")
            if len(needing) == 1
            else (f"Hops {names} need", "they no longer start")
        )
        are = "is" if len(needing) == 1 else "are"
        more = f" and {are} no longer recomputed" if any(hop.operation is not None for hop in needing) else ""
        return f"{who} this hop. Without it {they} from what it finds{more}."
