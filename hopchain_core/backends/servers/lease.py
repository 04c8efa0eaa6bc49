"""One lease for each card: whoever holds it may fill the card's memory, the others wait.

A lease is a lock on a file, so it holds between all processes of one person, and the system gives it back when its
holder dies.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import platformdirs

from hopchain_core.errors import PrerequisiteError

FOLDER = "HOPCHAIN_LEASES"
"""Variable that names another folder than the usual one."""
_LOOK_AGAIN_S = 0.25


def devices_of(device: str) -> tuple[int, ...]:
    """The cards that a device such as ``cuda:1`` means; none for the processor."""
    if not device.startswith(("cuda", "auto")):
        return ()
    _, _, number = device.partition(":")
    return (int(number) if number.isdigit() else 0,)


class DeviceLease:
    """The right to fill the memory of some cards.

    Args:
        devices: Numbers of the cards; none needs no lease.
        holder: What holds it, for whoever waits.
        on_wait: Told once what is waited for.
    """

    def __init__(self, devices: Iterable[int], holder: str, on_wait: Callable[[str], None] = lambda text: None) -> None:
        # Always in the same order, so that two who want the same two cards do not wait for each other.
        self._devices = tuple(sorted(set(devices)))
        self._holder = holder
        self._on_wait = on_wait
        self._files: list[IO[str]] = []
        self._taking = asyncio.Lock()

    @property
    def is_held(self) -> bool:
        """All of the cards are ours."""
        return len(self._files) == len(self._devices)

    async def take(self) -> None:
        """Waits until the cards are free. Nothing happens when they are ours already.

        Raises:
            PrerequisiteError: The folder of leases cannot be written to.
        """
        async with self._taking:
            try:
                await self._take_each()
            except BaseException:
                self.give_back()
                raise

    async def _take_each(self) -> None:
        has_told = False
        with ExitStack() as wishes:
            for device in self._devices[len(self._files) :]:
                while (file := self._try(device)) is None:
                    if not has_told:
                        has_told = True
                        self._on_wait(f"waiting for card {device}: {self._held_by(device)}")
                        wishes.enter_context(self._wish(device))
                    await asyncio.sleep(_LOOK_AGAIN_S)
                self._files.append(file)
                # The next card may be held by another.
                has_told = False

    def give_back(self) -> None:
        """Lets the others have the cards."""
        while self._files:
            self._files.pop().close()

    def is_wanted(self) -> bool:
        """Somebody waits for one of the cards."""
        return any(not is_free(_wished(device)) for device in self._devices)

    def _wish(self, device: int) -> IO[str]:
        """Says that a card is wanted, for as long as the file stays open: the system closes it when we die."""
        import fcntl

        file = _wished(device).open("a+", encoding="utf-8")
        fcntl.flock(file, fcntl.LOCK_SH)
        return file

    def _try(self, device: int) -> IO[str] | None:
        import fcntl

        path = folder() / f"card-{device}.lock"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise PrerequisiteError(
                f"{path} cannot be written ({error.strerror}).", hint=f"Set {FOLDER} to a folder that can."
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        file.truncate(0)
        file.write(f"{self._holder} (process {os.getpid()})")
        file.flush()
        return file

    def _held_by(self, device: int) -> str:
        try:
            return (folder() / f"card-{device}.lock").read_text(encoding="utf-8") or "somebody"
        except OSError:
            return "somebody"


def _wished(device: int) -> Path:
    return folder() / f"card-{device}.wanted"


def is_free(path: Path, *, of_one: bool = False) -> bool:
    """Nobody holds a lock on this file.

    Args:
        path: The file; one that is not there is free.
        of_one: Only one can hold it, so that two who look at once do not take each other for its holder.
    """
    import fcntl

    try:
        with path.open("r+", encoding="utf-8") as file:
            fcntl.flock(file, (fcntl.LOCK_SH if of_one else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


def folder() -> Path:
    """Where leases and notes of running servers lie."""
    named = os.environ.get(FOLDER)
    return Path(named) if named else Path(platformdirs.user_cache_dir("hopchain-studio", False)) / "leases"
