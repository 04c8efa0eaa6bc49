"""Strips that say where a draft stands, with what can be done about it."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.chain_edit import ChainEdit
from app.presenters.draft_store import Kept
from app.style.tokens import tokens_of
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import QuestionLabel
from app.widgets.panel import IconLabel


def when(written_at: str) -> str:
    """A time in UTC as people here say it: ``at 14:05`` today, else with its day."""
    try:
        then = datetime.fromisoformat(written_at).replace(tzinfo=UTC).astimezone()
    except ValueError:
        return "earlier"
    now = datetime.now(UTC).astimezone()
    if then.date() == now.date():
        return f"at {then:%H:%M}"
    return f"on {then.day} {then:%B} at {then:%H:%M}"


class Strip(QWidget):
    """A sentence on a coloured ground, with buttons beneath.

    Args:
        icon: Before the sentence.
        tone: accent or warn: the ground follows.
        is_wide: The buttons stand beside the sentence.
    """

    def __init__(self, icon: str, tone: str, *, is_wide: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.text = QuestionLabel("", "meta")
        self.buttons = QHBoxLayout()
        self.buttons.setContentsMargins(0, 0, 0, 0)
        self.buttons.setSpacing(8)
        words: QBoxLayout = QHBoxLayout() if is_wide else QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(12 if is_wide else 6)
        if is_wide:
            words.addWidget(self.text, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            words.addWidget(self.text)
        words.addLayout(self.buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8 if is_wide else 10, 16, 8 if is_wide else 10)
        row.setSpacing(8)
        side = Qt.AlignmentFlag.AlignVCenter if is_wide else Qt.AlignmentFlag.AlignTop
        row.addWidget(IconLabel(icon, 16, tone), 0, side)
        row.addLayout(words, 1)
        self.hide()

    def say(self, text: str) -> None:
        """Shows a sentence; hides for an empty one."""
        if text != self.text.text():
            self.text.setText(text)
            self.setAccessibleName(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.named(f"{self._tone}-soft"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.line)


class ResumedStrip(Strip):
    """Says that one goes on with a draft.

    Args:
        edit: What is edited.
    """

    def __init__(self, edit: ChainEdit, parent: QWidget | None = None) -> None:
        super().__init__("clock", "accent", parent=parent)
        self._edit = edit
        self.restart = Button("Start anew", kind=ButtonKind.DEFAULT, size_=ButtonSize.SMALL)
        self.buttons.addWidget(self.restart)
        self.buttons.addStretch(1)
        self.restart.clicked.connect(edit.restart)

    def refresh(self) -> None:
        """Shows or hides itself."""
        since = "" if self._edit.is_stale else self._edit.resumed_from
        self.say(
            f"Your draft of version {self._edit.state.base.version}, left {when(since)}, goes on." if since else ""
        )


class StaleStrip(Strip):
    """Says that the version being edited is no longer the one that is seen.

    Args:
        edit: What is edited.
    """

    compare_asked = Signal()

    def __init__(self, edit: ChainEdit, parent: QWidget | None = None) -> None:
        super().__init__("warning", "warn", parent=parent)
        self._edit = edit
        self.rebase = Button("", kind=ButtonKind.DEFAULT, size_=ButtonSize.SMALL)
        self.buttons.addWidget(self.rebase)
        self.buttons.addStretch(1)
        self.rebase.clicked.connect(edit.rebase)

    def refresh(self) -> None:
        """Shows or hides itself."""
        found = self._edit.look
        seen = found.seen if found is not None else None
        self.rebase.setVisible(seen is not None)
        if seen is not None:
            self.rebase.set_text(f"Put them on version {seen.chain.version}")
        self.say(self._edit.stale_words)


class DraftNotice(Strip):
    """For the reading view: a draft of this chain is kept.

    Args:
        edit: Knows the drafts.
    """

    resume_asked = Signal()

    def __init__(self, edit: ChainEdit, parent: QWidget | None = None) -> None:
        super().__init__("pencil", "accent", is_wide=True, parent=parent)
        self._edit = edit
        self._kept: Kept | None = None
        self.resume = Button("Go on", kind=ButtonKind.DEFAULT, size_=ButtonSize.SMALL)
        self.discard = Button("Throw away", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)
        self.buttons.addWidget(self.discard)
        self.buttons.addWidget(self.resume)
        self.resume.clicked.connect(self.resume_asked)
        self.discard.clicked.connect(self._throw_away)

    def show_kept(self, kept: Kept | None) -> None:
        """Shows a draft (`ChainEdit.kept_for`), or hides itself."""
        self._kept = kept
        self.say(f"Unsaved edits of this chain were left {when(kept.written_at)}." if kept is not None else "")

    def _throw_away(self) -> None:
        if self._kept is not None:
            self._edit.throw_away(self._kept)
            self.show_kept(None)
