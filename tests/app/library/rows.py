"""Projects to look at: one with something for each filter, and one with many rows and no files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.provenance import WorkStatus
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.project import ImageRow, Project, RunOptions
from hopchain_core.store import schema
from hopchain_core.store.engine import driver
from hopchain_core.store.rows_chains import write_findings
from hopchain_core.store.rows_runs import write_work
from hopchain_core.store.unit_of_work import UnitOfWork

FRESH = "fresh/a picture with quite a long name on which nobody has run anything yet.png"
FAILING = "fresh/failing.png"


def rows_of(project: Project) -> list[ImageRow]:
    """All pictures, by path."""
    with project.read() as read:
        return read.image_rows(read.image_ids())


def row_of(project: Project, path: str) -> ImageRow:
    """The picture of a path."""
    return next(row for row in rows_of(project) if row.path == path)


def add_picture(path: Path, shade: int = 90) -> Path:
    """Writes a small picture."""
    path.parent.mkdir(exist_ok=True)
    pixels = np.full((90, 160, 3), shade, np.uint8)
    pixels[20:60, 30:90] = (shade + 60) % 255
    assert cv2.imwrite(str(path), pixels)
    return path


def reject_one(project: Project, image: ImageKey, by: object = None) -> None:
    """Rejects the first chain of a picture."""
    with project.read() as read:
        chain = next(iter(read.chains(image))).chain
    project.mark(Mark(chain=chain.key, kind=MarkKind.REJECT, reason="unclear"), by=by)


def mix(path: Path) -> None:
    """Makes the pictures of a sample differ: rejected, edited, found fault with, fresh, failing."""
    with Project.open(path) as project:
        rejected, edited, faulty = rows_of(project)[:3]
        reject_one(project, rejected.key)
        with project.read() as read:
            first = next(iter(read.chains(edited.key))).chain
            wrong = next(iter(read.chains(faulty.key))).chain
            audit = next(run for run in read.runs() if run.stage == "audit")
        project.edit_chain(first.key, question=f"Looked at by a person: {first.question}")

        def find_fault(uow: UnitOfWork) -> None:
            work = write_work(
                uow,
                stage="audit",
                fingerprint=audit.fingerprint,
                item_key=f"again {wrong.key}",
                subject=wrong.key,
                run_id=audit.id,
                status=WorkStatus.DONE,
                seconds=0.1,
            )
            doubt = Finding(rule="leak", severity=Severity.WARNING, hop=2, message="Hop 2 tells the answer.")
            write_findings(uow, work, wrong.key, [doubt])

        project.file.writer.submit(find_fault).result()
        project.ingest([add_picture(project.folder / FRESH, 40), add_picture(project.folder / FAILING)])
        failing = row_of(project, FAILING)
        project.run(["categorize"], RunOptions(only=(failing.key,), concurrency=1))
        project.file.writer.submit(lambda uow: _fail(uow, failing.key)).result()


def write_many(project: Project, first: int, count: int, folder: str = "many") -> None:
    """Puts pictures without files into a project, as a job does."""
    rows = [
        {
            "key": f"{number * 2654435761 % 2**32:064x}",
            "path": f"{folder}/{number:06d}.jpg",
            "width_px": 640,
            "height_px": 480,
            "licence": "",
            "source": "",
            "split_group": "",
            "file_format": "JPEG",
            "perceptual_hash": "",
        }
        for number in range(first, first + count)
    ]
    project.file.writer.submit(lambda uow: uow.put_new(schema.image, rows)).result()


def _fail(uow: UnitOfWork, image: ImageKey) -> None:
    # The row of a real run, so that trying it again finds the very same item.
    driver(uow.conn).execute(
        "UPDATE work SET status = 'failed', is_current = 0, error_kind = 'timeout', error_text = 'No reply in 60 s.'"
        " WHERE stage = 'categorize' AND subject = ?",
        (image,),
    )
