"""Shards that appear one by one, each written and read back under another name first.

A shard that lies there is therefore whole and right: an export that was killed writes only those that are missing.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hopchain_core.export.folder import whole_file
from hopchain_core.export.formats.row import Row
from hopchain_core.export.pace import Pace

SPLITS = ("train", "validation")

ShardStep = Callable[[Path, Iterable[Row]], None]
"""Writes these rows to a file, or holds the file against them."""


@dataclass(slots=True)
class _Places:
    """Where the records of one split lie: 16 bytes each."""

    offsets: array[int] = field(default_factory=lambda: array("Q"))
    indices: array[int] = field(default_factory=lambda: array("Q"))


class Records:
    """A file of records that lies in an export's folder, read by split.

    Args:
        path: The file.
        out: Where the folder will lie.
        is_relative: Rows name pictures from that folder on.
    """

    def __init__(self, path: Path, out: Path, *, is_relative: bool) -> None:
        self._path, self._out, self._is_relative = path, out, is_relative
        self._places = {split: _Places() for split in SPLITS}
        offset = 0
        with path.open("rb") as stream:
            for index, line in enumerate(stream):
                places = self._places[_split_of(line)]
                places.offsets.append(offset)
                places.indices.append(index)
                offset += len(line)

    def count(self, split: str) -> int:
        """How many rows a split has."""
        return len(self._places[split].offsets)

    def rows(self, split: str, begin: int, end: int) -> Iterator[Row]:
        """Some rows of a split, in the order of the records."""
        places = self._places[split]
        with self._path.open("rb") as stream:
            for place in range(begin, end):
                stream.seek(places.offsets[place])
                record = json.loads(stream.readline())
                yield Row.of(record, places.indices[place], self._path.parent, self._out, is_relative=self._is_relative)


def _split_of(line: bytes) -> str:
    # The field is a record's last: `,"split":"train"}`.
    end = line.rstrip()
    return "train" if end.endswith(b'"split":"train"}') else str(json.loads(line)["split"])


def write_shards(
    records: Records,
    folder: Path,
    suffix: str,
    size: int,
    write: ShardStep,
    check: ShardStep,
    pace: Pace | None,
    *,
    is_one_plain: bool,
) -> list[Path]:
    """Writes the shards that are not there yet.

    Args:
        records: What they are made of.
        folder: Where they go.
        suffix: Of their names.
        size: Rows in each.
        write: Writes rows to a file.
        check: Reads the file and holds it against the rows.
        pace: Told how many rows are done.
        is_one_plain: A split of one shard is named ``train.jsonl``, not ``train-00000-of-00001.jsonl``.

    Returns:
        All shards, by split and number.
    """
    planned = []
    for split in SPLITS:
        rows = records.count(split)
        shards = -(-rows // size)
        for number in range(shards):
            name = split if is_one_plain and shards == 1 else f"{split}-{number:05d}-of-{shards:05d}"
            planned.append((folder / f"{name}{suffix}", split, number * size, min(rows, (number + 1) * size)))
    done = sum(end - begin for path, _, begin, end in planned if path.exists())
    if pace is not None:
        pace.skip(done)
    for path, split, begin, end in planned:
        if path.exists():
            continue

        def counted(begin: int, end: int, before: int, split: str = split) -> Iterator[Row]:
            for place, row in enumerate(records.rows(split, begin, end), 1):
                yield row
                if pace is not None:
                    # Writing and reading back take about as long.
                    pace.reach(before + place // 2)

        rows = end - begin
        with whole_file(path) as partial:
            write(partial, counted(begin, end, done))
            check(partial, counted(begin, end, done + rows // 2))
        done += rows
        if pace is not None:
            pace.reach(done)
    return [path for path, *_ in planned]
