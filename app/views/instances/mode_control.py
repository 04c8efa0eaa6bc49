"""Word, box or points: one of them, or none while nobody prompts."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.presenters.instance_prompts import PromptMode
from app.widgets.segmented import Segment, Segmented

_SHOWN = ((PromptMode.WORD, "Word", "text"), (PromptMode.BOX, "Box", "box"), (PromptMode.POINTS, "Points", "points"))
_NONE = -1


class ModeControl(Segmented):
    """Segments of which none need be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_segments(has_words=True), "Find with SAM 3", parent=parent)
        self.show_mode(None)

    def show_mode(self, mode: PromptMode | None) -> None:
        """Shows by what one prompts."""
        if mode is None:
            self._index = _NONE
        else:
            self._index = [one for one, _, _ in _SHOWN].index(mode)
        self._tell()
        self.update()

    def set_words(self, has_words: bool) -> None:
        """With words, or icons alone where there is little room."""
        index = self._index
        self.set_segments(_segments(has_words=has_words))
        self._index = index
        self._tell()

    def _tell(self) -> None:
        if self._index == _NONE:
            self.setAccessibleName(self._name)
        else:
            super()._tell()


def _segments(*, has_words: bool) -> list[Segment]:
    return [Segment(mode.value, word if has_words else "", icon=icon, name=word) for mode, word, icon in _SHOWN]
