"""Turns keys into actions of the table, as one shortcut a key in one window."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from app.actions import ActionSpec, ActionTable, is_plain_key

LETS_LETTERS_PASS = "lets_letters_pass"
"""Property of a field that takes only digits and signs: letters reach actions while it has the focus. Such a field leaves
the `ShortcutOverride` of letters to others."""


@cache
def normalised(keys: str) -> str:
    """One spelling for a shortcut: portable text."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText) or keys


def is_text_field(widget: QWidget | None) -> bool:
    """Whether plain keys belong to a widget that has the focus."""
    if widget is None or widget.property(LETS_LETTERS_PASS):
        return False
    if isinstance(widget, (QLineEdit, QPlainTextEdit, QTextEdit)):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QComboBox) and widget.isEditable())


class Shortcuts(QObject):
    """Listens to keys in a window.

    A key of the space at hand goes before one that holds everywhere. Plain keys never fire while a text field has the
    focus. A held action lasts until its key is let go or the window loses the keyboard.

    Args:
        window: In which keys are pressed.
        actions: What they do.
    """

    def __init__(self, window: QWidget, actions: ActionTable) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._shortcuts: dict[str, QShortcut] = {}
        self._users: dict[str, list[ActionSpec]] = {}
        self._held: tuple[str, Qt.Key] | None = None
        self._is_suspended = False
        actions.changed.connect(self._rebuild)
        actions.refreshed.connect(self._enable)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)
        self._rebuild()

    def suspend(self, is_suspended: bool) -> None:
        """Leaves all keys to something that lies over the window."""
        self._is_suspended = is_suspended
        self._enable()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While a key is held: sees when it is let go."""
        if self._held is not None:
            is_release = (
                event.type() is QEvent.Type.KeyRelease
                and isinstance(event, QKeyEvent)
                and not event.isAutoRepeat()
                and event.key() == self._held[1]
            )
            if is_release or event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.ApplicationDeactivate):
                self._let_go()
        return False

    def _rebuild(self) -> None:
        users: dict[str, list[ActionSpec]] = {}
        for spec in self._actions.specs():
            for keys in self._actions.keys(spec.id):
                users.setdefault(normalised(keys), []).append(spec)
        for gone in self._shortcuts.keys() - users.keys():
            shortcut = self._shortcuts.pop(gone)
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        for keys in users.keys() - self._shortcuts.keys():
            shortcut = QShortcut(QKeySequence(keys), self._window)
            shortcut.setEnabled(False)
            shortcut.activated.connect(lambda keys=keys: self._press(keys))
            self._shortcuts[keys] = shortcut
        # The space at hand goes first.
        self._users = {keys: sorted(found, key=lambda s: not s.space) for keys, found in users.items()}
        self._enable()

    def _enable(self) -> None:
        for keys, shortcut in self._shortcuts.items():
            here = [spec for spec in self._users.get(keys, []) if self._applies(spec, keys)]
            is_wanted = bool(here) and not self._is_suspended
            if shortcut.isEnabled() != is_wanted:
                shortcut.setEnabled(is_wanted)
            if here and shortcut.autoRepeat() == here[0].is_held:
                shortcut.setAutoRepeat(not here[0].is_held)

    def _applies(self, spec: ActionSpec, keys: str) -> bool:
        if not self._actions.is_here(spec):
            return False
        return spec.in_text or not self._actions.is_typing or not is_plain_key(keys)

    def _press(self, keys: str) -> None:
        for spec in self._users.get(keys, []):
            if self._applies(spec, keys) and self._actions.trigger(spec.id):
                if spec.is_held:
                    self._hold(spec.id, keys)
                return

    def _hold(self, action_id: str, keys: str) -> None:
        self._let_go()
        self._held = (action_id, _key_of(keys))
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def _let_go(self) -> None:
        if self._held is None:
            return
        action_id, self._held = self._held[0], None
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._actions.release(action_id)

    def _follow_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is None or self._window.isAncestorOf(new):
            self._actions.set_typing(is_text_field(new))
            self._enable()


def _key_of(keys: str) -> Qt.Key:
    # The first and only chord; the stubs do not know that a sequence can be indexed.
    return QKeyCombination.fromCombined(QKeySequence(keys)[0].toCombined()).key()  # type: ignore[index]


def text_field_event_is_letter(event: QEvent) -> bool:
    """Whether an event is the override of a letter: what a field with `LETS_LETTERS_PASS` ignores."""
    return (
        event.type() is QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.text().isalpha()
        and not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    )
