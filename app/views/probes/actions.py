"""The action that starts probing, in every space of a project."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.actions import ActionSpec
from app.studio import Studio

START = "probes.start"


def probe_actions(studio: Studio, window: QWidget) -> tuple[ActionSpec, ...]:
    """Probing.

    Args:
        studio: What everything shares.
        window: The dialog belongs to it.
    """

    def ask() -> None:
        from app.views.probes.dialog import ProbeDialog

        ProbeDialog(studio, (), window).open()

    return (
        ActionSpec(
            id=START,
            text="Probe chains…",
            icon="search",
            group="Pipeline",
            run=ask,
            enabled_when=lambda: may_probe(studio),
            why_not=lambda: why_not_probe(studio),
            words="audit model blind unique skip hop trace leak guess",
        ),
    )


def may_probe(studio: Studio) -> bool:
    """Whether probing can begin now."""
    return not studio.is_read_only and not studio.runs.is_running


def why_not_probe(studio: Studio) -> str:
    """Why it cannot."""
    return "the project is open for reading only" if studio.is_read_only else "stages are running"
