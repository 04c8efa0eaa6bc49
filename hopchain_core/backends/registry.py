"""Which backends there are, by role and name, and how each is made. Factories only: no object lives here.

A package adds its own through an entry point of the group ``hopchain.backends`` that names a module whose import runs
`register`:

    [project.entry-points."hopchain.backends"]
    mine = "my_package.hopchain_backends"
"""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from hopchain_core.backends.protocols import Backend
from hopchain_core.errors import InputError, PrerequisiteError

GROUP = "hopchain.backends"
BUILTIN = "hopchain_core.backends.builtin"
ROLES = ("categorizer", "segmenter", "composer", "solver")

Factory = TypeVar("Factory", bound=Callable[[Any], Backend])


class NoOptions(BaseModel):
    """Of a backend that has nothing to set."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A backend that can be made.

    Attributes:
        role: One of `ROLES`.
        name: Its name among those of its role.
        title: What it is, in a few words, for lists and forms.
        options_at: Class of its options, or where it is (``module:name``) so that listing backends imports none.
        factory: Makes it; heavy packages are imported in there.
        module: Where it is registered, so that another process finds it.
        needs: Packages outside the default installation, by import name.
        extra: The extra of ours that brings them, if one does.
        is_cpu_bound: It computes in its own process and never waits: the runner takes it off the event loop and gives
            it every core. Its options and requests must be picklable.
        reads_annotations: It takes what came with the pictures.
        concurrency: Items in flight when nobody says otherwise; not used where `is_cpu_bound`.
    """

    role: str
    name: str
    title: str
    options_at: type[BaseModel] | str
    factory: Callable[[Any], Backend]
    module: str
    needs: tuple[str, ...] = ()
    extra: str = ""
    is_cpu_bound: bool = False
    reads_annotations: bool = False
    concurrency: int = 8

    @property
    def options(self) -> type[BaseModel]:
        """Class of its options.

        Raises:
            PrerequisiteError: It lies in a module that needs a package which is not installed.
        """
        if not isinstance(self.options_at, str):
            return self.options_at
        module, _, name = self.options_at.partition(":")
        with self._naming_what_is_missing():
            found: type[BaseModel] = getattr(importlib.import_module(module), name)
        return found

    def options_schema(self) -> dict[str, Any]:
        """JSON schema of the options, for a form."""
        return self.options.model_json_schema()

    def create(self, options: Mapping[str, Any]) -> Backend:
        """Makes the backend. Raises as `registry.create`."""
        checked = self.read_options(options)
        with self._naming_what_is_missing():
            return self.factory(checked)

    def read_options(self, options: Mapping[str, Any]) -> BaseModel:
        """Checks options.

        Raises:
            InputError: One is unknown or out of range.
        """
        try:
            return self.options.model_validate(dict(options))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "options"
            raise InputError(
                f"The {self.role} {self.name} cannot take {where}: {first['msg']}.",
                hint=f"It knows: {', '.join(self.options.model_fields) or 'no options'}.",
            ) from error

    @contextmanager
    def _naming_what_is_missing(self) -> Iterator[None]:
        try:
            yield
        except ModuleNotFoundError as error:
            package = (error.name or "").partition(".")[0]
            if package not in self.needs:
                raise
            raise PrerequisiteError(
                f"The {self.role} {self.name} needs the package {package}, which is not installed.",
                hint=(
                    f"In the program's folder run: .venv/bin/pip install -e '.[{self.extra}]'"
                    if self.extra
                    else f"Run: pip install {package}"
                ),
            ) from error


_registrations: dict[tuple[str, str], Registration] = {}
_loaded: set[str] = set()
_lock = threading.Lock()
_load_lock = threading.RLock()
"""Apart from `_lock`: a module that registers is imported under this one, by a thread that may have to wait for it."""
_log = logging.getLogger(__name__)


def register(
    role: str,
    name: str,
    *,
    title: str,
    options: type[BaseModel] | str = NoOptions,
    needs: tuple[str, ...] = (),
    extra: str = "",
    is_cpu_bound: bool = False,
    reads_annotations: bool = False,
    concurrency: int = 8,
) -> Callable[[Factory], Factory]:
    """Decorates a factory so that `create` finds it. See `Registration` for the arguments.

    Raises:
        ValueError: There is no such role.
        InputError: The name is taken.
    """
    if role not in ROLES:
        raise ValueError(f"a role is one of {', '.join(ROLES)}, not {role!r}")

    def add(factory: Factory) -> Factory:
        with _lock:
            taken = _registrations.get((role, name))
            if taken is not None:
                raise InputError(
                    f"Both {taken.module} and {factory.__module__} register the {role} {name}.",
                    hint="Uninstall one of them.",
                )
            _registrations[role, name] = Registration(
                role=role,
                name=name,
                title=title,
                options_at=options,
                factory=factory,
                module=factory.__module__,
                needs=needs,
                extra=extra,
                is_cpu_bound=is_cpu_bound,
                reads_annotations=reads_annotations,
                concurrency=concurrency,
            )
        return factory

    return add


def registrations(role: str | None = None) -> tuple[Registration, ...]:
    """All backends there are, or those of one role, by role and name."""
    _load()
    return tuple(r for key, r in sorted(_registrations.items()) if role is None or key[0] == role)


def registration(role: str, name: str) -> Registration:
    """One backend by role and name.

    Raises:
        InputError: There is none.
    """
    _load()
    found = _registrations.get((role, name))
    if found is None:
        names = ", ".join(r.name for r in registrations(role)) or "none"
        raise InputError(f"There is no {role} called {name!r}.", hint=f"There is: {names}.")
    return found


def create(role: str, name: str, options: Mapping[str, Any] | None = None) -> Backend:
    """Makes a backend. Models are loaded at its first request, not here.

    Raises:
        InputError: There is no such backend, or it cannot take these options.
        PrerequisiteError: A package it needs is not installed.
    """
    return registration(role, name).create(options or {})


def load_module(module: str) -> None:
    """Imports a module that registers backends, unless it has been imported; for worker processes."""
    with _load_lock:
        if module not in _loaded:
            importlib.import_module(module)
            _loaded.add(module)


def _load() -> None:
    with _load_lock:
        load_module(BUILTIN)
        for point in entry_points(group=GROUP):
            name = f"{GROUP}:{point.name}={point.value}"
            if name in _loaded:
                continue
            try:
                point.load()
            except InputError:
                raise
            except Exception:
                # One broken package must not take the others' backends away.
                _log.warning("the backends of %s cannot be loaded", point.value, exc_info=True)
            _loaded.add(name)
