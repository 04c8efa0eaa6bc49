"""Keys of endpoints: in the environment or the system's keyring, never in a project, a profile or a log."""

from __future__ import annotations

import os

from hopchain_core.errors import PrerequisiteError
from hopchain_core.profiles.profile import EndpointProfile

SERVICE = "hopchain-studio"


def key_of(profile: EndpointProfile) -> str:
    """The key of an endpoint; empty where it needs none.

    Raises:
        PrerequisiteError: The profile says where it is, and it is not there.
    """
    if not profile.key:
        return ""
    if profile.key.startswith("env:"):
        variable = profile.key.removeprefix("env:")
        found = os.environ.get(variable, "")
        if not found:
            raise PrerequisiteError(
                f"The key of {profile.name} is to be in the variable {variable}, which is not set.",
                hint=f"Set it: export {variable}=…",
            )
        return found
    keyring = _keyring()
    found = keyring.get_password(SERVICE, profile.name) or ""
    if not found:
        raise PrerequisiteError(
            f"The system's keyring holds no key for {profile.name}.",
            hint=f"Store it: hopchain models key {profile.name}",
        )
    return found


def store_key(profile: EndpointProfile, key: str) -> None:
    """Puts a key into the system's keyring; an empty one takes it out.

    Raises:
        PrerequisiteError: There is no keyring.
    """
    keyring = _keyring()
    if key:
        keyring.set_password(SERVICE, profile.name, key)
    elif keyring.get_password(SERVICE, profile.name) is not None:
        keyring.delete_password(SERVICE, profile.name)


class _Keyring:
    """The parts of the keyring package used here, with its errors as ours."""

    def __init__(self) -> None:
        try:
            import keyring
        except ModuleNotFoundError as error:
            raise PrerequisiteError(
                "Keys in the system's keyring need the package keyring, which is not installed.",
                hint="Install it with pip install keyring, or put the key into a variable and write env:NAME.",
            ) from error
        self._keyring = keyring

    def get_password(self, service: str, name: str) -> str | None:
        found: str | None = self._call("get_password", service, name)
        return found

    def set_password(self, service: str, name: str, key: str) -> None:
        self._call("set_password", service, name, key)

    def delete_password(self, service: str, name: str) -> None:
        self._call("delete_password", service, name)

    def _call(self, method: str, *arguments: str) -> str | None:
        try:
            result: str | None = getattr(self._keyring, method)(*arguments)
        except self._keyring.errors.KeyringError as error:
            raise PrerequisiteError(
                f"The system's keyring cannot be used ({error}).",
                hint="Put the key into a variable and write env:NAME.",
            ) from error
        return result


def _keyring() -> _Keyring:
    return _Keyring()
