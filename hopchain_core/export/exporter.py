"""Writes an export: records.jsonl, images/ and manifest.json, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.errors import InputError, KnownError
from hopchain_core.export.admission import Reason, Refused, Terms
from hopchain_core.export.build import ExportedPicture, build_record
from hopchain_core.export.folder import whole_folder
from hopchain_core.export.formats.writer import check_relative, hash_of, write_format
from hopchain_core.export.manifest import ExportedFile, ProjectFacts, Tally, file_entry, manifest_json, notices
from hopchain_core.export.pictures import PictureRefusedError, place_picture
from hopchain_core.export.selection import Admitted, Selection
from hopchain_core.export.target import MANIFEST, check_target
from hopchain_core.store.reader import Reader, StoredChain

RECORDS = "records.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """What an export wrote and left out.

    Attributes:
        out: Where it lies.
        records: Lines written.
        images: Pictures written.
        left_out: Chains left out by reason, in the order in which reasons apply.
        notices: What a reader of the data should know, in sentences.
    """

    out: Path
    records: int
    images: int
    left_out: dict[Reason, int]
    notices: tuple[str, ...]


class NothingToExportError(InputError):
    """Every chain is left out; nothing was written.

    Attributes:
        left_out: Chains left out by reason.
    """

    def __init__(self, message: str, *, hint: str, left_out: dict[Reason, int]) -> None:
        super().__init__(message, hint=hint)
        self.left_out = left_out


class ExportCancelledError(KnownError):
    """A person cancelled the export; nothing was written."""

    def __init__(self) -> None:
        super().__init__("The export was cancelled; nothing was written.")


def export(
    read: Reader,
    facts: ProjectFacts,
    project_dir: Path,
    out: Path,
    terms: Terms,
    progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ExportSummary:
    """Writes what the project has to give under these terms.

    Args:
        read: One snapshot of the project.
        facts: What the manifest says of the project.
        project_dir: Folder that relative picture paths start from.
        out: The folder to write; must not exist, or be an earlier export.
        terms: What a person asked of it.
        progress: Told chains looked at and chains in all.
        is_cancelled: Asked after each record.

    Raises:
        InputError: `out` holds other files, or the format cannot take relative paths.
        BadRowError: A row would not reach its trainer. Nothing is left behind.
        PrerequisiteError: A package that the format needs is missing.
        ExportCancelledError: Somebody cancelled it. Nothing is left behind, and an earlier export stays.
        NothingToExportError: No chain is admitted.
        OSError: The disk is full, or the place cannot be written to. Nothing is left behind.
    """
    out = out.absolute()
    check_target(out)
    check_relative(terms.format, is_relative=terms.relative)

    def tell() -> None:
        if is_cancelled():
            raise ExportCancelledError

    with whole_folder(out) as folder:
        writing = _Writing(read, project_dir, folder, terms)
        total = read.counts().chains
        digest = hashlib.sha256()
        with (folder / RECORDS).open("wb") as stream:
            for line in writing.lines():
                stream.write(line)
                digest.update(line)
                if progress is not None:
                    progress(writing.tally.chains, total)
                tell()
        if not writing.tally.records:
            raise _nothing(writing.tally)
        files = [file_entry(folder / RECORDS, folder, digest.hexdigest()), *writing.picture_files()]
        pictures = len(files) - 1
        shaped = write_format(
            folder / RECORDS, out, terms.format, shard_size=terms.shard_size, is_relative=terms.relative, tell=tell
        )
        files += [file_entry(path, folder, hash_of(path)) for path in shaped]
        (folder / MANIFEST).write_text(manifest_json(facts, terms, writing.tally, files), encoding="utf-8")
    return ExportSummary(
        out=out,
        records=writing.tally.records,
        images=pictures,
        left_out=writing.tally.refusals(),
        notices=tuple(notices(writing.tally)),
    )


def _nothing(tally: Tally) -> NothingToExportError:
    left_out = tally.refusals()
    if not left_out:
        return NothingToExportError(
            "The project has no chains.", hint="Run `hopchain run` on it first.", left_out=left_out
        )
    reasons = ", ".join(f"{n} {reason.value}" for reason, n in left_out.items())
    flags = [
        flag
        for reason, flag in (
            (Reason.BY_CONSTRUCTION, "--accept-by-construction"),
            (Reason.SIMULATED_ONLY, "--allow-simulated"),
        )
        if reason in left_out
    ]
    hint = (
        f"Let people answer the questions, or allow more with {' '.join(flags)}." if flags else "See `hopchain check`."
    )
    return NothingToExportError(
        f"All {tally.chains} chains are left out ({reasons}); nothing was written.", hint=hint, left_out=left_out
    )


class _Writing:
    """One export in progress."""

    def __init__(self, read: Reader, project_dir: Path, folder: Path, terms: Terms) -> None:
        self.read = read
        self.project_dir = project_dir
        self.folder = folder
        self.terms = terms
        self.tally = Tally()
        self._pictures: dict[ImageKey, ExportedPicture | PictureRefusedError] = {}

    def lines(self) -> Iterator[bytes]:
        """The records' lines, ordered by the picture's path and the chain's key."""
        for stored, found in Selection(self.read, self.terms):
            self.tally.chains += 1
            line = found if isinstance(found, Refused) else self._line(stored, found)
            if isinstance(line, Refused):
                self.tally.refused.append(line)
            else:
                yield line

    def picture_files(self) -> list[ExportedFile]:
        """The pictures placed so far."""
        return [
            ExportedFile(path=p.file, sha256=p.sha256, size_bytes=p.size_bytes)
            for p in self._pictures.values()
            if isinstance(p, ExportedPicture)
        ]

    def _line(self, stored: StoredChain, found: Admitted) -> bytes | Refused:
        picture = self._placed(found.candidate.image)
        if isinstance(picture, PictureRefusedError):
            return Refused(chain=stored.chain.key, number=stored.number, reason=picture.reason, detail=str(picture))
        run = self.read.run_of_chain(stored.chain.key)
        record = build_record(found.candidate, found.asked, self.terms.variant, picture, run)
        self.tally.take(record)
        return record.line().encode() + b"\n"

    def _placed(self, image: Image) -> ExportedPicture | PictureRefusedError:
        placed = self._pictures.get(image.key)
        if placed is None:
            try:
                placed = place_picture(image, self.project_dir / image.path, self.folder)
            except PictureRefusedError as error:
                placed = error
            self._pictures[image.key] = placed
        return placed
