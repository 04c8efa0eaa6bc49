"""Rows of the start screen: ways to begin, recent projects, and the progress of what is being made."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from app.presenters.intake import IntakeState
from app.presenters.start import RecentDetail, RecentProject, ago
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.thumbnails import to_image
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.keycap import key_text, paint_keycap
from app.widgets.label import Label
from app.widgets.panel import Bar, Card

RECENT_PX = 64
_TEXT_X = 80
_UNASKED = (Qt.FocusReason.OtherFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class _Row(QAbstractButton):
    """A row that is pressed; Up and Down go to its neighbours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Where the keyboard begins is not marked before someone uses it.
        self.setProperty("rings", event.reason() not in _UNASKED)
        super().focusInEvent(event)

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
        line = QFontMetricsF(font("meta")).elidedText(self._line, Qt.TextElideMode.ElideRight, self.width() - 64)
        painter.drawText(QRectF(52, 34, self.width() - 64, 16), flags, line)
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
        self._detail = RecentDetail()
        self._cover = QPixmap()
        self.setText(project.name)
        self.setToolTip(str(project.path))
        self.setFixedHeight(RECENT_PX)
        self.forget = Button(
            icon="cross", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL, name=f"Take {project.name} off the list"
        )
        self.forget.clicked.connect(self.forgotten)
        # What is gone can be tidied away without looking for how.
        if project.is_there:
            self.forget.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.addStretch(1)
        layout.addWidget(self.forget)
        self._tell()

    @property
    def project(self) -> RecentProject:
        """Which it stands for."""
        return self._project

    def line(self) -> str:
        """What stands beneath the name, before anything is cut off."""
        if not self._project.is_there:
            return f"Not found in {self._project.place}"
        known = self._detail.words if self._detail.pictures or self._detail.trouble else ""
        return " · ".join(filter(None, (known, self._project.place)))

    def show_detail(self, detail: RecentDetail) -> None:
        """Shows what is in it."""
        self._detail = detail
        self._cover = QPixmap() if detail.cover is None else QPixmap.fromImage(to_image(detail.cover))
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, RECENT_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.forgotten.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave) and self._project.is_there:
            self.forget.setVisible(event.type() is QEvent.Type.Enter)
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        self._paint_ground(painter, edged=False)
        is_there = self._project.is_there
        self._paint_cover(painter, QRectF(12, 12, 56, 40))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        when = ""
        if self._project.changed_at is not None and not self.forget.isVisible():
            when = ago(self._project.changed_at, datetime.now().astimezone())
        room = self.width() - _TEXT_X - 12
        painter.setFont(font("meta"))
        metrics = QFontMetricsF(font("meta"))
        at_right = metrics.horizontalAdvance(when) + 12 if when else 36
        painter.setPen(t.text_tertiary)
        painter.drawText(QRectF(0, 12, self.width() - 12, 20), flags | Qt.AlignmentFlag.AlignRight, when)
        painter.setPen(t.warn if self._detail.trouble or not is_there else t.text_secondary)
        line_room = room - (36 if self.forget.isVisible() else 0)
        shown = metrics.elidedText(self.line(), Qt.TextElideMode.ElideMiddle, line_room)
        painter.drawText(QRectF(_TEXT_X, 34, line_room, 16), flags, shown)
        painter.setFont(font("label"))
        painter.setPen(t.text if is_there else t.text_tertiary)
        name = QFontMetricsF(font("label")).elidedText(self.text(), Qt.TextElideMode.ElideRight, room - at_right)
        painter.drawText(QRectF(_TEXT_X, 12, room, 20), flags, name)

    def _paint_cover(self, painter: QPainter, where: QRectF) -> None:
        t = tokens_of(self)
        frame = QPainterPath()
        frame.addRoundedRect(where, radius("chip"), radius("chip"))
        painter.fillPath(frame, t.sunken)
        if self._cover.isNull():
            name = "file" if self._project.is_there and not self._detail.trouble else "warning"
            paint_icon(painter, name, QRectF(where.center().x() - 10, where.center().y() - 10, 20, 20), t.text_tertiary)
            return
        wanted = where.width() / where.height()
        width, height = float(self._cover.width()), float(self._cover.height())
        cut = min(width, height * wanted), min(height, width / wanted)
        painter.save()
        painter.setClipPath(frame)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(where, self._cover, QRectF((width - cut[0]) / 2, (height - cut[1]) / 2, *cut))
        painter.restore()

    def _tell(self) -> None:
        self.setAccessibleName(f"{self.text()}, {self.line()}")


class Making(Card):
    """What is being made: its steps, how far it is, and a way to stop."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(spacing=8, parent=parent)
        self.setProperty("rings", False)
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
        if state.is_cancelling and self.cancel.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.cancel.setEnabled(not state.is_cancelling)
        self.setAccessibleName(f"{state.title}: {self._step.text()}, {of}")
