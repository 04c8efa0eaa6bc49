"""Writes a format beside the records, split by split and shard by shard, and reads all of it back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from hopchain_core.export.formats.check import BadRowError, RowCheck
from hopchain_core.export.formats.facts import Told
from hopchain_core.export.formats.names import TAKES_RELATIVE, Format, rows_per_shard
from hopchain_core.export.formats.row import Row
from hopchain_core.export.formats.shapes import shape
from hopchain_core.export.formats.shards import Records, write_shards
from hopchain_core.export.pace import Pace


def check_relative(form: Format, *, is_relative: bool) -> None:
    """Refuses relative paths for a trainer that would look for them in its working directory.

    Raises:
        InputError: It is such a trainer.
    """
    from hopchain_core.errors import InputError

    if is_relative and form not in TAKES_RELATIVE:
        raise InputError(
            f"{form} looks for relative paths in the folder it is started in.", hint="Export without --relative."
        )


def write_format(
    records: Path,
    out: Path,
    form: Format,
    *,
    shard_size: int = 0,
    is_relative: bool = False,
    tell: Callable[[], None] = lambda: None,
    pace: Pace | None = None,
    told: Told | None = None,
) -> list[Path]:
    """Writes the rows of a format into the folder of the records, and checks them.

    Memory holds one row at a time. Each shard is read back before it gets its name, so one that lies there is whole and
    right, and is not written again.

    Args:
        records: ``records.jsonl`` in the export's folder, its pictures beside it.
        out: Where that folder will lie.
        form: Whose rows; of `Format.HF` parquet and its card.
        shard_size: Rows in a file; 0 for as many as suits the format.
        is_relative: Rows name pictures from the export's folder on.
        tell: Called after each row written and each row checked; may raise to stop.
        pace: Told how many rows are done.
        told: What a card says beside the records; only of `Format.HF`.

    Returns:
        The files written.

    Raises:
        BadRowError: A row would not reach the trainer.
        PrerequisiteError: pyarrow is missing.
    """
    folder, size = records.parent, rows_per_shard(form, shard_size)
    if form is Format.NATIVE:
        return []
    if form is Format.HF:
        from hopchain_core.export.formats.parquet import write_parquet

        return write_parquet(records, out, size, tell, pace, told)
    check = RowCheck(form, folder, out)

    def lines(path: Path, held: Iterable[Row]) -> None:
        with path.open("wb") as stream:
            for row in held:
                line = json.dumps(shape(row, form), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
                stream.write(line.encode() + b"\n")
                tell()

    def look_at(path: Path, held: Iterable[Row]) -> None:
        read = _lines(path)
        for row in held:
            where, line = next(read, ("", ""))
            if not line:
                raise BadRowError(row.id, f"its row is missing in {row.split}")
            try:
                shaped = json.loads(line)
            except ValueError as error:
                raise BadRowError(where, f"the line is not JSON ({error})") from error
            check.look_at(shaped, row, f"{where} ({row.id[:12]})")
            tell()
        for where, _line in read:
            raise BadRowError(where, "there are more rows than records")

    return write_shards(
        Records(records, out, is_relative=is_relative), folder, ".jsonl", size, lines, look_at, pace, is_one_plain=True
    )


def hash_of(path: Path) -> str:
    """The sha256 of a file, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    name = path.name.removeprefix(".").partition(".partial-")[0]
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            yield f"{name}, line {number}", line
