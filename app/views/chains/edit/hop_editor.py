"""One hop in place: a row while it is closed, all its fields while it is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.models.chain_words import LEVEL_ICONS, level_word, operation_word
from app.models.operation_fit import FitState
from app.presenters.chain_edit import ChainEdit
from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius, size, tokens_of
from app.views.chains.edit.hop_fields import HopFields
from app.views.chains.hop_row import output_font, paint_number
from app.widgets.label import elided_name
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.keys import InstanceKey

Colour = Callable[[InstanceKey], QColor | None]
_VCENTER = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class HopEditor(QWidget):
    """A hop that can be edited. Its fields are built when it is opened for the first time.

    Args:
        edit: What is edited.
        index: Number of the hop.
        colour: Of an instance on the canvas.
    """

    open_asked = Signal(int)
    built = Signal(object)
    """`HopFields`: they are there now."""

    def __init__(self, edit: ChainEdit, index: int, colour: Colour, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self._edit = edit
        self._colour = colour
        self.row = ClosedHop(edit, index)
        self.fields: HopFields | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.row)
        self.row.clicked.connect(lambda: self.open_asked.emit(index))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    @property
    def is_open(self) -> bool:
        """Its fields are shown."""
        return self.fields is not None and not self.fields.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Shows the fields, or the row."""
        if is_open and self.fields is None:
            self.fields = HopFields(self._edit, self.index, self._colour)
            self._column.addWidget(self.fields)
            self.built.emit(self.fields)
        self.row.setVisible(not is_open)
        if self.fields is not None:
            self.fields.setVisible(is_open)
        self.refresh()

    def refresh(self) -> None:
        """Shows the hop as it is in the draft now."""
        self.row.refresh()
        if self.fields is not None and self.is_open:
            self.fields.refresh()

    def show_texts(self) -> None:
        """Takes over what was changed by other means than typing."""
        if self.fields is not None:
            self.fields.show_texts()


class ClosedHop(QAbstractButton):
    """A hop in one row, as the draft has it; a click opens it.

    Args:
        edit: What is edited.
        index: Number of the hop.
    """

    def __init__(self, edit: ChainEdit, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit = edit
        self._index = index
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shown: tuple[object, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """Shows the hop as it is in the draft now."""
        hop, checked = self._edit.state.hop(self._index), self._edit.result
        findings = checked.findings_of(self._index) if checked is not None else ()
        is_changed = self._edit.state.has_changed(self._index)
        is_dropped = self._edit.fits[self._index].state is FitState.DROPPED
        differs = self._index in self._edit.differences
        shown = (
            hop,
            len(findings),
            any(f.severity is Severity.ERROR for f in findings),
            is_changed,
            is_dropped,
            differs,
        )
        if shown == self._shown:
            return
        self._shown = shown
        self.setText(hop.sub_question)
        said = [f"Hop {hop.index}: {hop.sub_question} {hop.output}", *(["changed"] if is_changed else [])]
        said += [f"{len(findings)} found"] if findings else []
        self.setAccessibleName(", ".join(said))
        self.setToolTip(hop.sub_question)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, size("row_hop"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.fillRect(self.rect(), t.hover)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.line)
        paint_number(painter, QRectF(16, 10, 20, 20), self._index, t, is_open=False)
        right = self._paint_output(painter, t)
        painter.setFont(font("body"))
        painter.setPen(t.text)
        room = right - 60
        text = QFontMetricsF(font("body")).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(48, 9, room + 1, 20), _VCENTER, text)
        self._paint_facts(painter, QRectF(48, 31, room, 16), t)

    def _paint_output(self, painter: QPainter, t: Tokens) -> float:
        hop = self._edit.state.hop(self._index)
        if not hop.output:
            return self.width() - 16
        metrics = QFontMetricsF(output_font())
        text = elided_name(metrics, hop.output, self.width() * 0.3)
        width = metrics.horizontalAdvance(text) + 16
        rect = QRectF(self.width() - 16 - width, self.height() / 2 - 12, width, 24)
        differs = self._index in self._edit.differences
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.warn_soft if differs else t.sunken)
        painter.drawRoundedRect(rect, radius("chip"), radius("chip"))
        painter.setFont(output_font())
        painter.setPen(t.warn if differs else t.text)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        return rect.left()

    def _paint_facts(self, painter: QPainter, rect: QRectF, t: Tokens) -> None:
        hop = self._edit.state.hop(self._index)
        _, findings, has_error, is_changed, is_dropped, _ = self._shown
        x = rect.left()
        paint_icon(painter, LEVEL_ICONS[hop.level], QRectF(x, rect.center().y() - 6, 12, 12), t.text_secondary)
        x += 17
        words = [level_word(hop.level), *(["changed"] if is_changed else [])]
        if is_dropped or hop.operation is not None:
            words.append("not recomputed" if is_dropped else operation_word(hop.operation))
        metrics = QFontMetricsF(font("meta"))
        shown = metrics.elidedText("  ·  ".join(words), Qt.TextElideMode.ElideRight, rect.right() - x - 34)
        painter.setFont(font("meta"))
        painter.setPen(t.accent if is_changed else t.text_secondary)
        painter.drawText(QRectF(x, rect.top(), rect.right() - x, rect.height()), _VCENTER, shown)
        if findings:
            x += metrics.horizontalAdvance(shown) + 10
            tone = t.bad if has_error else t.warn
            paint_icon(painter, "warning", QRectF(x, rect.center().y() - 6.5, 13, 13), tone)
            painter.setPen(tone)
            painter.drawText(QRectF(x + 17, rect.top(), 30, rect.height()), _VCENTER, str(findings))
