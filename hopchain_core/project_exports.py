"""What a project gives to trainers: what an export would write, one record of it, and the export itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hopchain_core.project_status import manifest_facts
from hopchain_core.store.project_file import ProjectFile

if TYPE_CHECKING:
    from hopchain_core.export.admission import Terms
    from hopchain_core.export.exporter import ExportSummary
    from hopchain_core.export.pace import Watch
    from hopchain_core.export.preview import Preview


class ProjectExports:
    """The part of `Project` that exports."""

    _file: ProjectFile

    def export(
        self,
        out: Path,
        terms: Terms | None = None,
        *,
        is_cancelled: Callable[[], bool] = lambda: False,
        watch: Watch | None = None,
    ) -> ExportSummary:
        """Writes records, pictures and a manifest into a folder, whole or not at all.

        One that was killed, interrupted or ran out of disk goes on where it stopped when it is asked for again.

        Args:
            out: Must not exist, or be an earlier export.
            terms: Which chains are taken, and how much of each is asked; the strictest when None.
            is_cancelled: Asked after each record.
            watch: Told a few times a second how each step goes, in the calling thread.

        Raises:
            InputError: `out` holds other files, or nothing is admitted.
            ExportCancelledError: Somebody cancelled it.
            OSError: The disk is full, or the place cannot be written to.
        """
        from hopchain_core.export.admission import Terms
        from hopchain_core.export.exporter import export

        with self._file.read() as read:
            facts = manifest_facts(read, name=self._file.path.name, uuid=self._file.uuid, seed=self._file.seed)
            return export(read, facts, self._file.path.parent, out, terms or Terms(), is_cancelled, watch)

    def export_preview(
        self,
        terms: Terms,
        *,
        progress: Callable[[int, int], None] | None = None,
        is_cancelled: Callable[[], bool] = lambda: False,
        first: Callable[[Preview], None] | None = None,
    ) -> Preview | None:
        """What an export under these terms would write and leave out; None once it was cancelled.

        Args:
            terms: What is asked of the export.
            progress: Told chains looked at and chains in all, in the calling thread.
            is_cancelled: Asked after some hundred chains.
            first: Told what is known at once, where there are many chains or some have to be computed again.
        """
        from hopchain_core.export.preview import preview

        with self._file.read() as read:
            return preview(read, self._file.path.parent, terms, progress, is_cancelled, first)

    def export_record(self, number: int, terms: Terms) -> str:
        """The record of one chain as an export would write it, indented for reading.

        Raises:
            LeftOutError: It would be left out.
            InputError: There is no such chain.
        """
        from hopchain_core.export.one_record import record_text

        with self._file.read() as read:
            return record_text(read, self._file.path.parent, number, terms)
