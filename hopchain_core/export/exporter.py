"""Writes an export: records.jsonl, images/, rows for a trainer and manifest.json; whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from hopchain_core.errors import InputError, KnownError
from hopchain_core.export.admission import Reason, Terms, Variant
from hopchain_core.export.build import PROGRAM
from hopchain_core.export.curriculum import Order, arrange, check_curriculum
from hopchain_core.export.formats.facts import told_of
from hopchain_core.export.formats.writer import check_relative, hash_of, write_format
from hopchain_core.export.listed import Listed
from hopchain_core.export.manifest import ProjectFacts, Tally, file_entry, notices, write_manifest
from hopchain_core.export.pace import ExportStep, Pace, Watch
from hopchain_core.export.records import RecordsWriter
from hopchain_core.export.target import MANIFEST, check_target
from hopchain_core.export.unfinished import Purpose, unfinished
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_export import state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """What an export wrote and left out.

    Attributes:
        out: Where it lies.
        records: Lines written.
        images: Pictures written.
        left_out: Chains left out by reason, in the order in which reasons apply.
        notices: What a reader of the data should know, in sentences.
        resumed: Chains that an export that was broken off had looked at already.
        why_afresh: Why what was broken off was not gone on with; empty where it was, or where there was nothing.
    """

    out: Path
    records: int
    images: int
    left_out: dict[Reason, int]
    notices: tuple[str, ...]
    resumed: int = 0
    why_afresh: str = ""


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
    is_cancelled: Callable[[], bool] = lambda: False,
    watch: Watch | None = None,
) -> ExportSummary:
    """Writes what the project has to give under these terms.

    An export that was killed, interrupted or ran out of disk goes on where it stopped when it is asked for again, and
    gives the same bytes as one that was not. Where the project or the terms have changed since, it starts afresh.

    Args:
        read: One snapshot of the project.
        facts: What the manifest says of the project.
        project_dir: Folder that relative picture paths start from.
        out: The folder to write; must not exist, or be an earlier export.
        terms: What a person asked of it.
        is_cancelled: Asked after each record and row.
        watch: Told a few times a second how each step goes.

    Raises:
        InputError: `out` holds other files, another process exports to it, the format cannot take relative paths, or
            shortened questions are to be ordered by a difficulty that they do not have.
        BadRowError: A row would not reach its trainer. Nothing is left behind.
        PrerequisiteError: A package that the format needs is missing.
        ExportCancelledError: Somebody cancelled it. Nothing is left behind, and an earlier export stays.
        NothingToExportError: No chain is admitted.
        OSError: The disk is full, or the place cannot be written to. An earlier export stays.
    """
    out = out.absolute()
    check_target(out)
    check_relative(terms.format, is_relative=terms.relative)
    check_curriculum(terms.order, terms.buckets, is_whole=terms.variant is Variant.FULL)

    def tell() -> None:
        if is_cancelled():
            raise ExportCancelledError

    with unfinished(out, _purpose(read, facts, out, terms)) as work:
        began = work.state.get("began") or datetime.now(UTC).isoformat(timespec="seconds")
        work.always = {"began": began}
        writing = RecordsWriter(read, project_dir, work, terms)
        total = read.counts().chains
        pace = Pace(watch, ExportStep.RECORDS, total, work.why_afresh)
        pace.skip(writing.before)

        def looked() -> None:
            pace.reach(writing.tally.chains)
            tell()

        writing.write(looked)
        tally = writing.tally
        if not tally.records:
            raise _nothing(tally)
        records = writing.place()
        if terms.order is not Order.PICTURES or terms.buckets:
            arrange(records, terms.order, seed=terms.seed, buckets=terms.buckets, by=terms.buckets_by, tell=tell)
        files = [file_entry(records, work.folder, hash_of(records)), *writing.files()]
        shaped = write_format(
            records,
            out,
            terms.format,
            shard_size=terms.shard_size,
            is_relative=terms.relative,
            tell=tell,
            pace=Pace(watch, ExportStep.ROWS, tally.records, work.why_afresh),
            told=told_of(facts, tally),
        )
        files += [file_entry(path, work.folder, hash_of(path)) for path in shaped]
        write_manifest(
            work.folder / MANIFEST, facts, terms, tally, left_out=writing.refused_lines(), files=files, began=began
        )
        work.put_in_place(out)
    return ExportSummary(
        out=out,
        records=tally.records,
        images=tally.pictures,
        left_out=tally.refusals(),
        notices=tuple(notices(tally)),
        resumed=writing.before,
        why_afresh=work.why_afresh,
    )


def _purpose(read: Reader, facts: ProjectFacts, out: Path, terms: Terms) -> Purpose:
    """What the export is made of; rows hold `out`, and a list of pictures counts with its content."""
    listed = Listed.read(Path(terms.without)).digest() if terms.without else ""
    asked = {**asdict(terms), "out": str(out), "listed": listed}
    project = {**asdict(facts), "state": state_of(read)}
    return Purpose(
        program=PROGRAM,
        terms=json.dumps(asked, sort_keys=True),
        project=hashlib.sha256(json.dumps(project, sort_keys=True).encode()).hexdigest(),
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
