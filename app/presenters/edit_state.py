"""What is known of the chain that is being edited: its draft, what was found about it, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from app.models.chain_draft import Draft
from app.models.draft_picks import Pick, picked
from app.models.operation_fit import Fit
from app.presenters.chain_detail import instance_names
from app.presenters.chain_recompute import Checked, Difference
from app.presenters.edit_standing import Look, Standing
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.facts import PictureFacts


class EditState(QObject):
    """The half of `ChainEdit` that views read."""

    changed = Signal()
    """The draft, what was found about it, where its version stands, or what is being picked."""
    checked = Signal()
    """Findings and differences are those of the draft as it is; `changed` comes with it."""
    drafted = Signal()
    """Something was changed: the draft is another one. `replaced` and `changed` come after it."""
    began = Signal()
    """Another chain is being edited."""
    saved = Signal(object)
    """`Chain`: the new version, which is in the project."""
    ended = Signal()
    """Nothing is being edited any more; a draft may be kept."""
    replaced = Signal()
    """The texts of the draft were changed by other means than typing: fields show them anew."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft: Draft | None = None
        self._facts: PictureFacts | None = None
        self._names: dict[InstanceKey, str] = {}
        self._checked: Checked | None = None
        self._look: Look | None = None
        self._resumed = ""
        self._is_saving = False
        self._pick: tuple[Pick, Draft] | None = None
        self._steps: list[tuple[Draft, Draft]] = []
        self._removing: int | None = None
        self._token = 0

    @property
    def is_editing(self) -> bool:
        """A chain is being edited."""
        return self._draft is not None

    @property
    def is_changed(self) -> bool:
        """Something was changed that is not saved."""
        return self._draft is not None and self._draft.is_changed

    @property
    def is_saving(self) -> bool:
        """The new version is on its way to the disk."""
        return self._is_saving

    @property
    def state(self) -> Draft:
        """What was typed and picked so far.

        Raises:
            RuntimeError: Nothing is being edited.
        """
        if self._draft is None:
            raise RuntimeError("no chain is being edited")
        return self._draft

    @property
    def draft(self) -> Chain:
        """The version that saving would make. Raises as `state`."""
        return self.state.chain

    @property
    def number(self) -> int:
        """Number of the version that is edited. Raises as `state`."""
        return self.state.number

    @property
    def facts(self) -> PictureFacts | None:
        """What is marked in the picture."""
        return self._facts

    @property
    def names(self) -> Mapping[InstanceKey, str]:
        """How the instances of the picture are called."""
        return self._names

    @property
    def fits(self) -> dict[int, Fit]:
        """What becomes of each hop's operation. Raises as `state`."""
        return self.state.fits

    @property
    def resumed_from(self) -> str:
        """When the draft was written that is gone on with (UTC, ISO 8601); empty for a fresh one."""
        return self._resumed

    # What was found

    @property
    def result(self) -> Checked | None:
        """The newest findings and differences; None before the first."""
        return self._checked

    @property
    def is_checked(self) -> bool:
        """`result` is about the draft as it is."""
        return self._draft is not None and self._checked is not None and self._checked.chain == self.draft

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of the draft; of a state a moment ago while they run."""
        return self._checked.findings if self._checked is not None else ()

    @property
    def differences(self) -> dict[int | None, Difference]:
        """Where recomputing gives something else than is stated, by hop; None for the answer."""
        return dict(self._checked.differences) if self._checked is not None else {}

    @property
    def look(self) -> Look | None:
        """Where the version stands in the project; None until it is read."""
        return self._look

    @property
    def is_stale(self) -> bool:
        """The version that is edited is not the one that is seen: saving waits for `rebase`."""
        return self._look is not None and self._look.standing is not Standing.SEEN

    @property
    def stale_words(self) -> str:
        """What happened to the version that is edited; empty while it is the one that is seen."""
        found = self._look
        if self._draft is None or found is None or found.standing is Standing.SEEN:
            return ""
        mine = f"Version {self._draft.base.version}"
        if found.seen is None:
            return "This chain is no longer in the project. What you wrote is kept as a draft."
        now = found.seen.chain.version
        if found.standing is Standing.TAKEN_BACK:
            return f"{mine}, which you are editing, was taken back; version {now} is seen again. Your words are kept."
        return f"{mine}, which you are editing, was replaced by version {now}. Your words are kept."

    @property
    def consequences(self) -> str:
        """What saving does, in a sentence or two."""
        if self._draft is None:
            return ""
        if not self.is_changed:
            return "Nothing has been changed yet."
        old = self._draft.base.version
        if self.is_stale:
            seen = self._look.seen if self._look is not None else None
            if seen is None:
                return "It cannot be saved while the chain is not in the project; the draft is kept."
            return f"Put your words on version {seen.chain.version} first, then they can be saved."
        text = f"Saving makes version {old + 1}."
        if self._look is None:
            return text
        left = self._look.left_behind
        if not left:
            return f"{text} Nobody has answered version {old}, so nothing is lost."
        return f"{text} {left[:1].upper()}{left[1:]} stay with version {old} and no longer count."

    @property
    def can_step_back(self) -> bool:
        """There is a choice in this draft that can be taken back."""
        return bool(self._steps)

    @property
    def picking(self) -> Pick | None:
        """What instances are being picked for."""
        return self._pick[0] if self._pick is not None else None

    @property
    def picked(self) -> tuple[InstanceKey, ...]:
        """Instances picked for it so far."""
        return picked(self.state, self._pick[0]) if self._pick is not None else ()

    def _see(self, facts: PictureFacts | None) -> None:
        self._facts = facts
        self._names = instance_names(facts) if facts is not None else {}

    def _choose(self, draft: Draft, *, by_hand: bool = True) -> None:
        """As `_take`, for a choice that can be taken back."""
        if draft != self.state:
            self._steps.append((self.state, draft))
            self._take(draft, by_hand=by_hand)

    def _take(self, draft: Draft, *, by_hand: bool = True) -> None:
        if draft == self._draft:
            return
        if self._draft is not None and draft.ids != self._draft.ids:
            # What was found goes by numbers, which are those of other hops now.
            self._checked = None
            self._token += 1
        self._removing = None
        self._draft = draft
        self.drafted.emit()
        if not by_hand:
            self.replaced.emit()
        self.changed.emit()
