"""What one file gives: a picture, or the reason why not, and the objects that imports hold for it. No database here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hopchain_core.domain.images import Image, SourceObject
from hopchain_core.domain.keys import ImageKey
from hopchain_core.errors import PictureError
from hopchain_core.imports.annotation_set import AnnotatedPicture, AnnotationSet
from hopchain_core.imports.coco import CocoFile
from hopchain_core.imports.labelme import LabelmeFolder
from hopchain_core.imports.notes import ImportNote, ImportProblem
from hopchain_core.imports.paths import match_pictures
from hopchain_core.pictures.decode import inspect, read_header, sha256_of
from hopchain_core.pipeline.ingest_report import Refused
from hopchain_core.pipeline.picture_files import FoundFile
from hopchain_core.scenes import SCENES_FILE, SceneFile, read_scenes


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What looking at one file gave.

    Attributes:
        found: The file.
        key: Of its bytes; None when it is refused.
        image: The picture, when its bytes were not in the project.
        refused: Why it is not taken.
        is_annotated: An import or the scenes speak of it, even if they hold no object for it.
        objects: What came with it.
        licence: As the import states it, or what was given for all.
        source: Where it came from, as far as an import says.
        notes: What there is to tell of its annotations.
        is_mislabelled: Its name promises another format.
    """

    found: FoundFile
    key: ImageKey | None = None
    image: Image | None = None
    refused: Refused | None = None
    is_annotated: bool = False
    objects: tuple[SourceObject, ...] = ()
    licence: str = ""
    source: str = ""
    notes: tuple[ImportNote, ...] = ()
    is_mislabelled: bool = False


class Annotations:
    """All that is known of the pictures from elsewhere: imports by name, scenes by the bytes they were rendered to.

    Args:
        coco: A COCO file.
        labelme: A folder of labelme's files, or one of them.
        scenes: A folder of rendered scenes.

    Raises:
        InputError: One of them cannot be read as what it is given for.
    """

    def __init__(self, coco: Path | None, labelme: Path | None, scenes: Path | None) -> None:
        self._sets: list[AnnotationSet] = []
        if coco is not None:
            self._sets.append(CocoFile(coco))
        if labelme is not None:
            self._sets.append(LabelmeFolder(labelme))
        self._scenes: Mapping[ImageKey, SceneFile] = {}
        if scenes is not None:
            self._scenes = {ImageKey(scene.sha256): scene for scene in read_scenes(scenes).values()}
        self._matched: dict[str, list[tuple[AnnotationSet, AnnotatedPicture]]] = {}

    def match(self, files: Collection[FoundFile]) -> list[ImportNote]:
        """Finds the files that the imports speak of; says which entries found none, and what is wrong with others."""
        ordered = list(files)
        names = [(PurePosixPath(file.path.as_posix()), file.below) for file in ordered]
        notes: list[ImportNote] = []
        for one in self._sets:
            matched, unmatched = match_pictures(one.pictures, names)
            notes += [*one.notes, *unmatched]
            for index, picture in matched.items():
                self._matched.setdefault(ordered[index].stored, []).append((one, picture))
        return notes

    def unseen_scenes(self, seen: Collection[ImageKey]) -> list[ImportNote]:
        """Scenes that none of these pictures is."""
        return [
            ImportNote(
                ImportProblem.NO_PICTURE, f"{SCENES_FILE}: {scene.file}", "no picture of these bytes is taken in"
            )
            for key, scene in self._scenes.items()
            if key not in seen
        ]

    def look(self, found: FoundFile, known: Collection[ImageKey], licence: str) -> Look:
        """Looks at one file. Runs in any thread.

        Args:
            found: The file.
            known: Pictures in the project; their bytes are not decoded again.
            licence: Of pictures for which no import states one.
        """
        if found.problem is not None:
            return Look(found=found, refused=Refused(found.stored, found.problem.value, found.message))
        try:
            return self._look(found, known, licence)
        except PictureError as error:
            return Look(found=found, refused=Refused(found.stored, error.kind, str(error)))

    def _look(self, found: FoundFile, known: Collection[ImageKey], licence: str) -> Look:
        matched = self._matched.get(found.stored, [])
        key = ImageKey(sha256_of(found.path))
        picture = None
        if key not in known:
            picture = inspect(found.path)
            key = ImageKey(picture.sha256)
        header = picture or (read_header(found.path) if matched else None)
        scene = self._scenes.get(key)
        objects = list(scene.objects) if scene else []
        notes: list[ImportNote] = []
        source = f"scene:{scene.seed}" if scene else ""
        for annotation_set, entry in matched:
            assert header is not None  # read above whenever there are entries
            imported = annotation_set.objects(entry, header)
            objects += imported.objects
            notes += imported.notes
            licence = entry.licence or licence
            source = source or entry.source
        image = None
        if picture is not None:
            image = Image(
                key=key,
                path=found.stored,
                width_px=picture.width_px,
                height_px=picture.height_px,
                licence=licence,
                source=source,
                split_group=key,
                file_format=picture.file_format.value,
                perceptual_hash=picture.perceptual_hash,
            )
        return Look(
            found=found,
            key=key,
            image=image,
            is_annotated=bool(matched) or scene is not None,
            objects=tuple(objects),
            licence=licence,
            source=source,
            notes=tuple(notes),
            is_mislabelled=picture is not None and picture.is_mislabelled,
        )
