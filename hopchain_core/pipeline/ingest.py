"""Takes pictures into a project, with what imports know of them.

Files are looked at in the order of their paths, several at a time, and committed in that order, a few in one
transaction, each picture together with its objects. So a stopped ingest leaves a project that holds the first so many
files in full, and running it again does the rest and ends up as if it had never been stopped.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from hopchain_core.domain.images import Image, SourceObject
from hopchain_core.domain.keys import ImageKey
from hopchain_core.imports.notes import ImportNote, ImportProblem
from hopchain_core.pipeline.ingest_report import IngestProgress, IngestReport, Refused
from hopchain_core.pipeline.picture_files import FoundFile, find_picture_files
from hopchain_core.pipeline.picture_looks import Annotations, Look
from hopchain_core.pipeline.split_groups import regroup
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_images import write_provenance
from hopchain_core.store.rows_sources import write_image, write_refused_file, write_source_objects
from hopchain_core.store.unit_of_work import UnitOfWork

_FILES_AT_ONCE = 16
"""Files of one transaction, so that a person's write hardly waits. Chosen."""
_MOST_THREADS = 8
"""Decoding gains little from more, and each may hold a decoded picture. Chosen."""


def ingest(
    project_file: ProjectFile,
    paths: Iterable[Path],
    *,
    coco: Path | None = None,
    labelme: Path | None = None,
    scenes: Path | None = None,
    licence: str = "",
    on_progress: Callable[[IngestProgress], None] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> IngestReport:
    """Takes files and folders of pictures into a project.

    The same bytes are taken once. A file that cannot be taken becomes a row with its reason and the others go on.

    What is given and what is raised is as for `Project.ingest`. The file is open for writing; pictures in its folder are
    stored by relative path.
    """
    annotations = Annotations(coco, labelme, scenes)
    files = find_picture_files(paths, project_file.path.parent)
    taking = _Taking(project_file, annotations.match(files.files))
    done = 0
    with closing(_looks(annotations, files.files, taking.known, licence, is_cancelled)) as looks:
        for batch in _in_batches(looks):
            taking.take(batch)
            done += len(batch)
            if on_progress is not None:
                on_progress(IngestProgress(done=done, total=len(files.files), path=batch[-1].found.stored))
    taking.finish()
    is_complete = done == len(files.files)
    if is_complete:
        taking.notes += annotations.unseen_scenes(taking.seen)
    return IngestReport(
        taken=taking.taken,
        already_there=taking.already_there,
        duplicates=taking.duplicates,
        refused=tuple(taking.refused),
        passed_over=files.passed_over,
        mislabelled=tuple(taking.mislabelled),
        changed=tuple(taking.changed),
        objects_taken=taking.objects_taken,
        objects_there=taking.objects_there,
        notes=tuple(taking.notes),
        near_duplicates=regroup(project_file),
        is_complete=is_complete,
    )


def _looks(
    annotations: Annotations,
    files: Sequence[FoundFile],
    known: dict[ImageKey, Image],
    licence: str,
    is_cancelled: Callable[[], bool],
) -> Generator[Look, None, None]:
    """Looks at the files from several threads and hands over what they gave, in the order of the files."""
    threads = min(_MOST_THREADS, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="ingest")
    waiting: deque[Future[Look]] = deque()
    try:
        for file in files:
            if is_cancelled():
                break
            waiting.append(pool.submit(annotations.look, file, known, licence))
            # Only a few ahead: what has been looked at and not yet committed is held in memory.
            if len(waiting) >= 4 * threads:
                yield waiting.popleft().result()
        while waiting and not is_cancelled():
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_batches(looks: Iterator[Look]) -> Iterator[list[Look]]:
    batch: list[Look] = []
    for look in looks:
        batch.append(look)
        if len(batch) == _FILES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Writes:
    """What one transaction writes, in this order."""

    images: list[Image]
    taken_back: list[Image]
    provenance: list[tuple[ImageKey, str, str]]
    objects: list[tuple[ImageKey, tuple[SourceObject, ...]]]
    refused: list[Refused]

    def __call__(self, uow: UnitOfWork) -> None:
        for image in (*self.images, *self.taken_back):
            write_image(uow, image)
        for key, licence, source in self.provenance:
            write_provenance(uow, key, licence=licence, source=source)
        for key, objects in self.objects:
            write_source_objects(uow, key, objects)
        for refused in self.refused:
            write_refused_file(uow, refused.path, refused.reason, refused.message)


class _Taking:
    """Goes through what the files gave, in their order, decides what is new and has it written.

    Attributes:
        known: Pictures that were in the project before, by key.
        seen: Keys met in this ingest, each with whether its annotations have been taken.
    """

    def __init__(self, project_file: ProjectFile, notes: list[ImportNote]) -> None:
        self._project_file = project_file
        self._writing: Future[None] | None = None
        with project_file.read() as read:
            self.known = {image.key: image for image in read.images()}
            self._refused_before = {row.path: (row.reason, row.message) for row in read.refused_files()}
        self._keys_at: dict[str, set[ImageKey]] = {}
        for image in self.known.values():
            self._keys_at.setdefault(image.path, set()).add(image.key)
        self.seen: dict[ImageKey, bool] = {}
        self.notes = notes
        self.taken = self.already_there = self.duplicates = 0
        self.objects_taken = self.objects_there = 0
        self.refused: list[Refused] = []
        self.mislabelled: list[tuple[str, str]] = []
        self.changed: list[str] = []

    def take(self, looks: Sequence[Look]) -> None:
        """Writes what these files gave; returns while that is still being committed.

        Raises:
            ProjectError: What was handed over before could not be written.
        """
        self.finish()
        writes = _Writes([], [], [], [], [])
        for look in looks:
            if look.refused is not None:
                self._refuse(look.refused, writes)
            elif look.key is not None:
                self._take_picture(look, look.key, writes)
        self._writing = self._project_file.writer.submit(writes)

    def finish(self) -> None:
        """Waits until all that was handed over is committed."""
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _refuse(self, refused: Refused, writes: _Writes) -> None:
        self.refused.append(refused)
        if self._refused_before.get(refused.path) != (refused.reason, refused.message):
            writes.refused.append(refused)

    def _take_picture(self, look: Look, key: ImageKey, writes: _Writes) -> None:
        stored = look.found.stored
        if key not in self._keys_at.get(stored, {key}):
            self.changed.append(stored)
        if key in self.seen:
            self.duplicates += 1
        elif look.image is None:
            self.already_there += 1
        else:
            self.taken += 1
            writes.images.append(look.image)
            if look.is_mislabelled:
                self.mislabelled.append((stored, look.image.file_format))
        is_new = key not in self.seen and look.image is not None
        there = self.known.get(key)
        if stored in self._refused_before and not is_new and (image := look.image or there):
            # Its bytes are in the project under another path, so only the refusal of this one is taken back.
            writes.taken_back.append(replace(image, path=stored))
        if not is_new and (there is None or (look.licence and not there.licence) or (look.source and not there.source)):
            writes.provenance.append((key, look.licence, look.source))
        self._take_objects(look, key, writes, is_new=is_new)
        self.seen[key] = self.seen.get(key, False) or look.is_annotated

    def _take_objects(self, look: Look, key: ImageKey, writes: _Writes, *, is_new: bool) -> None:
        if not look.is_annotated:
            return
        if self.seen.get(key):
            message = "an annotated picture before it has the same bytes; its annotations are left out"
            self.notes.append(ImportNote(ImportProblem.DUPLICATE_PICTURE, look.found.stored, message))
            return
        self.notes += look.notes
        before: dict[tuple[str, str], SourceObject] = {}
        if not is_new:
            with self._project_file.read() as read:
                before = {(o.origin, o.source_id): o for o in read.source_objects(key)}
        new = tuple(o for o in look.objects if before.get((o.origin, o.source_id)) != o)
        self.objects_taken += len(new)
        self.objects_there += len(look.objects) - len(new)
        if new:
            writes.objects.append((key, new))
