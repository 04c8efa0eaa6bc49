"""One stage as a row: what it is, its figures on columns that all rows share, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.models.spans import NONE
from app.models.stage_rows import INGEST, PEOPLE, STAGE_ICONS, StageRow, StageState
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import radius, size, tokens_of
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import ChipKind, chip_width, paint_chip
from app.widgets.panel import Bar

_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_ICON_X, _TEXT_X, _BUTTONS_PX = 16, 52, 164
_SLIM_PX = 56
_NARROW_PX = 860
"""Below this width the name's column shrinks and the rate gives way."""
_CHIPS = {
    StageState.DONE: (ChipKind.OK, "check"),
    StageState.OWED: (ChipKind.NEUTRAL, "circle"),
    StageState.FAILED: (ChipKind.WARN, "warning"),
    StageState.RUNNING: (ChipKind.ACCENT, "dot"),
    StageState.CANCELLING: (ChipKind.ACCENT, "dot"),
    StageState.WAITING: (ChipKind.NEUTRAL, "clock"),
    StageState.MISSING: (ChipKind.WARN, "warning"),
    StageState.EMPTY: (ChipKind.NEUTRAL, "dash"),
    StageState.PEOPLE: (ChipKind.NEUTRAL, "people"),
}


class StageCard(QWidget):
    """A row of the pipeline, 80 pixels high.

    Args:
        stage: Name of the stage.
    """

    start_wanted = Signal(str)
    retry_wanted = Signal(str)
    cancel_wanted = Signal()
    settings_wanted = Signal(str)
    people_wanted = Signal()
    pictures_wanted = Signal()
    mend_wanted = Signal(str)
    """The stage whose model cannot be used."""
    failures_wanted = Signal(str)

    def __init__(self, stage: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = stage
        self._row: StageRow | None = None
        self._does = ""
        self._has_settings_open = False
        self.setFixedHeight(_SLIM_PX if stage == INGEST else size("stage_card"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button = Button("", size_=ButtonSize.SMALL)
        self.button.clicked.connect(self._act)
        self.settings = Button("", "settings", ButtonKind.QUIET, size_=ButtonSize.SMALL, name="Settings")
        self.settings.setCheckable(True)
        self.settings.clicked.connect(lambda: self.settings_wanted.emit(self.stage))
        # Where there is nothing to set, its room stays, so that buttons stand below one another.
        policy = self.settings.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.settings.setSizePolicy(policy)
        if stage in (INGEST, PEOPLE, "audit"):
            self.settings.hide()
        self._buttons = QWidget(self)
        layout = QHBoxLayout(self._buttons)
        # Room at the right for the ring of the keyboard.
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(self.button)
        layout.addWidget(self.settings)
        self.bar = Bar(stage, parent=self)
        self.bar.setVisible(stage != INGEST)
        self._place()

    @property
    def row(self) -> StageRow | None:
        """What is shown."""
        return self._row

    def show_row(self, row: StageRow, *, is_busy: bool, is_read_only: bool) -> None:
        """Shows where the stage stands.

        Args:
            row: What is to be shown.
            is_busy: A run goes on, so nothing else can be begun.
            is_read_only: Nothing can be begun at all.
        """
        self._row = row
        self.setAccessibleName(row.sentence)
        self.setToolTip(row.note if row.is_warning else row.missing or (row.by if row.stage == INGEST else ""))
        self._place()
        self.bar.show_share(row.share_done, row.share_failed, is_running=row.is_running)
        self._show_button(row, is_busy, is_read_only)
        self.update()

    def show_settings_open(self, is_open: bool) -> None:
        """Marks the row whose settings are open."""
        self._has_settings_open = is_open
        self.settings.setChecked(is_open)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(900, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = self._row
        is_running = row is not None and row.is_running
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius("card"), radius("card"))
        painter.fillPath(shape, t.surface)
        if is_running:
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(0, 0, 3, self.height(), t.accent)
            painter.restore()
        painter.setPen(QPen(t.accent_line if is_running or self._has_settings_open else t.line, 1))
        painter.drawPath(shape)
        colour = t.accent if is_running else t.text_secondary
        paint_icon(painter, STAGE_ICONS[self.stage], QRectF(_ICON_X, self.height() / 2 - 10, 20, 20), colour)
        if row is not None:
            if row.stage == INGEST:
                self._paint_slim(painter, row)
                return
            self._paint_name(painter, row)
            self._paint_figures(painter, row)
            self._paint_note(painter, row)

    def _paint_name(self, painter: QPainter, row: StageRow) -> None:
        t = tokens_of(self)
        room = self._figures_x() - _TEXT_X - 12
        painter.setFont(font("heading"))
        painter.setPen(t.text)
        painter.drawText(QRectF(_TEXT_X, 14, room, 24), int(_VCENTER), row.title)
        x = _TEXT_X + QFontMetricsF(font("heading")).horizontalAdvance(row.title) + 8
        is_lost = row.state is StageState.FAILED and not row.done
        kind, icon = (ChipKind.BAD, "cross") if is_lost else _CHIPS[row.state]
        width = chip_width(row.state_text, icon=icon)
        if row.state_text and x + width <= _TEXT_X + room:
            paint_chip(painter, QRectF(x, 16, width, 20), row.state_text, t, kind, icon=icon)
        x = float(_TEXT_X)
        if row.is_simulated:
            width = chip_width("Simulated")
            paint_chip(painter, QRectF(x, 42, width, 20), "Simulated", t, ChipKind.WARN)
            x += width + 8
        painter.setFont(font("meta"))
        painter.setPen(t.text_secondary)
        left = _TEXT_X + room - x
        by = "" if row.is_simulated and row.by == "simulated" else row.by
        text = QFontMetricsF(font("meta")).elidedText(by, Qt.TextElideMode.ElideRight, left)
        painter.drawText(QRectF(x, 42, left, 20), int(_VCENTER), text)

    def _paint_slim(self, painter: QPainter, row: StageRow) -> None:
        t = tokens_of(self)
        painter.setFont(font("heading"))
        painter.setPen(t.text)
        room = self._figures_x() - _TEXT_X - 12
        painter.drawText(QRectF(_TEXT_X, 0, room, self.height()), int(_VCENTER), row.title)
        columns = self._columns()
        for (text, word, is_bad), (x, width) in zip(
            ((f"{row.done:,}", "taken in", False), (f"{row.failed:,}", "refused", row.failed > 0)),
            (columns[1], columns[2]),
            strict=True,
        ):
            painter.setFont(font("heading"))
            painter.setPen(t.bad if is_bad else t.text if text != "0" else t.text_tertiary)
            painter.drawText(QRectF(x, 9, width, 22), int(_VCENTER), text)
            painter.setFont(font("caption"))
            painter.setPen(t.text_tertiary)
            painter.drawText(QRectF(x, 31, width, 16), int(_VCENTER), word)
        if row.failed:
            left = columns[3][0]
            width = self.width() - _BUTTONS_PX - 24 - left
            painter.setFont(font("caption"))
            painter.setPen(t.text_secondary)
            text = QFontMetricsF(font("caption")).elidedText(row.by, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(left, 0, width, self.height()), int(_VCENTER), text)

    def _paint_note(self, painter: QPainter, row: StageRow) -> None:
        text = self._note(row)
        if not text:
            return
        t = tokens_of(self)
        x = self._figures_x()
        room = self.width() - _BUTTONS_PX - 24 - x
        painter.setFont(font("caption"))
        painter.setPen(t.warn if row.is_warning or not row.note else t.text_secondary)
        shown = QFontMetricsF(font("caption")).elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(x, 60, room, 16), int(_VCENTER), shown)

    def _note(self, row: StageRow) -> str:
        """What stands beneath the bar."""
        return row.note or row.trouble or (row.missing if row.state is StageState.MISSING else "")

    def _paint_figures(self, painter: QPainter, row: StageRow) -> None:
        t = tokens_of(self)
        starts = row.left.startswith("after ")
        figures = [
            (f"{row.owed:,}" if row.is_certain or row.owed else "0", "owed", row.owed == 0, False),
            (f"{row.done:,}", "done", row.done == 0, False),
            (f"{row.failed:,}", "failed", row.failed == 0, row.failed > 0),
            (row.rate, "rate", row.rate == NONE, False),
            (row.left, "starts" if starts else "time left", row.left == NONE or starts, False),
        ]
        for (text, word, is_dim, is_bad), (x, width) in zip(figures, self._columns(), strict=True):
            if width <= 0:
                continue
            painter.setFont(font("heading"))
            painter.setPen(t.bad if is_bad else t.text_tertiary if is_dim else t.text)
            painter.drawText(QRectF(x, 12, width, 22), int(_VCENTER), text)
            painter.setFont(font("caption"))
            painter.setPen(t.text_tertiary)
            painter.drawText(QRectF(x, 34, width, 16), int(_VCENTER), word)

    def _columns(self) -> list[tuple[float, float]]:
        """Where figures begin and how wide they may be, the same in every row of one width."""
        x = float(self._figures_x())
        end = self.width() - _BUTTONS_PX - 16.0
        wide = self.width() >= _NARROW_PX
        widths = [88.0, 88.0, 88.0, 112.0] if wide else [64.0, 64.0, 64.0, 0.0]
        places = []
        for width in widths:
            places.append((x, min(width - 8, end - x) if width else 0.0))
            x += width
        places.append((x, max(0.0, end - x)))
        return places

    def _figures_x(self) -> int:
        return 278 if self.width() >= _NARROW_PX else 236

    def _place(self) -> None:
        self._buttons.setGeometry(self.width() - _BUTTONS_PX - 12, 0, _BUTTONS_PX + 8, self.height())
        x = self._figures_x()
        # A note beneath the bar takes its room.
        y = 53 if self._row is not None and self._note(self._row) else 60
        self.bar.setGeometry(x, y, max(24, self.width() - _BUTTONS_PX - 24 - x), 4)

    def _show_button(self, row: StageRow, is_busy: bool, is_read_only: bool) -> None:
        does, text, icon, why_not = "", "", "", ""
        if row.stage == INGEST:
            does, text, icon = "pictures", "Add pictures", "plus"
            why_not = "the project is open for reading only" if is_read_only else ""
        elif row.stage == PEOPLE:
            does, text, icon = "people", "Open Solve", "arrow-right"
        elif row.is_running:
            does, text, icon = "cancel", "Cancel", "stop"
            why_not = "it is stopping" if row.state is StageState.CANCELLING else ""
        elif row.state is StageState.WAITING:
            does, text, icon, why_not = "start", "Waiting", "clock", "it begins after the stage before it"
        elif row.trouble:
            does, text, icon = "mend", "Choose model", "server"
        elif row.failed and not row.owed:
            does, text, icon = "retry", f"Retry {row.failed:,}", "retry"
        elif row.owed:
            does, text, icon = "start", "Start", "play"
            why_not = row.missing
        else:
            does, text, icon = "start", "Up to date", "check"
            why_not = "nothing is owed" if row.done else "an earlier stage has to come first"
        if does in ("start", "retry") and not why_not:
            why_not = (
                "the project is open for reading only" if is_read_only else "stages are running" if is_busy else ""
            )
        self._does = does
        self.button.set_icon(icon)
        self.button.set_text(text)
        self.button.set_name(f"{text} {row.title.lower()}" if does not in ("people", "pictures") else text)
        self.button.set_available(not why_not, why_not)

    def _act(self) -> None:
        match self._does:
            case "start":
                self.start_wanted.emit(self.stage)
            case "retry":
                self.retry_wanted.emit(self.stage)
            case "cancel":
                self.cancel_wanted.emit()
            case "people":
                self.people_wanted.emit()
            case "pictures":
                self.pictures_wanted.emit()
            case "mend":
                self.mend_wanted.emit(self.stage)

    def mousePressEvent(self, event: object) -> None:
        point = event.position().toPoint() if hasattr(event, "position") else QPoint()
        x, width = self._columns()[2]
        if self._row is not None and self._row.failed and x <= point.x() <= x + width:
            self.failures_wanted.emit(self.stage)
