"""Annotations in a folder of labelme's JSON files, one for each picture.

Source: labelme's `LabelFile` and `shape_to_mask` (format of versions 3 to 7). Shapes of one label and `group_id` are one
object. A rectangle is a box and no outline, so its object has no mask; flags, descriptions and picture data are passed
over. labelme shows pictures upright, so its places are those of the upright picture.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from hopchain_core.domain import rle
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.images import SourceObject
from hopchain_core.errors import InputError, PictureError
from hopchain_core.imports.annotation_set import AnnotatedPicture, ImportedObjects
from hopchain_core.imports.frames import Drawn, Frame, frame_of
from hopchain_core.imports.json_files import finite_numbers, identity, one_line, read_text, shortened, whole_number
from hopchain_core.imports.notes import ImportNote, ImportProblem
from hopchain_core.imports.outlines import UnusableError, clipped_box, reach_beyond, runs_of_polygons
from hopchain_core.imports.paths import LeavesFolderError, relative_path
from hopchain_core.pictures.decode import PictureHeader
from hopchain_core.pictures.mask_png import read_mask_png

MOST_BYTES = 2**28
"""Of one file, which may hold the picture itself as base64. Chosen."""
_LINES = ("line", "linestrip", "point", "points")


class LabelmeFolder:
    """A folder of labelme's files, or one of them, opened.

    A file that is broken is told of and the others go on. JSON that is not labelme's is passed over.
    """

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES) -> None:
        """Looks through the folder and those below it, in the order of their names.

        Raises:
            InputError: There is no such folder or file, or no labelme file in it.
        """
        self._root = path if path.is_dir() else path.parent
        self._most_bytes = most_bytes
        self._notes: list[ImportNote] = []
        if not path.exists():
            raise InputError(f"There is no folder {path}.", hint="Give the folder that holds labelme's JSON files.")
        found = (self._picture(file) for file in (_json_files(path) if path.is_dir() else [path]))
        self._pictures = tuple(picture for picture in found if picture is not None)
        if not self._pictures and not self._notes:
            raise InputError(f"{path} holds no labelme file.", hint="Give the folder that holds labelme's JSON files.")

    @property
    def pictures(self) -> Sequence[AnnotatedPicture]:
        """The pictures its files are about, by file."""
        return self._pictures

    @property
    def notes(self) -> Sequence[ImportNote]:
        """What is wrong with files as such."""
        return self._notes

    def objects(self, picture: AnnotatedPicture, header: PictureHeader) -> ImportedObjects:
        """The objects marked in one picture, in the order of their first shapes."""
        try:
            data = json.loads(read_text(self._root / picture.entry, self._most_bytes))
            stated = (whole_number(data.get("imageWidth")), whole_number(data.get("imageHeight")))
            shapes = data["shapes"]
        except (InputError, ValueError, RecursionError, KeyError, AttributeError) as error:
            return ImportedObjects((), (ImportNote(ImportProblem.BROKEN, picture.subject, f"{error}"),))
        frame = frame_of(header, None if None in stated else stated, Drawn.UPRIGHT)  # type: ignore[arg-type]
        if frame is None:
            message = (
                f"it is for {stated[0]} x {stated[1]} pixels and the picture has {header.width_px} x "
                f"{header.height_px}; its {len(shapes)} shapes are left out"
            )
            return ImportedObjects((), (ImportNote(ImportProblem.SIZE_DISAGREES, picture.subject, message),))
        reading = _Reading(picture.subject, frame)
        if frame.orientation != 1 and shapes:
            reading.note(
                ImportProblem.TURNED, picture.subject, "its shapes are for the pixels as stored; turned upright"
            )
        for index, shape in enumerate(shapes):
            reading.take(index, shape)
        return ImportedObjects(reading.finished(), tuple(reading.notes))

    def _picture(self, file: Path) -> AnnotatedPicture | None:
        entry = file.relative_to(self._root).as_posix()
        try:
            data = json.loads(read_text(file, self._most_bytes))
            if not isinstance(data, dict) or "shapes" not in data or "imagePath" not in data:
                return None
            if not isinstance(data["shapes"], list):
                raise ValueError("its shapes are no list")
            # Annotations are often kept in a folder beside the pictures, so the name may go up; it is only compared
            # with the names of pictures that were given, and nothing is opened through it.
            path = relative_path(data["imagePath"], may_go_up=True)
        except LeavesFolderError as error:
            self._notes.append(ImportNote(ImportProblem.OUTSIDE_FOLDER, entry, str(error)))
            return None
        except (InputError, ValueError, RecursionError) as error:
            self._notes.append(ImportNote(ImportProblem.BROKEN, entry, f"{error}"))
            return None
        resolved = os.path.normpath(file.absolute().parent / path)
        return AnnotatedPicture(entry=entry, subject=entry, path=PurePosixPath(Path(resolved).as_posix()))


def _json_files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found.extend(Path(parent, name) for name in names if name.lower().endswith(".json") and name[0] != ".")
    return sorted(found, key=lambda path: path.as_posix())


class _Group:
    """Shapes that make one object."""

    def __init__(self, source_id: str, label: str) -> None:
        self.source_id = source_id
        self.label = label
        self.codes: list[rle.Runs] = []
        self.boxes: list[Box] = []
        self.is_unreadable = False


class _Reading:
    """Goes through the shapes of one picture."""

    def __init__(self, subject: str, frame: Frame) -> None:
        self._subject = subject
        self._frame = frame
        self._groups: dict[tuple[str, str, str], _Group] = {}
        self.notes: list[ImportNote] = []

    def note(self, problem: ImportProblem, subject: str, message: str) -> None:
        self.notes.append(ImportNote(problem, subject, message))

    def take(self, index: int, shape: Any) -> None:
        subject = f"{self._subject}: shape {index}"
        if not isinstance(shape, dict):
            self.note(ImportProblem.BROKEN, subject, f"it is no shape: {shortened(shape)}")
            return
        label = one_line(shape.get("label"))
        if not label:
            self.note(ImportProblem.UNKNOWN_CATEGORY, subject, "it has no label")
            return
        group_id = identity(shape.get("group_id"))
        own = (str(index), "alone") if group_id is None else (group_id, "group")
        group = self._groups.setdefault((*own, label), _Group(f"labelme-{index}", label))
        try:
            drawn = self._drawn(shape, subject)
        except UnusableError as error:
            self.note(error.problem, subject, str(error))
            group.is_unreadable |= error.problem is ImportProblem.BAD_GEOMETRY
            return
        if isinstance(drawn, Box):
            group.boxes.append(drawn)
        else:
            group.codes.append(drawn)

    def finished(self) -> tuple[SourceObject, ...]:
        """The objects, of each group one."""
        return tuple(made for group in self._groups.values() if (made := self._object(group)) is not None)

    def _object(self, group: _Group) -> SourceObject | None:
        mask = None
        if group.is_unreadable:
            # Part of it or all of it cannot be told, so its category must not be counted in this picture.
            box = Box(0, 0, 0, 0)
        elif group.codes:
            boxes = [_runs_of_box(box, self._frame) for box in group.boxes]
            size = self._frame.height_px * self._frame.width_px
            mask = self._frame.upright_mask(rle.union([*group.codes, *boxes], size))
            box = mask.box()
        elif group.boxes:
            box = self._frame.upright_box(
                Box(
                    min(b.x0 for b in group.boxes),
                    min(b.y0 for b in group.boxes),
                    max(b.x1 for b in group.boxes),
                    max(b.y1 for b in group.boxes),
                )
            )
        else:
            return None
        return SourceObject(
            source_id=group.source_id, category=group.label, box=box, mask=mask, is_crowd=group.is_unreadable
        )

    def _drawn(self, shape: dict[str, Any], subject: str) -> Box | rle.Runs:
        """The pixels of one shape, or its box when it is a rectangle.

        Raises:
            UnusableError: It is no area, cannot be read, or lies outside.
        """
        kind = shape.get("shape_type") or "polygon"
        if kind in _LINES:
            raise UnusableError(ImportProblem.NOT_AN_AREA, f"a {kind} is no area")
        points = _points(shape.get("points"))
        match kind:
            case "rectangle" if len(points) == 2:
                box, is_clipped = clipped_box([*points[0], *points[1]], self._frame)
                drawn: Box | rle.Runs = box
            case "polygon" | "rectangle" | "oriented_rectangle" if len(points) >= 3:
                corners = [number for point in points for number in point]
                drawn = runs_of_polygons([corners], self._frame)
                is_clipped = reach_beyond([corners], self._frame)
            case "circle" if len(points) == 2:
                drawn, is_clipped = self._circle(points)
            case "mask" if len(points) == 2:
                drawn, is_clipped = self._mask(points, shape.get("mask"))
            case _:
                raise UnusableError(
                    ImportProblem.BAD_GEOMETRY, f"no shape: {shortened(kind)} with {len(points)} points"
                )
        if is_clipped:
            self.note(ImportProblem.CLIPPED, subject, "it reaches beyond the picture; cut off there")
        return drawn

    def _circle(self, points: list[list[float]]) -> tuple[rle.Runs, bool]:
        """Pixels whose middle lies in the circle; given by its middle and a point on it."""
        (cx, cy), (ex, ey) = points
        radius = math.hypot(ex - cx, ey - cy)
        box, is_clipped = clipped_box((cx - radius, cy - radius, cx + radius, cy + radius), self._frame)
        left, top, right, bottom = math.floor(box.x0), math.floor(box.y0), math.ceil(box.x1), math.ceil(box.y1)
        x = np.arange(left, right) + 0.5 - cx
        y = np.arange(top, bottom) + 0.5 - cy
        return self._placed(np.hypot(x[None, :], y[:, None]) <= radius, left, top), is_clipped

    def _mask(self, points: list[list[float]], encoded: object) -> tuple[rle.Runs, bool]:
        """A PNG in base64 over the pixels from the first point to the second, both included."""
        (left, top), (right, bottom) = ([int(number) for number in point] for point in points)
        try:
            if not isinstance(encoded, str):
                raise ValueError("the mask has no picture")
            # A mask may reach beyond the picture a little; one far larger than it is none.
            most_pixels = 4 * self._frame.width_px * self._frame.height_px
            bitmap = read_mask_png(base64.b64decode(encoded, validate=True), most_pixels=most_pixels)
        except (ValueError, binascii.Error, PictureError) as error:
            raise UnusableError(ImportProblem.BAD_GEOMETRY, f"the mask cannot be read: {error}") from error
        if bitmap.shape != (bottom - top + 1, right - left + 1):
            raise UnusableError(
                ImportProblem.BAD_GEOMETRY,
                f"the mask has {bitmap.shape[1]} x {bitmap.shape[0]} pixels, its corners ask for "
                f"{right - left + 1} x {bottom - top + 1}",
            )
        _, is_clipped = clipped_box((left, top, right + 1, bottom + 1), self._frame)
        return self._placed(bitmap, left, top), is_clipped

    def _placed(self, part: np.ndarray[Any, np.dtype[np.bool_]], left: int, top: int) -> rle.Runs:
        """A bitmap put into the picture with its upper left pixel at (left, top)."""
        height, width = self._frame.height_px, self._frame.width_px
        part = part[max(0, -top) : max(0, height - top), max(0, -left) : max(0, width - left)]
        if not part.any():
            raise UnusableError(ImportProblem.NO_AREA, "it covers no pixel of the picture")
        whole = np.zeros((height, width), dtype=bool)
        top, left = max(0, top), max(0, left)
        whole[top : top + part.shape[0], left : left + part.shape[1]] = part
        return rle.encode(whole)


def _points(value: object) -> list[list[float]]:
    points = [finite_numbers(point) for point in value] if isinstance(value, list) else [None]
    plain = [point for point in points if point is not None and len(point) == 2]
    if len(plain) != len(points):
        raise UnusableError(ImportProblem.BAD_GEOMETRY, f"its points cannot be read: {shortened(value)}")
    return plain


def _runs_of_box(box: Box, frame: Frame) -> rle.Runs:
    """Pixels whose middle lies in a box."""
    whole = np.zeros((frame.height_px, frame.width_px), dtype=bool)
    whole[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)] = True
    return Mask.from_bitmap(whole).runs()
