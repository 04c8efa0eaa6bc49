"""Annotations in a COCO file: polygons, run-length codes, crowds, categories, licences.

Source: COCO data format (cocodataset.org/#format-data), object detection.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hopchain_core.domain import rle
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import SourceObject
from hopchain_core.errors import InputError
from hopchain_core.imports.annotation_set import AnnotatedPicture, ImportedObjects
from hopchain_core.imports.frames import Drawn, Frame, frame_of
from hopchain_core.imports.json_files import (
    finite_numbers,
    identity,
    one_line,
    read_text,
    scan_object,
    shortened,
    whole_number,
)
from hopchain_core.imports.notes import ImportNote, ImportProblem
from hopchain_core.imports.outlines import UnusableError, clipped_box, reach_beyond, runs_of_code, runs_of_polygons
from hopchain_core.imports.paths import LeavesFolderError, relative_path
from hopchain_core.pictures.decode import PictureHeader

MOST_BYTES = 2**31
"""The largest file of COCO 2017 has 0.45 GB. Chosen."""
_URL_FIELDS = ("flickr_url", "coco_url", "url")
Span = tuple[int, int]


class CocoFile:
    """A COCO file, opened.

    Only its text is held; annotations are decoded again when their picture is taken in.

    Attributes:
        name: Of the file, for notes.
    """

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES) -> None:
        """Opens a file.

        Raises:
            InputError: It is no COCO file, or too large.
        """
        self.name = path.name
        self._text = read_text(path, most_bytes)
        self._notes: list[ImportNote] = []
        self._images: dict[str, dict[str, Any]] = {}
        self._categories: dict[str, str] = {}
        self._licences: dict[str, str] = {}
        self._spans: dict[str, list[tuple[int, Span]]] = {}
        self._position = Counter[str]()
        try:
            arrays = scan_object(self._text, self._take)
        except ValueError as error:
            raise InputError(f"{path} is not JSON: {error}.") from error
        if missing := {"images", "annotations", "categories"} - arrays:
            raise InputError(
                f"{path} is no COCO file: it has no list of {' and '.join(sorted(missing))}.",
                hint="Give a file of instances, such as instances_val2017.json.",
            )
        self._note_unknown_pictures()
        self._pictures = tuple(p for entry in self._images if (p := self._picture(entry)) is not None)

    @property
    def pictures(self) -> Sequence[AnnotatedPicture]:
        """The pictures it lists, in its order, without those whose names lead out of the folder."""
        return self._pictures

    @property
    def notes(self) -> Sequence[ImportNote]:
        """What is wrong with entries as such."""
        return self._notes

    def objects(self, picture: AnnotatedPicture, header: PictureHeader) -> ImportedObjects:
        """The objects marked in one picture, in the order of the file."""
        image = self._images[picture.entry]
        stated = (whole_number(image.get("width")), whole_number(image.get("height")))
        spans = self._spans.get(picture.entry, [])
        frame = frame_of(header, None if None in stated else stated, Drawn.AS_STORED)  # type: ignore[arg-type]
        if frame is None:
            message = (
                f"it is listed with {stated[0]} x {stated[1]} pixels and has {header.stored_width_px} x "
                f"{header.stored_height_px}; its {len(spans)} annotations are left out"
            )
            return ImportedObjects((), (ImportNote(ImportProblem.SIZE_DISAGREES, picture.subject, message),))
        reading = _Reading(self.name, self._categories, frame)
        if frame.orientation != 1 and spans:
            reading.note(
                ImportProblem.TURNED, picture.subject, "its annotations are for the pixels as stored; turned upright"
            )
        for position, (start, end) in spans:
            reading.take(position, json.loads(self._text[start:end]))
        return ImportedObjects(tuple(reading.objects), tuple(reading.notes))

    def _take(self, member: str, element: Any, span: Span) -> None:
        position = self._position[member]
        self._position[member] += 1
        if member not in ("images", "annotations", "categories", "licenses"):
            return
        key = (
            identity(element.get("id" if member != "annotations" else "image_id"))
            if isinstance(element, dict)
            else None
        )
        subject = f"{self.name}: entry {position} of {member}"
        if key is None:
            self._notes.append(ImportNote(ImportProblem.BROKEN, subject, f"it has no id: {shortened(element)}"))
        elif member == "annotations":
            self._spans.setdefault(key, []).append((position, span))
        elif member == "licenses":
            self._licences.setdefault(key, one_line(element.get("name")) or one_line(element.get("url")))
        elif key in (self._images if member == "images" else self._categories):
            self._notes.append(ImportNote(ImportProblem.DUPLICATE_ID, subject, f"id {key} is there before; left out"))
        elif member == "categories":
            self._categories[key] = one_line(element.get("name"))
        else:
            self._images[key] = {name: element.get(name) for name in _IMAGE_FIELDS if name in element}

    def _note_unknown_pictures(self) -> None:
        for key in [key for key in self._spans if key not in self._images]:
            for position, _ in self._spans.pop(key):
                self._notes.append(
                    ImportNote(
                        ImportProblem.UNKNOWN_PICTURE,
                        f"{self.name}: entry {position} of annotations",
                        f"there is no picture with id {shortened(key)}",
                    )
                )

    def _picture(self, entry: str) -> AnnotatedPicture | None:
        image = self._images[entry]
        subject = f"{self.name}: picture {entry}"
        try:
            path = relative_path(image.get("file_name"))
        except LeavesFolderError as error:
            self._notes.append(ImportNote(ImportProblem.OUTSIDE_FOLDER, subject, str(error)))
            return None
        except ValueError as error:
            self._notes.append(ImportNote(ImportProblem.BROKEN, subject, str(error)))
            return None
        licence = identity(image.get("license"))
        return AnnotatedPicture(
            entry=entry,
            subject=f"{subject} ({path})",
            path=path,
            licence=self._licences.get(licence, "") if licence else "",
            source=next((url for name in _URL_FIELDS if (url := one_line(image.get(name)))), ""),
        )


_IMAGE_FIELDS = ("file_name", "width", "height", "license", *_URL_FIELDS)


class _Reading:
    """Goes through the annotations of one picture."""

    def __init__(self, file_name: str, categories: dict[str, str], frame: Frame) -> None:
        self._file_name = file_name
        self._categories = categories
        self._frame = frame
        self._taken: dict[str, list[SourceObject]] = {}
        self.objects: list[SourceObject] = []
        self.notes: list[ImportNote] = []

    def note(self, problem: ImportProblem, subject: str, message: str) -> None:
        self.notes.append(ImportNote(problem, subject, message))

    def take(self, position: int, raw: dict[str, Any]) -> None:
        source_id = identity(raw.get("id")) or f"#{position}"
        subject = f"{self._file_name}: annotation {source_id}"
        category = self._categories.get(identity(raw.get("category_id")) or "")
        if not category:
            known = shortened(raw.get("category_id"))
            self.note(ImportProblem.UNKNOWN_CATEGORY, subject, f"there is no category with id {known} and a name")
            return
        is_crowd = raw.get("iscrowd") or 0
        if is_crowd not in (0, 1):
            self.note(ImportProblem.BROKEN, subject, f"iscrowd is {shortened(is_crowd)}; taken as a crowd")
        try:
            taken = self._object(raw, subject)
        except UnusableError as error:
            self.note(error.problem, subject, str(error))
            if error.problem not in (ImportProblem.BAD_GEOMETRY, ImportProblem.SIZE_DISAGREES):
                return
            # There is one more of this category than can be marked, so it must not be counted in this picture.
            taken, is_crowd = (Box(0, 0, 0, 0), None), 1
        box, runs = taken
        mask = None if runs is None else self._frame.upright_mask(runs)
        self._keep(
            subject,
            SourceObject(
                source_id=source_id,
                category=category,
                box=self._frame.upright_box(box) if mask is None else mask.box(),
                mask=mask,
                is_crowd=bool(is_crowd),
            ),
        )

    def _keep(self, subject: str, new: SourceObject) -> None:
        same_id = self._taken.setdefault(new.source_id, [])
        if new in same_id:
            self.note(ImportProblem.DUPLICATE_ID, subject, "it is there twice, the same throughout; taken once")
            return
        same_id.append(new)
        if len(same_id) > 1:
            other = f"{new.source_id}#{len(same_id)}"
            self.note(ImportProblem.DUPLICATE_ID, subject, f"another annotation has this id; taken as {other}")
            new = replace(new, source_id=other)
        self.objects.append(new)

    def _object(self, raw: dict[str, Any], subject: str) -> tuple[Box, rle.Runs | None]:
        """The object's box and, where there is an outline that can be read, its mask.

        Raises:
            UnusableError: There is neither, or it lies outside or has no area.
        """
        outline = raw.get("segmentation")
        if outline is None or outline == []:
            return self._box(raw, subject), None
        try:
            runs = self._runs(outline, subject)
        except UnusableError as error:
            if error.problem is not ImportProblem.BAD_GEOMETRY:
                raise
            try:
                box = self._box(raw, subject)
            except UnusableError:
                raise error from None
            self.note(ImportProblem.BOX_ONLY, subject, f"{error}; the box is taken")
            return box, None
        return Box(*rle.bounds(runs, self._frame.height_px)), runs

    def _runs(self, outline: Any, subject: str) -> rle.Runs:
        if isinstance(outline, dict):
            return runs_of_code(outline, self._frame)
        if not isinstance(outline, list):
            raise UnusableError(ImportProblem.BAD_GEOMETRY, f"no outline: {shortened(outline)}")
        parts = []
        for part in outline:
            numbers = finite_numbers(part)
            if numbers is None or len(numbers) % 2:
                raise UnusableError(ImportProblem.BAD_GEOMETRY, f"no list of corners: {shortened(part)}")
            if len(numbers) < 6:
                self.note(ImportProblem.BAD_PART, subject, "a part of it has fewer than three corners")
            else:
                parts.append(numbers)
        if not parts:
            raise UnusableError(ImportProblem.BAD_GEOMETRY, "no part of it has three corners")
        runs = runs_of_polygons(parts, self._frame)
        if reach_beyond(parts, self._frame):
            self.note(ImportProblem.CLIPPED, subject, "it reaches beyond the picture; cut off there")
        return runs

    def _box(self, raw: dict[str, Any], subject: str) -> Box:
        numbers = finite_numbers(raw.get("bbox"))
        if numbers is None or len(numbers) != 4 or numbers[2] < 0 or numbers[3] < 0:
            raise UnusableError(ImportProblem.BAD_GEOMETRY, f"no outline, and no box: {shortened(raw.get('bbox'))}")
        x, y, width, height = numbers
        box, is_clipped = clipped_box((x, y, x + width, y + height), self._frame)
        if is_clipped:
            self.note(ImportProblem.CLIPPED, subject, "its box reaches beyond the picture; cut off there")
        return box
