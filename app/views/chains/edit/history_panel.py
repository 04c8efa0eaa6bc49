"""The versions of a chain beside each other, and the way back to an old one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.models.chain_words import chain_name
from app.models.version_diff import chain_diff
from app.presenters.chain_history import History, VersionRow, read_history, restore
from app.studio import Studio, Toast
from app.style.fonts import font
from app.style.tokens import tokens_of
from app.views.chains.edit.diff_view import DiffView
from app.views.chains.edit.notices import when
from app.views.chains.edit.row_keys import ListRow
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.choice import Select
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Ground, Line, PanelHead
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.errors import InputError
from hopchain_core.project import StoredChain

Colour = Callable[[InstanceKey], QColor | None]
_VCENTER = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_ROW_PX = 48
_MOST_ROWS = 5


class HistoryPanel(Ground):
    """Versions, newest first; choosing one shows what it changed. Any two can be compared.

    Args:
        studio: What everything shares.
        colour: Of an instance on the picture.
    """

    closed = Signal()
    restored = Signal(object)
    """`StoredChain`: the new version that says what the old one said."""

    def __init__(self, studio: Studio, colour: Colour | None = None, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._studio = studio
        self._colour: Colour = colour or (lambda _: None)
        self._history = History(rows=())
        self._token = 0
        self._takes_keyboard = False
        self.rows: dict[int, VersionButton] = {}
        self.view: DiffView | None = None
        self.close_button = Button("", "cross", ButtonKind.QUIET, keys="Esc", name="Close the history")
        self.head = PanelHead("History", [self.close_button])
        self.old = Select("Compare from")
        self.new = Select("with")
        self.summary = QuestionLabel("", "meta", tone="text-secondary")
        self.restore = Button("Restore", "undo", ButtonKind.DEFAULT, size_=ButtonSize.NORMAL)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._diff_area = ScrollColumn(QWidget(), is_clear=True)
        self._lay_out()
        self.close_button.clicked.connect(self.closed)
        self.restore.clicked.connect(self._restore)
        self.old.activated.connect(lambda _: self._compare())
        self.new.activated.connect(lambda _: self._compare())
        self.setMinimumWidth(304)

    def sizeHint(self) -> QSize:
        return QSize(440, 800)

    def show_versions(self, versions: Sequence[StoredChain], *, takes_keyboard: bool = False) -> None:
        """Shows the versions of a chain, oldest first; the newest is compared with the one before.

        Args:
            versions: All that are known.
            takes_keyboard: The list gets it as soon as it is there.
        """
        wanted = tuple(versions)
        self._takes_keyboard = takes_keyboard
        self._token += 1
        token = self._token

        def take(history: History) -> None:
            if token == self._token:
                self._show(history)

        if wanted:
            self._studio.bridge.read(lambda read: read_history(read, wanted), take, key=("chain history", id(self)))
        else:
            self._show(History(rows=()))

    @property
    def compared(self) -> tuple[int, int] | None:
        """The two versions compared: rows of the history."""
        if self.old.count() == 0:
            return None
        return int(self.old.currentData()), int(self.new.currentData())

    def choose(self, old: int, new: int) -> None:
        """Compares two versions, by their place from the oldest."""
        self.old.setCurrentIndex(self.old.findData(old))
        self.new.setCurrentIndex(self.new.findData(new))
        self._compare()

    def focus_list(self) -> None:
        """Gives the keyboard to the version that is shown."""
        pair = self.compared
        if pair is not None:
            # What is new in a layout is shown only later, and what is not shown takes no keyboard.
            self.rows[pair[1]].show()
            self.rows[pair[1]].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(self._list)
        self._list_area = ScrollColumn(inside, is_clear=True)
        pair = QHBoxLayout()
        pair.setContentsMargins(16, 12, 16, 4)
        pair.setSpacing(8)
        pair.addWidget(self.old, 1)
        pair.addWidget(Label("→", "body", "tertiary"))
        pair.addWidget(self.new, 1)
        said = QVBoxLayout()
        said.setContentsMargins(16, 0, 16, 8)
        said.addWidget(self.summary)
        foot = Ground("window", is_row=True, margins=(16, 12, 16, 12), spacing=8)
        foot.box.addStretch(1)
        foot.box.addWidget(self.restore)
        self.box.addWidget(self.head)
        self.box.addWidget(self._list_area)
        self.box.addWidget(Line())
        self.box.addLayout(pair)
        self.box.addLayout(said)
        self.box.addWidget(Line())
        self.box.addWidget(self._diff_area, 1)
        self.box.addWidget(Line())
        self.box.addWidget(foot)

    def _show(self, history: History) -> None:
        self._history = history
        focused = QApplication.focusWidget()
        had_keyboard = focused is not None and self.isAncestorOf(focused)
        while (item := self._list.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        self.rows.clear()
        for select in (self.old, self.new):
            select.clear()
        if not history.rows:
            self._compare()
            return
        self.head.show_figure(chain_name(history.rows[-1].stored.number))
        for at in reversed(range(len(history.rows))):
            row = VersionButton(history.rows[at])
            row.clicked.connect(lambda _=False, at=at: self._choose_row(at))
            self._list.addWidget(row)
            self.rows[at] = row
            for select in (self.old, self.new):
                select.addItem(f"Version {history.rows[at].stored.chain.version}", at)
        self._list.addStretch(1)
        self._list_area.setFixedHeight(min(len(history.rows), _MOST_ROWS) * _ROW_PX)
        last = len(history.rows) - 1
        self.choose(max(0, last - 1), last)
        if self._takes_keyboard or had_keyboard:
            self._takes_keyboard = False
            self.focus_list()

    def _choose_row(self, at: int) -> None:
        # The first one changed nothing: what going back to it would change is shown.
        self.choose(at - 1 if at else len(self._history.rows) - 1, at)

    def _compare(self) -> None:
        pair = self.compared
        self.view = None
        if pair is None:
            self._diff_area.setWidget(QWidget())
            self.restore.set_available(False, "there are no versions")
            return
        old, new = (self._history.rows[at] for at in pair)
        for at, row in self.rows.items():
            row.setChecked(at == pair[1])
        diff = chain_diff(old.stored.chain, new.stored.chain)
        self.summary.setText(f"Changed: {diff.summary[:1].lower()}{diff.summary[1:]}.")
        self.view = DiffView(diff, self._history.names, self._colour)
        self._diff_area.setWidget(self.view)
        self.view.setAutoFillBackground(False)
        seen = self._history.seen
        version = new.stored.chain.version
        self.restore.set_text(f"Restore version {version}")
        why = (
            "the project is open for reading only"
            if self._studio.is_read_only
            else "this chain is no longer seen"
            if seen is None
            else f"version {version} is the one that is seen"
        )
        may = not self._studio.is_read_only and seen is not None and not new.is_seen
        self.restore.set_available(may, why)

    def _restore(self) -> None:
        pair, seen = self.compared, self._history.seen
        if pair is None or seen is None:
            return
        project, old, key = self._studio.need_project(), self._history.rows[pair[1]].stored, seen.stored.chain.key

        def done(made: StoredChain) -> None:
            text = f"Version {made.chain.version} says what version {old.chain.version} said."
            self._studio.toast_asked.emit(Toast(text=text, kind="ok", action="Undo", run=self._studio.undo))
            self.restored.emit(made)

        def fail(error: Exception) -> None:
            if isinstance(error, InputError):
                self._studio.toast(error.line, "warn")
            else:
                self._studio.show_error(error)

        self._studio.bridge.edit(lambda: restore(project, key, old, self), done, failed=fail)


class VersionButton(ListRow):
    """One version in the list.

    Args:
        row: What is known of it.
    """

    presses_on_arrival = True

    def __init__(self, row: VersionRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        made = f"by {row.made_by}" + (f" {when(row.made_at)}" if row.made_at else "")
        self._title = f"Version {row.stored.chain.version}"
        self._made = made
        self._change = "First version" if row.change is None else row.change.summary
        self.setText(self._title)
        self.setAccessibleName(f"{self._title}, {made}: {self._change}{', seen now' if row.is_seen else ''}")
        self.setToolTip(self._change)

    def sizeHint(self) -> QSize:
        return QSize(320, _ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        if self.isChecked():
            painter.fillRect(self.rect(), t.accent_soft)
            painter.fillRect(QRectF(0, 0, 3, self.height()), t.accent)
        elif self.underMouse():
            painter.fillRect(self.rect(), t.hover)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.line)
        right = self.width() - 16.0
        metrics = QFontMetricsF(font("meta"))
        if self._row.is_seen:
            width = metrics.horizontalAdvance("seen now")
            painter.setFont(font("meta"))
            painter.setPen(t.ok)
            painter.drawText(QRectF(right - width, 6, width + 1, 18), _VCENTER, "seen now")
            right -= width + 12
        painter.setFont(font("label"))
        painter.setPen(t.text)
        title = QFontMetricsF(font("label")).horizontalAdvance(self._title)
        painter.drawText(QRectF(16, 6, title + 1, 18), _VCENTER, self._title)
        painter.setFont(font("meta"))
        painter.setPen(t.text_tertiary)
        x = 16 + title + 8
        made = metrics.elidedText(self._made, Qt.TextElideMode.ElideRight, right - x)
        painter.drawText(QRectF(x, 6, right - x + 1, 18), _VCENTER, made)
        painter.setPen(t.text_secondary)
        change = metrics.elidedText(self._change, Qt.TextElideMode.ElideRight, self.width() - 32.0)
        painter.drawText(QRectF(16, 25, self.width() - 32.0, 16), _VCENTER, change)
        self.paint_focus(painter)
