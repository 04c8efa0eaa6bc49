"""What a format makes of a record, for a person to read before anything is written."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hopchain_core.export.formats.names import EMBEDDED, TAKES_RELATIVE, Format
from hopchain_core.export.formats.row import MIMES, Row, RowPicture
from hopchain_core.export.formats.shapes import shape


def row_text(record: str, out: Path, form: Format, *, is_relative: bool = False) -> str:
    """The row that a format makes of a record, indented for reading; pictures inside it are only named.

    Args:
        record: The record as JSON.
        out: Where the export would lie.
        form: Whose row; of `Format.NATIVE` the record itself.
        is_relative: Rows name pictures from the export's folder on.
    """
    if form is Format.NATIVE:
        return record
    row = Row.of(json.loads(record), 0, out, out.absolute(), is_relative=is_relative)
    row = replace(row, pictures=tuple(_named(p) for p in row.pictures))
    return json.dumps(_columns(row) if form is Format.HF else shape(row, form), indent=2, ensure_ascii=False)


def can_be_relative(form: Format) -> bool:
    """Whether it is a choice how its rows name pictures."""
    return form in TAKES_RELATIVE and form not in EMBEDDED and form is not Format.NATIVE


def missing_for(form: Format) -> str:
    """What has to be installed before this format can be written, as a sentence; empty when nothing is missing."""
    if form is Format.HF and importlib.util.find_spec("pyarrow") is None:
        return "Parquet needs pyarrow, which is not installed. Run `pip install hopchain-studio[hf]`."
    return ""


def _columns(row: Row) -> dict[str, Any]:
    from hopchain_core.export.formats.parquet import columns_of

    # The bytes of the pictures would be read, and are nothing to look at.
    found = columns_of(replace(row, pictures=()))
    images = [{"bytes": "(the file's bytes)", "path": Path(p.file).name} for p in row.pictures]
    return {**found, "images": images, "record": "(the whole record as JSON)"}


def _named(picture: RowPicture) -> RowPicture:
    return _Named(file=picture.file, sha256=picture.sha256, here=picture.here, named=picture.named)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named(RowPicture):
    """A picture that is named where its bytes would stand."""

    def data_uri(self) -> str:
        return f"data:{MIMES[Path(self.file).suffix]};base64,(the file's bytes)"
