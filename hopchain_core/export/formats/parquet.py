"""Parquet with the pictures inside, as `datasets` and the hubs read it, with its card and its Croissant metadata."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hopchain_core.errors import PrerequisiteError
from hopchain_core.export.formats.card import card
from hopchain_core.export.formats.check import BadRowError, RowCheck
from hopchain_core.export.formats.croissant import croissant
from hopchain_core.export.formats.facts import Facts
from hopchain_core.export.formats.names import Format
from hopchain_core.export.formats.row import Row

if TYPE_CHECKING:
    import pyarrow

FOLDER = "data"
ROW_GROUP_BYTES = 64_000_000
"""Pictures held in memory before they are written. Chosen."""
ROW_GROUP_ROWS = 1_000
FEATURES: dict[str, Any] = {
    "id": {"dtype": "string", "_type": "Value"},
    "images": {"feature": {"_type": "Image"}, "_type": "Sequence"},
    "question": {"dtype": "string", "_type": "Value"},
    "prompt": {"dtype": "string", "_type": "Value"},
    "answer": {"dtype": "string", "_type": "Value"},
    "answer_type": {"dtype": "string", "_type": "Value"},
    "hops": {"dtype": "int64", "_type": "Value"},
    "agreement": {"dtype": "string", "_type": "Value"},
    "pass_rate": {"dtype": "float64", "_type": "Value"},
    "licence": {"dtype": "string", "_type": "Value"},
    "record": {"dtype": "string", "_type": "Value"},
}
"""The columns as `datasets` names them. `record` is the whole record as JSON: its nesting differs from row to row."""


def columns_of(row: Row) -> dict[str, Any]:
    """The row with its pictures' bytes.

    Raises:
        OSError: A picture cannot be read.
    """
    record = row.record
    difficulty = record["difficulty"]
    return {
        "id": row.id,
        "images": [{"bytes": p.here.read_bytes(), "path": Path(p.file).name} for p in row.pictures],
        "question": record["question"],
        "prompt": row.prompt,
        "answer": row.answer,
        "answer_type": record["answer_type"],
        "hops": len(record["hops"]),
        "agreement": record["agreement"]["kind"],
        "pass_rate": None if difficulty is None else difficulty["correct"] / difficulty["n"],
        "licence": record["licence"],
        "record": json.dumps(record, ensure_ascii=False, separators=(",", ":")),
    }


def write_parquet(records: Path, out: Path, size: int, tell: Callable[[], None]) -> list[Path]:
    """Writes ``data/SPLIT-00000-of-0000N.parquet``, README.md and croissant.json, and reads the rows back.

    Raises:
        PrerequisiteError: pyarrow is missing.
        BadRowError: What was written is not what was meant.
    """
    from hopchain_core.export.formats.writer import rows

    _pyarrow()
    folder, facts = records.parent, Facts()
    (folder / FOLDER).mkdir()
    shards = {split: _Shards(folder / FOLDER, split, size) for split in ("train", "validation")}
    try:
        for row in rows(records, out, is_relative=True):
            shards[row.split].take(columns_of(row))
            facts.take(row.record)
            tell()
    finally:
        for held in shards.values():
            held.close()
    files = {split: held.named() for split, held in shards.items()}
    _check(records, out, files, tell)
    readme, metadata = folder / "README.md", folder / "croissant.json"
    readme.write_text(card(facts, folder, files), encoding="utf-8")
    metadata.write_text(croissant(facts, folder, files), encoding="utf-8")
    return [*(path for named in files.values() for path in named), readme, metadata]


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise PrerequisiteError(
            "Parquet needs pyarrow, which is not installed.", hint="Run `pip install hopchain-studio[hf]`."
        ) from error
    return pyarrow


def _schema() -> pyarrow.Schema:
    pa = _pyarrow()
    kinds = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64()}
    picture = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    fields = [
        (name, pa.list_(picture) if name == "images" else kinds[feature["dtype"]]) for name, feature in FEATURES.items()
    ]
    return pa.schema(fields, metadata={"huggingface": json.dumps({"info": {"features": FEATURES}})})


class _Shards:
    """The files of one split; a row group is written as soon as it is large."""

    def __init__(self, folder: Path, split: str, size: int) -> None:
        self._folder, self._split, self._size = folder, split, size
        self._paths: list[Path] = []
        self._writer: Any = None
        self._held: list[dict[str, Any]] = []
        self._bytes = 0
        self._rows = 0

    def take(self, row: dict[str, Any]) -> None:
        if self._writer is None or self._rows == self._size:
            self.close()
            path = self._folder / f"{self._split}-{len(self._paths):05d}.parquet"
            self._paths.append(path)
            self._writer, self._rows = _pyarrow().parquet.ParquetWriter(path, _schema(), compression="zstd"), 0
        self._held.append(row)
        self._rows += 1
        self._bytes += sum(len(p["bytes"]) for p in row["images"])
        if self._bytes >= ROW_GROUP_BYTES or len(self._held) >= ROW_GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        if self._writer is not None:
            self._flush()
            self._writer.close()
            self._writer = None

    def named(self) -> list[Path]:
        n = len(self._paths)
        return [p.rename(p.with_name(f"{self._split}-{i:05d}-of-{n:05d}.parquet")) for i, p in enumerate(self._paths)]

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(_pyarrow().Table.from_pylist(self._held, schema=_schema()))
            self._held, self._bytes = [], 0


def _check(records: Path, out: Path, files: dict[str, list[Path]], tell: Callable[[], None]) -> None:
    from hopchain_core.export.formats.writer import rows

    check = RowCheck(Format.HF, records.parent, out)
    read = {split: _rows_of(paths) for split, paths in files.items()}
    for row in rows(records, out, is_relative=True):
        where = f"{row.split} ({row.id[:12]})"
        found = next(read[row.split], None)
        if found is None or found["id"] != row.id or json.loads(found["record"]) != row.record:
            raise BadRowError(where, "its row is missing or another")
        check.look_at_text(found["question"] + found["prompt"], where)
        check.look_at_answer(found["answer"], row, where)
        if len(found["images"]) != len(row.pictures):
            raise BadRowError(where, f"{len(found['images'])} pictures, {len(row.pictures)} in the record")
        for held, meant in zip(found["images"], row.pictures, strict=True):
            check.look_at_picture(held["bytes"], meant.sha256, where)
        tell()
    if any(next(left, None) is not None for left in read.values()):
        raise BadRowError(FOLDER, "there are more rows than records")


def _rows_of(paths: list[Path]) -> Any:
    for path in paths:
        with _pyarrow().parquet.ParquetFile(path) as opened:
            for batch in opened.iter_batches(batch_size=16):
                yield from batch.to_pylist()
