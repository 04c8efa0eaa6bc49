"""Writes records.jsonl and images/, batch by batch, so that a killed export goes on after its last whole batch."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.provenance import Run
from hopchain_core.export.admission import Reason, Refused, Terms
from hopchain_core.export.build import ExportedPicture, build_record
from hopchain_core.export.duplicates import Duplicates
from hopchain_core.export.manifest import ExportedFile, Tally
from hopchain_core.export.pictures import PictureRefusedError, place_picture
from hopchain_core.export.selection import Admitted, Selection
from hopchain_core.export.unfinished import Unfinished
from hopchain_core.store.reader import Reader, StoredChain
from hopchain_core.store.reads_export import BATCH

RECORDS = "records.jsonl"


class RecordsWriter:
    """The records of one export.

    Memory holds a batch of chains, one picture, and counts; what is left out and which pictures lie there goes to files
    beside the export.

    Args:
        read: One snapshot of the project.
        project_dir: Folder that relative picture paths start from.
        work: Where it is written, and how far an earlier process came.
        terms: What a person asked.

    Attributes:
        tally: Counts so far.
        before: Chains that an earlier process looked at.
    """

    def __init__(self, read: Reader, project_dir: Path, work: Unfinished, terms: Terms) -> None:
        self._read = read
        self._project_dir = project_dir
        self._work = work
        self._terms = terms
        self._paths = tuple(work.journals / name for name in (RECORDS, "refused.jsonl", "pictures.jsonl"))
        self._duplicates = Duplicates(is_asked=terms.without_near_duplicates)
        self._runs: dict[int, Run] = {}
        self._place: tuple[ImageKey | None, ExportedPicture | PictureRefusedError | None] = (None, None)
        self._last_journalled = ""
        self.tally = Tally.from_json(work.state["tally"]) if work.state else Tally()
        self.before = self.tally.chains

    def write(self, step: Callable[[], None]) -> None:
        """Looks at the chains that are left and writes what is taken.

        Args:
            step: Called after each chain; may raise to stop.

        Raises:
            OSError: The disk is full, or the place cannot be written to.
        """
        self._return_to_state()
        records, refused, pictures = streams = [path.open("ab") for path in self._paths]
        try:
            for stored, found in Selection(self._read, self._terms).items(after=self.before):
                self.tally.chains += 1
                line = found if isinstance(found, Refused) else self._line(stored, found, pictures)
                if isinstance(line, Refused):
                    self.tally.refuse(line.reason)
                    refused.write(_json_line(_of_refused(line)))
                else:
                    records.write(line)
                if self.tally.chains % BATCH == 0:
                    self._keep(streams)
                step()
            self._keep(streams)
        finally:
            for stream in streams:
                stream.close()

    def place(self) -> Path:
        """Puts the records into the export, where they may be put into another order, and says where they lie."""
        placed = self._work.folder / RECORDS
        placed.unlink(missing_ok=True)
        try:
            placed.hardlink_to(self._paths[0])
        except OSError:  # a file system without links
            shutil.copyfile(self._paths[0], placed)
        return placed

    def refused_lines(self) -> Iterator[str]:
        """What is left out, one JSON object a line, in the order of the chains."""
        with self._paths[1].open(encoding="utf-8") as stream:
            for line in stream:
                yield line.rstrip("\n")

    def files(self) -> Iterator[ExportedFile]:
        """The pictures."""
        with self._paths[2].open(encoding="utf-8") as stream:
            for line in stream:
                entry = json.loads(line)
                yield ExportedFile(path=entry["path"], sha256=entry["sha256"], size_bytes=entry["bytes"])

    def _return_to_state(self) -> None:
        """Cuts off what was written after the last whole batch, and remembers what the files before it say."""
        lengths = self._work.state.get("lengths", [0, 0, 0])
        for path, length in zip(self._paths, lengths, strict=True):
            path.touch()
            os.truncate(path, length)
        with self._paths[2].open(encoding="utf-8") as stream:
            for line in stream:
                entry = json.loads(line)
                self._last_journalled = entry["image"]
                self._duplicates.took(entry["group"], ImageKey(entry["image"]), entry["path"])

    def _keep(self, streams: Sequence[BinaryIO]) -> None:
        for stream in streams:
            stream.flush()
        lengths = [path.stat().st_size for path in self._paths]
        self._work.keep({"lengths": lengths, "tally": self.tally.to_json()}, *self._paths)

    def _line(self, stored: StoredChain, found: Admitted, pictures: BinaryIO) -> bytes | Refused:
        def refused(reason: Reason, detail: str) -> Refused:
            return Refused(chain=stored.chain.key, number=stored.number, reason=reason, detail=detail)

        image = found.candidate.image
        alike = self._duplicates.why(image)
        if alike:
            return refused(Reason.NEAR_DUPLICATE, alike)
        picture = self._placed(image)
        if isinstance(picture, PictureRefusedError):
            return refused(picture.reason, str(picture))
        if image.key != self._last_journalled:
            group = image.split_group or image.key
            pictures.write(
                _json_line(
                    {
                        "path": picture.file,
                        "sha256": picture.sha256,
                        "bytes": picture.size_bytes,
                        "image": image.key,
                        "group": group,
                    }
                )
            )
            self._last_journalled = image.key
            self._duplicates.took(group, image.key, image.path)
            self.tally.take_picture(image.licence, image.source)
        record = build_record(found.candidate, found.asked, self._terms.variant, picture, self._run(stored))
        self.tally.take(record)
        return record.line().encode() + b"\n"

    def _run(self, stored: StoredChain) -> Run | None:
        if stored.run_id is None:
            return None
        if stored.run_id not in self._runs:
            self._runs[stored.run_id] = self._read.run(stored.run_id)
        return self._runs[stored.run_id]

    def _placed(self, image: Image) -> ExportedPicture | PictureRefusedError:
        key, placed = self._place
        if key != image.key or placed is None:
            try:
                placed = place_picture(
                    image,
                    self._project_dir / image.path,
                    self._work.folder,
                    keep_metadata=self._terms.keep_metadata,
                )
            except PictureRefusedError as error:
                placed = error
            self._place = (image.key, placed)
        return placed


def _of_refused(refused: Refused) -> dict[str, Any]:
    return {
        "chain": refused.chain,
        "number": refused.number,
        "reason": refused.reason.value,
        "detail": refused.detail,
    }


def _json_line(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"
