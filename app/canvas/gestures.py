"""Mouse, wheel, touchpad and keys: what moves the view is done here, the rest goes to the tool."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from app.canvas.minimap import Minimap
from app.canvas.navigator import Navigator
from app.canvas.tools.tool import DRAG_FROM_PX, Pointer

if TYPE_CHECKING:
    from app.canvas.canvas import PictureCanvas

WHEEL_FACTOR = 1.25
"""For one notch. Chosen."""
_NOTCH = 120.0
_KEY_PAN_PX = 64.0
_ARROWS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_PLAIN = Qt.KeyboardModifier.NoModifier | Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier


class _Grip(Enum):
    """What a held button does."""

    NONE = auto()
    TOOL = auto()
    PAN = auto()
    MINIMAP = auto()


class Gestures:
    """Reads the events of one canvas.

    Args:
        canvas: Whose events they are.
        navigator: Its view.
        minimap: Its overview.
    """

    def __init__(self, canvas: PictureCanvas, navigator: Navigator, minimap: Minimap) -> None:
        self._canvas = canvas
        self._navigator = navigator
        self._minimap = minimap
        self._grip = _Grip.NONE
        self._button = Qt.MouseButton.NoButton
        self._pressed = QPointF()
        self._last = QPointF()
        self._has_dragged = False

    def handle(self, event: QEvent) -> bool:
        """Reads one event; True when it needs no more."""
        used = self._read(event)
        if used:
            event.accept()
        return used

    def _read(self, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            return self._read_mouse(kind, event)
        if isinstance(event, QWheelEvent):
            return self._turn(event)
        if isinstance(event, QKeyEvent):
            return self._read_key(kind, event)
        if isinstance(event, QNativeGestureEvent):
            return self._native(event)
        if isinstance(event, QGestureEvent):
            return self._pinch(event)
        if kind == QEvent.Type.Leave:
            self._canvas.tool.leave()
            self._canvas.report_cursor(None)
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.WindowDeactivate):
            # The key goes up elsewhere, and would be missed.
            self._canvas.set_bare(False)
        return False

    # --- mouse --------------------------------------------------------------------------------------------------

    def _read_mouse(self, kind: QEvent.Type, event: QMouseEvent) -> bool:
        if kind == QEvent.Type.MouseButtonPress:
            self._press(event)
        elif kind == QEvent.Type.MouseButtonDblClick:
            self._press(event, is_double=True)
        elif kind == QEvent.Type.MouseMove:
            self._move(event)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release(event)
        else:
            return False
        return True

    def _press(self, event: QMouseEvent, *, is_double: bool = False) -> None:
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._grip is not _Grip.NONE:
            return
        place = event.position()
        self._button, self._pressed, self._last, self._has_dragged = event.button(), place, place, False
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._on_minimap(place):
            self._grip = _Grip.MINIMAP
            self._follow_minimap(place)
        elif is_left and not self._canvas.tool.is_hand:
            self._grip = _Grip.TOOL
            pointer = self._pointer(event)
            if is_double:
                self._canvas.tool.double_click(pointer)
            else:
                self._canvas.tool.press(pointer)
        elif is_left or event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
            self._grip = _Grip.PAN
            if event.button() != Qt.MouseButton.RightButton:
                self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _move(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._grip is _Grip.NONE:
            if self._on_minimap(place):
                self._canvas.tool.leave()
            else:
                self._canvas.tool.move(self._pointer(event))
        elif self._grip is _Grip.TOOL:
            self._canvas.tool.drag(self._pointer(event))
        elif self._grip is _Grip.MINIMAP:
            self._follow_minimap(place)
        else:
            self._drag_picture(place)
        self._canvas.report_cursor(place)

    def _drag_picture(self, place: QPointF) -> None:
        away = place - self._pressed
        if not self._has_dragged and max(abs(away.x()), abs(away.y())) < DRAG_FROM_PX:
            return
        if not self._has_dragged:
            self._has_dragged = True
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        ratio = self._navigator.view.ratio
        step = place - self._last
        self._last = place
        self._navigator.pan(step.x() * ratio, step.y() * ratio)

    def _release(self, event: QMouseEvent) -> None:
        if event.button() != self._button:
            return
        grip, self._grip, self._button = self._grip, _Grip.NONE, Qt.MouseButton.NoButton
        if grip is _Grip.TOOL:
            self._canvas.tool.release(self._pointer(event))
        elif grip is _Grip.PAN and event.button() == Qt.MouseButton.RightButton and not self._has_dragged:
            stack = self._canvas.keys_at(self._pointer(event).at)
            self._canvas.context_requested.emit(stack[0] if stack else None, event.globalPosition().toPoint())
        self.show_cursor()

    def show_cursor(self) -> None:
        """The cursor of the tool."""
        self._canvas.setCursor(self._canvas.tool.cursor)

    def _pointer(self, event: QMouseEvent) -> Pointer:
        place = event.position()
        return Pointer(self._navigator.view.to_picture(place), place, event.modifiers())

    def _on_minimap(self, place: QPointF) -> bool:
        return self._canvas.has_minimap and self._minimap.rect(self._navigator.view, self._window()).contains(place)

    def _follow_minimap(self, place: QPointF) -> None:
        if self._on_minimap(place) or not self._minimap.rect(self._navigator.view, self._window()).isEmpty():
            at = self._minimap.point(place, self._navigator.view, self._window())
            self._navigator.centre_on(at.x, at.y)

    def _window(self) -> QRectF:
        return QRectF(self._canvas.rect())

    # --- wheel and touchpad -------------------------------------------------------------------------------------

    def _turn(self, event: QWheelEvent) -> bool:
        modifiers = event.modifiers()
        # With Alt held some platforms turn the wheel sideways.
        turned = event.angleDelta().y() or event.angleDelta().x()
        if self._canvas.tool.turn_wheel(turned / _NOTCH, modifiers):
            return True
        ratio = self._navigator.view.ratio
        is_touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        has_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if is_touchpad and not has_control:
            self._navigator.pan(event.pixelDelta().x() * ratio, event.pixelDelta().y() * ratio)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._navigator.pan(turned * ratio, 0)
        elif turned:
            self._navigator.zoom(WHEEL_FACTOR ** (turned / _NOTCH), event.position() * ratio)
        self._canvas.report_cursor(event.position())
        return True

    def _native(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._navigator.zoom(max(0.1, 1.0 + event.value()), event.position() * self._navigator.view.ratio)
        return True

    def _pinch(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        place = self._canvas.mapFromGlobal(pinch.centerPoint())
        self._navigator.zoom(max(0.1, pinch.scaleFactor()), place * self._navigator.view.ratio)
        return True

    # --- keys ---------------------------------------------------------------------------------------------------

    def _read_key(self, kind: QEvent.Type, event: QKeyEvent) -> bool:
        key, text = event.key(), event.text()
        if kind == QEvent.Type.ShortcutOverride:
            return key == Qt.Key.Key_Space or self._canvas.tool.wants(key, text) or key in _ARROWS
        if kind == QEvent.Type.KeyRelease and key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._canvas.set_bare(False)
            return True
        if kind != QEvent.Type.KeyPress:
            return False
        if self._canvas.tool.press_key(key, text):
            return True
        if event.modifiers() & ~_PLAIN:
            return False
        return self._press_key(Qt.Key(key), text, has_shift=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def _press_key(self, key: Qt.Key, text: str, *, has_shift: bool) -> bool:
        if key == Qt.Key.Key_Space:
            self._canvas.set_bare(True)
        elif key in _ARROWS:
            step = _KEY_PAN_PX * self._navigator.view.ratio * (4 if has_shift else 1)
            dx, dy = _ARROWS[key]
            self._navigator.pan(dx * step, dy * step)
        elif text in ("+", "="):
            self._canvas.zoom_in()
        elif text == "-":
            self._canvas.zoom_out()
        elif text == "0":
            self._canvas.fit()
        elif key == Qt.Key.Key_Escape:
            return self._give_up()
        else:
            return False
        return True

    def _give_up(self) -> bool:
        if self._canvas.tool.cancel():
            return True
        if self._canvas.selection:
            self._canvas.choose(())
            return True
        return False
