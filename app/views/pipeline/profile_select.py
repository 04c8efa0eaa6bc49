"""A drop-down of the person's models, with a way to add one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.schema_fields import FormField
from app.widgets.choice import Select
from app.widgets.label import Label

_ADD = object()


class ProfileSelect(Select):
    """Models that fit, by the names of their profiles."""

    chosen = Signal()
    """A person chose another model."""
    add_wanted = Signal()
    """A person wants one that is not there yet."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self._before = -1
        self.activated.connect(self._activated)

    def show_choices(self, field: FormField, value: str) -> None:
        """Shows what can be chosen. One that is chosen and gone stays, and says that it is gone."""
        self.clear()
        names = [str(choice).casefold() for choice in field.choices]
        for choice, label in zip(field.choices, field.labels, strict=True):
            self.addItem(label, choice)
        if value and value.casefold() not in names:
            self.insertItem(0, f"{value} · not there", value)
            names.insert(0, value.casefold())
        if names:
            self.insertSeparator(self.count())
        self.addItem("Add a model…", _ADD)
        self._before = names.index(value.casefold()) if value else -1
        self.setCurrentIndex(self._before)

    @property
    def is_gone(self) -> bool:
        """What is chosen is not there."""
        return self.currentIndex() == 0 and self.currentText().endswith(" · not there")

    def _activated(self, index: int) -> None:
        if self.itemData(index) is _ADD:
            self.setCurrentIndex(self._before)
            self.add_wanted.emit()
        elif index != self._before:
            self._before = index
            self.chosen.emit()


class CheckedChoice(QWidget):
    """A drop-down with a line beneath that says what is wrong with what is chosen.

    Args:
        select: The drop-down.
    """

    def __init__(self, select: Select, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.select = select
        self.refusal = Label("", "meta", "bad", wraps=True)
        self.refusal.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(select, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.refusal)

    def show_refusal(self, text: str) -> None:
        """Says why; an empty text takes it away."""
        self.select.setAccessibleDescription(text)
        self.refusal.setText(text)
        self.refusal.setVisible(bool(text))
