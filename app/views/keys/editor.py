"""The shortcut editor: press other keys; conflicts are shown before anything is taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QWidget

from app.presenters.keys import KeyGroup
from app.views.keys.capture import KeyCapture
from app.views.keys.rows import KeyDelegate, KeyModel
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.dialog import Dialog
from app.widgets.field import Field
from app.widgets.keycap import key_text
from app.widgets.label import Label
from app.widgets.panel import Card

_HEIGHT_PX = 640
_DOWN = frozenset({Qt.Key.Key_Down, Qt.Key.Key_PageDown})
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class KeyEditor(Dialog):
    """All actions with their shortcuts; what is changed holds at once.

    Args:
        parent: The window.
    """

    asked = Signal(str)
    """Something else is searched for."""
    proposed = Signal(str, str, bool)
    """(action id, keys, in addition)."""
    taken_over = Signal(str, str, bool)
    """As `proposed`, and whoever has the keys loses them."""
    cleared = Signal(str)
    reset = Signal(str)
    """Of one action; of all when empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Shortcuts", width_px=680, parent=parent)
        self.setMinimumHeight(_HEIGHT_PX)
        self.search = Field("Action or key", icon="search")
        self.model = KeyModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(KeyDelegate(self.model, self.list))
        self.list.setAccessibleName("Actions and their shortcuts")
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.capture = KeyCapture()
        self.capture.hide()
        self.change = Button("Change", "keyboard")
        self.add = Button("Add", "plus")
        self.clear = Button("Take away", "cross")
        self.reset_one = Button("Default", "history")
        self.word = Label("", "body", "warn", wraps=True)
        self.use = Button("Use it here", kind=ButtonKind.PRIMARY, size_=ButtonSize.SMALL)
        self.keep = Button("Leave it", size_=ButtonSize.SMALL)
        self._adds = False
        self._pending: tuple[str, str] | None = None
        self._offered: Callable[[], object] | None = None
        self._lay_out()
        self.add_button("All to defaults", is_left=True, closes=False).clicked.connect(lambda: self.reset.emit(""))
        self.add_button("Done", ButtonKind.PRIMARY)
        self.search.textChanged.connect(self.asked)
        # Not `activated`: Enter goes on to the dialog, which does the same.
        self.list.doubleClicked.connect(lambda _: self._begin(adds=False))
        self.list.selectionModel().currentChanged.connect(lambda *_: self._tell())
        self.change.clicked.connect(lambda: self._begin(adds=False))
        self.add.clicked.connect(lambda: self._begin(adds=True))
        self.clear.clicked.connect(lambda: self.cleared.emit(self._current_id()))
        self.reset_one.clicked.connect(lambda: self.reset.emit(self._current_id()))
        self.capture.captured.connect(self._take)
        self.capture.given_up.connect(self._give_up)
        self.use.clicked.connect(self._take_over)
        self.keep.clicked.connect(self._leave_it)
        self.search.installEventFilter(self)
        self.list.installEventFilter(self)
        self._say("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and not event.modifiers() & _COMMANDS:
            if watched is self.search and event.key() in _DOWN and self.model.rowCount():
                # As in the palette: the row at hand shows already, so this goes on to the next.
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                QCoreApplication.sendEvent(self.list, event)
                return True
            if watched is self.list and event.key() == Qt.Key.Key_Up and self.list.currentIndex().row() <= 0:
                self.search.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)

    def show_groups(self, groups: Sequence[KeyGroup]) -> None:
        """Shows these; what was chosen stays chosen where it is still there."""
        chosen = self._current_id()
        self.model.show_groups(groups)
        row = max(0, self.model.row_of(chosen))
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(row, 0))
        self._tell()

    def show_conflict(self, action_id: str, keys: str, users: str) -> None:
        """Says who has these keys already; the person decides."""
        row = self.model.row(self.model.row_of(action_id))
        self._say(
            f"{key_text(keys)} belongs to {users}. Give it to “{row.text if row is not None else ''}” instead?",
            "Give it",
        )
        self._pending = (action_id, keys)
        self.use.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer(self, text: str, button: str, run: Callable[[], object]) -> None:
        """Says something, and offers a way back."""
        self._say(text, button, keeps="Leave it so")
        self._offered = run

    def choose(self, action_id: str) -> None:
        """Goes to an action."""
        row = self.model.row_of(action_id)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row, 0))

    def press_main(self) -> None:
        # Enter goes from the search to the list, and there changes the shortcut at hand.
        if self.search.hasFocus():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.list.hasFocus():
            self._begin(adds=False)
        elif not self.capture.isVisible():
            super().press_main()

    def _lay_out(self) -> None:
        self.box.setSpacing(12)
        self.box.addWidget(self.search)
        card = Card(margin=1, spacing=0)
        card.box.addWidget(self.list)
        self.box.addWidget(card, 1)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.change, self.add, self.clear, self.reset_one):
            row.addWidget(part)
        row.addStretch(1)
        self.box.addWidget(self._buttons)
        self.box.addWidget(self.capture)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.word, 1)
        words.addWidget(self.use)
        words.addWidget(self.keep)
        self.box.addLayout(words)

    def _current_id(self) -> str:
        row = self.model.row(self.list.currentIndex().row())
        return row.id if row is not None else ""

    def _begin(self, *, adds: bool) -> None:
        if self._current_id():
            self._adds = adds
            self._say("")
            self._buttons.hide()
            self.capture.show()
            self.capture.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_capture(self) -> None:
        self.capture.hide()
        self._buttons.show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, keys: str) -> None:
        self._end_capture()
        self.proposed.emit(self._current_id(), keys, self._adds)

    def _take_over(self) -> None:
        pending, offered = self._pending, self._offered
        self._say("")
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if pending is not None:
            self.taken_over.emit(*pending, self._adds)
        elif offered is not None:
            offered()

    def _leave_it(self) -> None:
        self._say("")
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_up(self) -> None:
        if self.capture.isVisible():
            self._end_capture()

    def _say(self, text: str, button: str = "", keeps: str = "Leave it") -> None:
        self._pending = self._offered = None
        self.word.setText(text)
        self.use.set_text(button)
        self.keep.set_text(keeps)
        self.word.setVisible(bool(text))
        for part in (self.use, self.keep):
            part.setVisible(bool(button))

    def _tell(self) -> None:
        row = self.model.row(self.list.currentIndex().row())
        if self._pending is not None and row is not None and row.id != self._pending[0]:
            self._pending = None
        for part in (self.change, self.add):
            part.set_available(row is not None, "no action is chosen")
        self.clear.set_available(row is not None and bool(row.keys), "there is no shortcut")
        self.reset_one.set_available(row is not None and row.is_own, "it is the default one")
        if self._pending is not None or self._offered is not None:
            return
        conflicts = row.conflicts if row is not None else ()
        others = " and ".join(f"“{text}”" for text in conflicts)
        self._say(f"“{row.text}” and {others} have a key in common." if row is not None and conflicts else "")
