"""What COCO and labelme have in common: pictures by name, each with the objects people marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from hopchain_core.domain.images import SourceObject
from hopchain_core.imports.notes import ImportNote
from hopchain_core.pictures.decode import PictureHeader


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedPicture:
    """One entry for a picture.

    Attributes:
        entry: Finds it again in its set.
        subject: How to speak of it in a note.
        path: As the import names it: relative to some folder, or absolute where that is known. Never opened.
        licence: As the import states it; empty when it does not.
        source: URL, or empty.
    """

    entry: str
    subject: str
    path: PurePosixPath
    licence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ImportedObjects:
    """The objects of one picture, and what there is to tell of them."""

    objects: tuple[SourceObject, ...]
    notes: tuple[ImportNote, ...]


class AnnotationSet(Protocol):
    """An import that has been opened.

    Attributes:
        pictures: Its entries, in a fixed order.
        notes: What is wrong with entries as such.
    """

    @property
    def pictures(self) -> Sequence[AnnotatedPicture]:
        """Its entries, in a fixed order."""
        ...

    @property
    def notes(self) -> Sequence[ImportNote]:
        """What is wrong with entries as such."""
        ...

    def objects(self, picture: AnnotatedPicture, header: PictureHeader) -> ImportedObjects:
        """The objects of one picture, in the frame of the upright picture. May be called from any thread."""
        ...
