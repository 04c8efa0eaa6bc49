"""Settings: who sits here, how it looks, which keys."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.style.theme import ThemeMode
from app.widgets.button import Button, ButtonKind
from app.widgets.dialog import Dialog
from app.widgets.field import Field
from app.widgets.label import Label, QuestionLabel
from app.widgets.segmented import Segment, Segmented


class SettingsDialog(Dialog):
    """Holds at once; there is nothing to confirm.

    Args:
        person: Name under answers, marks and comments.
        mode: Theme chosen.
        parent: The window.
    """

    person_changed = Signal(str)
    theme_chosen = Signal(str)
    keys_asked = Signal()
    tour_asked = Signal()

    def __init__(self, person: str, mode: ThemeMode, parent: QWidget | None = None) -> None:
        super().__init__("Settings", width_px=480, parent=parent)
        self.box.setSpacing(8)
        self.person = Field("Your name")
        self.person.setText(person)
        self.person.editingFinished.connect(lambda: self.person_changed.emit(self.person.text()))
        self.theme = Segmented(
            [
                Segment(ThemeMode.SYSTEM, "System", icon="system"),
                Segment(ThemeMode.LIGHT, "Light", icon="sun"),
                Segment(ThemeMode.DARK, "Dark", icon="moon"),
            ],
            "Theme",
        )
        self.theme.set_value(mode)
        self.theme.chosen.connect(self.theme_chosen)
        keys = Button("Change shortcuts…", "keyboard")
        keys.clicked.connect(self._to_keys)
        tour = Button("Show the tour", "tour")
        tour.clicked.connect(self._to_tour)
        self.box.addWidget(Label("Your name", "caption-strong", "secondary"))
        self.box.addWidget(self.person)
        self.box.addWidget(
            QuestionLabel("Stands under your answers, marks and comments.", "meta", tone="text-tertiary")
        )
        self.box.addSpacing(8)
        self.box.addWidget(Label("Theme", "caption-strong", "secondary"))
        self.box.addWidget(self.theme)
        self.box.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(keys)
        row.addWidget(tour)
        row.addStretch(1)
        self.box.addLayout(row)
        self.add_button("Done", ButtonKind.PRIMARY)

    def done(self, result: int) -> None:
        self.person_changed.emit(self.person.text())
        super().done(result)

    def _to_keys(self) -> None:
        self.accept()
        self.keys_asked.emit()

    def _to_tour(self) -> None:
        self.accept()
        self.tour_asked.emit()
