"""The question and the instances it was made for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.chain_edit import ChainEdit
from app.views.chains.chips import ChipFlow, ChipText, missing_chip
from app.views.chains.edit.text_field import TextField
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import ChipKind
from app.widgets.label import Label
from hopchain_core.domain.keys import InstanceKey

Colour = Callable[[InstanceKey], QColor | None]


def instance_chips(edit: ChainEdit, keys: tuple[InstanceKey, ...], colour: Colour) -> list[ChipText]:
    """Instances as chips with their colour on the picture."""
    chips = []
    for key in keys:
        name = edit.names.get(key)
        if name is None:
            chips.append(missing_chip(edit.facts, key))
        else:
            chips.append(ChipText(name, ChipKind.OUTLINE, swatch=colour(key), value=key))
    return chips


class FieldHead(QWidget):
    """The name of a field, a figure, and a small button at the right.

    Args:
        text: What is below.
        button: Text of the button.
        name: What the button does, for screen readers.
    """

    asked = Signal()

    def __init__(self, text: str, button: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Label(text, "caption-strong", "secondary")
        self.figure = Label("", "meta", "tertiary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addWidget(self.figure)
        row.addStretch(1)
        self.button = Button(button, "pointer", ButtonKind.QUIET, size_=ButtonSize.SMALL, name=name)
        self.button.clicked.connect(self.asked)
        row.addWidget(self.button)


class QuestionEditor(QWidget):
    """The question as people and models are asked it, and the chosen instances.

    Args:
        edit: What is edited.
        colour: Of an instance on the canvas.
    """

    pick_asked = Signal()
    instance_hovered = Signal(object)

    def __init__(self, edit: ChainEdit, colour: Colour, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self._colour = colour
        self.field = TextField("Question", "question", least_lines=3, most_lines=10)
        self.head = FieldHead("Instances", "Pick", "Pick the instances of the chain")
        self.chips = ChipFlow("Instances")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(6)
        column.addWidget(Label("Question", "caption-strong", "secondary"))
        column.addWidget(self.field)
        column.addSpacing(6)
        column.addWidget(self.head)
        column.addWidget(self.chips)
        self.field.typed.connect(self._edit.set_question)
        self.head.asked.connect(self.pick_asked)
        self.chips.hovered.connect(lambda value: self.instance_hovered.emit(InstanceKey(value) if value else None))
        self.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.sizePolicy().Policy.Minimum)

    def begin(self) -> None:
        """Shows another chain."""
        self.field.begin_with(self._edit.state.question)
        self.refresh()

    def refresh(self) -> None:
        """Shows what is chosen now; the text only where it was changed by other means than typing."""
        keys = self._edit.state.instances
        self.chips.show_chips(
            instance_chips(self._edit, keys, self._colour) or [ChipText("none", hint="Pick three to six instances")]
        )
        self.head.figure.setText(f"{len(keys)} of 3 to 6")

    def show_texts(self) -> None:
        """Takes over what was changed by other means than typing."""
        self.field.show_text(self._edit.state.question)

    def focus_field(self) -> None:
        """Gives the keyboard to the question."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
