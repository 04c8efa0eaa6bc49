"""The foot while a chain is edited: its answer, what saving does, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.operation_fit import FitState
from app.models.status_words import counted
from app.presenters.chain_edit import ChainEdit
from app.style.tokens import tokens_of
from app.views.chains.edit.check_row import CheckRow, answer_words
from app.views.chains.edit.text_field import LineField
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import IconLabel


class AnswerEditor(QWidget):
    """The answer, refused while it is not one number.

    Args:
        edit: What is edited.
    """

    def __init__(self, edit: ChainEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self.field = LineField("Answer")
        self.field.setFixedWidth(120)
        self.refusal = QuestionLabel("", "meta", tone="bad")
        self.check = CheckRow()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Label("Answer", "caption-strong", "secondary"))
        row.addWidget(self.field)
        row.addStretch(1)
        self.all = Button("", kind=ButtonKind.DEFAULT, size_=ButtonSize.SMALL)
        row.addWidget(self.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.refusal)
        column.addWidget(self.check)
        self.field.typed.connect(edit.set_answer)
        self.check.take_asked.connect(lambda: edit.take(None))
        self.all.clicked.connect(edit.take_all)
        self.refusal.hide()
        self.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.sizePolicy().Policy.Minimum)

    def begin(self) -> None:
        """Shows another chain."""
        self.field.setText(self._edit.state.answer_text)
        self.refresh()

    def show_texts(self) -> None:
        """Takes over what was changed by other means than typing."""
        self.field.show_text(self._edit.state.answer_text)

    def refresh(self) -> None:
        """Shows what is said of the answer now."""
        refused = self._edit.state.answer_refusal
        self.field.set_refused(bool(refused))
        self.field.setAccessibleDescription(refused)
        self.refusal.setText(refused)
        self.refusal.setVisible(bool(refused))
        checked = self._edit.result
        is_same = checked is not None and None in checked.same
        self.check.show_words(None if refused else answer_words(self._edit.differences.get(None), is_same))
        takes = sum(found.can_take for found in self._edit.differences.values())
        self.all.setVisible(takes > 1)
        self.all.set_text(f"Take all {takes} recomputed")

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 0, self.width(), 1, tokens_of(self).line)


class SaveBar(QWidget):
    """What saving does, and its buttons; asks before words are thrown away.

    Args:
        edit: What is edited.
    """

    save_asked = Signal()
    keep_asked = Signal()
    """Close, and keep what was typed as a draft."""
    discard_asked = Signal()
    cancel_asked = Signal()
    """As Escape."""

    def __init__(self, edit: ChainEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self._is_asking = False
        self.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.sizePolicy().Policy.Minimum)
        self.found = QuestionLabel("", "meta", tone="text-secondary")
        self._icon = IconLabel("check", 16, "ok")
        self.consequences = QuestionLabel("", "meta", tone="text-secondary")
        self.save = Button("Save", "check", ButtonKind.PRIMARY, keys="Ctrl+Return", shows_keys=True)
        self.cancel = Button("Close", "cross", ButtonKind.QUIET, keys="Esc", shows_keys=True)
        self.question = Label("You have unsaved words here.", "label")
        self.go_on = Button("Keep editing", "pencil", ButtonKind.PRIMARY)
        self.keep = Button("Close, keep the draft", "clock", ButtonKind.DEFAULT)
        self.discard = Button("Throw away", "trash", ButtonKind.DANGER)
        said = QHBoxLayout()
        said.setContentsMargins(0, 0, 0, 0)
        said.setSpacing(8)
        said.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.found, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 4, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        asks = QHBoxLayout()
        asks.setContentsMargins(0, 4, 0, 0)
        asks.setSpacing(8)
        asks.addWidget(self.discard)
        asks.addStretch(1)
        asks.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(said)
        column.addWidget(self.consequences)
        column.addLayout(buttons)
        column.addWidget(self.question)
        column.addLayout(asks)
        column.addWidget(self.go_on)
        self.save.clicked.connect(self.save_asked)
        self.cancel.clicked.connect(self.cancel_asked)
        self.go_on.clicked.connect(lambda: self.set_asking(False))
        self.keep.clicked.connect(self.keep_asked)
        self.discard.clicked.connect(self.discard_asked)
        self.set_asking(False)

    @property
    def is_asking(self) -> bool:
        """It asks what to do with unsaved words."""
        return self._is_asking

    def set_asking(self, is_asking: bool) -> None:
        """Asks what to do with unsaved words, or no longer."""
        self._is_asking = is_asking
        asks: list[QWidget] = [self.question, self.go_on, self.keep, self.discard]
        says: list[QWidget] = [self.found, self._icon, self.consequences, self.save, self.cancel]
        for widget in asks + says:
            widget.setVisible((widget in asks) == is_asking)
        if is_asking:
            self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Shows what was found, and what saving does."""
        edit = self._edit
        text, icon, tone = _found(edit)
        self.found.setText(text)
        self._icon.show_icon(icon, tone)
        self.consequences.setText(edit.consequences)
        refused = edit.state.answer_refusal
        why = (
            "the answer is not one number"
            if refused
            else "nothing has been changed"
            if not edit.is_changed
            else "the version was replaced"
            if edit.is_stale
            else "it is being saved"
        )
        can_save = edit.is_changed and not refused and not edit.is_stale and not edit.is_saving
        self.save.set_available(can_save, why)
        self.save.set_name(f"Save as version {edit.state.base.version + 1}")

    def sizeHint(self) -> QSize:
        return QSize(400, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.window)
        painter.fillRect(0, 0, self.width(), 1, t.line)


def _found(edit: ChainEdit) -> tuple[str, str, str]:
    checked = edit.result
    if checked is None:
        return "The rules are looking at it…", "clock", "text-tertiary"
    fits = edit.fits.values()
    with_operation = sum(fit.state is not FitState.NONE for fit in fits)
    same = sum(hop is not None for hop in checked.same)
    recomputed = f" {same} of {len(edit.state.hops)} hops recomputed." if with_operation else ""
    others = len(checked.findings) - checked.errors
    if checked.errors:
        more = f" and {counted(others, 'other finding')}" if others else ""
        need = "needs" if checked.errors == 1 else "need"
        text = f"{counted(checked.errors, 'error')}{more}: it {need} mending before the chain is used."
        if checked.errors > 1:
            text = f"{counted(checked.errors, 'error')}{more}: they {need} mending before the chain is used."
        return text + recomputed, "error", "bad"
    if others:
        return f"No error, {counted(others, 'finding')} to look at.{recomputed}", "warning", "warn"
    return f"Every rule is content.{recomputed}", "check", "ok"
