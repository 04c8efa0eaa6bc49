"""The top bar: which project, where in it, the palette, what runs, undo and redo."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from app.actions import ActionTable
from app.models.status_words import stage_word
from app.running import RunState
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, size, tokens_of
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind
from app.widgets.keycap import key_text, keycap_width, paint_keycap
from app.widgets.label import ElidedLabel, Label
from app.widgets.panel import Bar

_SEARCH_WIDTH_PX = 400


class SearchBox(QAbstractButton):
    """Looks like a field and opens the palette."""

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setText("Search or run a command")
        self.setAccessibleName(self.text())
        self.setFixedHeight(size("field"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        actions.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.text_tertiary if self.underMouse() else t.line_strong, 1))
        painter.setBrush(t.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius("button"), radius("button"))
        middle = self.height() / 2
        paint_icon(painter, "search", QRectF(9, middle - 8, 16, 16), t.text_secondary)
        painter.setFont(font("body"))
        painter.setPen(t.text_tertiary)
        keys = key_text(self._actions.first_key("app.palette"))
        room = self.width() - 32 - 16 - keycap_width(keys)
        shown = QFontMetricsF(font("body")).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(32, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        if keys:
            paint_keycap(painter, keys, self.width() - 8.0, middle, t.text_secondary, t.line_strong)


class RunIndicator(QAbstractButton):
    """What runs, how far it is and how long it takes; a click goes to the pipeline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = Label("", "label")
        self._bar = Bar("Run")
        self._bar.setFixedWidth(72)
        self._time = Label("", "meta", "secondary")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(18, 0, 0, 0)
        self._row.setSpacing(8)
        for part in (self._stage, self._bar, self._time):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._row.addWidget(part)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip("Show the pipeline")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_state(self, state: RunState) -> None:
        """Shows a run, or nothing."""
        self.setVisible(state.is_running)
        if not state.is_running:
            return
        self._stage.setText(stage_word(state.stage))
        self._bar.show_share(
            state.done / state.owed if state.owed else 0.0, state.failed / state.owed if state.owed else 0.0
        )
        self._time.setText("stopping…" if state.is_cancelling else time_left(state.remaining_s))
        self.setAccessibleName(f"{self._stage.text()}: {round(100 * state.share)} %, {self._time.text()}")

    def show_making(self, title: str, share: float) -> None:
        """Shows something that is no stage; nothing for an empty title."""
        self.setVisible(bool(title))
        self._stage.setText(title)
        self._bar.show_share(share)
        self._time.setText("")
        self.setAccessibleName(f"{title}: {round(100 * share)} %")

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens_of(self).accent)
        painter.drawEllipse(QRectF(0, self.height() / 2 - 4, 8, 8))


class TopBar(QWidget):
    """The 48-pixel bar at the top."""

    project_menu_asked = Signal()
    main_menu_asked = Signal()
    palette_asked = Signal()
    pipeline_asked = Signal()

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(size("top_bar"))
        self.logo = _Logo(actions)
        self.logo.clicked.connect(self.main_menu_asked)
        self.project = Button("", kind=ButtonKind.QUIET, has_menu=True)
        self.project.clicked.connect(self.project_menu_asked)
        self.where = ElidedLabel("", "body", "secondary")
        self.search = SearchBox(actions, self)
        self.search.clicked.connect(self.palette_asked)
        self.runs = RunIndicator()
        self.runs.clicked.connect(self.pipeline_asked)
        self._slash = Label("/", "body", "tertiary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.setSpacing(4)
        layout.addWidget(self.logo)
        layout.addWidget(self.project)
        layout.addWidget(self._slash)
        layout.addSpacing(4)
        layout.addWidget(self.where, 1)
        layout.addWidget(self.runs)
        layout.addSpacing(12)
        self.help = ActionButton(actions, "app.help", ButtonKind.QUIET, shows_text=False)
        steps = [
            ActionButton(actions, action, ButtonKind.QUIET, shows_text=False) for action in ("edit.undo", "edit.redo")
        ]
        for button in (*steps, self.help):
            layout.addWidget(button)
        self.at_right: tuple[QWidget, ...] = (self.runs, *steps, self.help)
        self.show_project("")

    def show_project(self, name: str) -> None:
        """Shows which project is open; nothing for an empty name."""
        self.project.set_text(name)
        self.project.set_name(f"Project {name}" if name else "")
        self.project.setVisible(bool(name))
        self._slash.setVisible(bool(name) and bool(self.where.text()))

    def show_making(self, title: str, share: float) -> None:
        """Shows that pictures are being taken in; nothing for an empty title."""
        self.runs.show_making(title, share)

    def show_where(self, title: str) -> None:
        """Shows the name of the space."""
        self.where.setText(title)
        self._slash.setVisible(self.project.isVisibleTo(self) and bool(title))

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = min(_SEARCH_WIDTH_PX, max(160, self.width() - 2 * 420))
        self.search.setGeometry((self.width() - width) // 2, 8, width, size("field"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.window)
        painter.fillRect(0, self.height() - 1, self.width(), 1, t.line)


class _Logo(QAbstractButton):
    def __init__(self, actions: ActionTable) -> None:
        super().__init__()
        self._actions = actions
        self.setFixedSize(size("rail"), size("top_bar"))
        self.setAccessibleName("Menu")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setProperty("rings", False)
        actions.changed.connect(self._tell_keys)
        self._tell_keys()

    def _tell_keys(self) -> None:
        keys = key_text(self._actions.first_key("app.menu"))
        self.setToolTip(f"Menu  ({keys})" if keys else "Menu")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tile = QRectF(self.width() / 2 - 20, 4, 40, 40)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.line if not t.is_dark else t.hover)
            painter.drawRoundedRect(tile, radius("button"), radius("button"))
        if self.hasFocus():
            painter.setPen(QPen(t.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), radius("button"), radius("button"))
        paint_icon(
            painter, "logo", QRectF(self.width() / 2 - 12, self.height() / 2 - 12, 24, 24), tokens_of(self).accent
        )


def time_left(seconds: float | None) -> str:
    """How long something still takes, in words; empty when nobody can tell."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    if seconds < 5400:
        return f"{round(seconds / 60)} min left"
    return f"{seconds / 3600:.1f} h left"
