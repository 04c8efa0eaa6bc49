"""Looks at what a person chose or dropped and says what it is, so that nobody has to say it or search for it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

from app.studio import PACKET_ENDING
from hopchain_core.errors import InputError

PROJECT_ENDING = ".hopchain"
MOST_LOOKED_AT = 20_000
"""Counting pictures stops here."""
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"})
_MOST_FOLDERS = 2_000
_MOST_HEADS = 50
_HEAD_BYTES = 65_536
_COCO_FOLDERS = ("", "annotations", "../annotations")
_FILE_NAME = re.compile(rb'"file_name"\s*:\s*"([^"\\]+)"')


class Annotated(StrEnum):
    """How pictures are annotated."""

    NOT = "none"
    COCO = "coco"
    LABELME = "labelme"
    SCENES = "scenes"


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a folder.

    Attributes:
        folder: Of the pictures.
        pictures: How many files look like pictures by their names.
        kind: How they seem to be annotated.
        file: The COCO file, or the folder of labelme's files or of scenes.
    """

    folder: Path
    pictures: int
    kind: Annotated
    file: Path | None

    @property
    def words(self) -> str:
        """In one line, as it is said before anything is made."""
        if not self.pictures:
            return "No pictures"
        is_more = "more than " if self.pictures > MOST_LOOKED_AT else ""
        count = min(self.pictures, MOST_LOOKED_AT)
        pictures = "1 picture" if count == 1 else f"{is_more}{count:,} pictures"
        match self.kind:
            case Annotated.COCO if self.file is not None:
                return f"{pictures}, COCO annotations in {self.file.name}"
            case Annotated.LABELME:
                return f"{pictures}, labelme annotations"
            case Annotated.SCENES:
                return f"{pictures}, rendered scenes with their truth"
            case _:
                return f"{pictures}, no annotations seen"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a person dropped: a project, or pictures.

    Attributes:
        project: A project's file: what was dropped, or the only one in a dropped folder.
        start: What to look at for a new project; None when the project's file itself was dropped.
        packets: Packets that were dropped; nothing else is looked at then.
    """

    project: Path | None
    start: Path | None
    packets: tuple[Path, ...] = ()


def recognise(paths: Iterable[Path]) -> Dropped:
    """Says what was dropped; the first thing that says anything counts. May take a moment on a slow disk.

    Raises:
        InputError: None of it is anything for the studio.
    """
    dropped = list(paths)
    packets = tuple(path for path in dropped if path.suffix.lower() == PACKET_ENDING and not path.is_dir())
    if packets:
        return Dropped(None, None, packets)
    for path in dropped:
        if path.suffix.lower() == PROJECT_ENDING and not path.is_dir():
            return Dropped(path, None)
    for path in dropped:
        if path.is_dir():
            projects = sorted(path.glob(f"*{PROJECT_ENDING}"))
            return Dropped(projects[0] if len(projects) == 1 else None, path)
    for path in dropped:
        if path.suffix.lower() == ".json" and _kind_of(path) is not Annotated.NOT:
            return Dropped(None, path)
    for path in dropped:
        if path.suffix.lower() in _PICTURES:
            return Dropped(None, path.parent)
    name = dropped[0].name if dropped else "this"
    raise InputError(
        f"Nothing can be made of {name}.",
        hint="Drop a folder of pictures, a COCO or labelme .json file, a .hopchain project, or packets.",
    )


def look_into(path: Path) -> Found:
    """Looks into a folder, or at an annotation file and for its pictures; reads names, and the heads of a few files.

    May take a moment on a slow disk.

    Raises:
        InputError: It is a file, and none that annotates pictures.
        OSError: It cannot be read.
    """
    if path.is_dir():
        return _in_folder(path)
    kind = _kind_of(path)
    if kind is Annotated.COCO:
        folder = _pictures_of(path)
        return Found(folder, _in_folder(folder).pictures, Annotated.COCO, path)
    if kind is Annotated.LABELME:
        return Found(path.parent, _in_folder(path.parent).pictures, Annotated.LABELME, path.parent)
    raise InputError(f"{path.name} is no folder, and neither a COCO nor a labelme file.", hint="Choose a folder.")


def _in_folder(folder: Path) -> Found:
    stems: set[str] = set()
    jsons: list[Path] = []
    for place, _, names in islice(os.walk(folder), _MOST_FOLDERS):
        for name in names:
            path = Path(place, name)
            if path.suffix.lower() in _PICTURES:
                stems.add(str(path.with_suffix("")))
            elif path.suffix.lower() == ".json":
                jsons.append(path)
        if len(stems) > MOST_LOOKED_AT:
            break
    count = len(stems)
    if (folder / "scenes.json").is_file():
        return Found(folder, count, Annotated.SCENES, folder)
    near = [path for place in _COCO_FOLDERS for path in sorted((folder / place).resolve().glob("*.json"))]
    # A labelme file bears the name of its picture; such are looked at first, then what lies near, then the rest.
    beside = [path for path in jsons if str(path.with_suffix("")) in stems]
    for path in dict.fromkeys([*sorted(beside)[:_MOST_HEADS], *near[:_MOST_HEADS], *sorted(jsons)[:_MOST_HEADS]]):
        kind = _kind_of(path)
        if kind is Annotated.LABELME:
            return Found(folder, count, kind, folder if path in beside else path.parent)
        if kind is Annotated.COCO:
            return Found(folder, count, kind, path)
    return Found(folder, count, Annotated.NOT, None)


def _kind_of(path: Path) -> Annotated:
    head = _head(path)
    if b'"shapes"' in head and (b'"imagePath"' in head or b'"version"' in head):
        return Annotated.LABELME
    # One of a few gigabytes has its pictures before its annotations or the other way round: the head shows either.
    if (b'"images"' in head and b'"file_name"' in head) or (b'"annotations"' in head and b'"image_id"' in head):
        return Annotated.COCO
    return Annotated.NOT


def _pictures_of(coco: Path) -> Path:
    """The folder in which a COCO file's pictures lie: the nearest that holds one of those it names first."""
    names = [name.decode("utf-8", "replace") for name in _FILE_NAME.findall(_head(coco))[:5]]
    above = [coco.parent, coco.parent.parent]
    inside = [entry for place in above for entry in sorted(place.iterdir()) if entry.is_dir()]
    for folder in (*above, *inside):
        if any((folder / name).is_file() for name in names):
            return folder
    return coco.parent


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""
