"""The file in which a person's profiles are kept."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import platformdirs
from pydantic import TypeAdapter, ValidationError

from hopchain_core.errors import InputError
from hopchain_core.profiles.profile import Profile

FILE = "HOPCHAIN_PROFILES"
"""Variable that names another file than the usual one."""
_FORMAT = 1
_one: TypeAdapter[Profile] = TypeAdapter(Profile)


def usual_file() -> Path:
    """Where profiles are kept unless somebody says otherwise."""
    named = os.environ.get(FILE)
    return Path(named) if named else Path(platformdirs.user_config_dir("hopchain-studio", False)) / "profiles.json"


class ProfileBook:
    """Profiles by name, in one JSON file that a person may also edit.

    Args:
        path: The file; it need not be there yet.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or usual_file()

    def all(self) -> tuple[Profile, ...]:
        """Every profile, by name.

        Raises:
            InputError: The file cannot be read as profiles; it is left as it is.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise self._unreadable(str(error)) from error
        try:
            data = json.loads(text)
            rows = data["profiles"]
            if data["format"] != _FORMAT:
                raise self._unreadable(f"its format is {data['format']}, and this version knows {_FORMAT}")
            found = [_one.validate_python(row) for row in rows]
        except ValidationError as error:
            raise self._unreadable(_first(error)) from error
        except (ValueError, KeyError, TypeError) as error:
            raise self._unreadable(f"it is no list of profiles ({error})") from error
        return tuple(sorted(found, key=lambda profile: profile.name.casefold()))

    def get(self, name: str) -> Profile:
        """One profile; capitals do not matter.

        Raises:
            InputError: There is none.
        """
        profiles = self.all()
        for profile in profiles:
            if profile.name.casefold() == name.strip().casefold():
                return profile
        names = ", ".join(profile.name for profile in profiles)
        raise InputError(
            f"There is no model profile called {name!r}.",
            hint=f"There is: {names}." if names else "Add one: hopchain models add.",
        )

    def put(self, profile: Profile) -> None:
        """Adds a profile, or replaces the one of this name.

        Raises:
            InputError: The file that is there cannot be read, or not be written.
        """
        others = [p for p in self.all() if p.name.casefold() != profile.name.casefold()]
        self._write([*others, profile])

    def remove(self, name: str) -> Profile:
        """Takes a profile out and gives it back.

        Raises:
            InputError: There is none of this name.
        """
        gone = self.get(name)
        self._write([p for p in self.all() if p.name != gone.name])
        return gone

    def _write(self, profiles: Iterable[Profile]) -> None:
        rows = [_one.dump_python(p, mode="json") for p in sorted(profiles, key=lambda p: p.name.casefold())]
        text = json.dumps({"format": _FORMAT, "profiles": rows}, indent=2, ensure_ascii=False) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self.path.parent, prefix=".profiles-", delete=False
            ) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self.path)
        except OSError as error:
            raise InputError(
                f"{self.path} cannot be written ({error.strerror}).", hint="Make room, or set HOPCHAIN_PROFILES."
            ) from error

    def _unreadable(self, why: str) -> InputError:
        return InputError(f"The profiles in {self.path} cannot be read: {why}.", hint="Mend or move the file.")


def read_profile(data: object) -> Profile:
    """Checks what somebody wrote as a profile.

    Raises:
        InputError: A field is missing, unknown or out of range.
    """
    try:
        return _one.validate_python(data)
    except ValidationError as error:
        raise InputError(f"This is no profile: {_first(error)}.") from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "profile"
    return f"{where}: {first['msg']}"
