"""Keeps drafts of the open project: in the order in which they are typed, and told when the disk refuses."""

from __future__ import annotations

from collections.abc import Iterable

from app.models.chain_draft import Draft
from app.models.chain_words import chain_name
from app.presenters.draft_store import DraftStore, Kept
from app.presenters.edit_standing import Standing, look
from app.studio import Studio
from hopchain_core.domain.keys import ChainKey


class DraftKeeper:
    """The drafts of a person.

    Args:
        studio: What everything shares. The drafts lie beside its settings.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        path = studio.settings.path
        self._store = DraftStore(None if path is None else path.parent / "drafts")

    def find(self, versions: Iterable[ChainKey]) -> Kept | None:
        """The draft that was kept of a chain, by any of its versions."""
        project = self._studio.project
        return self._store.find(project.uuid, versions) if project is not None else None

    def all(self) -> tuple[Kept, ...]:
        """All drafts of the open project, the newest first."""
        project = self._studio.project
        return self._store.of_project(project.uuid) if project is not None else ()

    def keep(self, project: str, draft: Draft) -> None:
        """Keeps a draft of a project; one that changes nothing is forgotten."""
        if draft.is_changed:
            self._store.keep(project, draft)
            self._write()
        else:
            self.forget(project, draft)

    def forget(self, project: str, draft: Draft) -> None:
        """Keeps a draft no longer."""
        self.drop(Kept(project, draft, ""))

    def drop(self, kept: Kept) -> None:
        """As `forget`."""
        if self._store.drop(kept):
            self._write()

    def tell(self) -> None:
        """Offers back what was left unsaved, of versions that are seen.

        A draft of a version that was replaced is met at its chain. One of a chain that is no more stays on the disk, for a
        redo or another run may bring the chain back, and is offered again then.
        """
        kept = self.all()
        if kept:
            self._studio.bridge.read(
                lambda read: [k for k in kept if look(read, k.draft.base).standing is Standing.SEEN],
                self._offer,
                key=("drafts", id(self)),
            )

    def _offer(self, kept: list[Kept]) -> None:
        if not kept:
            return
        number = kept[0].draft.number
        more = f" and {len(kept) - 1} more" if len(kept) > 1 else ""
        self._studio.toast(
            f"Unsaved edits of {chain_name(number)}{more} were kept.",
            action="Show",
            run=lambda: self._studio.go("chains", chain=number),
        )

    def _write(self) -> None:
        # In the order of edits, and finished before a project or the window closes.
        self._studio.bridge.edit(self._store.write, failed=self._fail)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, OSError):
            self._studio.toast(f"What you type cannot be kept as a draft ({error.strerror}). Save it soon.", "warn")
        else:
            self._studio.show_error(error)
