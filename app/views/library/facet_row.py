"""One choice of a filter: a box to check, its word, a bar of its share, and how many pictures it would leave."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import size, tokens_of
from app.widgets.choice import paint_check

_BAR_PX = 48.0
_VCENTER = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class FacetRow(QAbstractButton):
    """A checkable row. Space checks it while it has the keyboard.

    Args:
        text: The choice, as plain text.
        icon: Before the text; empty for none.
        tone: Colour of the icon.
        hint: Tooltip.
    """

    def __init__(
        self, text: str, icon: str = "", tone: str = "text-secondary", hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._tone, self._hint = icon, tone, hint
        self._count = 0
        self._share: float | None = None
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tell()

    @property
    def count(self) -> int:
        """How many pictures it would leave."""
        return self._count

    def show_count(self, count: int, share: float | None = None) -> None:
        """Shows how many pictures it would leave, and the share of the largest as a bar."""
        if (count, share) != (self._count, self._share):
            self._count, self._share = count, share
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(216, size("row_filter"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), t.hover)
        faint = self._count == 0 and not self.isChecked()
        middle = self.height() / 2
        paint_check(painter, QRectF(16, 0, 16, self.height()), t, is_checked=self.isChecked(), is_hot=self.underMouse())
        x = 40.0
        if self._icon_name:
            paint_icon(painter, self._icon_name, QRectF(x, middle - 7, 14, 14), t.named(self._tone))
            x += 24
        painter.setFont(font("meta"))
        figures = f"{self._count:,}"
        figures_width = QFontMetricsF(font("meta")).horizontalAdvance(figures)
        right = self.width() - 16.0
        painter.setPen(t.text_tertiary if faint else t.text_secondary)
        painter.drawText(
            QRectF(right - figures_width - 1, 0, figures_width + 1, self.height()),
            int(_VCENTER | Qt.AlignmentFlag.AlignRight),
            figures,
        )
        right -= max(figures_width, 20.0) + 12
        if self._share is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.track)
            bar = QRectF(right - _BAR_PX, middle - 2, _BAR_PX, 4)
            painter.drawRoundedRect(bar, 2, 2)
            painter.setBrush(t.accent if self.isChecked() else t.line_strong)
            # Never narrower than its round ends, and nothing at all for nothing.
            length = max(4.0, self._share * _BAR_PX) if self._count else 0.0
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), length, 4), 2, 2)
            right -= _BAR_PX + 12
        painter.setFont(font("body"))
        painter.setPen(t.text_tertiary if faint else t.text)
        text = QFontMetricsF(font("body")).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, right - x)
        painter.drawText(QRectF(x, 0, right - x, self.height()), int(_VCENTER), text)

    def _tell(self) -> None:
        self.setAccessibleName(f"{self.text()}, {self._count:,} pictures")
        self.setToolTip(self._hint or (self.text() if len(self.text()) > 18 else ""))
