"""What a project does with pictures: taking them in, reading them, and finding those that were moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from hopchain_core.domain.images import Image
from hopchain_core.pipeline.ingest_report import IngestProgress, IngestReport
from hopchain_core.store.project_file import ProjectFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hopchain_core.pipeline.relink import RelinkReport


class ProjectPictures:
    """The part of `Project` that is about pictures and their files."""

    _file: ProjectFile

    def read_picture(self, path: str, max_side: int | None = None) -> NDArray[np.uint8]:
        """Decodes a picture: upright, in sRGB, over white where it is transparent. From any thread.

        Args:
            path: As `Image.path`.
            max_side: Shrink it so that the longer side has at most this many pixels.

        Shapes:
            returns: uint8, (H, W, 3), C-contiguous

        Raises:
            PictureError: It cannot be read; `kind` says why.
        """
        from hopchain_core.pictures.decode import read_rgb

        return read_rgb(self._file.path.parent / path, max_side)

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        coco: Path | None = None,
        labelme: Path | None = None,
        scenes: Path | None = None,
        licence: str = "",
        on_progress: Callable[[IngestProgress], None] | None = None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> IngestReport:
        """Takes pictures in, with what imports know of them. Running it again does only what is new.

        Args:
            paths: Files and folders; folders are searched through.
            coco: A COCO file whose annotations belong to these pictures.
            labelme: A folder of labelme's JSON files.
            scenes: A folder of rendered scenes.
            licence: Of pictures for which no import states one.
            on_progress: Told after every few files, in the calling thread.
            is_cancelled: Asked between files; once it says yes, what is committed stays and the rest is left.

        Raises:
            InputError: An import cannot be read as what it is given for; nothing has been taken then.
            ProjectError: The project cannot be written to.
        """
        from hopchain_core.pipeline.ingest import ingest

        return ingest(
            self._file,
            paths,
            coco=coco,
            labelme=labelme,
            scenes=scenes,
            licence=licence,
            on_progress=on_progress,
            is_cancelled=is_cancelled,
        )

    def missing_pictures(self) -> tuple[Image, ...]:
        """Pictures whose file is no longer where it was, by path; one look at each file."""
        from hopchain_core.pipeline.relink import missing_pictures

        return missing_pictures(self._file)

    def relink(
        self,
        folders: Iterable[Path],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        is_cancelled: Callable[[], bool] = lambda: False,
        by: object = None,
    ) -> RelinkReport:
        """Looks in folders for pictures that are missing, by their bytes, and notes where they are now: one undo step.

        Args:
            folders: Where to look, with all that is below.
            on_progress: Told how many files have been read and how many there are at most, in the calling thread.
            is_cancelled: Asked between files.
            by: Who asked, for `on_commit`.

        Raises:
            InputError: A folder is not there.
        """
        from hopchain_core.pipeline.relink import relink

        return relink(self._file, folders, on_progress=on_progress, is_cancelled=is_cancelled, by=by)
