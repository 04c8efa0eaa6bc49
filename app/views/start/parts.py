"""Rows of the start screen: ways to begin, recent projects, and the progress of what is being made."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.presenters.intake import IntakeState
from app.presenters.start import RecentProject, ago
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.keycap import key_text, paint_keycap
from app.widgets.label import Label
from app.widgets.panel import Bar, Card


class _Row(QAbstractButton):
    """A row that is pressed; Up and Down go to its neighbours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.click()
            case Qt.Key.Key_Down:
                self.focusNextChild()
            case Qt.Key.Key_Up:
                self.focusPreviousChild()
            case _:
                super().keyPressEvent(event)

    def _paint_ground(self, painter: QPainter, *, edged: bool) -> None:
        t = tokens_of(self)
        is_hot = self.underMouse() and self.isEnabled()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = t.sunken if self.isDown() else t.hover if is_hot else t.surface
        painter.setBrush(ground)
        painter.setPen(QPen(t.text_tertiary if is_hot else t.line_strong, 1) if edged else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius("card"), radius("card"))


class WayRow(_Row):
    """One way to begin.

    Args:
        icon: Name of an icon.
        title: What it does.
        text: A second, quieter line.
        keys: Its shortcut.
    """

    def __init__(self, icon: str, title: str, text: str, keys: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name, self._line, self._keys = icon, text, keys
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setFixedHeight(64)

    def set_keys(self, keys: str) -> None:
        """Shows another shortcut."""
        self._keys = keys
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        self._paint_ground(painter, edged=True)
        paint_icon(painter, self._icon_name, QRectF(16, self.height() / 2 - 10, 20, 20), t.accent)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(font("label"))
        painter.setPen(t.text)
        painter.drawText(QRectF(52, 12, self.width() - 120, 20), flags, self.text())
        painter.setFont(font("meta"))
        painter.setPen(t.text_secondary)
        painter.drawText(QRectF(52, 34, self.width() - 64, 16), flags, self._line)
        if cap := key_text(self._keys):
            paint_keycap(painter, cap, self.width() - 12.0, 22, t.text_secondary, t.line_strong)


class RecentRow(_Row):
    """A project opened lately.

    Args:
        project: Which.
    """

    forgotten = Signal()
    """A person wants it off the list."""

    def __init__(self, project: RecentProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self.setText(project.name)
        where = project.place if project.is_there else f"{project.place}, not found"
        self.setAccessibleName(f"{project.name}, {where}")
        self.setToolTip(str(project.path))
        self.setFixedHeight(56)
        self._forget = Button(
            icon="cross", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL, name=f"Take {project.name} off the list"
        )
        self._forget.clicked.connect(self.forgotten)
        self._forget.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.addStretch(1)
        layout.addWidget(self._forget)

    def sizeHint(self) -> QSize:
        return QSize(480, 56)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.forgotten.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self._forget.setVisible(event.type() is QEvent.Type.Enter)
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        self._paint_ground(painter, edged=False)
        is_there = self._project.is_there
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        paint_icon(painter, "file" if is_there else "warning", QRectF(12, 18, 20, 20), t.text_tertiary)
        when = ""
        if self._project.changed_at is not None and not self._forget.isVisible():
            when = ago(self._project.changed_at, datetime.now().astimezone())
        room = self.width() - 44 - 16
        painter.setFont(font("meta"))
        when_width = QFontMetricsF(font("meta")).horizontalAdvance(when) + 12 if when else 28
        painter.setPen(t.text_tertiary)
        painter.drawText(QRectF(0, 9, self.width() - 16, 20), flags | Qt.AlignmentFlag.AlignRight, when)
        place = self._project.place if is_there else f"Not found in {self._project.place}"
        shown = QFontMetricsF(font("meta")).elidedText(place, Qt.TextElideMode.ElideMiddle, room - 28)
        painter.setPen(t.text_secondary if is_there else t.warn)
        painter.drawText(QRectF(44, 29, room, 16), flags, shown)
        painter.setFont(font("label"))
        painter.setPen(t.text if is_there else t.text_tertiary)
        name = QFontMetricsF(font("label")).elidedText(self.text(), Qt.TextElideMode.ElideRight, room - when_width)
        painter.drawText(QRectF(44, 9, room, 20), flags, name)


class Making(Card):
    """What is being made: its steps, how far it is, and a way to stop."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(spacing=8, parent=parent)
        self._title = Label("", "heading")
        self._step = Label("", "body", "secondary")
        self._figure = Label("", "meta", "tertiary")
        self._bar = Bar("Progress")
        self.cancel = Button("Cancel", "stop", size_=ButtonSize.SMALL)
        self.cancel.clicked.connect(self.cancelled)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.cancel)
        line = QHBoxLayout()
        line.addWidget(self._step, 1)
        line.addWidget(self._figure)
        self.box.addLayout(head)
        self.box.addLayout(line)
        self.box.addWidget(self._bar)

    def show_state(self, state: IntakeState) -> None:
        """Shows how far it is."""
        self._title.setText(state.title)
        step = state.steps[state.step]
        self._step.setText("Stopping…" if state.is_cancelling else step)
        of = f"{state.done} of {state.total}" if state.total else ""
        steps = f"step {state.step + 1} of {len(state.steps)}" if len(state.steps) > 1 else ""
        self._figure.setText(" · ".join(filter(None, (of, steps))))
        share = min(1.0, state.done / state.total) if state.total else 0.0
        self._bar.show_share(share)
        self.cancel.setEnabled(not state.is_cancelling)
        self.setAccessibleName(f"{state.title}: {self._step.text()}, {of}")
