"""The actions of the frame: those that hold in every space."""

from __future__ import annotations

from functools import partial

from app.actions import ActionSpec
from app.studio import Studio

APP = "Studio"
PROJECT = "Project"
EDIT = "Edit"
GO = "Go to"


def edit_actions(studio: Studio) -> tuple[ActionSpec, ...]:
    """Undo and redo."""

    def can_write() -> bool:
        return not studio.is_read_only

    return (
        ActionSpec(
            id="edit.undo",
            text="Undo",
            icon="undo",
            keys=("U", "Ctrl+Z"),
            group=EDIT,
            menu="edit",
            run=studio.undo,
            enabled_when=lambda: can_write() and studio.undo_texts[0] is not None,
            why_not=lambda: "nothing to undo",
        ),
        ActionSpec(
            id="edit.redo",
            text="Redo",
            icon="redo",
            keys=("Ctrl+Shift+Z", "Ctrl+Y"),
            group=EDIT,
            menu="edit",
            run=studio.redo,
            enabled_when=lambda: can_write() and studio.undo_texts[1] is not None,
            why_not=lambda: "nothing to do again",
        ),
    )


def go_actions(studio: Studio, spaces: list[tuple[str, str, str]]) -> tuple[ActionSpec, ...]:
    """One for each space: id, title, icon; Ctrl and its place on the rail."""
    return tuple(
        ActionSpec(
            id=f"go.{space}",
            text=title,
            icon=icon,
            keys=(f"Ctrl+{index}",) if index < 10 else (),
            group=GO,
            menu="view",
            run=partial(studio.go, space),
        )
        for index, (space, title, icon) in enumerate(spaces, start=1)
    )
