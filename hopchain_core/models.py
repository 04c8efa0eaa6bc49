"""Model profiles for whoever shows them to a person: kept, checked, made from a set-up; their keys put away."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hopchain_core.backends.engines.setup import ENGINES, folder_of, python_of, set_up, versions_of
from hopchain_core.backends.servers import started as servers
from hopchain_core.backends.servers.cards import Card, cards
from hopchain_core.backends.servers.news import ServerState
from hopchain_core.backends.servers.started import StartedServer
from hopchain_core.backends.vlm.check import Checked, check
from hopchain_core.backends.vlm.opening import endpoint_of
from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.profiles.book import ProfileBook, read_profile
from hopchain_core.profiles.keys import key_of, store_key
from hopchain_core.profiles.presets import Preset, presets
from hopchain_core.profiles.profile import (
    EndpointProfile,
    Profile,
    Sam3Profile,
    ServerAbilities,
    TransformersProfile,
    VllmProfile,
)

__all__ = [
    "FITS",
    "Card",
    "Checked",
    "EndpointProfile",
    "EngineFacts",
    "Preset",
    "Profile",
    "ServerAbilities",
    "ServerState",
    "StartedServer",
    "VllmProfile",
    "add_set_up",
    "cards",
    "check_profile",
    "check_until",
    "endpoint",
    "engines",
    "fit",
    "free_name",
    "profiles",
    "put_key",
    "read_profile",
    "refusals",
    "remove",
    "save",
    "schema_of",
    "server_log",
    "server_of",
    "set_up_engine",
    "set_ups",
    "start_server",
    "stop_server",
    "trouble",
    "where",
]

_KINDS: Mapping[str, type[EndpointProfile | VllmProfile | TransformersProfile | Sam3Profile]] = {
    "endpoint": EndpointProfile,
    "vllm": VllmProfile,
    "transformers": TransformersProfile,
    "sam3": Sam3Profile,
}
FITS: Mapping[str, tuple[str, ...]] = {
    "categorizer": ("endpoint", "vllm", "transformers"),
    "composer": ("endpoint", "vllm", "transformers"),
    "solver": ("endpoint", "vllm", "transformers"),
    "segmenter": ("sam3",),
}
"""Kinds of profile that can do what a role asks."""
_LOOK_EVERY_S = 0.05
_PIECE = re.compile(r"^Value error, ")


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
    """

    name: str
    title: str
    gigabytes: float
    free_gigabytes: float
    folder: str
    versions: Mapping[str, str]


def profiles() -> tuple[Profile, ...]:
    """Every profile of the person, by name.

    Raises:
        InputError: Their file cannot be read.
    """
    return ProfileBook().all()


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON schema of a kind: endpoint, vllm, transformers or sam3."""
    return _KINDS[kind].model_json_schema()


def save(profile: Profile, *, replaces: str = "") -> None:
    """Keeps a profile; the key of one that is renamed goes with it.

    Args:
        profile: As it is to be.
        replaces: The name it had; empty for a new one.

    Raises:
        InputError: Another one has this name, or the file cannot be read or written.
        PrerequisiteError: The key cannot be moved in the system's keyring.
    """
    book = ProfileBook()
    is_other = profile.name.casefold() != replaces.casefold()
    if is_other and any(p.name.casefold() == profile.name.casefold() for p in book.all()):
        raise InputError(f"There is a profile called {profile.name} already.", hint="Choose another name.")
    if replaces and profile.name != replaces:
        before = book.get(replaces)
        if isinstance(before, EndpointProfile) and isinstance(profile, EndpointProfile):
            _move_key(before, profile)
        book.put(profile)
        if is_other:
            book.remove(replaces)
        return
    book.put(profile)


def remove(name: str) -> Profile:
    """Takes a profile out and gives it back. Its key stays in the keyring, so that `save` brings it back whole.

    Raises:
        InputError: There is none of this name.
    """
    return ProfileBook().remove(name)


def put_key(name: str, key: str) -> EndpointProfile:
    """Puts an endpoint's key into the system's keyring, and notes in the profile that it is there.

    Raises:
        InputError: There is no such endpoint.
        PrerequisiteError: There is no keyring.
    """
    profile = endpoint(name)
    store_key(profile, key)
    noted = profile.model_copy(update={"key": "keyring"})
    ProfileBook().put(noted)
    return noted


def endpoint(name: str) -> EndpointProfile:
    """The profile of a server that can be asked by its address.

    Raises:
        InputError: There is none of this name, or it is of another kind.
    """
    profile = ProfileBook().get(name)
    if not isinstance(profile, EndpointProfile):
        raise InputError(f"{profile.name} is no endpoint but {profile.kind}.", hint="Choose one with an address.")
    return profile


async def check_profile(name: str) -> Checked:
    """Asks a server a few tiny questions, and notes in the profile what it can do.

    Raises:
        InputError: There is no such endpoint.
        PrerequisiteError: Its key is missing or refused, or it does not serve the model.
        BackendError: It cannot be reached.
    """
    profile = endpoint(name)
    found = await check(await asyncio.to_thread(endpoint_of, profile))
    now = endpoint(name)
    # What was found holds for the server that was asked, not for one entered meanwhile.
    if (now.url, now.model) == (profile.url, profile.model):
        ProfileBook().put(now.model_copy(update={"can": found.can}))
    return found


def check_until(name: str, is_cancelled: Callable[[], bool]) -> Checked | None:
    """As `check_profile`, in a thread of the caller's; None once somebody cancelled it."""

    async def run() -> Checked | None:
        asking = asyncio.create_task(check_profile(name))
        while not asking.done():
            if is_cancelled():
                asking.cancel()
            await asyncio.wait((asking,), timeout=_LOOK_EVERY_S)
        return None if asking.cancelled() else asking.result()

    return asyncio.run(run())


def set_ups(python: str = "") -> tuple[Preset, ...]:
    """Profiles that go together, to begin with.

    Args:
        python: Of the environment that vLLM is installed in; the one that was set up when empty.
    """
    return presets(python or str(python_of("vllm") or ""))


def add_set_up(name: str) -> tuple[Profile, ...]:
    """Adds the profiles of a set-up under names that are free.

    Raises:
        InputError: There is no such set-up.
    """
    chosen = next((found for found in set_ups() if found.name == name), None)
    if chosen is None:
        raise InputError(f"There is no set-up called {name!r}.")
    added = []
    for profile in chosen.profiles:
        named = profile.model_copy(update={"name": free_name(profile.name)})
        save(named)
        added.append(named)
    return tuple(added)


def free_name(wanted: str) -> str:
    """This name, or with a number after it where it is taken."""
    taken = {profile.name.casefold() for profile in profiles()}
    name, number = wanted, 2
    while name.casefold() in taken:
        name, number = f"{wanted[:60]} {number}", number + 1
    return name


def where(profile: Profile) -> str:
    """Where its model is to be found, for people."""
    if isinstance(profile, EndpointProfile):
        return profile.url
    return profile.python or "this Python"


def refusals(data: Mapping[str, Any], replaces: str = "") -> dict[str, str]:
    """What is wrong with what somebody wrote as a profile, by field; empty when it can be kept.

    Args:
        data: Fields of the profile with its kind.
        replaces: The name it had; empty for a new one.
    """
    found: dict[str, str] = {}
    kind = _KINDS[str(data["kind"])]
    try:
        kind.model_validate(dict(data))
    except ValidationError as error:
        for one in error.errors():
            field = str(one["loc"][0]) if one["loc"] else ""
            found.setdefault(field, _in_words(field, str(one["msg"])))
    name = str(data.get("name", "")).casefold()
    if name != replaces.casefold() and any(profile.name.casefold() == name for profile in profiles()):
        found.setdefault("name", "Another model has this name.")
    return found


def trouble(name: str, role: str, among: Sequence[Profile]) -> str:
    """Why the model of this name cannot do what a role asks, as far as can be told without asking it; empty if it can.

    Args:
        name: Of a profile.
        role: Such as ``composer``.
        among: The profiles there are.
    """
    profile = next((profile for profile in among if profile.name.casefold() == name.strip().casefold()), None)
    if profile is None:
        return f"There is no model called {name}."
    if profile.kind not in FITS[role]:
        return f"{profile.name} is of another kind ({profile.kind})."
    if isinstance(profile, EndpointProfile):
        return ""
    if profile.python and not Path(profile.python).exists():
        return f"The Python of {profile.name} is gone."
    if isinstance(profile, VllmProfile) and not profile.python and python_of("vllm") is None:
        return "vLLM is not set up."
    return ""


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
            )
        )
    return tuple(found)


def set_up_engine(name: str, on_line: Callable[[str], None], is_cancelled: Callable[[], bool]) -> bool:
    """Makes the environment of an engine; profiles of it without a Python use it from then on.

    Args:
        name: One of `engines`.
        on_line: Told each line of progress, in the caller's thread.
        is_cancelled: Asked often, in another thread.

    Returns:
        False when it was cancelled.

    Raises:
        PrerequisiteError: A step failed; what was made so far is kept.
    """
    try:
        set_up(ENGINES[name], on_line, is_cancelled=is_cancelled)
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


def _in_words(field: str, message: str) -> str:
    if field == "name" and "pattern" in message:
        return "A name begins with a letter or digit, and has letters, digits, spaces, dots and dashes."
    text = _PIECE.sub("", message)
    if text == "String should have at least 1 character":
        return "Fill this in."
    return f"{text[:1].upper()}{text[1:]}.".replace("..", ".")


def _move_key(before: EndpointProfile, after: EndpointProfile) -> None:
    if before.key != "keyring" or after.key != "keyring":
        return
    try:
        key = key_of(before)
    except PrerequisiteError:
        # It never had one: there is nothing to move.
        return
    store_key(after, key)
    store_key(before, "")
