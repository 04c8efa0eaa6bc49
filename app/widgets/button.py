"""Buttons: the one main action, others, and quiet ones; with icon and key cap."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.style.fonts import font
from app.style.icons import paint_icon
from app.style.tokens import Tokens, radius, size, tokens_of
from app.widgets.keycap import key_text, keycap_width, paint_keycap

DISABLED_OPACITY = 0.42


class ButtonKind(StrEnum):
    """How much a button asks for."""

    PRIMARY = "primary"
    DEFAULT = "default"
    QUIET = "quiet"
    DANGER = "danger"


class ButtonSize(StrEnum):
    """How high: 24, 32 or 48 logical pixels."""

    SMALL = "button_small"
    NORMAL = "button"
    LARGE = "button_large"


class Button(QAbstractButton):
    """A button in the studio's look.

    Clicking it with the mouse does not take the keyboard from where it is; Tab reaches it.

    Args:
        text: What it does; empty for an icon alone, which then needs `name`.
        icon: Name of an icon.
        kind: How much it asks for.
        size_: How high.
        keys: Shortcut in portable text; shown as a cap when `shows_keys`, in the tooltip otherwise.
        shows_keys: On the button.
        name: Accessible name and first line of the tooltip; the text when empty.
        has_menu: A chevron at the right says that it opens a list.
    """

    def __init__(
        self,
        text: str = "",
        icon: str = "",
        kind: ButtonKind = ButtonKind.DEFAULT,
        *,
        size_: ButtonSize = ButtonSize.NORMAL,
        keys: str = "",
        shows_keys: bool = False,
        name: str = "",
        has_menu: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._kind = kind
        self._size = size_
        self._keys = keys
        self._shows_keys = shows_keys
        self._name = name
        self._why_not = ""
        self._has_menu = has_menu
        self._cap_is_faint = False
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._tell()

    def set_keys(self, keys: str) -> None:
        """Shows another shortcut."""
        self._keys = keys
        self._tell()
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str) -> None:
        """Shows another icon."""
        self._icon_name = icon
        self.update()

    def set_text(self, text: str) -> None:
        """Shows another text."""
        self.setText(text)
        self._tell()
        self.updateGeometry()
        self.update()

    def set_name(self, name: str) -> None:
        """Says something else to screen readers and in the tooltip."""
        self._name = name
        self._tell()

    def set_kind(self, kind: ButtonKind) -> None:
        """Looks as another kind."""
        self._kind = kind
        self.update()

    def set_available(self, is_available: bool, why_not: str = "") -> None:
        """Enables or disables; the tooltip says why it is disabled."""
        self._why_not = "" if is_available else why_not
        self.setEnabled(is_available)
        self._tell()

    @property
    def shows_keys(self) -> bool:
        """The cap stands on the button."""
        return self._shows_keys

    def set_cap_faint(self, is_faint: bool) -> None:
        """Shows that the key goes to a text field at the moment."""
        if self._cap_is_faint != is_faint:
            self._cap_is_faint = is_faint
            self.update()

    @property
    def icon_name(self) -> str:
        """The icon shown."""
        return self._icon_name

    def _tell(self) -> None:
        name = self._name or self.text()
        self.setAccessibleName(name)
        shown = key_text(self._keys)
        tip = name if not self.text() or self._name else ""
        if shown and not self._shows_keys:
            tip = f"{tip or name}  ({shown})"
        if self._why_not:
            tip = f"{tip or name}: {self._why_not}"
        self.setToolTip(tip)

    def _cap(self) -> str:
        return key_text(self._keys) if self._shows_keys else ""

    def _padding(self) -> float:
        if not self.text():
            return 0.0
        return 8.0 if self._size is ButtonSize.SMALL else 12.0

    def _icon_side(self) -> float:
        # A square with nothing but an icon is a tool: 20; beside text: 16.
        return 20.0 if not self.text() and self._size is not ButtonSize.SMALL else 16.0

    def sizeHint(self) -> QSize:
        height = size(self._size.value)
        if not self.text() and not self._cap() and not self._has_menu:
            return QSize(height, height)
        width = 2 * self._padding()
        parts = []
        if self._icon_name:
            parts.append(self._icon_side())
        if self.text():
            parts.append(QFontMetricsF(self._font()).horizontalAdvance(self.text()))
        if self._cap():
            parts.append(keycap_width(self._cap()))
        if self._has_menu:
            parts.append(16.0)
        return QSize(round(width + sum(parts) + 8 * (len(parts) - 1) + 0.5), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _font(self) -> QFont:
        return font("meta") if self._size is ButtonSize.SMALL else font("label")

    def event(self, event: QEvent) -> bool:
        # Reached by Tab, the button takes its own keys before any shortcut does.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_click(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(DISABLED_OPACITY)
        ground, edge, colour = self._colours(t)
        corner = radius("chip") if self._size is ButtonSize.SMALL else radius("button")
        if ground is not None or edge is not None:
            painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(edge, 1) if edge is not None else Qt.PenStyle.NoPen)
            inset = 0.5 if edge is not None else 0.0
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), corner, corner)
        self._paint_content(painter, colour, t)

    def _paint_content(self, painter: QPainter, colour: QColor, t: Tokens) -> None:
        text_width = QFontMetricsF(self._font()).horizontalAdvance(self.text()) if self.text() else 0.0
        parts = [
            w
            for w in (
                self._icon_side() if self._icon_name else 0.0,
                text_width,
                keycap_width(self._cap()),
                16.0 if self._has_menu else 0.0,
            )
            if w
        ]
        x = (self.width() - sum(parts) - 8 * (len(parts) - 1)) / 2
        middle = self.height() / 2
        if self._icon_name:
            side = self._icon_side()
            paint_icon(painter, self._icon_name, QRectF(x, middle - side / 2, side, side), colour)
            x += side + 8
        if self.text():
            painter.setFont(self._font())
            painter.setPen(colour)
            painter.drawText(
                QRectF(x, 0, text_width + 1, self.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine,
                self.text(),
            )
            x += text_width + 8
        if self._cap():
            on_accent = self._kind is ButtonKind.PRIMARY
            edge = QColor(t.on_accent) if on_accent else t.line_strong
            if on_accent:
                edge.setAlphaF(0.55)
            width = keycap_width(self._cap())
            opacity = painter.opacity()
            painter.setOpacity(min(opacity, DISABLED_OPACITY) if self._cap_is_faint else opacity)
            paint_keycap(painter, self._cap(), x + width, middle, t.on_accent if on_accent else t.text_secondary, edge)
            painter.setOpacity(opacity)
            x += width + 8
        if self._has_menu:
            paint_icon(painter, "chevron-down", QRectF(x, middle - 8, 16, 16), t.text_tertiary)

    def _colours(self, t: Tokens) -> tuple[QColor | None, QColor | None, QColor]:
        """Ground, edge and text."""
        is_hot = self.isEnabled() and self.underMouse()
        is_down = self.isDown()
        match self._kind:
            case ButtonKind.PRIMARY:
                ground = t.accent_pressed if is_down else t.accent_hover if is_hot else t.accent
                return ground, None, t.on_accent
            case ButtonKind.QUIET:
                if self.isChecked():
                    return t.accent_soft, None, t.accent
                return (t.sunken if is_down else t.hover if is_hot else None), None, t.text
            case _:
                if self.isChecked():
                    return t.accent_soft, t.accent_line, t.accent
                base = t.raised if t.is_dark else t.surface
                ground = t.sunken if is_down else t.hover if is_hot else base
                edge = t.text_tertiary if is_hot else t.line_strong
                return ground, edge, t.bad if self._kind is ButtonKind.DANGER else t.text


def _is_click(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
