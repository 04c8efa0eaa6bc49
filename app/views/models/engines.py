"""Engines: what is there, what each takes on the disk, and a button that sets it up."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.models import ModelFacts
from app.views.pipeline.server_panel import LogText
from app.widgets.button import Button, ButtonSize
from app.widgets.chip import Chip, ChipKind
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Line
from app.widgets.scroll import ScrollColumn
from hopchain_core.models import EngineFacts

CLONED = {"sam3": "github.com/facebookresearch/sam3; what PyPI offers under that name is not its authors' release"}
"""Where the source of a package is, that no index has."""


class EnginesPage(QWidget):
    """One row an engine, the cards above, and the progress of what is being set up beneath."""

    set_up_wanted = Signal(str, str)
    """(engine, checkout that it is made from; empty where it needs none)."""
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = Label("", "meta", "secondary", wraps=True)
        self.rows: dict[str, EngineRow] = {}
        body = QWidget()
        self._rows = QVBoxLayout(body)
        self._rows.setContentsMargins(0, 0, 12, 0)
        self._rows.setSpacing(0)
        self._rows.addStretch(1)
        scroll = ScrollColumn(body, takes_keys=True, least_height_px=160)
        self.refused = QuestionLabel("", "meta", tone="warn")
        self.now = Label("", "label")
        self.log = LogText("Progress of setting up")
        self.log.setMinimumHeight(120)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Label("Engines", "heading"))
        about = (
            "Programs that run models on this computer, each in an environment of its own. None is needed for servers."
        )
        layout.addWidget(Label(about, "meta", "secondary", wraps=True))
        layout.addWidget(self.cards)
        layout.addWidget(scroll, 3)
        layout.addWidget(self.refused)
        layout.addWidget(self.now)
        layout.addWidget(self.log, 2)
        self._setting_up = ""
        self.refused.hide()
        self.now.hide()
        self.log.hide()

    def show_facts(self, facts: ModelFacts) -> None:
        """Shows what there is."""
        words = [f"Card {card.number}: {card.name}, {card.total_mib / 1024:.0f} GiB" for card in facts.cards]
        self.cards.setText("\n".join(words) or "No card was found; models here run on the processor, slowly.")
        for engine in facts.engines:
            if engine.name not in self.rows:
                row = self.rows[engine.name] = EngineRow(engine.name)
                row.button.clicked.connect(lambda _=False, name=engine.name: self._press(name))
                self._rows.insertWidget(self._rows.count() - 1, row)
            self.rows[engine.name].show_engine(engine, self._setting_up)

    def say(self, text: str) -> None:
        """Says why something was not done; empty to say nothing more of it."""
        self.refused.setText(text)
        self.refused.setVisible(bool(text))

    def show_progress(self, engine: str, line: str, facts: ModelFacts) -> None:
        """Shows a line of what is being set up; an empty engine when that is over."""
        if engine and engine != self._setting_up:
            self.log.show_lines(())
            self.say("")
        self._setting_up = engine
        self.now.setText(f"Setting up {engine}…" if engine else "")
        self.now.setVisible(bool(engine))
        self.log.setVisible(bool(engine) or bool(self.log.toPlainText()))
        if line:
            self.log.add([line])
        self.show_facts(facts)

    def _press(self, name: str) -> None:
        if self._setting_up == name:
            self.cancel_wanted.emit()
        elif self.rows[name].brings:
            self.ask_checkout(name).open()
        else:
            self.set_up_wanted.emit(name, "")

    def ask_checkout(self, name: str) -> QFileDialog:
        """Asks for the folder with the source of a package that no index has."""
        row = self.rows[name]
        dialog = QFileDialog(self, f"The folder that {row.brings} was cloned into", row.checkout)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda folder: self.set_up_wanted.emit(name, folder))
        return dialog


class EngineRow(QWidget):
    """An engine.

    Args:
        name: Word for it.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.brings = ""
        self.checkout = ""
        self.title = Label(name, "label")
        self.state = Chip("", ChipKind.NEUTRAL)
        self.about = Label("", "meta", "secondary", wraps=True)
        self.found = Label("", "caption", "tertiary", wraps=True)
        self.button = Button("Set up", size_=ButtonSize.SMALL)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.state)
        head.addStretch(1)
        head.addWidget(self.button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(4)
        box.addLayout(head)
        box.addWidget(self.about)
        box.addWidget(self.found)
        box.addSpacing(4)
        box.addWidget(Line())

    def show_engine(self, engine: EngineFacts, setting_up: str) -> None:
        """Shows how it stands."""
        self.brings, self.checkout = engine.brings, engine.checkout
        is_there = bool(engine.versions)
        is_now = setting_up == engine.name
        self.state.show_chip(
            "Being set up" if is_now else "Set up" if is_there else "Not set up",
            ChipKind.ACCENT if is_now else ChipKind.OK if is_there else ChipKind.NEUTRAL,
        )
        source = f" Needs a clone of {CLONED[engine.brings]}." if engine.brings and not engine.checkout else ""
        self.about.setText(f"{engine.title}.{source}")
        versions = ", ".join(f"{name} {version}" for name, version in engine.versions.items())
        free = engine.free_gigabytes
        size = f"Takes about {engine.gigabytes:g} GB in {engine.folder}; {free:,.0f} GB are free."
        lies = f"{engine.folder}, from {engine.checkout}" if engine.checkout else engine.folder
        self.found.setText(f"{versions}\n{lies}" if is_there else size)
        more = "…" if engine.brings else ""
        self.button.set_text("Cancel" if is_now else f"Set up again{more}" if is_there else f"Set up{more}")
        self.button.set_name(f"{self.button.text()} {engine.name}")
        has_room = free > engine.gigabytes or is_there
        self.button.set_available(
            is_now or (has_room and not setting_up),
            f"{setting_up} is being set up" if setting_up else "there is too little room on the disk",
        )
