"""Several chips in a row that breaks, and the small pieces that the hop's panel is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.style.tokens import radius, size, tokens_of
from app.widgets.chip import ChipKind, chip_width, paint_chip
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.facts import PictureFacts


@dataclass(frozen=True, slots=True)
class ChipText:
    """One chip.

    Attributes:
        text: One or two words.
        kind: What it says.
        icon: Before the text.
        swatch: Colour of an instance.
        hint: Tooltip.
        value: Reported when it is clicked; empty for a chip that does nothing.
    """

    text: str
    kind: ChipKind = ChipKind.NEUTRAL
    icon: str = ""
    swatch: QColor | None = None
    hint: str = ""
    value: str = ""


def missing_chip(facts: PictureFacts | None, key: InstanceKey) -> ChipText:
    """For an instance that the picture does not show: that it was changed, or that it is gone, and what happened."""
    departure = facts.departed.get(key) if facts is not None else None
    if departure is None:
        return ChipText("gone", ChipKind.BAD, "warning", hint="This object is not in the picture any more")
    hint = departure.words[:1].upper() + departure.words[1:]
    if departure.now is not None:
        return ChipText(f"{departure.category}, changed", ChipKind.WARN, "warning", hint=hint)
    return ChipText(f"{departure.category}, gone", ChipKind.BAD, "warning", hint=hint)


class ChipFlow(QWidget):
    """Chips side by side, in as many rows as it takes.

    Args:
        gap_px: Between them.
        name: What they say together, for screen readers.
    """

    clicked = Signal(str)
    """The value of a chip."""
    hovered = Signal(str)
    """The value of the chip under the cursor; empty for none."""

    def __init__(self, name: str = "", gap_px: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._gap = gap_px
        self._chips: tuple[ChipText, ...] = ()
        self._hot = ""
        self._current = ""
        self.setProperty("rings", False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)

    def show_chips(self, chips: Sequence[ChipText]) -> None:
        """Shows other chips."""
        self._chips = tuple(chips)
        is_live = any(chip.value for chip in self._chips)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_live else Qt.FocusPolicy.NoFocus)
        said = ", ".join(chip.text for chip in self._chips)
        self.setAccessibleName(f"{self._name}: {said}" if self._name else said)
        self.updateGeometry()
        self.update()

    def chips(self) -> tuple[ChipText, ...]:
        """What is shown."""
        return self._chips

    def rect_of(self, value: str) -> QRect:
        """Where a chip lies; an empty rectangle where there is none of this value."""
        return next((rect for chip, rect in self._placed(self.width()) if chip.value == value), QRect())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((rect.bottom() + 1 for _, rect in self._placed(width)), default=size("chip"))

    def sizeHint(self) -> QSize:
        widths = [_width(chip) for chip in self._chips]
        return QSize(sum(widths) + self._gap * max(0, len(widths) - 1), size("chip"))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(64, self.sizeHint().width()), size("chip"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        for chip, rect in self._placed(self.width()):
            paint_chip(painter, QRectF(rect), chip.text, t, chip.kind, icon=chip.icon, swatch=chip.swatch)
            if self._current and chip.value == self._current:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(t.accent, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius("chip"), radius("chip"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        values = [chip.value for chip in self._chips if chip.value]
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if self._current not in values:
            super().keyPressEvent(event)
        elif step is not None:
            self._point_at(values[(values.index(self._current) + step) % len(values)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._point_at(next((chip.value for chip in self._chips if chip.value), "") if by_keys else "")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._point_at("")

    def _point_at(self, value: str) -> None:
        """Shows where the keyboard is, as the mouse would."""
        if value != self._current:
            self._current = value
            self.setAccessibleDescription(
                next((chip.text for chip in self._chips if value and chip.value == value), "")
            )
            self.hovered.emit(value)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        chip = self._at(event.position().toPoint().x(), event.position().toPoint().y())
        value = chip.value if chip is not None else ""
        self.setCursor(Qt.CursorShape.PointingHandCursor if value else Qt.CursorShape.ArrowCursor)
        if value != self._hot:
            self._hot = value
            self.hovered.emit(value)

    def leaveEvent(self, event: QEvent) -> None:
        if self._hot:
            self._hot = ""
            self.hovered.emit("")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        chip = self._at(event.position().toPoint().x(), event.position().toPoint().y())
        if chip is not None and chip.value and event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit(chip.value)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            chip = self._at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), chip.hint if chip is not None else "", self)
            return True
        return super().event(event)

    def _at(self, x: int, y: int) -> ChipText | None:
        return next((chip for chip, rect in self._placed(self.width()) if rect.contains(x, y)), None)

    def _placed(self, width: int) -> list[tuple[ChipText, QRect]]:
        placed = []
        x = y = 0
        height = size("chip")
        for chip in self._chips:
            wide = min(_width(chip), max(1, width))
            if x and x + wide > width:
                x, y = 0, y + height + self._gap
            placed.append((chip, QRect(x, y, wide, height)))
            x += wide + self._gap
        return placed


def _width(chip: ChipText) -> int:
    return int(chip_width(chip.text, icon=chip.icon, swatch=chip.swatch is not None) + 1.5)
