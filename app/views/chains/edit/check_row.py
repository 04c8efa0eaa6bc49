"""What the masks say of what is stated, and what becomes of the check itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.models.operation_fit import Fit, FitState
from app.presenters.chain_recompute import Difference
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import QuestionLabel
from app.widgets.panel import IconLabel


@dataclass(frozen=True, slots=True)
class CheckWords:
    """One line about a check.

    Attributes:
        text: What it says.
        icon: Before it.
        tone: Of the icon.
        take: Text of the button that takes what the masks say; empty for none.
        choice: Text of the button about the operation; empty for none.
        fits: What that button says: the operation fits, does not, or the rules decide again (None).
    """

    text: str
    icon: str
    tone: str
    take: str = ""
    choice: str = ""
    fits: bool | None = None


def hop_words(fit: Fit, found: Difference | None, is_same: bool, operation: str, is_checked: bool) -> CheckWords:
    """What to say of a hop.

    Args:
        fit: What becomes of its operation.
        found: Where recomputing gives something else.
        is_same: It recomputes to what it states.
        operation: In a few words.
        is_checked: `found` and `is_same` are about the hop as it is now.
    """
    if fit.state is FitState.NONE:
        return CheckWords("Not recomputed: no typed operation belongs to it.", "info", "text-tertiary")
    if fit.state is FitState.DROPPED:
        choice = f"Recompute as “{operation}”" if fit.may_keep else ""
        return CheckWords(
            f"This hop is no longer recomputed. {fit.reason}", "warning", "warn", choice=choice, fits=True
        )
    words = _kept_words(fit, found, is_same, operation, is_checked)
    # A hop that has other words may ask something else without any of the words that choose having changed.
    return replace(words, choice="It asks something else", fits=False) if fit.is_reworded else words


def _kept_words(fit: Fit, found: Difference | None, is_same: bool, operation: str, is_checked: bool) -> CheckWords:
    if found is not None and found.can_take:
        return CheckWords(_masks_say(found), "warning", "warn", take=f"Take {found.gives}")
    if found is not None:
        return CheckWords(f"It cannot be recomputed: {found.problem}.", "warning", "warn")
    if is_same:
        still = "Still recomputed" if fit.is_reworded else "Recomputed"
        return CheckWords(f"{still}, as “{operation}”.", "check", "ok")
    if not is_checked:
        return CheckWords("Recomputing…", "clock", "text-tertiary")
    return CheckWords("It cannot be recomputed yet: a hop that it needs gives nothing.", "info", "text-tertiary")


def answer_words(found: Difference | None, is_same: bool) -> CheckWords | None:
    """What to say of the answer; None for nothing."""
    if found is not None and found.can_take:
        return CheckWords(_masks_say(found), "warning", "warn", take=f"Take {found.gives}")
    if found is not None:
        return CheckWords(f"The answer cannot be recomputed: {found.problem}.", "warning", "warn")
    return CheckWords("Recomputed.", "check", "ok") if is_same else None


def _masks_say(found: Difference) -> str:
    said = f", with what earlier hops state, say {found.gives}" if found.is_claimed else f" say {found.gives}"
    return f"The masks{said}; stated is {found.stated or 'nothing'}."


class CheckRow(QWidget):
    """One line with an icon, and up to two buttons beneath."""

    take_asked = Signal()
    """Put in place what the masks say."""
    choice_made = Signal(object)
    """True, False or None: whether the operation fits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: CheckWords | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._icon = IconLabel("check", 16, "ok")
        self.text = QuestionLabel("", "meta", tone="text-secondary")
        self.take = Button("", kind=ButtonKind.DEFAULT, size_=ButtonSize.SMALL)
        self.choice = Button("", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self.take)
        buttons.addWidget(self.choice)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.text)
        column.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.take.clicked.connect(self.take_asked)
        self.choice.clicked.connect(self._choose)
        self.take.hide()
        self.choice.hide()

    def show_words(self, words: CheckWords | None) -> None:
        """Says something else; nothing for None."""
        if words == self._words and self.isHidden() == (words is None):
            return
        self._words = words
        self.setVisible(words is not None)
        if words is None:
            return
        self._icon.show_icon(words.icon, words.tone)
        self.text.setText(words.text)
        self.setAccessibleName(words.text)
        for button, text in ((self.take, words.take), (self.choice, words.choice)):
            button.set_text(text)
            button.setVisible(bool(text))

    def _choose(self) -> None:
        if self._words is not None:
            self.choice_made.emit(self._words.fits)
