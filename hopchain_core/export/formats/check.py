"""Reads rows back as their trainer does and refuses whatever it would lose, blank or raise on.

verl drops a row whose tags and pictures differ in number without a word, ROLL replaces a missing picture by a white
one; so nothing of that kind may leave here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from hopchain_core.errors import KnownError
from hopchain_core.export.admission import RESERVED_TAGS
from hopchain_core.export.formats.names import Format
from hopchain_core.export.formats.row import Row
from hopchain_core.pictures.opening import quiet_pillow

_CANONICAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?\Z")
_TAG = "<image>"


class BadRowError(KnownError):
    """A row would not reach its trainer as it is meant; the export fails rather than leave it out in silence."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}.", hint="Nothing was written. Mend or reject that chain, then export again.")


class RowCheck:
    """Checks rows one by one; each picture is opened once.

    Args:
        form: Whose rows they are.
        folder: Where the export is being written.
        out: Where it will lie.
    """

    def __init__(self, form: Format, folder: Path, out: Path) -> None:
        self._form = form
        self._folder = folder
        self._out = out
        self._opened: set[str] = set()

    def look_at(self, shaped: dict[str, Any], row: Row, where: str) -> None:
        """Checks a row as it was read back against the record it was made of.

        Raises:
            BadRowError: It is not what the trainer needs.
        """
        try:
            text, tags, pictures, answer = _parts(shaped, self._form)
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise BadRowError(where, f"the row has not the columns of {self._form} ({error!r})") from error
        self.look_at_text(text.replace(_TAG, "", tags), where)
        if row.prompt not in text:
            raise BadRowError(where, "the prompt is not the record's")
        if tags != len(pictures) or len(pictures) != len(row.pictures):
            raise BadRowError(where, f"{tags} tags and {len(pictures)} pictures, {len(row.pictures)} in the record")
        self.look_at_answer(answer, row, where)
        for named, meant in zip(pictures, row.pictures, strict=True):
            self.look_at_picture(self._bytes_of(named, where), meant.sha256, where)

    def look_at_text(self, text: str, where: str) -> None:
        """Raises `BadRowError` where a text holds what a loader replaces by media."""
        reserved = next((t for t in RESERVED_TAGS if t in text), None)
        if reserved is not None:
            raise BadRowError(where, f"the question holds {reserved}, which loaders replace by a picture")

    def look_at_answer(self, answer: object, row: Row, where: str) -> None:
        """Raises `BadRowError` where a label is no canonical text, or not the record's."""
        if not isinstance(answer, str) or not _CANONICAL.match(answer) or answer != row.answer:
            raise BadRowError(where, f"the label is {str(answer)[:40]!r}, not a canonical text as in the record")

    def look_at_picture(self, data: bytes, sha256: str, where: str) -> None:
        """Raises `BadRowError` where bytes are not the picture meant, or cannot be decoded."""
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BadRowError(where, "its picture is not the record's")
        if sha256 in self._opened:
            return
        try:
            with quiet_pillow(), Pillow.open(BytesIO(data)) as opened:
                opened.load()
        except Exception as error:  # Pillow raises errors of many classes for broken files
            raise BadRowError(where, f"its picture does not open ({error})") from error
        self._opened.add(sha256)

    def _bytes_of(self, named: str, where: str) -> bytes:
        if named.startswith("data:"):
            return base64.b64decode(named.partition(",")[2], validate=True)
        path = Path(named)
        if path.is_absolute():
            if not path.is_relative_to(self._out):
                raise BadRowError(where, f"its picture {named} lies outside the export")
            path = path.relative_to(self._out)
        try:
            return (self._folder / path).read_bytes()
        except OSError as error:
            raise BadRowError(where, f"its picture {named} cannot be read ({error.strerror})") from error


def _parts(shaped: dict[str, Any], form: Format) -> tuple[str, int, list[str], object]:
    """Text of the prompt, number of places for pictures, pictures, label."""
    match form:
        case Format.VERL:
            text = shaped["prompt"][0]["content"]
            images = [p["image"] for p in shaped["images"]]
            return text, text.count(_TAG), images, shaped["reward_model"]["ground_truth"]
        case Format.ROLL:
            text = shaped["prompt"][0]["content"]
            return text, text.count(_TAG), shaped["images"], shaped["reward_model"]["ground_truth"]
        case Format.TRL:  # puts the pictures in front itself
            return shaped["prompt"][0]["content"], len(shaped["images"]), shaped["images"], shaped["solution"]
        case Format.EASYR1:
            return shaped["problem"], shaped["problem"].count(_TAG), shaped["images"], shaped["answer"]
        case Format.OPENRLHF:
            text = shaped["prompt"][0]["content"]
            return text, text.count(_TAG), shaped["images"], shaped["answer"]
        case Format.MS_SWIFT:
            text = shaped["messages"][0]["content"]
            return text, text.count(_TAG), shaped["images"], shaped["solution"]
        case Format.SKYRL:
            return *_blocks(shaped["prompt"][0]["content"]), shaped["reward_spec"]["ground_truth"]
        case Format.VERIFIERS:
            return *_blocks(shaped["prompt"][0]["content"]), shaped["answer"]
        case Format.NEMO_RL:
            return shaped["question"], len(shaped["images"]), shaped["images"], shaped["answer"]
    raise KeyError(form.value)


def _blocks(content: list[dict[str, Any]]) -> tuple[str, int, list[str]]:
    return content[-1]["text"], len(content) - 1, [block["image_url"]["url"] for block in content[:-1]]
