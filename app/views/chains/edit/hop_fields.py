"""All fields of one hop, with what the rules and the masks say beside them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.chain_draft import keys_of
from app.models.chain_words import KIND_WORDS, LEVEL_ICONS, level_word, operation_word
from app.models.draft_picks import Pick, PickField
from app.models.operation_fit import Kind, kind_of
from app.presenters.chain_edit import ChainEdit
from app.style.tokens import tokens_of
from app.views.chains.chips import ChipFlow, ChipText
from app.views.chains.edit.check_row import CheckRow, hop_words
from app.views.chains.edit.finding_list import FindingList
from app.views.chains.edit.hop_tools import HopTools
from app.views.chains.edit.question_editor import instance_chips
from app.views.chains.edit.text_field import LineField, TextField
from app.views.chains.hop_row import paint_number
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import ChipKind
from app.widgets.label import Label
from app.widgets.segmented import Segment, Segmented
from hopchain_core.domain.chains import Level, ValueReference
from hopchain_core.domain.keys import InstanceKey

Colour = Callable[[InstanceKey], QColor | None]
_NAME_PX = 76
_LEVELS: dict[str, Level | None] = {"1": Level.ONE_OBJECT, "2": Level.SEVERAL, "": None}
_LEVEL_NAMES = {"1": "Level 1: one object", "2": "Level 2: several objects", "": "Calculation: looks at nothing"}


class HopFields(QWidget):
    """The open hop.

    Args:
        edit: What is edited.
        index: Number of the hop.
        colour: Of an instance on the canvas.
    """

    pick_asked = Signal(object)
    """The `Pick`."""
    hop_asked = Signal(int)
    instance_hovered = Signal(object)

    def __init__(self, edit: ChainEdit, index: int, colour: Colour, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self._edit = edit
        self._colour = colour
        hop = edit.state.hop(index)
        self.setAccessibleName(f"Hop {index}, being edited")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.level = Segmented(
            [
                Segment(value, level_word(level) if level else "Sum", icon=LEVEL_ICONS[level], name=_LEVEL_NAMES[value])
                for value, level in _LEVELS.items()
            ],
            f"Level of hop {index}",
            is_small=True,
        )
        self.kinds = ChipFlow("Kinds")
        self.sub_question = TextField(f"Sub-question of hop {index}")
        self.sub_question.begin_with(hop.sub_question)
        self.needs: dict[int, Button] = {}
        self.uses = ChipFlow("Starts from")
        self.kind = Segmented(
            [
                Segment(Kind.OBJECT.value, "Object"),
                Segment(Kind.OBJECTS.value, "Objects"),
                Segment(Kind.VALUE.value, "Value"),
            ],
            f"What hop {index} finds",
            is_small=True,
        )
        self.establishes = ChipFlow("Finds")
        self.pick_uses = _pick_button(f"Pick what hop {index} starts from")
        self.pick_found = _pick_button(f"Pick what hop {index} finds")
        self.output = LineField(f"Output of hop {index}")
        self.output.setText(hop.output)
        self.check = CheckRow()
        self.findings = FindingList()
        self.tools = HopTools(edit, index)
        self._lay_out()
        self.level.chosen.connect(lambda value: edit.set_hop(index, level=_LEVELS[value]))
        self.kind.chosen.connect(lambda value: edit.set_kind(index, Kind(value)))
        self.sub_question.typed.connect(lambda text: edit.set_hop(index, sub_question=text))
        self.output.typed.connect(lambda text: edit.set_hop(index, output=text))
        self.check.take_asked.connect(lambda: edit.take(index))
        self.check.choice_made.connect(lambda fits: edit.keep_operation(index, fits))
        self.pick_uses.clicked.connect(lambda: self.pick_asked.emit(Pick(PickField.USES, index)))
        self.pick_found.clicked.connect(lambda: self.pick_asked.emit(Pick(PickField.ESTABLISHES, index)))
        self.tools.keep.clicked.connect(lambda: self.sub_question.setFocus(Qt.FocusReason.OtherFocusReason))
        for flow in (self.uses, self.establishes):
            flow.hovered.connect(lambda value: self.instance_hovered.emit(InstanceKey(value) if value else None))
        self.refresh()

    def focus_field(self) -> None:
        """Gives the keyboard to the sub-question, at its end: a word is added or changed more often than all of them."""
        self.sub_question.setFocus(Qt.FocusReason.OtherFocusReason)
        self.sub_question.moveCursor(QTextCursor.MoveOperation.End)

    def show_texts(self) -> None:
        """Takes over what was changed by other means than typing."""
        hop = self._edit.state.hop(self.index)
        self.sub_question.show_text(hop.sub_question)
        self.output.show_text(hop.output)

    def refresh(self) -> None:
        """Shows the hop as it is in the draft now; texts are left to the one who types."""
        edit, hop = self._edit, self._edit.state.hop(self.index)
        checked = edit.result
        self.level.set_value(next(value for value, level in _LEVELS.items() if level is hop.level))
        kinds = checked.kinds.get(self.index, frozenset()) if checked is not None else frozenset()
        chips = []
        for kind in sorted(kinds):
            text, hint = KIND_WORDS[kind]
            chips.append(ChipText(text, ChipKind.OUTLINE, hint=hint))
        self.kinds.show_chips(chips)
        self.kinds.setVisible(bool(chips))
        for index, button in self.needs.items():
            button.setChecked(index in hop.needs)
        values = [
            ChipText(r.value, hint="A value from an earlier hop") for r in hop.uses if isinstance(r, ValueReference)
        ]
        used = [*values, *instance_chips(edit, keys_of(hop.uses), self._colour)]
        self.uses.show_chips(used or [ChipText("the picture alone")])
        found = kind_of(hop.establishes) or Kind.OBJECT
        self.kind.set_value(found.value)
        self.pick_found.setVisible(found is not Kind.VALUE)
        self.establishes.setVisible(found is not Kind.VALUE)
        self.establishes.show_chips(
            instance_chips(edit, keys_of(hop.establishes), self._colour) or [ChipText("none", hint="Pick it")]
        )
        words = hop_words(
            edit.fits[self.index],
            edit.differences.get(self.index),
            checked is not None and self.index in checked.same,
            operation_word(hop.operation),
            edit.is_checked,
        )
        self.check.show_words(words)
        self.findings.show_findings(checked.beside(self.index) if checked is not None else ())
        self.tools.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(_Number(self.index))
        head.addWidget(self.level)
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(self.kinds)
        column.addWidget(self.sub_question)
        if self.index > 1:
            column.addLayout(_named("Needs", self._need_buttons()))
        uses = QHBoxLayout()
        uses.addWidget(self.uses, 1, Qt.AlignmentFlag.AlignVCenter)
        uses.addWidget(self.pick_uses, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(_named("Starts from", uses))
        finds = QHBoxLayout()
        finds.addWidget(self.kind)
        finds.addStretch(1)
        column.addLayout(_named("Finds", finds))
        found = QHBoxLayout()
        found.setContentsMargins(0, 0, 0, 0)
        found.setSpacing(0)
        found.addSpacing(_NAME_PX + 8)
        found.addWidget(self.establishes, 1, Qt.AlignmentFlag.AlignVCenter)
        found.addSpacing(8)
        found.addWidget(self.pick_found, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(found)
        output = QHBoxLayout()
        output.addWidget(self.output)
        column.addLayout(_named("Output", output, 32))
        column.addWidget(self.check)
        column.addWidget(self.findings)
        column.addWidget(self.tools)

    def _need_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for hop in self._edit.state.hops:
            if hop.index >= self.index:
                break
            button = Button(str(hop.index), size_=ButtonSize.SMALL, name=f"Hop {hop.index}: {hop.sub_question}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, n=hop.index: self._toggle_need(n))
            self.needs[hop.index] = button
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _toggle_need(self, index: int) -> None:
        needs = set(self._edit.state.hop(self.index).needs) ^ {index}
        self._edit.set_hop(self.index, needs=tuple(sorted(needs)))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 0, 3, self.height()), t.accent)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.line)


def _named(text: str, row: QHBoxLayout, height_px: int = 24) -> QHBoxLayout:
    """A row with its name before it; the names of all rows are as wide."""
    label = Label(text, "caption-strong", "secondary")
    label.setFixedWidth(_NAME_PX)
    label.setMinimumHeight(height_px)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.insertWidget(0, label, 0, Qt.AlignmentFlag.AlignTop)
    return row


def _pick_button(name: str) -> Button:
    return Button("Pick", "pointer", ButtonKind.QUIET, size_=ButtonSize.SMALL, name=name)


class _Number(QWidget):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_number(QPainter(self), QRectF(self.rect()), self._number, tokens_of(self), is_open=True)
