"""What a model is to look for, or what is found is to be called."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from app.views.instances.category_field import category_completer
from app.widgets.field import Field


class PromptField(Field):
    """A field that offers categories; Enter takes what stands in it."""

    submitted = Signal(str)
    """Enter, or one of those offered was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Word", icon="search", keys="Return", parent=parent)
        self._names = QStringListModel(self)
        self._completer = category_completer(self._names, self)
        self.setCompleter(self._completer)
        self._completer.activated.connect(lambda *_: self.submitted.emit(self.text()))
        self.returnPressed.connect(self._submit)

    def set_categories(self, names: Sequence[str]) -> None:
        """Offers these, the likeliest first."""
        if list(names) != self._names.stringList():
            self._names.setStringList(list(names))

    def take_keyboard(self) -> None:
        """Takes the keyboard, with all of the text selected so that typing replaces it."""
        self.setModified(False)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """While nothing has been typed anew, undo and redo are of the project."""
        is_undo = isinstance(event, QKeyEvent) and (
            event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        )
        if is_undo and event.type() is QEvent.Type.ShortcutOverride and not self.isModified():
            event.ignore()
            return False
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.deselect()

    def _submit(self) -> None:
        popup = self._completer.popup()
        # Where one of those offered is marked, that one is meant, and told of in a moment.
        if popup is None or not (popup.isVisible() and popup.currentIndex().isValid()):
            if popup is not None:
                popup.hide()
            self.submitted.emit(self.text())
