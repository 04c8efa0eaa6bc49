"""What every format is made of: one record, its prompt and its pictures."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hopchain_core.rlvr.asked import prompt_text

SOURCE = "hopchain"
MIMES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPicture:
    """A picture of a row.

    Attributes:
        file: From the export's folder, with forward slashes.
        sha256: Of its bytes.
        here: Where it lies while the export is written.
        named: As a row names it: an absolute path, or relative to the export's folder.
    """

    file: str
    sha256: str
    here: Path
    named: str

    def data_uri(self) -> str:
        """The picture as a data URI."""
        data = base64.b64encode(self.here.read_bytes()).decode("ascii")
        return f"data:{MIMES[self.here.suffix]};base64,{data}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record on its way into a format.

    Attributes:
        index: From 0, over all records.
        record: The record, as its line holds it.
        pictures: Its pictures, in order.
    """

    index: int
    record: dict[str, Any]
    pictures: tuple[RowPicture, ...]

    @classmethod
    def of(cls, record: dict[str, Any], index: int, folder: Path, out: Path, *, is_relative: bool) -> Row:
        """The row of a record.

        Args:
            record: As its line holds it.
            index: From 0.
            folder: Where the export is being written.
            out: Where it will lie.
            is_relative: Rows name pictures from the export's folder on.
        """
        pictures = tuple(
            RowPicture(
                file=image["file"],
                sha256=image["sha256"],
                here=folder / image["file"],
                named=image["file"] if is_relative else str(out / image["file"]),
            )
            for image in record["images"]
        )
        return cls(index=index, record=record, pictures=pictures)

    @property
    def id(self) -> str:
        """Of the record."""
        return str(self.record["id"])

    @property
    def answer(self) -> str:
        """The label's canonical text."""
        return str(self.record["answer"])

    @property
    def split(self) -> str:
        """``train`` or ``validation``."""
        return str(self.record["split"])

    @property
    def prompt(self) -> str:
        """What the model is asked, without tags for pictures."""
        return prompt_text(self.record["question"])

    @property
    def tagged_prompt(self) -> str:
        """The same with one tag ``<image>`` for each picture in front."""
        return "<image>" * len(self.pictures) + self.prompt

    @property
    def variant(self) -> str:
        """How much of the chain is asked: ``full``, ``half`` or ``single``."""
        return str(self.record["provenance"]["variant"])

    @property
    def bucket(self) -> int:
        """Its bucket of difficulty, 1 the easiest; 0 without one."""
        curriculum = self.record.get("curriculum")
        return int(curriculum["bucket"] or 0) if curriculum else 0

    @property
    def pass_rate(self) -> float:
        """Of the weaker model; -1 without one, so that a column has one kind of value."""
        tried = self.record["difficulty"]
        return -1.0 if tried is None else float(tried["correct"] / tried["n"])

    @property
    def extra(self) -> dict[str, Any]:
        """What is worth having beside the question: the same keys and types in every row."""
        return {
            "index": self.index,
            "split": self.split,
            "id": self.id,
            "hops": len(self.record["hops"]),
            "answer": self.answer,
            "variant": self.variant,
            "bucket": self.bucket,
            "pass_rate": self.pass_rate,
        }
