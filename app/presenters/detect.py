"""Looks at a folder and guesses what annotations lie beside its pictures, so that a person need not search for them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"})
_MOST_LOOKED_AT = 20_000
_HEAD_BYTES = 65_536
_COCO_FOLDERS = ("", "annotations", "../annotations")


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
        pictures: How many files look like pictures by their names; counting stops at 20,000 files.
        kind: How they seem to be annotated.
        file: The COCO file, or the folder of labelme's files or of scenes.
    """

    pictures: int
    kind: Annotated
    file: Path | None


def look_into(folder: Path) -> Found:
    """Looks into a folder; reads names, and the heads of a few files. May take a moment on a slow disk.

    Raises:
        OSError: It cannot be read.
    """
    stems: set[str] = set()
    jsons: list[Path] = []
    for place, _, names in islice(os.walk(folder), 2_000):
        for name in names:
            path = Path(place, name)
            if path.suffix.lower() in _PICTURES:
                stems.add(str(path.with_suffix("")))
            elif path.suffix.lower() == ".json":
                jsons.append(path)
        if len(stems) > _MOST_LOOKED_AT:
            break
    count = len(stems)
    if (folder / "scenes.json").is_file():
        return Found(count, Annotated.SCENES, folder)
    if any(str(path.with_suffix("")) in stems for path in jsons):
        return Found(count, Annotated.LABELME, folder)
    coco = _coco_file(folder, jsons)
    return Found(count, Annotated.COCO if coco else Annotated.NOT, coco)


def _coco_file(folder: Path, jsons: list[Path]) -> Path | None:
    near = [path for place in _COCO_FOLDERS for path in sorted((folder / place).resolve().glob("*.json"))]
    for path in dict.fromkeys([*near, *sorted(jsons)[:50]]):
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD_BYTES)
        except OSError:
            continue
        if b'"annotations"' in head or (b'"images"' in head and b'"file_name"' in head):
            return path
    return None
