"""Settings: who sits here, how it looks and moves, which keys."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.settings import SCALES
from app.style.theme import ThemeMode
from app.widgets.button import Button, ButtonKind
from app.widgets.choice import CheckBox
from app.widgets.dialog import Dialog
from app.widgets.field import Field
from app.widgets.label import Label, QuestionLabel
from app.widgets.segmented import Segment, Segmented


class SettingsDialog(Dialog):
    """Holds at once; there is nothing to confirm.

    Args:
        parent: The window.
    """

    person_changed = Signal(str)
    theme_chosen = Signal(str)
    scale_chosen = Signal(str)
    """In per cent."""
    motion_chosen = Signal(bool)
    """Whether it is reduced."""
    keys_asked = Signal()
    tour_asked = Signal()
    models_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Settings", width_px=520, parent=parent)
        self.box.setSpacing(8)
        self.person = Field("Your name")
        self.person.editingFinished.connect(lambda: self.person_changed.emit(self.person.text()))
        self.theme = Segmented(
            [
                Segment(ThemeMode.SYSTEM, "System", icon="system"),
                Segment(ThemeMode.LIGHT, "Light", icon="sun"),
                Segment(ThemeMode.DARK, "Dark", icon="moon"),
            ],
            "Theme",
        )
        self.theme.chosen.connect(self.theme_chosen)
        self.scale = Segmented([Segment(str(value), f"{value} %") for value in SCALES], "Size")
        self.scale.chosen.connect(self._take_scale)
        self._scale_note = QuestionLabel(
            "On top of what the screen asks for; for text and everything else.", "meta", tone="text-tertiary"
        )
        self.motion = CheckBox("Reduce motion: no zooming and no fading between hops")
        self.motion.toggled.connect(self.motion_chosen)
        self.keys = Button("Change shortcuts…", "keyboard")
        self.keys.clicked.connect(self._to_keys)
        self.tour = Button("Show the tour", "tour")
        self.tour.clicked.connect(self._to_tour)
        self.models = Button("Models…", "server")
        self.models.clicked.connect(self._to_models)
        self._lay_out()
        self.add_button("Done", ButtonKind.PRIMARY)

    def show_person(self, name: str) -> None:
        """Shows who sits here."""
        self.person.setText(name)

    def show_theme(self, mode: ThemeMode) -> None:
        """Shows which theme is chosen."""
        self.theme.set_value(mode)

    def show_scale(self, per_cent: int) -> None:
        """Shows how large everything is."""
        self.scale.set_value(str(per_cent))

    def show_reduced_motion(self, is_reduced: bool) -> None:
        """Shows whether motion is reduced."""
        self.motion.blockSignals(True)
        self.motion.setChecked(is_reduced)
        self.motion.blockSignals(False)

    def done(self, result: int) -> None:
        self.person_changed.emit(self.person.text())
        super().done(result)

    def _lay_out(self) -> None:
        note = QuestionLabel("Stands under your answers, marks and comments.", "meta", tone="text-tertiary")
        groups: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("Your name", (self.person, note)),
            ("Theme", (self.theme,)),
            ("Size", (self.scale, self._scale_note)),
            ("Motion", (self.motion,)),
        )
        self.box.addSpacing(4)
        for heading, parts in groups:
            self.box.addWidget(Label(heading, "caption-strong", "secondary"))
            for part in parts:
                self.box.addWidget(part)
            self.box.addSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.keys)
        row.addWidget(self.tour)
        row.addWidget(self.models)
        row.addStretch(1)
        self.box.addLayout(row)

    def _take_scale(self, per_cent: str) -> None:
        self._scale_note.setText("Holds from the next start of the studio on.")
        self.scale_chosen.emit(per_cent)

    def _to_keys(self) -> None:
        self.accept()
        self.keys_asked.emit()

    def _to_tour(self) -> None:
        self.accept()
        self.tour_asked.emit()

    def _to_models(self) -> None:
        self.accept()
        self.models_asked.emit()
