"""Packets made for people, and their answers taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.studio import Studio
from hopchain_core.errors import KnownError
from hopchain_core.project import MergedPackets, Project


class PacketsPresenter(QObject):
    """Writes and reads packets in the thread for long work.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    told = Signal(str, bool)
    """What became of it, in sentences; and whether it was done."""
    working = Signal(str)
    """What is being done; empty once that is over."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio

    def make(self, folder: Path) -> None:
        """Writes a packet for everybody who has something left to answer."""
        self._spawn("Writing packets", lambda project: _made(project, folder))

    def merge(self, files: Sequence[Path]) -> None:
        """Takes the answers in packets back: all of them, or none when one is refused."""
        chosen = list(files)
        self._spawn("Taking answers back", lambda project: merged_words(project.merge_packets(chosen, by=self)))

    def _spawn(self, title: str, work: Callable[[Project], str]) -> None:
        project = self._studio.need_project()

        async def run() -> None:
            self.working.emit(title)
            try:
                said = await self._studio.bridge.work(lambda: work(project))
            except KnownError as error:
                self.told.emit(error.line, False)
                self._studio.toast(error.line, "warn")
            else:
                self.told.emit(said, True)
                self._studio.toast(said, "ok")
            finally:
                self.working.emit("")

        self._studio.spawn(run())


def _made(project: Project, folder: Path) -> str:
    with project.read() as read:
        names = [person.name for person in read.annotators() if person.is_active]
        left = {
            progress.annotator
            for each in read.open_rounds()
            for progress in read.round_progress(each.id)
            if progress.left
        }
    made, refused = [], []
    for name in names:
        if name not in left:
            continue
        try:
            made.append(project.make_packet(name, folder))
        except KnownError as error:
            refused.append(f"{name}: {error}")
    if not made and not refused:
        return "Nobody has anything left to answer."
    said = f"{len(made)} packets are in {folder.name}." if len(made) != 1 else f"1 packet is in {folder.name}."
    return " ".join([said, *refused])


def merged_words(merged: MergedPackets) -> str:
    """What became of packets, in sentences."""
    answers = merged.answers
    people = sorted({packet.header.annotator for packet in merged.packets})
    parts = [f"{answers.new:,} new"]
    for count, word in (
        (answers.same, "there already"),
        (answers.replaced, "took the place of earlier ones"),
        (answers.older, "older than what is there"),
        (answers.stale, "to questions edited since, kept as stale"),
    ):
        if count:
            parts.append(f"{count:,} {word}")
    conflicts = f" {len(merged.conflicts):,} were answered twice; the later answer stands." if merged.conflicts else ""
    return f"Answers of {', '.join(people)}: {', '.join(parts)}.{conflicts}"
