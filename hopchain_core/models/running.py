"""What models run on: cards, engines with environments of their own, and servers that somebody started."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hopchain_core.backends.engines.setup import ENGINES, checkout_of, folder_of, python_of, set_up, versions_of
from hopchain_core.backends.servers import started as servers
from hopchain_core.backends.servers.cards import Card
from hopchain_core.backends.servers.started import StartedServer
from hopchain_core.errors import PrerequisiteError
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.profile import Profile, VllmProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFacts:
    """An engine, and what there is of it.

    Attributes:
        name: Word for it.
        title: What it is for.
        gigabytes: That it takes on the disk, about, with CUDA.
        free_gigabytes: On the disk that it lies or would lie on.
        folder: Where.
        versions: What is installed; empty when it is not set up.
        brings: Package that a person brings as a checkout of its source; empty where all comes from the index.
        checkout: The one it was made from; empty where it was made from none.
    """

    name: str
    title: str
    gigabytes: float
    free_gigabytes: float
    folder: str
    versions: Mapping[str, str]
    brings: str = ""
    checkout: str = ""


def fit(profile: Profile, there: Sequence[Card]) -> str:
    """Whether a model fits the memory of its cards, in a sentence; empty where nothing can be told."""
    needed = getattr(profile, "gib", None)
    if needed is None or not there:
        return ""
    numbers = profile.devices if isinstance(profile, VllmProfile) else (0,)
    mine = [card for card in there if card.number in numbers]
    if len(mine) < len(numbers):
        return f"It wants card {max(numbers)}, and the last one here is {max(card.number for card in there)}."
    gib = sum(card.total_mib for card in mine) / 1024
    word = "fits" if needed <= gib else "does not fit"
    what = mine[0].name if len(mine) == 1 else f"its {len(mine)} cards"
    return f"It needs about {needed:g} GiB and {word} {what} ({gib:.0f} GiB)."


def engines() -> tuple[EngineFacts, ...]:
    """What engines there are, and which of them are set up."""
    found = []
    for engine in ENGINES.values():
        folder = folder_of(engine.name)
        disk = next(parent for parent in (folder, *folder.parents) if parent.exists())
        found.append(
            EngineFacts(
                name=engine.name,
                title=engine.title,
                gigabytes=engine.gigabytes,
                free_gigabytes=shutil.disk_usage(disk).free / 1e9,
                folder=str(folder),
                versions=versions_of(engine.name) if python_of(engine.name) else {},
                brings=engine.checkout,
                checkout=str(checkout_of(engine.name) or ""),
            )
        )
    return tuple(found)


def set_up_engine(
    name: str, on_line: Callable[[str], None], is_cancelled: Callable[[], bool], *, checkout: Path | None = None
) -> bool:
    """Makes the environment of an engine; profiles of it without a Python use it from then on.

    Args:
        name: One of `engines`.
        on_line: Told each line of progress, in the caller's thread.
        is_cancelled: Asked often, in another thread.
        checkout: Source of the package that it wants brought; the one used before where this is None.

    Returns:
        False when it was cancelled.

    Raises:
        InputError: It wants a checkout, and this is none.
        PrerequisiteError: A step failed; what was made so far is kept.
    """
    try:
        set_up(ENGINES[name], on_line, checkout=checkout, is_cancelled=is_cancelled)
    except PrerequisiteError:
        if is_cancelled():
            return False
        raise
    return True


def start_server(name: str) -> StartedServer:
    """Starts the server of a vLLM profile; it ends with this process, if nobody stops it before.

    Raises:
        InputError: It is of another kind, or was started already.
        PrerequisiteError: It cannot be started.
    """
    servers.launch(ProfileBook().get(name), while_pid=os.getpid())
    return servers.await_appearance(name)


def server_of(name: str) -> StartedServer | None:
    """The server of a profile, if somebody started one and it goes on."""
    return servers.started(name)


def stop_server(name: str) -> bool:
    """Stops it and waits until nothing is left; False when there was none.

    Raises:
        PrerequisiteError: It does not end.
    """
    return servers.stop(name)


def server_log(name: str, most: int = 400) -> tuple[str, ...]:
    """The last lines of its log, also after it ended."""
    return servers.last_log_lines(name, most)
