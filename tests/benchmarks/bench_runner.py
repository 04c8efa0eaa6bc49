"""What the runner costs for each item, beside a bare asyncio loop over the same items that keeps nothing."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.keys import ImageKey, content_key
from hopchain_core.jobs.flow import ignore
from hopchain_core.jobs.owed import survey
from hopchain_core.jobs.runner import run_stage
from hopchain_core.jobs.terms import fingerprint_of
from hopchain_core.jobs.workers import compute_in_thread
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.reader import Reader
from hopchain_core.store.rows_sources import write_categories, write_image
from hopchain_core.store.unit_of_work import UnitOfWork

ITEMS = 2000
CONCURRENCY = 16
REPLY_S = 0.01
"""What a quick server takes; with it the loop waits, as in real runs."""


class OneCategory:
    """One row for each picture, after a pause."""

    name: ClassVar[str] = "categorize"
    version: ClassVar[int] = 1
    role: ClassVar[str | None] = None

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s

    @property
    def options(self) -> dict[str, Any]:
        """The pause."""
        return {"pause_s": self._pause_s}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every picture."""
        for image in read.images():
            yield Wanted(key=content_key([image.key]), subject=image.key, image=image.key)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> Image | None:
        """The picture."""
        return read.image(wanted.image)

    async def run(self, item: Image, tools: Tools) -> Outcome[Category]:
        """Waits, then names a category."""
        await asyncio.sleep(self._pause_s)
        return Outcome(outputs=(Category(name=item.key[:4]),))

    def save(self, uow: UnitOfWork, work: WorkRow, item: Image, outputs: tuple[Category, ...]) -> None:
        """Writes it."""
        write_categories(uow, work.id, item.key, outputs)


def main() -> None:
    """Prints every row."""
    for row in run():
        print(f"{row['name']}: {row['ours']:.3g} {row['unit']}, {row['other_name']} {row['other']:.3g} {row['unit']}")
        print(f"    {row['note']}")


def run() -> list[dict[str, Any]]:
    """Items that cost nothing, items that wait for a reply, and finding out that nothing is owed."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            _row("an item that costs nothing", Path(folder) / "a.hopchain", 0.0),
            _row(f"an item whose reply takes {REPLY_S * 1000:.0f} ms", Path(folder) / "b.hopchain", REPLY_S),
            _nothing_owed(Path(folder) / "c.hopchain"),
        ]


def _row(name: str, path: Path, pause_s: float) -> dict[str, Any]:
    with _project(path) as file:
        stage = OneCategory(pause_s)
        ours = asyncio.run(_run(file, stage))
        with file.read() as read:
            images = list(read.images())
        other = asyncio.run(_bare(images, stage, _tools(file)))
    return {
        "name": name,
        "ours": ours / ITEMS * 1000,
        "other_name": "bare asyncio loop",
        "other": other / ITEMS * 1000,
        "unit": "ms per item",
        "note": f"{ITEMS} items, {CONCURRENCY} at once; the runner finds out what is owed, loads, commits each item "
        "with its row and tells of it, the bare loop keeps the results in a list",
    }


def _nothing_owed(path: Path) -> dict[str, Any]:
    with _project(path) as file:
        stage = OneCategory(0.0)
        asyncio.run(_run(file, stage))
        began = time.perf_counter()
        with file.read() as read:
            survey(read, stage, fingerprint_of(stage, None))
        ours = time.perf_counter() - began
        began = time.perf_counter()
        with file.read() as read:
            list(read.images())
        other = time.perf_counter() - began
    return {
        "name": "an item that is done already",
        "ours": ours / ITEMS * 1000,
        "other_name": "reading the pictures",
        "other": other / ITEMS * 1000,
        "unit": "ms per item",
        "note": "what resuming costs for all that is done",
    }


def _project(path: Path) -> ProjectFile:
    file = ProjectFile.create(path)

    def write(uow: UnitOfWork) -> None:
        for number in range(ITEMS):
            key = ImageKey(content_key([number], 64))
            write_image(uow, Image(key=key, path=f"{number:06d}.png", width_px=640, height_px=480))

    file.writer.submit(write).result()
    return file


async def _run(file: ProjectFile, stage: OneCategory) -> float:
    began = time.perf_counter()
    with file.read() as read:
        owed = survey(read, stage, fingerprint_of(stage, None))
    await run_stage(file, stage, None, _tools(file), owed, concurrency=CONCURRENCY, emit=ignore)
    return time.perf_counter() - began


async def _bare(images: list[Image], stage: OneCategory, tools: Tools) -> float:
    began = time.perf_counter()
    free = asyncio.Semaphore(CONCURRENCY)
    kept = []

    async def one(image: Image) -> None:
        async with free:
            kept.append(await stage.run(image, tools))

    async with asyncio.TaskGroup() as group:
        for image in images:
            group.create_task(one(image))
    assert len(kept) == ITEMS
    return time.perf_counter() - began


def _tools(file: ProjectFile) -> Tools:
    return Tools(backend=None, seed=0, project_dir=file.path.parent, compute=compute_in_thread)


if __name__ == "__main__":
    main()
