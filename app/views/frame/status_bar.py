"""The status bar: saved or not yet, what undo would take back, what the space says, where the keys are."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from app.actions import ActionTable
from app.style.tokens import size, tokens_of
from app.widgets.keycap import KeyCap, key_text
from app.widgets.label import ElidedLabel, Label
from app.widgets.panel import IconLabel


class StatusBar(QWidget):
    """The 24-pixel bar at the foot."""

    keys_asked = Signal()

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setFixedHeight(size("status_bar"))
        self._icon = IconLabel("check", 12, "text-tertiary")
        self.saved = Label("Saved", "caption", "secondary")
        self.undo = ElidedLabel("", "caption", "secondary")
        self.place = Label("", "caption", "secondary")
        self.keys = _Keys()
        self.keys.clicked.connect(self.keys_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(4)
        layout.addWidget(self._icon)
        layout.addWidget(self.saved)
        layout.addSpacing(12)
        layout.addWidget(self.undo, 1)
        layout.addWidget(self.place)
        layout.addSpacing(12)
        layout.addWidget(self.keys)
        actions.changed.connect(self._tell_keys)
        self._tell_keys()

    def show_saved(self, *, is_saving: bool, is_read_only: bool = False) -> None:
        """Every decision is committed at once: this says that it is so."""
        self.saved.setText("Read only" if is_read_only else "Saving…" if is_saving else "Saved")
        self._icon.show_icon("lock" if is_read_only else "clock" if is_saving else "check", "text-tertiary")

    def show_undo(self, text: str | None) -> None:
        """What undo would take back."""
        self.undo.setText(f"Undo: {text[:1].lower()}{text[1:]}" if text else "Nothing to undo")

    def show_place(self, text: str) -> None:
        """What the space says."""
        self.place.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.window)
        painter.fillRect(0, 0, self.width(), 1, t.line)

    def _tell_keys(self) -> None:
        keys = self._actions.first_key("app.keys")
        self.keys.cap.set_keys(keys)
        self.keys.setToolTip(f"Shortcuts  ({key_text(keys)})" if keys else "Shortcuts")


class _Keys(QAbstractButton):
    def __init__(self) -> None:
        super().__init__()
        self.cap = KeyCap("")
        self.setText("Shortcuts")
        self.setAccessibleName("Shortcuts")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        words = Label(self.text(), "caption", "secondary")
        words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(words)
        self._row.addWidget(self.cap)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Its parts paint themselves."""
