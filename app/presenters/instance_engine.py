"""The model that is prompted: which one, kept while it is used, let go when others need the card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.presenters.instance_prompting import Prompter, Prompting
from app.running import RunState
from app.studio import Studio
from hopchain_core.prompting import Proposals, Sam3Profile

_PROFILE = "instances.sam3"


class PromptEngine(QObject):
    """Chooses among profiles and keeps the model of one.

    The model is let go when a stage runs, when the project is closed, and by itself when nobody has asked for a while.

    Args:
        studio: What everything shares.
        prompting: Where models come from.
        parent: Owner.
    """

    profiles_changed = Signal(object)
    """A tuple of `Sam3Profile`; empty where there is none."""
    waited = Signal(str)
    """What is waited for."""
    stepped = Signal(object)
    """`PromptStep`."""
    stopped = Signal()
    """The model was let go: no answer will come."""

    def __init__(self, studio: Studio, prompting: Prompting, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.profiles: tuple[Sam3Profile, ...] | None = None
        self.profile: Sam3Profile | None = None
        self._studio = studio
        self._prompting = prompting
        self._prompter: Prompter | None = None
        studio.runs.changed.connect(self._follow_run)
        studio.project_changed.connect(self.release)

    def read_profiles(self) -> None:
        """Looks up the profiles again."""
        self._studio.bridge.ask(self._prompting.profiles, self._take, key="instances profiles")

    def choose(self, name: str) -> None:
        """Takes another profile, from the next prompt on."""
        self._studio.settings.set(_PROFILE, name)
        self._take(self.profiles or ())

    def _take(self, profiles: tuple[Sam3Profile, ...]) -> None:
        wanted = self._studio.settings.get(_PROFILE, "")
        first = profiles[0] if profiles else None
        profile = next((one for one in profiles if one.name == wanted), first)
        if profile != self.profile:
            self.release()
            self.profile = profile
        self.profiles = profiles
        self.profiles_changed.emit(profiles)

    async def find(self, path: Path, key: str, **asked: Any) -> Proposals:
        """Asks the model; see `Prompter.find`."""
        if self._prompter is None:
            assert self.profile is not None
            self._prompter = self._prompting.make(self.profile, self.waited.emit, self.stepped.emit)
        return await self._prompter.find(path, key, **asked)

    def release(self) -> None:
        """Lets the model go; the next prompt loads it again."""
        prompter, self._prompter = self._prompter, None
        if prompter is not None:
            self.stopped.emit()
            self._studio.spawn(prompter.release())

    def _follow_run(self, state: RunState) -> None:
        # The stage takes the card itself; it must not wait for a picture that somebody looks at.
        if state.is_running:
            self.release()
