"""What would be public if an export were published: files, licences, and what people would rather not show.

Nothing is sent anywhere here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hopchain_core.errors import InputError
from hopchain_core.export.pictures import FOLDER as PICTURES
from hopchain_core.export.remarks import without_remarks
from hopchain_core.export.target import MANIFEST, MANIFEST_FORMAT
from hopchain_core.pictures.metadata import metadata_in

MOST_FILES = 10_000
"""Hubs advise against more files in one repository. Source: huggingface.co/docs/hub/storage-limits."""
_ABSOLUTE = re.compile(rb'"(?:file://)?(/[^"/\s\\]+/[^"\\]*|[A-Za-z]:\\\\[^"]*)"')
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFile:
    """A file that would be public.

    Attributes:
        path: In the export and in the repository.
        sha256: Of its bytes, as the manifest says.
        size_bytes: Of the file.
        content: What is sent in place of the file; None for the file itself.
    """

    path: str
    sha256: str
    size_bytes: int
    content: bytes | None = None

    def source(self, folder: Path) -> Path | bytes:
        """What is sent."""
        return folder / self.path if self.content is None else self.content


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """What would be public.

    Attributes:
        files: All files that would be sent; the manifest last.
        kept_back: Pictures beside parquet that holds them already; not sent.
        remarks: What curators wrote of chains left out, taken out of the manifest that is sent.
        licences: Records by licence of their picture; ``unknown`` where it is not known.
        warnings: What to think about before, in sentences.
    """

    folder: Path
    files: tuple[PublicFile, ...]
    kept_back: int
    remarks: int
    records: int
    pictures: int
    licences: dict[str, int]
    warnings: tuple[str, ...]

    @property
    def size_bytes(self) -> int:
        """Of all files together."""
        return sum(f.size_bytes for f in self.files)


def look_at(
    folder: Path,
    tell: Callable[[int, int], None] = lambda done, total: None,
    *,
    with_remarks: bool = False,
) -> Public:
    """Looks at every file of an export.

    Args:
        folder: The export.
        with_remarks: What curators wrote of chains left out is sent, too.
        tell: Told files looked at and files in all.

    Raises:
        InputError: There is no export, or a file is missing or another than it was.
        OSError: A file cannot be read.
    """
    manifest = _manifest(folder)
    listed = sorted(manifest["files"], key=lambda f: str(f["path"]))
    has_parquet = any(f["path"].endswith(".parquet") for f in listed)
    found = _Found()
    sent = []
    for number, entry in enumerate(listed, 1):
        path = folder / entry["path"]
        if not path.is_file() or path.stat().st_size != entry["bytes"]:
            raise InputError(
                f"{entry['path']} is missing or not as it was exported.", hint="Export again, then publish that."
            )
        is_picture = entry["path"].startswith(f"{PICTURES}/")
        if is_picture:
            found.look_at_picture(path, entry["path"])
        elif path.suffix in (".jsonl", ".json", ".md"):
            found.look_at_text(path, entry["path"])
        if not (is_picture and has_parquet):
            sent.append(PublicFile(path=entry["path"], sha256=entry["sha256"], size_bytes=entry["bytes"]))
        tell(number, len(listed))
    found.look_at_text(folder / MANIFEST, MANIFEST)
    own, remarks = _own_entry(folder, with_remarks=with_remarks)
    sent.append(own)
    counts = manifest["counts"]
    return Public(
        folder=folder,
        files=tuple(sent),
        kept_back=len(listed) + 1 - len(sent),
        remarks=0 if with_remarks else remarks,
        records=counts["records"],
        pictures=counts["images"],
        licences=dict(counts["by_licence"]),
        warnings=(*found.warnings(), *_warnings(manifest, len(sent), remarks if with_remarks else 0)),
    )


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{folder} holds no export of ours.", hint="Name the folder of an export.") from error
    if not isinstance(data, dict) or data.get("format") != MANIFEST_FORMAT:
        raise InputError(f"{folder} holds no export of ours.", hint="Name the folder of an export.")
    return data


def _own_entry(folder: Path, *, with_remarks: bool) -> tuple[PublicFile, int]:
    """The manifest as it is sent, and how many remarks it holds here."""
    from hopchain_core.export.formats.writer import hash_of

    path = folder / MANIFEST
    try:
        content, remarks = without_remarks(path)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not as it was exported.", hint="Export again, then publish that.") from error
    if with_remarks or not remarks:
        return PublicFile(path=MANIFEST, sha256=hash_of(path), size_bytes=path.stat().st_size), remarks
    digest = hashlib.sha256(content).hexdigest()
    return PublicFile(path=MANIFEST, sha256=digest, size_bytes=len(content), content=content), remarks


def _warnings(manifest: dict[str, Any], files: int, remarks: int) -> list[str]:
    counts, said = manifest["counts"], []
    unknown = counts["by_licence"].get("unknown", 0)
    if unknown:
        said.append(
            f"The licence of the pictures of {unknown} of {counts['records']} records is not known; "
            "`hopchain export --need-licence` leaves them out."
        )
    if remarks:
        said.append(
            f"{MANIFEST} holds {remarks} remarks of curators on chains left out; without --with-remarks it does not."
        )
    if files > MOST_FILES:
        said.append(f"{files} files are more than hubs like; `hopchain export --format hf` writes a few large ones.")
    return said


class _Found:
    """What was found in the files, counted, with the first of each kind by name."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._first: dict[str, str] = {}

    def look_at_picture(self, path: Path, name: str) -> None:
        try:
            kinds = metadata_in(path.read_bytes())
        except ValueError:
            kinds = ("unreadable",)
        for kind in kinds:
            self._note(kind, name)

    def look_at_text(self, path: Path, name: str) -> None:
        kept = b""
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                match = _ABSOLUTE.search(kept + piece)
                if match is not None:
                    self._note("path", f"{name}: {match[1].decode(errors='replace')[:120]}")
                    return
                kept = piece[-300:]

    def warnings(self) -> list[str]:
        said = {
            "gps": "{n} pictures say where they were taken, such as {first}; export them without --keep-metadata.",
            "exif": "{n} pictures hold what a camera wrote, such as {first}; export them without --keep-metadata.",
            "unreadable": "{n} pictures could not be looked into, such as {first}.",
            "path": "{n} files name folders of this machine, so that they are of no use elsewhere: {first}.",
        }
        others = sum(n for kind, n in self._counts.items() if kind not in said)
        lines = [
            text.format(n=self._counts[kind], first=self._first[kind])
            for kind, text in said.items()
            if kind in self._counts
        ]
        return [*lines, f"{others} pictures hold texts of programs or cameras."] if others else lines

    def _note(self, kind: str, name: str) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._first.setdefault(kind, name)
