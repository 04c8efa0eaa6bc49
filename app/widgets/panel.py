"""Parts of the frame that spaces share: grounds, lines, heads, empty states, bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.style.hairline import fill_lines
from app.style.icons import paint_icon
from app.style.tokens import radius, size, tokens_of
from app.widgets.label import Label, QuestionLabel


class Ground(QWidget):
    """A plain area.

    Args:
        ground: window, surface, sunken, raised or canvas.
        is_row: Lays its children side by side instead of one below the other.
        margins: Left, top, right, bottom.
        spacing: Between children.
    """

    def __init__(
        self,
        ground: str = "surface",
        *,
        is_row: bool = False,
        margins: tuple[int, int, int, int] = (0, 0, 0, 0),
        spacing: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ground = ground
        # Every ground fills its whole area: what lies beneath need not be painted first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.box: QBoxLayout = QHBoxLayout(self) if is_row else QVBoxLayout(self)
        self.box.setContentsMargins(*margins)
        self.box.setSpacing(spacing)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), tokens_of(self).named(self._ground))


class Line(QFrame):
    """A 1-pixel divider.

    Args:
        is_vertical: Between columns instead of rows.
        inset: Free space at both ends.
    """

    def __init__(self, *, is_vertical: bool = False, inset: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_vertical = is_vertical
        self._inset = inset
        self.setFixedWidth(1) if is_vertical else self.setFixedHeight(1)
        if is_vertical:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        dx, dy = (0, self._inset) if self._is_vertical else (self._inset, 0)
        line = QRectF(self.rect().adjusted(dx, dy, -dx, -dy))
        fill_lines(QPainter(self), [line], tokens_of(self).line)


class Card(QWidget):
    """A surface with an edge; only for siblings that one compares. `box` is its layout."""

    def __init__(self, *, margin: int = 16, spacing: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_selected = False
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(margin, margin, margin, margin)
        self.box.setSpacing(spacing)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self.is_selected else 1
        painter.setPen(QPen(t.accent if self.is_selected else t.line, width))
        painter.setBrush(t.surface)
        inset = width / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius("card"), radius("card")
        )


class PanelHead(Ground):
    """The 48-pixel head of a panel: title, a figure in tertiary text, tools at the right.

    Args:
        title: What the panel holds.
        tools: At the right, in their order.
    """

    def __init__(self, title: str, tools: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__("surface", is_row=True, margins=(16, 0, 8, 0), spacing=8, parent=parent)
        self.setFixedHeight(size("panel_head"))
        self.title = Label(title, "heading")
        self.figure = Label("", "meta", "tertiary")
        self.box.addWidget(self.title)
        self.box.addWidget(self.figure)
        self.box.addStretch(1)
        for tool in tools:
            self.box.addWidget(tool)

    def show_figure(self, text: str) -> None:
        """Shows a count beside the title."""
        self.figure.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        fill_lines(QPainter(self), [QRectF(0, self.height() - 1, self.width(), 1)], tokens_of(self).line)


class EmptyState(QWidget):
    """What belongs here, and one button for what to do next.

    Args:
        text: One line.
        hint: A second, quieter one.
        icon: Above it.
        action: The button.
    """

    def __init__(
        self, text: str, hint: str = "", *, icon: str = "", action: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.text = QuestionLabel(text, "heading", is_centred=True)
        self.hint = QuestionLabel(hint, "body", tone="text-secondary", is_centred=True)
        if not hint:
            # Not `setVisible`: shown before it has a place, it would be a window of its own for a moment.
            self.hint.hide()
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(1)
        if icon:
            layout.addWidget(IconLabel(icon, 32, "text-tertiary"), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.text)
        layout.addWidget(self.hint)
        if action is not None:
            layout.addSpacing(8)
            layout.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def show_text(self, text: str, hint: str = "") -> None:
        """Says something else."""
        self.text.setText(text)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))


class IconLabel(QWidget):
    """An icon alone; said to nobody unless it has a name.

    Args:
        icon: Its name.
        side_px: Its size.
        tone: A colour of the tokens.
        name: For screen readers.
    """

    def __init__(
        self, icon: str, side_px: int = 16, tone: str = "text", *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._tone = icon, tone
        self.setFixedSize(side_px, side_px)
        self.setAccessibleName(name)

    def show_icon(self, icon: str, tone: str = "text") -> None:
        """Shows another one."""
        self._icon_name, self._tone = icon, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        paint_icon(painter, self._icon_name, QRectF(self.rect()), tokens_of(self).named(self._tone))


class Bar(QWidget):
    """A thin bar of shares: done in the accent (or grey once at rest), failed in red.

    Args:
        name: What progresses, for screen readers.
        height_px: Of the bar.
    """

    def __init__(self, name: str = "", height_px: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._parts: tuple[tuple[float, str], ...] = ()
        self.setFixedHeight(height_px)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(72, self.height())

    def show_share(self, done: float, failed: float = 0.0, *, is_running: bool = True) -> None:
        """Shows shares of the whole, each in [0, 1]."""
        self.show_parts(((done, "accent" if is_running else "text-tertiary"), (failed, "bad")))
        self.setAccessibleName(f"{self._name} {round(100 * (done + failed))} %".strip())

    def show_parts(self, parts: Sequence[tuple[float, str]]) -> None:
        """Shows shares of the whole in colours of the tokens, from the left."""
        self._parts = tuple(parts)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QPainterPath()
        whole.addRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.setClipPath(whole)
        painter.fillRect(self.rect(), t.track)
        x = 0.0
        for share, colour in self._parts:
            # A single failure among thousands is still seen.
            width = max(2.0, share * self.width()) if share > 0 else 0.0
            painter.fillRect(QRectF(x, 0, width, self.height()), QColor(t.named(colour)))
            x += width
