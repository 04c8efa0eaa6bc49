"""Model profiles: kept and checked off the window's thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.studio import Studio
from hopchain_core import models
from hopchain_core.errors import HopchainError

_file = threading.Lock()
"""For all windows on the one file of profiles."""


class RefusedFieldsError(Exception):
    """What was entered cannot be kept.

    Args:
        by_field: Why, by field.
    """

    def __init__(self, by_field: Mapping[str, str]) -> None:
        super().__init__(", ".join(by_field))
        self.by_field = dict(by_field)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What there is to run models on.

    Attributes:
        cards: Of this computer, with their memory.
        engines: Those there are, set up or not.
        name: The profile that the rest is about.
        server: Its server, if somebody started one.
        log: The end of its log.
    """

    cards: tuple[models.Card, ...] = ()
    engines: tuple[models.EngineFacts, ...] = ()
    name: str = ""
    server: models.StartedServer | None = None
    log: tuple[str, ...] = ()


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
    fields_refused = Signal(object)
    """What is wrong with what was entered, by field."""
    facts_changed = Signal(object)
    """`ModelFacts`: cards, engines, and the server of the profile shown."""
    setting_up = Signal(str, str)
    """(engine, line): it is being set up; both are empty once that is over."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._cancel = threading.Event()
        self._cancel_set_up = threading.Event()
        self._set_up = ""
        self.facts = ModelFacts()
        self._shown = ""
        self.drafts: dict[str, dict[str, Any]] = {}
        """What was entered and not kept, by profile; so that closing the dialog loses nothing."""

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
            wrong = models.refusals(data, replaces)
            if wrong:
                raise RefusedFieldsError(wrong)
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

    # Servers and engines

    def look(self, name: str = "") -> None:
        """Finds out what there is to run models on, and how the server of a profile stands."""
        self._shown = name

        def work() -> ModelFacts:
            server = models.server_of(name) if name else None
            log = models.server_log(name) if name else ()
            return ModelFacts(models.cards(), models.engines(), name, server, log)

        self._send(work, self._take_facts, key=("model facts", id(self)))

    def start_server(self, name: str) -> None:
        """Starts the server of a profile; it ends with the studio."""
        self._send(lambda: models.start_server(name), lambda _: self.look(self._shown))

    def stop_server(self, name: str) -> None:
        """Stops it."""
        self._send(lambda: models.stop_server(name), lambda _: self.look(self._shown))

    @property
    def is_setting_up(self) -> str:
        """The engine that is being set up; empty when none is."""
        return self._set_up

    def set_up(self, engine: str, checkout: str = "") -> None:
        """Makes the environment of an engine; goes on when the dialog is closed, and ends with the studio.

        Args:
            engine: Which.
            checkout: Folder of the source that it is made from, where no index has its package.
        """
        if self._set_up:
            return
        self._set_up = engine
        cancelled = self._cancel_set_up = threading.Event()
        self.setting_up.emit(engine, "begins")
        bridge = self._studio.bridge

        def tell(line: str) -> None:
            _post(bridge, partial(self.setting_up.emit, engine, line))

        def over() -> None:
            self._set_up = ""
            self.setting_up.emit("", "")
            self.look(self._shown)

        def done(is_made: bool) -> None:
            over()
            self._studio.toast(f"{engine} is set up" if is_made else f"Setting up {engine} was cancelled")

        def failed(error: Exception) -> None:
            over()
            self._fail(error)

        def work() -> None:
            # A thread of its own: it takes many minutes, and reading must go on.
            try:
                is_made = models.set_up_engine(
                    engine, tell, cancelled.is_set, checkout=Path(checkout) if checkout else None
                )
            except HopchainError as error:
                _post(bridge, partial(failed, error))
            else:
                _post(bridge, partial(done, is_made))

        self.destroyed.connect(cancelled.set)
        threading.Thread(target=work, name="engine-set-up", daemon=True).start()

    def cancel_set_up(self) -> None:
        """Stops setting up; what was made so far is kept."""
        self._cancel_set_up.set()

    def _take_facts(self, facts: ModelFacts) -> None:
        self.facts = facts
        self.facts_changed.emit(facts)

    def cancel_check(self) -> None:
        """Asks no further."""
        self._cancel.set()

    def _ask(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        def alone() -> Any:
            # The file is read, changed and written whole: one after the other.
            with _file:
                return work()

        self._send(alone, then)

    def _send(self, work: Callable[[], Any], then: Callable[[Any], object], *, key: Hashable = None) -> None:
        with contextlib.suppress(RuntimeError):
            # The studio may be closing while an answer still comes that asks for more.
            self._studio.bridge.ask(work, then, key=key, failed=self._fail)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, RefusedFieldsError):
            self.fields_refused.emit(error.by_field)
        elif isinstance(error, HopchainError):
            self.refused.emit(f"{error} {getattr(error, 'hint', '')}".strip())
        else:
            self._studio.show_error(error)


def _post(bridge: Bridge, fn: Callable[[], object]) -> None:
    with contextlib.suppress(RuntimeError):
        # The studio may be gone by now.
        bridge.post(fn)
