"""Model profiles: kept and checked off the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.studio import Studio
from hopchain_core import models
from hopchain_core.errors import HopchainError


class ModelsPresenter(QObject):
    """What the dialog of model profiles asks for.

    Args:
        studio: What everything shares.
    """

    profiles_changed = Signal(object, str)
    """(tuple of profiles, name of the one to show; empty to leave it)."""
    checking = Signal(str)
    """The profile whose server is asked now; empty once that is over."""
    checked = Signal(str, object)
    """(name, `Checked`)."""
    refused = Signal(str)
    """Why something was not done, in plain words."""
    removed = Signal(str, object)
    """(name, what brings it back)."""
    saved = Signal(str)
    """A profile was kept, by its name."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._file = threading.Lock()
        self._cancel = threading.Event()

    def refresh(self, show: str = "") -> None:
        """Reads the profiles again."""
        self._ask(models.profiles, lambda found: self.profiles_changed.emit(found, show))

    def save(self, data: Mapping[str, Any], replaces: str, key: str = "") -> None:
        """Keeps what was entered.

        Args:
            data: Fields of the profile with its kind.
            replaces: Name it had; empty for a new one.
            key: To be put into the system's keyring; empty leaves what is there.
        """

        def work() -> str:
            profile = models.read_profile(dict(data))
            models.save(profile, replaces=replaces)
            if key:
                models.put_key(profile.name, key)
            return profile.name

        def tell(name: str) -> None:
            self.saved.emit(name)
            self.refresh(name)

        self._ask(work, tell)

    def add_set_up(self, name: str) -> None:
        """Adds the profiles of a set-up."""
        self._ask(lambda: models.add_set_up(name), lambda added: self.refresh(added[0].name))

    def duplicate(self, name: str) -> None:
        """Adds a copy under a free name."""

        def work() -> str:
            of = next(p for p in models.profiles() if p.name == name)
            copy = of.model_copy(update={"name": models.free_name(name)})
            models.save(copy)
            return copy.name

        self._ask(work, self.refresh)

    def remove(self, name: str) -> None:
        """Takes a profile out; a toast offers the way back."""

        def tell(gone: models.Profile) -> None:
            def bring_back() -> None:
                self._ask(lambda: models.save(gone), lambda _: self.refresh(gone.name))

            self._studio.toast(f"Removed the model {gone.name}", action="Undo", run=bring_back)
            self.refresh()
            self.removed.emit(gone.name, bring_back)

        self._ask(lambda: models.remove(name), tell)

    def check(self, name: str) -> None:
        """Asks a server what it can do, and notes it."""
        self.cancel_check()
        cancelled = self._cancel = threading.Event()
        self.checking.emit(name)

        def tell(found: models.Checked | None) -> None:
            if cancelled is self._cancel:
                self.checking.emit("")
            if found is not None and not cancelled.is_set():
                self._ask(models.profiles, lambda kept: self._tell_checked(name, kept, found))

        def fail(error: Exception) -> None:
            if cancelled is self._cancel:
                self.checking.emit("")
            if not cancelled.is_set():
                self._fail(error)

        self._studio.bridge.ask(lambda: models.check_until(name, cancelled.is_set), tell, failed=fail)

    def _tell_checked(self, name: str, kept: tuple[models.Profile, ...], found: models.Checked) -> None:
        # The list first: to show it again takes away what is said of the model before.
        self.profiles_changed.emit(kept, name)
        self.checked.emit(name, found)

    def cancel_check(self) -> None:
        """Asks no further."""
        self._cancel.set()

    def _ask(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        def alone() -> Any:
            # The file is read, changed and written whole: one after the other.
            with self._file:
                return work()

        self._studio.bridge.ask(alone, then, failed=self._fail)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, HopchainError):
            self.refused.emit(f"{error} {getattr(error, 'hint', '')}".strip())
        else:
            self._studio.show_error(error)
