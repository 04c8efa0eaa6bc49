"""The chain as it is being written, worked out for the picture and the graph while one edits."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.presenters.chain_detail import ChainDetail
from app.presenters.chain_edit import ChainEdit
from hopchain_core.project import StoredChain


class DraftView(QObject):
    """Follows the fields, a moment after the rules.

    Args:
        bridge: Works it out in another thread.
        edit: What is edited.
        parent: Owner.

    Attributes:
        detail: The chain that saving would make, with its evidence; None while nothing is edited, or at its very start.
    """

    changed = Signal()
    """There is another state of the draft, or none any more."""

    def __init__(self, bridge: Bridge, edit: ChainEdit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._edit = edit
        self._base: ChainDetail | None = None
        self._token = 0
        self.detail: ChainDetail | None = None
        edit.checked.connect(self._work_out)
        edit.began.connect(self._drop)
        edit.ended.connect(self._drop)

    def follow_chain(self, detail: ChainDetail | None) -> None:
        """The version in the project, which says all that the draft does not."""
        self._base = detail
        self._work_out()

    def _work_out(self) -> None:
        base, found = self._base, self._edit.result
        self._token += 1
        token = self._token
        if base is None or found is None or not self._edit.is_editing or base.chain.image != found.chain.image:
            return
        stored = StoredChain(base.stored.number, found.chain, base.stored.run_id)
        draft = replace(base, stored=stored, findings=found.findings, is_audited=False)

        def take(made: ChainDetail) -> None:
            if token == self._token and self._edit.is_editing:
                self.detail = made
                self.changed.emit()

        self._bridge.ask(draft.prepared, take, key=("chain draft view", id(self)))

    def _drop(self) -> None:
        self._token += 1
        if self.detail is not None:
            self.detail = None
            self.changed.emit()
