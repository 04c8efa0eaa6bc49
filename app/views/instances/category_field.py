"""Fields that are edited in place: taken by Enter or when the keyboard goes elsewhere, given up by Esc."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from app.style.icons import paint_icon
from app.style.tokens import tokens_of
from app.widgets.field import Field

MOST_OFFERED = 9
_CHEVRON_PX = 28
_OWN = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EditField(Field):
    """A field that shows a value and takes another.

    Args:
        name: What belongs here, for screen readers.
        placeholder: Shown while it is empty.
        is_small: 24 pixels high.
    """

    committed = Signal(str)
    """A person typed another value."""
    left = Signal()
    """The keyboard belongs elsewhere again: by Enter or Esc."""

    def __init__(
        self, name: str, placeholder: str = "", *, is_small: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(placeholder, parent=parent)
        self.setAccessibleName(name)
        self.setProperty("small", is_small)
        self._value = ""
        self._came_by_click = False

    @property
    def value(self) -> str:
        """What was shown last by `show_value`."""
        return self._value

    def show_value(self, value: str) -> None:
        """Shows a value; what a person is typing stays while it is the old value's."""
        is_typing = self.hasFocus() and self.isModified()
        is_same, self._value = value == self._value, value
        if not (is_typing and is_same) and self.text() != value:
            self.setText(value)
            self.setCursorPosition(0)

    def commit(self) -> None:
        """Takes what stands here, if it is another value."""
        text = " ".join(self.text().split())
        if text != self._value:
            self._value = text
            self.committed.emit(text)

    def event(self, event: QEvent) -> bool:
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in _OWN:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.setText(self._value)
            self.left.emit()
        else:
            QLineEdit.keyPressEvent(self, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._came_by_click = event.reason() is Qt.FocusReason.MouseFocusReason
        if not self._came_by_click:
            self.selectAll()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        # What is typed after the first click is another value, not the end of this one.
        if self._came_by_click and not self.hasSelectedText():
            self.selectAll()
        self._came_by_click = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # A list of completions takes the keyboard only for a moment.
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.commit()


class CategoryField(EditField):
    """An `EditField` that offers the project's categories.

    Args:
        name: For screen readers.
        placeholder: Shown while it is empty.
    """

    def __init__(self, name: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, placeholder, parent=parent)
        self._names = QStringListModel(self)
        completer = category_completer(self._names, self)
        self.setCompleter(completer)
        completer.activated.connect(lambda *_: self.commit())
        self.setTextMargins(0, 0, 20, 0)

    def set_categories(self, names: Sequence[str]) -> None:
        """Offers these."""
        self._names.setStringList(list(names))

    def offer(self) -> None:
        """Lists all categories, whatever stands here."""
        completer = self.completer()
        completer.setCompletionPrefix("")
        completer.complete()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self.completer().popup()
        if event.key() == Qt.Key.Key_Down and (popup is None or not popup.isVisible()):
            self.offer()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.position().x() >= self.width() - _CHEVRON_PX:
            self.offer()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() / 2
        paint_icon(
            painter, "chevron-down", QRectF(self.width() - 24, middle - 8, 16, 16), tokens_of(self).text_tertiary
        )


def category_completer(names: QStringListModel, parent: QLineEdit) -> QCompleter:
    """Completes a category from any part of it."""
    completer = QCompleter(names, parent)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setMaxVisibleItems(MOST_OFFERED)
    popup = QListView()
    # The completer makes it as high as its rows: padding would cut the last one off. It lies over other rows of text,
    # so an edge says where it ends.
    popup.setStyleSheet(
        "QListView { padding: 0px; border: 1px solid palette(dark); background: palette(light); }"
        " QListView::item { height: 26px; padding: 0px 8px; }"
    )
    popup.setUniformItemSizes(True)
    completer.setPopup(popup)
    return completer
