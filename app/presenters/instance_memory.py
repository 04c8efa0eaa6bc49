"""Which picture a person looked at last in each project: found again after a restart."""

from __future__ import annotations

from app.settings import MOST_RECENT
from app.studio import Studio
from hopchain_core.domain.keys import ImageKey

_PICTURES = "instances.pictures"


class LastPictures:
    """Keeps them in the settings.

    Args:
        studio: Knows the project and the settings.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def last(self) -> ImageKey | None:
        """Of the open project; it may be gone."""
        project = self._studio.project
        key = self._all().get(str(project.path)) if project is not None else None
        return ImageKey(key) if isinstance(key, str) else None

    def note(self, key: ImageKey) -> None:
        """A person looks at a picture of the open project."""
        project = self._studio.project
        if project is not None:
            others = {path: one for path, one in self._all().items() if path != str(project.path)}
            newest = dict(list({str(project.path): str(key), **others}.items())[:MOST_RECENT])
            self._studio.settings.set(_PICTURES, newest)

    def _all(self) -> dict[str, object]:
        kept = self._studio.settings.get(_PICTURES, {})
        return kept if isinstance(kept, dict) else {}
