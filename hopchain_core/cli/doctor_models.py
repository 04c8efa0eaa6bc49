"""What models this computer can run: its cards, which set-ups fit them, and what each profile lacks."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hopchain_core.backends.engines.setup import ENGINES, python_of
from hopchain_core.backends.servers.lease import devices_of
from hopchain_core.cli.checks import Check, State
from hopchain_core.errors import KnownError
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.keys import key_of
from hopchain_core.profiles.presets import presets
from hopchain_core.profiles.profile import EndpointProfile, Profile, Sam3Profile, TransformersProfile, VllmProfile

SLACK = 0.97
"""Of a card's nominal memory, what a set-up may count on being there: a card of 24 GB tells 23.5 to 24. Chosen."""
_PATH = re.compile(r"\A(?:[/~.]|[A-Za-z]:\\)")
"""What looks like a place on the disk and not like a name on the hub."""


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card.

    Attributes:
        name: As its maker calls it.
        gib: Its memory.
        driver: Version of the driver.
    """

    name: str
    gib: float
    driver: str


def cards() -> tuple[Card, ...] | None:
    """The cards there are; None where the driver does not answer."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return ()
    query = [command, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"]
    try:
        result = subprocess.run(query, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if result.returncode:
        return ()
    found = []
    for line in result.stdout.splitlines():
        name, _, rest = line.partition(",")
        memory, _, driver = rest.partition(",")
        if memory.strip().isdigit():
            found.append(Card(name.strip(), int(memory) / 1024, driver.strip()))
    return tuple(found)


def examine_models() -> list[Check]:
    """Cards, set-ups and profiles."""
    found = cards()
    here = found or ()
    return [_gpu(found), *_set_ups(here), *_profiles(here)]


def _gpu(found: tuple[Card, ...] | None) -> Check:
    if found is None:
        return Check("gpu", State.PROBLEM, "nvidia-smi does not answer", "Look at the driver with nvidia-smi.")
    if not found:
        return Check("gpu", State.ABSENT, "none found; the embedded backends need none")
    told = "; ".join(f"{card.name}, {card.gib:.0f} GiB, driver {card.driver}" for card in found)
    return Check("gpu", State.OK, told)


def _set_ups(here: Sequence[Card]) -> list[Check]:
    """Which of the profiles to begin with fit the cards; their stages take turns on them."""
    if not here:
        hint = "A model on a server needs none here: hopchain models add NAME --url ADDRESS --model MODEL"
        return [Check("set-ups", State.ABSENT, "none fits: there is no card", hint)]
    checks = []
    for preset in presets(""):
        lacks = [lack for profile in preset.profiles if (lack := _lacks_memory(profile, here))]
        name = f"set-up {preset.name}"
        if lacks:
            checks.append(Check(name, State.ABSENT, f"does not fit: {lacks[0]}"))
        else:
            hint = f"Add its profiles: hopchain models preset {preset.name}"
            checks.append(Check(name, State.OK, f"fits; {preset.title}", hint))
    return checks


def _profiles(here: Sequence[Card]) -> list[Check]:
    try:
        profiles = ProfileBook().all()
    except KnownError as error:
        return [Check("models", State.PROBLEM, str(error), error.hint)]
    if not profiles:
        return [Check("models", State.ABSENT, "no profiles", "Run: hopchain models add, or hopchain models preset")]
    return [_profile(profile, here) for profile in profiles]


def _profile(profile: Profile, here: Sequence[Card]) -> Check:
    name = f"model {profile.name}"
    lacks = _lacks(profile, here)
    if not lacks:
        return Check(name, State.OK, _told(profile))
    return Check(name, State.ABSENT, "; ".join(lack for lack, _ in lacks), " ".join(h for _, h in lacks if h))


def _lacks(profile: Profile, here: Sequence[Card]) -> list[tuple[str, str]]:
    """What a profile lacks, each with what to do."""
    if isinstance(profile, EndpointProfile):
        return _endpoint_lacks(profile)
    lacks = []
    engine = profile.engine
    if profile.python:
        if shutil.which(str(Path(profile.python).expanduser())) is None:
            lacks.append((f"{profile.python} is not there", "Correct its python."))
    elif python_of(engine) is None and not _is_here(profile):
        brought = " --from FOLDER" if ENGINES[engine].checkout else ""
        lacks.append((f"{engine} is not set up", f"Run: hopchain models setup {engine}{brought}"))
    weights = _lacks_weights(profile)
    if weights:
        lacks.append((weights, "Correct its model."))
    memory = _lacks_memory(profile, here)
    if memory:
        lacks.append(
            (memory, "" if isinstance(profile, VllmProfile) else "Set its device to cpu, or take a smaller one.")
        )
    return lacks


def _endpoint_lacks(profile: EndpointProfile) -> list[tuple[str, str]]:
    lacks = []
    try:
        key_of(profile)
    except KnownError as error:
        lacks.append((str(error), error.hint))
    if profile.can is None:
        lacks.append(("it was not checked yet", f"Run: hopchain models check {profile.name}"))
    return lacks


def _is_here(profile: VllmProfile | TransformersProfile | Sam3Profile) -> bool:
    """Whether the Python that runs this has the packages; without importing them."""
    if isinstance(profile, VllmProfile):
        needed: tuple[str, ...] = ("vllm",)
    elif isinstance(profile, Sam3Profile) and profile.package == "native":
        needed = ("torch", "sam3")
    else:
        needed = ("torch", "transformers")
    return all(importlib.util.find_spec(package) is not None for package in needed)


def _lacks_weights(profile: VllmProfile | TransformersProfile | Sam3Profile) -> str:
    """What is missing of weights that are to lie on the disk; nothing is said of those on the hub."""
    path = Path(profile.model).expanduser()
    if not path.exists():
        return f"{profile.model} is not there" if _PATH.match(profile.model) else ""
    is_native = isinstance(profile, Sam3Profile) and profile.package == "native"
    if path.is_dir() and not any(path.glob("*.pt" if is_native else "*.safetensors")):
        return f"there are no weights in {profile.model} ({'sam3.pt' if is_native else '*.safetensors'})"
    return ""


def _lacks_memory(profile: Profile, here: Sequence[Card]) -> str:
    """What a profile wants of cards that are not there or too small; empty where it wants none or they will do."""
    if isinstance(profile, EndpointProfile):
        return ""
    if isinstance(profile, VllmProfile):
        devices: tuple[int, ...] = profile.devices
    elif profile.device == "auto" and not here:
        # It computes on the processor then.
        return ""
    else:
        devices = devices_of(profile.device)
    if not devices:
        return ""
    each = (profile.gib or 0.0) / len(devices)
    many = f"{len(devices)} cards of {each:.0f} GiB" if len(devices) > 1 else f"a card of {each:.0f} GiB"
    wants = f"{profile.name} wants {many if each else 'a card'}"
    if max(devices) >= len(here):
        return f"{wants}, and there {'is none' if not here else 'are' if len(here) > 1 else 'is'}" + (
            f" {len(here)}" if here else ""
        )
    smallest = min(here[device].gib for device in devices)
    return "" if each * SLACK <= smallest else f"{wants}, and there are {smallest:.0f} GiB"


def _told(profile: Profile) -> str:
    if isinstance(profile, EndpointProfile):
        return f"{profile.url}, checked"
    gib = f", {profile.gib:g} GiB" if profile.gib else ""
    return f"{profile.kind} with {profile.model}{gib}"
