"""How far probing is, with what stops it; afterwards what failed, with what tries it again."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.status_words import counted
from app.presenters.probes import ProbeLive, ProbeWatch
from app.studio import Studio
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import ElidedLabel
from app.widgets.panel import Bar, IconLabel


class ProbeLine(QWidget):
    """One line while chains are probed, and one while something fails; hidden otherwise.

    Args:
        studio: Says whether anything may be started.
        watch: Follows probing.
    """

    def __init__(self, studio: Studio, watch: ProbeWatch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._watch = watch
        self.text = ElidedLabel("", "meta", "secondary")
        self.bar = Bar("Probing")
        self.cancel = Button("Cancel", "stop", ButtonKind.QUIET, size_=ButtonSize.SMALL, name="Stop probing")
        self.failed = ElidedLabel("", "meta", "bad")
        self.show_failures = Button("Show", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL, name="Show what failed")
        self.retry = Button("Retry", "retry", ButtonKind.QUIET, size_=ButtonSize.SMALL, name="Try again what failed")
        self._going, self._failing = QWidget(), QWidget()
        going = QHBoxLayout(self._going)
        failing = QHBoxLayout(self._failing)
        for row in (going, failing):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(12)
        self.text.setMinimumWidth(240)
        going.addWidget(self.text)
        going.addWidget(self.bar, 1)
        going.addWidget(self.cancel)
        failing.addWidget(IconLabel("error", 16, "bad"))
        failing.addWidget(self.failed, 1)
        failing.addWidget(self.show_failures)
        failing.addWidget(self.retry)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._going)
        column.addWidget(self._failing)
        self.cancel.clicked.connect(watch.cancel)
        self.retry.clicked.connect(watch.retry)
        self.show_failures.clicked.connect(watch.show_failures)
        watch.changed.connect(self.show_live)
        studio.runs.changed.connect(lambda _: self.show_live(watch.live))
        self.show_live(watch.live)

    def show_live(self, live: ProbeLive) -> None:
        """Shows how it stands."""
        self.setVisible(live.is_running or bool(live.failing))
        self._going.setVisible(live.is_running)
        self._failing.setVisible(bool(live.failing))
        self.text.setText(live.text)
        self.bar.show_share(live.share_done, live.share_failed)
        self.cancel.set_available(not live.is_cancelling, "it is stopping")
        self.failed.setText(f"{counted(live.failing, 'probe of a chain', 'probes of chains')} failed")
        why = "the project is open for reading only" if self._studio.is_read_only else "stages are running"
        self.retry.set_available(not self._studio.is_read_only and not self._studio.runs.is_running, why)
