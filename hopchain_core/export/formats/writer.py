"""Writes a format beside the records, split by split and shard by shard, and reads all of it back."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from hopchain_core.export.formats.check import BadRowError, RowCheck
from hopchain_core.export.formats.names import TAKES_RELATIVE, Format, rows_per_shard
from hopchain_core.export.formats.row import Row
from hopchain_core.export.formats.shapes import shape

RowWriter = Callable[[Row], None]


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


def rows(records: Path, out: Path, *, is_relative: bool) -> Iterator[Row]:
    """The rows of a file of records that lies in the export's folder."""
    with records.open(encoding="utf-8") as stream:
        for index, line in enumerate(stream):
            yield Row.of(json.loads(line), index, records.parent, out, is_relative=is_relative)


def write_format(
    records: Path,
    out: Path,
    form: Format,
    *,
    shard_size: int = 0,
    is_relative: bool = False,
    tell: Callable[[], None] = lambda: None,
) -> list[Path]:
    """Writes the rows of a format into the folder of the records, and checks them.

    Memory holds one row at a time.

    Args:
        records: ``records.jsonl`` in the export's folder, its pictures beside it.
        out: Where that folder will lie.
        form: Whose rows; of `Format.HF` parquet and its card.
        shard_size: Rows in a file; 0 for as many as suits the format.
        is_relative: Rows name pictures from the export's folder on.
        tell: Called after each row written and each row checked; may raise to stop.

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

        return write_parquet(records, out, size, tell)
    written: Counter[str] = Counter()
    with ExitStack() as stack:
        shards = {split: _Shards(folder, split, size) for split in ("train", "validation")}
        for held in shards.values():
            stack.callback(held.close)
        for row in rows(records, out, is_relative=is_relative):
            line = json.dumps(shape(row, form), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            shards[row.split].write(line.encode() + b"\n")
            written[row.split] += 1
            tell()
    files = {split: held.named() for split, held in shards.items()}
    _check(records, out, form, files, is_relative=is_relative, tell=tell)
    return [path for named in files.values() for path in named]


def hash_of(path: Path) -> str:
    """The sha256 of a file, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Shards:
    """The files of one split, the next begun when one is full."""

    def __init__(self, folder: Path, split: str, size: int) -> None:
        self._folder, self._split, self._size = folder, split, size
        self._paths: list[Path] = []
        self._stream: BinaryIO | None = None
        self._rows = 0

    def write(self, line: bytes) -> None:
        if self._stream is None or self._rows == self._size:
            self.close()
            path = self._folder / f"{self._split}-{len(self._paths):05d}.jsonl"
            self._paths.append(path)
            self._stream, self._rows = path.open("wb"), 0
        self._stream.write(line)
        self._rows += 1

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def named(self) -> list[Path]:
        """The files: one alone has the split's name, several say how many they are."""
        if len(self._paths) == 1:
            return [self._paths[0].rename(self._folder / f"{self._split}.jsonl")]
        n = len(self._paths)
        return [p.rename(p.with_name(f"{self._split}-{i:05d}-of-{n:05d}.jsonl")) for i, p in enumerate(self._paths)]


def _check(
    records: Path,
    out: Path,
    form: Format,
    files: dict[str, list[Path]],
    *,
    is_relative: bool,
    tell: Callable[[], None],
) -> None:
    check = RowCheck(form, records.parent, out)
    read = {split: _lines(paths) for split, paths in files.items()}
    for row in rows(records, out, is_relative=is_relative):
        where, line = next(read[row.split], ("", ""))
        if not line:
            raise BadRowError(row.id, f"its row is missing in {row.split}")
        try:
            shaped = json.loads(line)
        except ValueError as error:
            raise BadRowError(where, f"the line is not JSON ({error})") from error
        check.look_at(shaped, row, f"{where} ({row.id[:12]})")
        tell()
    for lines in read.values():
        for where, _line in lines:
            raise BadRowError(where, "there are more rows than records")


def _lines(paths: list[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                yield f"{path.name}, line {number}", line
