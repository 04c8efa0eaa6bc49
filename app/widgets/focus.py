"""The ring around what has the keyboard; never shown for the mouse alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QFocusFrame,
    QLineEdit,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)

from app.style.tokens import tokens_of

_WIDTH_PX = 2
_OFFSET_PX = 2


class FocusRing(QFocusFrame):
    """Follows the keyboard focus of a window with a 2-pixel accent ring, 2 pixels outside.

    Where what holds the widget ends sooner, such as the view of a scroll area, that side of the ring lies at its edge.
    Fields and lists mark their focus themselves. A widget may say so with the property `rings` set to False.

    Args:
        window: In which it is shown.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._input = _LastInput(window)
        style = _Margins()
        style.setParent(self)
        self.setStyle(style)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow)
        # A frame around nothing would be shown with its window.
        self.hide()

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        by_mouse = self._input.was_mouse or QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        wanted = new is not None and not by_mouse and self._window.isAncestorOf(new) and _is_ringed(new)
        self.setWidget(new if wanted else None)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens_of(self).accent, _WIDTH_PX))
        inset = _WIDTH_PX / 2
        seen = QRectF(self.rect() & self.visibleRegion().boundingRect())
        painter.drawRoundedRect(seen.adjusted(inset, inset, -inset, -inset), 8, 8)


class _LastInput(QObject):
    """Whether a window was last touched with the mouse or with a key: only a key shows where the keyboard is.

    It looks at what reaches the window as a whole, which is little, and not at what goes on between its widgets.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        # Before anything was pressed nobody has asked where the keyboard is.
        self.was_mouse = True
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress and watched is not self._window:
            self.was_mouse = True
        elif kind is QEvent.Type.KeyPress:
            self.was_mouse = False
        elif kind is QEvent.Type.Show and watched is self._window:
            handle = self._window.windowHandle()
            if handle is not None:
                handle.installEventFilter(self)
        return False


def _is_ringed(widget: QWidget) -> bool:
    # A page that only holds the keyboard until one of its parts takes it.
    if widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
        return False
    if isinstance(widget, (QLineEdit, QAbstractScrollArea)):
        return widget.property("rings") is True
    return widget.property("rings") is not False


class _Margins(QProxyStyle):
    """Only of the ring itself: a style in Python is too slow to be asked by every widget."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric in (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin):
            return _WIDTH_PX + _OFFSET_PX
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803 - its name in Qt
    ) -> int:
        # Above all that the window holds rather than beside the widget, where the row it stands in would cut it off.
        if hint == QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1
        # No hole where the widget is: at an edge the ring lies over it.
        if hint == QStyle.StyleHint.SH_FocusFrame_Mask:
            return 0
        return super().styleHint(hint, option, widget, returnData)
