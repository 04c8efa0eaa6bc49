"""The rail: the spaces in the order of the flow."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from app.actions import ActionTable
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, size, tokens_of
from app.widgets.button import Button, ButtonKind
from app.widgets.keycap import key_text

_MOST_SHOWN = 99
_ITEM_PX, _LEAST_ITEM_PX = size("rail_item") + 4, 46
"""Height of an item, and where the window is low."""


class RailItem(QAbstractButton):
    """One space on the rail.

    Args:
        space: Its id.
        title: Its name.
        icon: Name of its icon.
    """

    def __init__(self, space: str, title: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.space = space
        self._icon_name = icon
        self._badge = 0
        self.setText(title)
        self.setCheckable(True)
        self.setFixedWidth(size("rail"))
        self.setFixedHeight(_ITEM_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_badge(0)

    def show_badge(self, count: int) -> None:
        """Shows how much waits there; a dot beyond 99, nothing for 0."""
        self._badge = count
        self.setAccessibleName(f"{self.text()}, {count} waiting" if count else self.text())
        self.update()

    def badge(self) -> int:
        """How much waits there."""
        return self._badge

    def sizeHint(self) -> QSize:
        return QSize(size("rail"), _ITEM_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tile = QRectF(8, 2, self.width() - 16, self.height() - 4)
        colour = t.text_secondary
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.accent_soft)
            painter.drawRoundedRect(tile, radius("button"), radius("button"))
            painter.fillRect(QRectF(0, tile.top(), 3, tile.height()), t.accent)
            colour = t.accent
        elif self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.line if not t.is_dark else t.hover)
            painter.drawRoundedRect(tile, radius("button"), radius("button"))
            colour = t.text
        # Where the rail is short, what is free above and below gives way.
        free = max(0.0, tile.height() - 42) / 14
        paint_icon(painter, self._icon_name, QRectF(tile.center().x() - 10, tile.top() + 2 + 7 * free, 20, 20), colour)
        painter.setFont(font("caption-strong" if self.isChecked() else "caption"))
        painter.setPen(colour)
        words = QRectF(0, tile.top() + 24 + 8 * free, self.width(), 16)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, self.text())
        self._paint_badge(painter, tile, QColor(t.text), QColor(t.track), QColor(t.accent))

    def _paint_badge(self, painter: QPainter, tile: QRectF, text: QColor, ground: QColor, dot: QColor) -> None:
        if not self._badge:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        x = tile.center().x() + 6
        if self._badge > _MOST_SHOWN:
            painter.setBrush(dot)
            painter.drawEllipse(QRectF(x + 4, tile.top() + 6, 8, 8))
            return
        words = str(self._badge)
        width = max(16.0, QFontMetricsF(font("key")).horizontalAdvance(words) + 8)
        pill = QRectF(x, tile.top() + 3, width, 16)
        painter.setBrush(ground)
        painter.drawRoundedRect(pill, 8, 8)
        painter.setFont(font("key"))
        painter.setPen(text)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)


class Rail(QWidget):
    """The spaces, and the settings at the foot."""

    chosen = Signal(str)
    """A person wants to go to a space."""
    settings_asked = Signal()

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._items: dict[str, RailItem] = {}
        self.setFixedWidth(size("rail"))
        self.setAccessibleName("Spaces")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 6, 0, 12)
        self._layout.setSpacing(0)
        self._layout.addStretch(1)
        settings = Button(icon="settings", kind=ButtonKind.QUIET, name="Settings")
        settings.clicked.connect(self.settings_asked)
        self._settings = settings
        self._layout.addWidget(settings, 0, Qt.AlignmentFlag.AlignHCenter)
        actions.changed.connect(self._tell_keys)

    def add(self, space: str, title: str, icon: str) -> None:
        """Puts a space at the end."""
        item = RailItem(space, title, icon)
        item.clicked.connect(lambda: self.chosen.emit(space))
        self._items[space] = item
        self._layout.insertWidget(len(self._items) - 1, item)
        self._share_height()
        self._tell_keys()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """All spaces have room in any window: where it is low, each takes a little less."""
        margins = self._layout.contentsMargins()
        rest = margins.top() + margins.bottom() + self._settings.sizeHint().height()
        room = (self.height() - rest) // max(1, len(self._items))
        for item in self._items.values():
            item.setFixedHeight(max(_LEAST_ITEM_PX, min(_ITEM_PX, room)))

    def item(self, space: str) -> RailItem:
        """The item of a space.

        Raises:
            KeyError: It is not on the rail.
        """
        return self._items[space]

    def show_space(self, space: str) -> None:
        """Marks where the person is."""
        for name, item in self._items.items():
            item.setChecked(name == space)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.window)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), t.line)

    def _tell_keys(self) -> None:
        for name, item in self._items.items():
            keys = key_text(self._actions.first_key(f"go.{name}"))
            item.setToolTip(f"{item.text()}  ({keys})" if keys else item.text())
