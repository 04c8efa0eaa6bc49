"""The surface of the canvas: how and at which size a picture is shown, whoever puts what on it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.canvas.content import Content
from app.canvas.look import CanvasLook, themed_look
from app.canvas.marks import Display
from app.canvas.navigator import Navigator
from app.canvas.painting import Painting
from app.canvas.pyramid import tone_table
from app.canvas.values import joined_boxes
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.keys import InstanceKey

_TURN_S = 0.008
"""What is shown is worked out for so long in one turn of the window's loop. Chosen."""
_SEEN_EVERY = 5
"""After so many turns what there is so far is shown, and then goes on."""


class Surface(QWidget):
    """Keeps the view and the look of what is shown.

    It is drawn into an image of its own, a little in each turn of the window's loop, and the window is painted with that
    image: all of it in the one turn in which the window paints whatever has changed would hold the window up. Until it is
    drawn the window shows what was drawn before. `repaint`, `grab` and `render` draw all of it at once.

    Args:
        look: Colours and sizes; None to follow the theme.
        parent: Owns it.
    """

    view_changed = Signal(float)
    """Device pixels for a pixel of the picture: 1.0 is 100 %."""
    bare_changed = Signal(bool)

    def __init__(self, look: CanvasLook | None, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._follows_theme = look is None
        self.navigator = Navigator(self)
        self._content = Content(look or themed_look(self.palette()))
        self._painting = Painting(self._content)
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._take_turn)
        self._turns = 0
        self._is_stale, self._is_ready = True, False
        self._image = QImage()
        self.navigator.changed.connect(self._on_view_changed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # --- how it is shown ----------------------------------------------------------------------------------------

    def set_look(self, look: CanvasLook) -> None:
        """Takes other colours and sizes, whatever the theme."""
        self._follows_theme = False
        self._take_look(look)

    def _take_look(self, look: CanvasLook) -> None:
        self._content.look = look
        self._painting.take_look(look)
        self._show_soon()

    def set_opacity(self, opacity: float | None) -> None:
        """Opacity of fills at rest, 0 to 1; None for that of the look."""
        self._content.opacity = None if opacity is None else min(max(opacity, 0.0), 1.0)
        self._repaint_colours()

    def set_tone(self, brightness: float, contrast: float) -> None:
        """Brightens and spreads the values of the picture, each -1 to 1; 0 and 0 show it as it is."""
        self._painting.tone = tone_table(brightness, contrast)
        self._show_soon()

    def set_display(self, display: Display) -> None:
        """Chooses what is shown."""
        was_bare = self.is_bare
        self._painting.display = display
        self._show_soon()
        if was_bare != self.is_bare:
            self.bare_changed.emit(self.is_bare)

    def set_minimap(self, is_shown: bool) -> None:
        """Shows the overview while the picture is larger than the window."""
        self._painting.has_minimap = is_shown
        self._show_soon()

    @property
    def has_minimap(self) -> bool:
        """Whether the overview may be shown."""
        return self._painting.has_minimap

    def set_reduced_motion(self, is_reduced: bool) -> None:
        """Goes to each view and darkness at once."""
        self.navigator.has_reduced_motion = is_reduced

    # --- the view -----------------------------------------------------------------------------------------------

    @property
    def view(self) -> ViewTransform:
        """Where the picture lies in the window."""
        return self.navigator.view

    @property
    def content(self) -> Content:
        """Instances and their states; to be read only."""
        return self._content

    def zoom_to_instances(self, keys: Iterable[InstanceKey], *, is_animated: bool = True) -> None:
        """Shows these instances large; with none known, all of the picture."""
        known = [key for key in keys if key in self._content.instances]
        box = joined_boxes([self._content.box(key) for key in known])
        if box is None:
            self.navigator.fit(is_animated=is_animated)
        else:
            self.navigator.show_box(box, is_animated=is_animated)

    def fit(self) -> None:
        """Shows all of the picture."""
        self.navigator.fit()

    def one_to_one(self) -> None:
        """Shows a pixel of the picture as a pixel of the screen."""
        self.navigator.one_to_one()

    def zoom_in(self) -> None:
        """One step nearer."""
        self.navigator.zoom(1.25)

    def zoom_out(self) -> None:
        """One step farther."""
        self.navigator.zoom(1 / 1.25)

    def set_bare(self, is_bare: bool) -> None:
        """Shows nothing but the picture while this holds, as while Space is held."""
        if is_bare != self._painting.is_bare:
            self._painting.is_bare = is_bare
            self._show_soon()
            self.bare_changed.emit(self.is_bare)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the picture is shown."""
        return self._painting.is_bare or self._painting.display.is_bare

    # --- painting -----------------------------------------------------------------------------------------------

    def repaint(self, *area: Any) -> None:
        """Draws and paints at once."""
        self._draw()
        super().repaint(*area)

    def grab(self, *area: Any) -> QPixmap:
        """Draws at once, and gives it."""
        self._draw()
        return super().grab(*area)

    def render(self, *onto: Any, **how: Any) -> None:
        """Draws at once, onto something else."""
        self._draw()
        super().render(*onto, **how)

    @property
    def is_drawn(self) -> bool:
        """Whether all that is shown has been drawn; what is out of sight waits until it is seen."""
        return not self._turn.isActive()

    def draw(self, painter: QPainter, *, is_whole: bool) -> None:
        """Draws everything; to be given by whoever shows something.

        Args:
            painter: In logical pixels.
            is_whole: Work out what is missing; otherwise leave it out.
        """

    def _show_soon(self) -> None:
        """What is shown is another."""
        self._is_stale, self._is_ready = True, False
        if not self._turn.isActive():
            self._turns = 0
            self._turn.start()

    def _take_turn(self) -> None:
        if not self.isVisible():
            return
        self._turns += 1
        self._follow_ratio()
        until_s = time.perf_counter() + _TURN_S
        was_ready, self._is_ready = self._is_ready, False
        if self._painting.make_ready(self.navigator.view, QRectF(self.rect()), until_s):
            # If there is no time left, next time there is nothing to do but to draw.
            self._is_ready = True
            if was_ready or time.perf_counter() < until_s:
                self._draw()
                return
        elif self._turns % _SEEN_EVERY == 0:
            self._draw_image(is_whole=False)
            self.update()
        self._turn.start()

    def _draw(self) -> None:
        """Draws what has not been drawn yet."""
        self._follow_ratio()
        if self._is_stale:
            self._draw_image(is_whole=True)
            self._is_stale = False
            self._turn.stop()
            self.update()

    def _draw_image(self, *, is_whole: bool) -> None:
        view = self.navigator.view
        if (self._image.width(), self._image.height()) != (view.width, view.height):
            self._image = QImage(view.width, view.height, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(view.ratio)
        painter = QPainter(self._image)
        self.draw(painter, is_whole=is_whole)
        painter.end()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._follow_ratio()
        if self._is_stale and not self.isVisible():
            # Someone has it rendered without showing it.
            self._draw()
        elif self._is_stale and not self._turn.isActive():
            # It was out of sight until now.
            self._show_soon()
        painter = QPainter(self)
        seen = event.rect()
        if not QRectF(QPointF(), self._image.deviceIndependentSize()).contains(QRectF(seen)):
            painter.fillRect(seen, self._content.look.ground)
        painter.drawImage(0, 0, self._image)
        painter.end()

    def _repaint_colours(self, keys: Iterable[InstanceKey | None] | None = None) -> None:
        self._painting.forget_colours(keys)
        self._show_soon()

    def _on_view_changed(self) -> None:
        self._show_soon()
        self.view_changed.emit(self.navigator.view.scale)

    def _follow_ratio(self) -> None:
        view, ratio = self.navigator.view, self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        if (view.width, view.height, view.ratio) != (max(1, width), max(1, height), ratio):
            self.navigator.resize(width, height, ratio)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._follows_theme:
            self._take_look(themed_look(self.palette()))
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._follow_ratio()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)
