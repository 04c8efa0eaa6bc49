"""The filters of a project's library, kept across restarts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.presenters.library_choice import Choice, filters_of
from app.settings import Settings

_NAME = "library.chosen"
_PROJECTS = 20
"""Filters of so many projects are kept. Chosen."""


class KeptFilters:
    """What is chosen in the library of one project, in the person's own settings.

    Args:
        settings: Of the person.
        project: The project's file.
    """

    def __init__(self, settings: Settings, project: Path) -> None:
        self._settings = settings
        self._place = str(project)

    def read(self) -> dict[str, Any]:
        """What was chosen last, as changes of a `Choice`."""
        return filters_of(self._all().get(self._place))

    def keep(self, choice: Choice) -> None:
        """Keeps what is chosen now."""
        kept = self._all()
        # What was changed last comes last, and what has not been for longest goes first.
        kept.pop(self._place, None)
        if filters := choice.kept():
            kept[self._place] = filters
        self._settings.set(_NAME, dict(list(kept.items())[-_PROJECTS:]))

    def _all(self) -> dict[str, Any]:
        kept = self._settings.get(_NAME)
        return dict(kept) if isinstance(kept, dict) else {}
