"""The start screen: open, recent, new from a folder, sample project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.widgets.button import Button, ButtonKind
from app.widgets.label import Label
from app.widgets.panel import Ground
from app.widgets.space import SpaceView


class StartView(SpaceView):
    """What is shown while no project is open."""

    open_asked = Signal()
    recent_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        ground = Ground("surface", margins=(48, 48, 48, 48), spacing=16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(ground)
        ground.box.addWidget(Label("HopChain Studio", "title"))
        button = Button("Open a project…", "folder-open", ButtonKind.PRIMARY)
        button.clicked.connect(self.open_asked)
        ground.box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._recent = ground.box
        ground.box.addStretch(1)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Shows the projects opened lately."""
