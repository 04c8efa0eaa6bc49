"""Beneath the fields of a hop: adds one after it, moves it, removes it; asks where others need it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.chain_edit import ChainEdit
from app.views.chains.edit.notices import Strip
from app.widgets.button import Button, ButtonKind, ButtonSize

ADD_KEYS, REMOVE_KEYS = "Ctrl+Alt+N", "Ctrl+Alt+Backspace"
UP_KEYS, DOWN_KEYS = "Ctrl+Alt+Up", "Ctrl+Alt+Down"


class HopTools(QWidget):
    """What can be done with a whole hop.

    Args:
        edit: What is edited.
        index: Number of the hop.
    """

    def __init__(self, edit: ChainEdit, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit, self._index = edit, index
        self.add = Button("Add a hop after this", "plus", ButtonKind.QUIET, size_=ButtonSize.SMALL, keys=ADD_KEYS)
        self.up = _tool("chevron-up", f"Move hop {index} up", UP_KEYS)
        self.down = _tool("chevron-down", f"Move hop {index} down", DOWN_KEYS)
        self.remove = _tool("trash", f"Remove hop {index}", REMOVE_KEYS)
        self.asking = Strip("warning", "warn")
        self.agree = Button("Remove it", "trash", ButtonKind.DANGER, size_=ButtonSize.SMALL)
        self.keep = Button("Keep it", size_=ButtonSize.SMALL)
        self.asking.buttons.addWidget(self.agree)
        self.asking.buttons.addWidget(self.keep)
        self.asking.buttons.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.add)
        row.addStretch(1)
        for button in (self.up, self.down, self.remove):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.asking)
        self.add.clicked.connect(lambda: edit.add_hop(index))
        self.up.clicked.connect(lambda: edit.move_hop(index, -1))
        self.down.clicked.connect(lambda: edit.move_hop(index, 1))
        self.remove.clicked.connect(lambda: edit.remove_hop(index))
        self.agree.clicked.connect(lambda: edit.remove_hop(index, is_agreed=True))
        self.keep.clicked.connect(edit.keep_hop)

    def refresh(self) -> None:
        """Shows what can be done now, and what is asked."""
        state = self._edit.state
        for button, step in ((self.up, -1), (self.down, 1)):
            refusal = state.move_refusal(self._index, step)
            button.set_available(not refusal, refusal)
        self.remove.set_available(len(state.hops) > 1, "A chain has one hop at least.")
        was_asking = not self.asking.isHidden()
        is_asking = self._edit.removing == self._index
        self.asking.say(self._edit.removal_words if is_asking else "")
        if is_asking and not was_asking:
            self.keep.setFocus(Qt.FocusReason.OtherFocusReason)


def _tool(icon: str, name: str, keys: str) -> Button:
    return Button("", icon, ButtonKind.QUIET, size_=ButtonSize.SMALL, keys=keys, name=name)
