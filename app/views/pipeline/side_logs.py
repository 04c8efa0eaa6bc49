"""At the right of the stages: the log of the run, and one of each model server it has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.models.event_log import EventLog
from app.models.stage_servers import ServerBoard
from app.views.pipeline.log_panel import LogPanel
from app.views.pipeline.server_panel import ServerPanel
from app.widgets.panel import Ground, Line
from app.widgets.segmented import Segment, Segmented

_RUN = "\0run"


class SideLogs(Ground):
    """The log, and above it a choice of servers once there is one.

    Args:
        log: Of the run.
        board: Its servers.
    """

    def __init__(self, log: EventLog, board: ServerBoard, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._board = board
        self.log = LogPanel(log)
        self.servers: dict[str, ServerPanel] = {}
        self.which = Segmented([Segment(_RUN, "Run")], "Logs", is_small=True)
        self._bar = Ground("surface", is_row=True, margins=(16, 8, 16, 8))
        self._bar.box.addWidget(self.which)
        self._bar.box.addStretch(1)
        self._line = Line()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.log)
        for widget in (self._bar, self._line):
            widget.hide()
            self.box.addWidget(widget)
        self.box.addWidget(self._stack, 1)
        self.which.chosen.connect(self._choose)

    def show_server(self, name: str, lines: Sequence[str]) -> None:
        """Shows what is new of a server."""
        server, now = self._board.servers[name], self._board.clock()
        panel = self.servers.get(name)
        if panel is not None:
            panel.show_news(lines, now)
            return
        panel = self.servers[name] = ServerPanel(server, now)
        self._stack.addWidget(panel)
        before = self.which.value()
        self.which.set_segments([Segment(_RUN, "Run"), *(Segment(name, name) for name in self.servers)])
        self.which.set_value(before)
        self._bar.show()
        self._line.show()

    def open_server(self, name: str) -> None:
        """Shows the log of a server."""
        if name in self.servers:
            self.which.set_value(name)
            self._choose(name)

    def _choose(self, value: str) -> None:
        self._stack.setCurrentWidget(self.servers.get(value, self.log))
