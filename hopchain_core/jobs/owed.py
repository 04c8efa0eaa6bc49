"""What a stage owes: all it wants, less what is done. There is no other checkpoint."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass

from hopchain_core.domain.keys import ImageKey
from hopchain_core.pipeline.stage import AnyStage, Wanted
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.reader import Reader


class SurveyCancelledError(Exception):
    """Nobody waits for the survey any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Where a stage stands under one fingerprint.

    Attributes:
        fingerprint: Under which it was looked at.
        owed: To be done now, in the stage's order.
        done: Wanted, done, and counting now.
        revived: Wanted and done, but superseded by other work since: they count again at no cost.
        failed: Wanted, failed before, and not to be tried again now.
        failing: Item keys of these.
    """

    fingerprint: str
    owed: tuple[Wanted, ...]
    done: int
    revived: tuple[Wanted, ...]
    failed: int
    failing: tuple[str, ...] = ()


async def surveyed(
    file: ProjectFile,
    stage: AnyStage,
    fingerprint: str,
    *,
    retry_failed: bool,
    limit: int | None,
    only: Collection[str] | None,
) -> tuple[Survey, bool]:
    """As `survey`, in a thread; and whether there is something to do, be it only to call results its own again.

    Cancelled, the thread stops at the next item.
    """
    is_cancelled = threading.Event()

    def look() -> tuple[Survey, bool]:
        with file.read() as read:
            found = survey(
                read,
                stage,
                fingerprint,
                retry_failed=retry_failed,
                limit=limit,
                only=only,
                is_cancelled=is_cancelled.is_set,
            )
            is_new = bool(found.done) and read.current_fingerprint(stage.name) != fingerprint
            return found, bool(found.owed or found.revived or is_new)

    try:
        return await asyncio.to_thread(look)
    except asyncio.CancelledError:
        is_cancelled.set()
        raise


def survey(
    read: Reader,
    stage: AnyStage,
    fingerprint: str,
    *,
    retry_failed: bool = False,
    limit: int | None = None,
    only: Collection[str] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Survey:
    """Subtracts what is done from what is wanted.

    Args:
        read: One snapshot of the project.
        stage: The stage.
        fingerprint: Results under another one do not count.
        retry_failed: Items that failed are owed again.
        limit: Look at the first so many pictures only; None for all.
        only: Look at these pictures or chains only, by key; None for all.
        is_cancelled: Asked at each item; if so, nobody waits for the survey any more.

    Raises:
        SurveyCancelledError: It was.
    """
    done = read.done(stage.name, fingerprint)
    failed = read.failed(stage.name, fingerprint)
    within = _first_images(read, limit)
    chosen = None if only is None else frozenset(only)
    owed: list[Wanted] = []
    revived: list[Wanted] = []
    failing: list[str] = []
    n_done = 0
    seen: set[str] = set()
    for wanted in stage.inputs(read):
        if is_cancelled():
            raise SurveyCancelledError
        if wanted.key in seen or (within is not None and wanted.image not in within):
            continue
        if chosen is not None and chosen.isdisjoint((wanted.image, wanted.subject)):
            continue
        seen.add(wanted.key)
        is_current = done.get(wanted.key)
        if is_current is True:
            n_done += 1
        elif is_current is False:
            revived.append(wanted)
        elif wanted.key in failed and not retry_failed:
            failing.append(wanted.key)
        else:
            owed.append(wanted)
    return Survey(
        fingerprint=fingerprint,
        owed=tuple(owed),
        done=n_done,
        revived=tuple(revived),
        failed=len(failing),
        failing=tuple(failing),
    )


def _first_images(read: Reader, limit: int | None) -> frozenset[ImageKey] | None:
    if limit is None:
        return None
    return frozenset(image.key for image, _ in zip(read.images(), range(limit), strict=False))
