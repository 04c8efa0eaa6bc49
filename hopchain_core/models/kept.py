"""Model profiles: kept, checked, made from a set-up; their keys put away."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hopchain_core.backends.engines.setup import python_of
from hopchain_core.backends.vlm.check import Checked, check
from hopchain_core.backends.vlm.opening import endpoint_of
from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.keys import key_of, store_key
from hopchain_core.profiles.presets import Preset, presets
from hopchain_core.profiles.profile import EndpointProfile, Profile, Sam3Profile, TransformersProfile, VllmProfile

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
    "prober": ("endpoint", "vllm", "transformers"),
    "segmenter": ("sam3",),
}
"""Kinds of profile that can do what a role asks."""
_LOOK_EVERY_S = 0.05
_PIECE = re.compile(r"^Value error, ")


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
        raise InputError(
            f"{profile.name} is no endpoint but {profile.kind}.",
            hint="Choose one with an address; hopchain doctor says what the others lack.",
        )
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
