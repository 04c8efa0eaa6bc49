"""What a person had before them last in each project, such as a picture or filters: found again after a restart."""

from __future__ import annotations

from app.settings import MOST_RECENT
from app.studio import Studio


class LastPlace:
    """Keeps it in the settings.

    Args:
        studio: Knows the project and the settings.
        name: Of the setting.
    """

    def __init__(self, studio: Studio, name: str) -> None:
        self._studio = studio
        self._name = name

    def last(self) -> object:
        """In the open project; None for nothing. It may be gone."""
        project = self._studio.project
        return self._all().get(str(project.path)) if project is not None else None

    def note(self, place: object) -> None:
        """Something is before a person in the open project, in plain JSON; None for nothing."""
        project = self._studio.project
        if project is not None and self.last() != place:
            others = {path: one for path, one in self._all().items() if path != str(project.path)}
            newest = others if place is None else {str(project.path): place, **others}
            self._studio.settings.set(self._name, dict(list(newest.items())[:MOST_RECENT]))

    def _all(self) -> dict[str, object]:
        kept = self._studio.settings.get(self._name, {})
        return kept if isinstance(kept, dict) else {}
