"""Parquet with the pictures inside, as `datasets` and the hubs read it, with its card and its Croissant metadata."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hopchain_core.errors import PrerequisiteError
from hopchain_core.export.formats.card import card
from hopchain_core.export.formats.check import BadRowError, RowCheck
from hopchain_core.export.formats.croissant import croissant
from hopchain_core.export.formats.facts import Facts, Told
from hopchain_core.export.formats.names import Format
from hopchain_core.export.formats.row import Row
from hopchain_core.export.formats.shards import SPLITS, Records, write_shards
from hopchain_core.export.pace import Pace

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
    "variant": {"dtype": "string", "_type": "Value"},
    "bucket": {"dtype": "int64", "_type": "Value"},
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
        "variant": row.variant,
        "bucket": row.bucket,
        "pass_rate": None if difficulty is None else difficulty["correct"] / difficulty["n"],
        "licence": record["licence"],
        "record": json.dumps(record, ensure_ascii=False, separators=(",", ":")),
    }


def write_parquet(
    records: Path,
    out: Path,
    size: int,
    tell: Callable[[], None],
    pace: Pace | None = None,
    told: Told | None = None,
) -> list[Path]:
    """Writes ``data/SPLIT-00000-of-0000N.parquet``, README.md and croissant.json, and reads the rows back.

    Raises:
        PrerequisiteError: pyarrow is missing.
        BadRowError: What was written is not what was meant.
    """
    _pyarrow()
    folder, facts = records.parent, Facts()
    (folder / FOLDER).mkdir(exist_ok=True)
    check = RowCheck(Format.HF, folder, out)

    def write(path: Path, held: Iterable[Row]) -> None:
        shard = _Shard(path)
        try:
            for row in held:
                shard.take(columns_of(row))
                tell()
        finally:
            shard.close()

    def look_at(path: Path, held: Iterable[Row]) -> None:
        found = _rows_of(path)
        for row in held:
            _look_at(check, next(found, None), row)
            tell()
        if next(found, None) is not None:
            raise BadRowError(FOLDER, "there are more rows than records")

    shards = write_shards(
        Records(records, out, is_relative=True),
        folder / FOLDER,
        ".parquet",
        size,
        write,
        look_at,
        pace,
        is_one_plain=False,
    )
    with records.open(encoding="utf-8") as stream:
        for line in stream:
            facts.take(json.loads(line))
    files = {split: [p for p in shards if p.name.startswith(split)] for split in SPLITS}
    readme, metadata = folder / "README.md", folder / "croissant.json"
    readme.write_text(card(facts, folder, files, told), encoding="utf-8")
    metadata.write_text(croissant(facts, folder, files, told), encoding="utf-8")
    return [*shards, readme, metadata]


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


class _Shard:
    """One file; a row group is written as soon as it is large."""

    def __init__(self, path: Path) -> None:
        self._writer: Any = _pyarrow().parquet.ParquetWriter(path, _schema(), compression="zstd")
        self._held: list[dict[str, Any]] = []
        self._bytes = 0

    def take(self, row: dict[str, Any]) -> None:
        self._held.append(row)
        self._bytes += sum(len(p["bytes"]) for p in row["images"])
        if self._bytes >= ROW_GROUP_BYTES or len(self._held) >= ROW_GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(_pyarrow().Table.from_pylist(self._held, schema=_schema()))
            self._held, self._bytes = [], 0


def _look_at(check: RowCheck, found: dict[str, Any] | None, row: Row) -> None:
    where = f"{row.split} ({row.id[:12]})"
    if found is None or found["id"] != row.id or json.loads(found["record"]) != row.record:
        raise BadRowError(where, "its row is missing or another")
    check.look_at_text(found["question"] + found["prompt"], where)
    check.look_at_answer(found["answer"], row, where)
    if len(found["images"]) != len(row.pictures):
        raise BadRowError(where, f"{len(found['images'])} pictures, {len(row.pictures)} in the record")
    for held, meant in zip(found["images"], row.pictures, strict=True):
        check.look_at_picture(held["bytes"], meant.sha256, where)


def _rows_of(path: Path) -> Iterator[dict[str, Any]]:
    with _pyarrow().parquet.ParquetFile(path) as opened:
        for batch in opened.iter_batches(batch_size=16):
            yield from batch.to_pylist()
