"""One measured chain in the table, and the heads of its columns."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.models.chain_words import chain_name
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius, tokens_of
from app.thumbnails import Thumbnails, cover
from app.widgets.plots.plot import draw_text, width_of
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.project import DifficultyRow, DifficultySort

ROW_PX, HEAD_PX, THUMB_PX = 56, 32, 40
_PAD_PX, _GAP_PX = 16.0, 14.0
_PIP_PX, _PIP_GAP_PX = 9.0, 3.0
_MOST_PIPS = 16
_NARROW_PX, _TIGHT_PX, _SMALL_PX = 900, 720, 640
_RIGHT = Qt.AlignmentFlag.AlignRight
TITLES = {
    "chain": "Chain",
    "question": "Question",
    "hops": "Hops",
    "label": "Label",
    "rollouts": "Rollouts",
    "first": "First wrong",
    "judge": "To judge",
    "outcome": "Outcome",
}
SORTS = {
    "chain": DifficultySort.NUMBER,
    "hops": DifficultySort.HOPS,
    "rollouts": DifficultySort.PASS_RATE,
    "judge": DifficultySort.NOT_JUDGED,
}
_TO_THE_RIGHT = frozenset({"hops", "label", "judge"})


def columns(width: float) -> dict[str, tuple[float, float]]:
    """Left edge and width of each column that has room, in logical pixels."""
    wanted = {"chain": 58.0, "question": 0.0}
    if width >= _SMALL_PX:
        wanted |= {"hops": 40.0}
    wanted |= {"label": 56.0, "rollouts": 152.0 if width >= _SMALL_PX else 112.0}
    if width >= _TIGHT_PX:
        wanted |= {"first": 76.0}
    if width >= _NARROW_PX:
        wanted |= {"judge": 58.0}
    wanted |= {"outcome": 84.0}
    left = _PAD_PX + THUMB_PX + 12
    spare = width - left - _PAD_PX - sum(wanted.values()) - _GAP_PX * (len(wanted) - 1)
    wanted["question"] = max(80.0, spare)
    found, x = {}, left
    for name, wide in wanted.items():
        found[name] = (x, wide)
        x += wide + _GAP_PX
    return found


class MeasuredCell:
    """Paints rows of the table."""

    def paint(
        self,
        painter: QPainter,
        rect: QRect,
        row: DifficultyRow | None,
        thumbnails: Thumbnails,
        t: Tokens,
        *,
        is_current: bool,
        is_hovered: bool,
        has_focus: bool,
    ) -> None:
        """Paints one row; see `ChainCell.paint`."""
        painter.save()
        if is_current:
            painter.fillRect(rect, t.accent_soft)
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), t.accent)
        elif is_hovered:
            painter.fillRect(rect, t.hover)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), t.line)
        thumb = QRect(rect.left() + 16, rect.top() + (ROW_PX - THUMB_PX) // 2, THUMB_PX, THUMB_PX)
        _paint_thumbnail(painter, thumb, row, thumbnails, t)
        if row is not None:
            self._paint_row(painter, rect, row, t)
        painter.restore()

    def _paint_row(self, painter: QPainter, rect: QRect, row: DifficultyRow, t: Tokens) -> None:
        places = columns(rect.width())

        def at(name: str) -> QRectF:
            x, wide = places[name]
            return QRectF(rect.left() + x, rect.top(), wide, rect.height())

        difficulty = row.difficulty
        draw_text(painter, at("chain"), chain_name(row.number), "body", t.text_secondary)
        draw_text(painter, at("question"), " ".join(row.question.split()), "body", t.text)
        if "hops" in places:
            draw_text(painter, at("hops"), str(row.hop_count), "body", t.text_secondary, _RIGHT)
        draw_text(painter, at("label"), row.label, "label", t.text, _RIGHT)
        _paint_rollouts(painter, at("rollouts"), difficulty, t)
        if "first" in places:
            words = f"Hop {row.first_wrong_hop}" if row.first_wrong_hop is not None else "—"
            draw_text(painter, at("first"), words, "body", t.text if row.first_wrong_hop else t.text_tertiary)
        if "judge" in places:
            words = str(row.unjudged) if row.unjudged else "—"
            draw_text(painter, at("judge"), words, "body", t.text if row.unjudged else t.text_tertiary, _RIGHT)
        outcome = at("outcome")
        tone, icon, word = (t.ok, "check", "Kept") if difficulty.is_kept else (t.warn, "minus", "Dropped")
        paint_icon(painter, icon, QRectF(outcome.left(), outcome.center().y() - 6, 12, 12), tone)
        draw_text(painter, outcome.adjusted(18, 0, 0, 0), word, "body", tone)


def _paint_rollouts(painter: QPainter, rect: QRectF, difficulty: Difficulty, t: Tokens) -> None:
    if difficulty.is_until_decided or not difficulty.n:
        # No rate: it was given up as soon as it was known whether the chain is kept.
        draw_text(painter, rect, difficulty.words, "meta", t.text_secondary)
        return
    figure = f"{difficulty.n_correct}/{difficulty.n}"
    wide = max(34.0, width_of(figure, "body") + 2)
    room = rect.width() - wide - 12
    end = rect.left() + room
    if difficulty.n <= _MOST_PIPS and difficulty.n * (_PIP_PX + _PIP_GAP_PX) <= room + _PIP_GAP_PX:
        for n in range(difficulty.n):
            pip = QRectF(rect.left() + n * (_PIP_PX + _PIP_GAP_PX), rect.center().y() - 6, _PIP_PX, 12)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            is_right = n < difficulty.n_correct
            painter.setBrush(t.accent if is_right else Qt.BrushStyle.NoBrush)
            painter.setPen(Qt.PenStyle.NoPen if is_right else QPen(t.line_strong, 1))
            inset = 0.0 if is_right else 0.5
            painter.drawRoundedRect(pip.adjusted(inset, inset, -inset, -inset), 2, 2)
        end = min(end, rect.left() + max(8, difficulty.n) * (_PIP_PX + _PIP_GAP_PX))
    else:
        bar = QRectF(rect.left(), rect.center().y() - 4, room, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.track)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(t.accent)
        if difficulty.n_correct:
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * difficulty.pass_rate, 8), 2, 2)
    draw_text(painter, QRectF(end + 8, rect.top(), wide, rect.height()), figure, "body", t.text)


def _paint_thumbnail(
    painter: QPainter, rect: QRect, row: DifficultyRow | None, thumbnails: Thumbnails, t: Tokens
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(rect), radius("image"), radius("image"))
    painter.fillPath(shape, t.sunken)
    if row is None:
        return
    found = thumbnails.get(row.image_key, round(THUMB_PX * painter.device().devicePixelRatioF()))
    if found is None:
        icon = "warning" if thumbnails.why_not(row.image_key) else "image"
        colour = t.warn if icon == "warning" else t.line_strong
        paint_icon(painter, icon, QRectF(rect).adjusted(12, 12, -12, -12), colour)
        return
    painter.setClipPath(shape)
    painter.drawPixmap(QRectF(rect), found, QRectF(*cover(found.size(), QSize(rect.width(), rect.height()))))
    painter.setClipping(False)


class ColumnHeads(QWidget):
    """Names over the columns; a click sorts by one, another the other way round."""

    sorted_by = Signal(object, bool)
    """`DifficultySort`, and whether the largest comes first."""

    def __init__(self, width_of_rows: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width_of_rows = width_of_rows
        self._sort, self._descending = DifficultySort.PASS_RATE, False
        self._hot = ""
        self.setFixedHeight(HEAD_PX)
        self.setMouseTracking(True)
        self.setAccessibleName("Columns")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_order(self, sort: DifficultySort, descending: bool) -> None:
        """Marks the column that the rows are sorted by."""
        self._sort, self._descending = sort, descending
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        name = self._at(event.position())
        if name != self._hot:
            self._hot = name
            self.setToolTip(f"Sort by {TITLES[name].lower()}" if name in SORTS else "")
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._hot = ""
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self._at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = [name for name in columns(self._width_of_rows()) if name in SORTS]
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if names:
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                place = names.index(self._hot) + step if self._hot in names else (0 if step > 0 else len(names) - 1)
                self._hot = names[place % len(names)]
                self.setAccessibleDescription(f"Sort by {TITLES[self._hot].lower()}")
                self.update()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if self._hot:
                self._choose(self._hot)
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._hot = ""
        self.update()

    def _choose(self, name: str) -> None:
        if name in SORTS:
            sort = SORTS[name]
            # Where most is to be judged one begins at the top; everywhere else with the least.
            descending = not self._descending if sort is self._sort else sort is DifficultySort.NOT_JUDGED
            self.sorted_by.emit(sort, descending)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.surface)
        painter.fillRect(0, self.height() - 1, self.width(), 1, t.line)
        for name, (x, wide) in columns(self._width_of_rows()).items():
            is_sorted = SORTS.get(name) is self._sort
            tone = t.text if is_sorted or (name == self._hot and name in SORTS) else t.text_secondary
            title = TITLES[name]
            align = _RIGHT if name in _TO_THE_RIGHT else Qt.AlignmentFlag.AlignLeft
            draw_text(painter, QRectF(x, 0, wide, self.height() - 1), title, "caption-strong", tone, align)
            if is_sorted:
                words = width_of(title, "caption-strong")
                left = x + wide - words - 14 if name in _TO_THE_RIGHT else x + words + 4
                icon = "chevron-down" if self._descending else "chevron-up"
                paint_icon(painter, icon, QRectF(left, self.height() / 2 - 5, 10, 10), tone)

    def _at(self, point: QPointF) -> str:
        return next(
            (n for n, (x, wide) in columns(self._width_of_rows()).items() if x - 6 <= point.x() < x + wide + 6), ""
        )
