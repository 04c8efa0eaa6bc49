"""The server of a vLLM profile: its state, a button that starts or stops it, and its log."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.spans import span_text
from app.models.stage_servers import STATE_WORDS
from app.presenters.models import ModelFacts
from app.views.pipeline.server_panel import LogText
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import Chip, ChipKind
from app.widgets.label import Label
from hopchain_core.models import ServerState

_KINDS = {ServerState.READY: ChipKind.OK, ServerState.DIED: ChipKind.BAD, ServerState.STARTING: ChipKind.ACCENT}


class ServerBox(QWidget):
    """Starts and stops a server by hand, to have it ready before a run."""

    start_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = Chip("Not started", ChipKind.NEUTRAL)
        self.button = Button("Start", "play", size_=ButtonSize.SMALL)
        self.copy = Button("Copy log", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)
        self.text = Label("", "meta", "secondary", wraps=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.log = LogText("Log of the server")
        self._lines: tuple[str, ...] = ()
        self._is_running = False
        self._asked_for = ""
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.state)
        head.addStretch(1)
        head.addWidget(self.copy)
        head.addWidget(self.button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(8)
        box.addLayout(head)
        box.addWidget(self.text)
        box.addWidget(self.log, 100)
        # Where there is no log, what is said stands at the top.
        box.addStretch(1)
        self.button.clicked.connect(self._press)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText("\n".join(self._lines)))

    def show_facts(self, facts: ModelFacts) -> None:
        """Shows how the server stands."""
        server = facts.server
        if self._asked_for and self._asked_for == ("start" if server is not None else "stop"):
            self._asked_for = ""
        self._is_running = server is not None
        if server is None:
            self.state.show_chip("Starting" if self._asked_for == "start" else "Not started", ChipKind.NEUTRAL)
            usual = "A run starts it when it needs it, and stops it again. Start it here to have it ready before."
            self.text.setText(usual)
        else:
            word = STATE_WORDS[server.state]
            if server.state in (ServerState.STARTING, ServerState.WAITING):
                word = f"{word} {span_text(time.time() - server.since)}"
            self.state.show_chip(word[:1].upper() + word[1:], _KINDS.get(server.state, ChipKind.NEUTRAL))
            self.text.setText(f"{server.text or server.url}" + (" · used by a run" if server.is_used else ""))
        self.button.set_icon("stop" if self._is_running else "play")
        self.button.set_text("Stop" if self._is_running else "Start")
        self.button.set_available(not self._asked_for, "it is on its way")
        self.copy.setVisible(bool(facts.log))
        if facts.log != self._lines:
            is_more = bool(self._lines) and facts.log[: len(self._lines)] == self._lines
            if is_more:
                self.log.add(facts.log[len(self._lines) :])
            else:
                self.log.show_lines(facts.log)
            self._lines = facts.log
        self.log.setVisible(bool(facts.log))

    def give_up_waiting(self) -> None:
        """What was asked for was refused."""
        self._asked_for = ""
        self.button.set_available(True)

    def _press(self) -> None:
        self._asked_for = "stop" if self._is_running else "start"
        self.button.set_available(False, "it is on its way")
        (self.stop_wanted if self._is_running else self.start_wanted).emit()
