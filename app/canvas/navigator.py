"""Moves the view: fit, one to one, zoom to the cursor, pan, and short ways between them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation, Signal

from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.geometry import Box

WAY_MS = 160
"""Chosen, as in the design tokens."""


class Navigator(QObject):
    """Holds the view of one canvas.

    Args:
        parent: Owns it.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = ViewTransform(0, 0, 1, 1)
        self._is_fitted = True
        self._from = self._to = self._view
        self.has_reduced_motion = False
        self._way = QVariantAnimation(self)
        self._way.setStartValue(0.0)
        self._way.setEndValue(1.0)
        self._way.setDuration(WAY_MS)
        self._way.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._way.valueChanged.connect(self._on_way)

    @property
    def view(self) -> ViewTransform:
        """The view as it is drawn and hit: on whole device pixels."""
        return self._view.snapped()

    @property
    def is_fitted(self) -> bool:
        """Whether all of the picture is shown, and will be when the window changes."""
        return self._is_fitted

    def set_picture(self, width_px: int, height_px: int) -> None:
        """Shows all of a picture of this size."""
        self.stop()
        self._view = replace(self._view, picture_width=width_px, picture_height=height_px).fitted()
        self._is_fitted = True
        self.changed.emit()

    def resize(self, width: int, height: int, ratio: float) -> None:
        """The window has another size, in device pixels. A way ends where it led to, not where it has come."""
        self._view = self.destination
        self.stop()
        width, height = max(1, width), max(1, height)
        if self._is_fitted:
            self._view = replace(self._view, width=width, height=height, ratio=ratio).fitted()
        else:
            self._view = self._view.resized(width, height, ratio).clamped()
        self.changed.emit()

    def fit(self, *, is_animated: bool = True) -> None:
        """Shows all of the picture."""
        self.go(self._view.fitted(), is_animated=is_animated)
        self._is_fitted = True

    def show_box(self, box: Box, *, is_animated: bool = True) -> None:
        """Shows a box of the picture large."""
        target = self._view.showing(box)
        self.go(target, is_animated=is_animated)
        self._is_fitted = target == self._view.fitted()

    def one_to_one(self, *, is_animated: bool = True) -> None:
        """Shows a pixel of the picture as a pixel of the screen; the middle stays where it is."""
        middle = self._view.centre
        self.go(self._view.centred_on(middle.x, middle.y, 1.0), is_animated=is_animated)

    def centre_on(self, x: float, y: float) -> None:
        """Moves a point of the picture to the middle."""
        self.go(self._view.centred_on(x, y, self._view.scale), is_animated=False)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zooms about a place of the window in device pixels, or its middle."""
        self._finish_way()
        place = at if at is not None else QPointF(self._view.width / 2, self._view.height / 2)
        self._set(self._view.zoomed(factor, place))

    def zoom_to(self, scale: float) -> None:
        """Sets device pixels for a pixel of the picture, about the middle."""
        self.zoom(scale / self._view.scale)

    def pan(self, dx: float, dy: float) -> None:
        """Moves by device pixels."""
        self._finish_way()
        self._set(self._view.panned(dx, dy))

    def go(self, target: ViewTransform, *, is_animated: bool) -> None:
        """Goes to another view."""
        self.stop()
        self._is_fitted = False
        if self.has_reduced_motion or not is_animated or target == self._view:
            self._set(target)
            return
        self._from, self._to = self._view, target
        self._way.start()

    @property
    def destination(self) -> ViewTransform:
        """Where it is, or will be when it has gone its way."""
        return self._to if self.is_moving else self._view

    @property
    def is_moving(self) -> bool:
        """Whether it is on its way."""
        return self._way.state() == QVariantAnimation.State.Running

    def stop(self) -> None:
        """Ends a way where it is."""
        self._way.stop()

    def _finish_way(self) -> None:
        if self.is_moving:
            self.stop()
            self._view = self._to
        self._is_fitted = False

    def _on_way(self, part: float) -> None:
        if self.is_moving:
            self._set(self._from.between(self._to, float(part)))

    def _set(self, view: ViewTransform) -> None:
        if view != self._view:
            self._view = view
            self.changed.emit()
