"""The picture canvas: a picture, its instances, the evidence of a hop, and the tools that draw on it.

A plain widget and not a QGraphicsView: all of picture and masks is one composed image in device pixels (see `frame`),
so a scene would hold a single item, its index and transforms would do nothing, and its scroll bars would round the view
to whole pixels of a range that changes with the zoom. What is drawn in vectors is decided anew for each frame.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from app.canvas.changes import InstanceChanges
from app.canvas.description import described
from app.canvas.dimming import Dimming
from app.canvas.feed import Ask, Feed, PictureSource
from app.canvas.frame import Sketch
from app.canvas.gestures import Gestures
from app.canvas.look import CanvasLook
from app.canvas.names import names_of
from app.canvas.notice import notice_of, paint_notice
from app.canvas.pyramid import Pyramid
from app.canvas.surface import Surface
from app.canvas.tools import BrushTool, SelectTool, Tool
from app.canvas.values import CanvasInstance, Colouring, Crop, Overlay, Region
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.keys import InstanceKey


class PictureCanvas(Surface):
    """Shows one picture with its instances.

    Keys it takes when it has the focus: arrows pan, `+` and `-` zoom, `0` fits, Space held shows the bare picture,
    Escape gives up what is being drawn, else the selection. Wheel zooms to the cursor; the middle and the right button
    pan; a touchpad pans with two fingers and zooms with a pinch or Ctrl.

    Args:
        ask: Runs slow work in another thread: the bridge's.
        look: Colours and sizes; None to follow the theme.
        parent: Owns it.
    """

    hovered = Signal(object)
    """`InstanceKey` or None: what is under the cursor."""
    selected = Signal(object)
    """tuple of `InstanceKey`, after a person changed it; the last selected is last."""
    clicked_through = Signal(object)
    """`InstanceKey`: a click went on to what lies beneath. `selected` came before."""
    cursor_moved = Signal(object)
    """`Point` in pixels of the picture, or None outside of it."""
    picture_shown = Signal(bool)
    """A picture has arrived: True once it is there at its full size."""
    instances_shown = Signal()
    """The instances last set are the ones that are shown."""
    failed = Signal(object)
    """The exception with which reading a picture or building its masks ended."""
    box_drawn = Signal(object)
    """`Box`, whole pixels."""
    polygon_drawn = Signal(object)
    """tuple of `Point`, three or more."""
    mask_edited = Signal(object, object)
    """`InstanceKey` or None for a new one, and its `Mask`, which may be empty. The key is the one the editing began
    with: a version that has been superseded since, where strokes follow quickly."""
    point_placed = Signal(object, bool)
    """`Point`, and whether it is inside of what is meant."""
    context_requested = Signal(object, QPoint)
    """`InstanceKey` or None under the right button, and where on the screen."""
    colours_changed = Signal()
    """`colour` gives others than before."""

    _gestures: Gestures | None = None

    def __init__(self, ask: Ask, look: CanvasLook | None = None, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.feed = Feed(ask, self)
        self._source: PictureSource | None = None
        self._notice = ""
        self._tool: Tool = SelectTool(self)
        self._gestures = Gestures(self, self.navigator, self._painting.minimap)
        self._changes = InstanceChanges(self._content, self._painting, self.feed, self)
        self._changes.taken.connect(self._on_taken)
        self._dimming = Dimming(self)
        self._dimming.changed.connect(self._on_dimming)
        self.feed.picture_arrived.connect(self._on_picture)
        self.feed.failed.connect(self._on_failed)
        self.feed.encoded.connect(self.mask_edited)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setAccessibleName("Picture")
        self._describe()

    # --- what is shown ------------------------------------------------------------------------------------------

    def set_picture(self, source: PictureSource | None) -> None:
        """Shows another picture, or none; instances, evidence and selection are taken away.

        It is read elsewhere; `picture_shown` comes when it is there, for a large one twice.
        """
        self._tool.cancel()
        self._source, self._painting.pyramid, self._notice = source, None, ""
        content = self._content
        content.width_px, content.height_px = (source.width_px, source.height_px) if source else (0, 0)
        content.labels, content.overlay, content.hovered, content.selected = None, None, None, ()
        content.set_instances(())
        self._changes.clear()
        self._painting.forget_outline()
        self._painting.forget_places()
        self.feed.load(source)
        self.navigator.set_picture(content.width_px, content.height_px)
        self._repaint_colours()
        self._describe()

    def set_instances(self, instances: Iterable[CanvasInstance]) -> None:
        """Shows these instances of the picture.

        A few changes are shown at once; many are worked out elsewhere, and the old ones stay until `instances_shown`.
        """
        self._changes.show(tuple(instances))

    def _on_taken(self, keys: Iterable[InstanceKey] | None, has_other_colours: bool) -> None:
        if isinstance(self._tool, BrushTool) and not self._tool.is_busy:
            self._tool.forget()
        self._repaint_colours(keys)
        self._describe()
        if has_other_colours:
            self.colours_changed.emit()
        self.instances_shown.emit()

    def _on_picture(self, pyramid: Pyramid) -> None:
        self._painting.pyramid, self._notice = pyramid, ""
        self._show_soon()
        self.picture_shown.emit(pyramid.is_whole)

    def _on_failed(self, error: Exception) -> None:
        if self._source is not None and self._painting.pyramid is None and not self.feed.is_loading:
            self._notice = notice_of(self._source.name, error)
            self._describe()
            self._show_soon()
        self.failed.emit(error)

    def set_overlay(self, overlay: Overlay | None, *, is_animated: bool = True) -> None:
        """Shows the evidence of a hop, or none.

        Args:
            overlay: May name instances that are not there yet.
            is_animated: Let the darkness come within 120 ms, unless motion is reduced.
        """
        was_dimmed = self._content.is_dimmed
        self._content.overlay = overlay
        self._dimming.stop()
        self._content.dim_share = 1.0
        if is_animated and self._content.is_dimmed and not was_dimmed and not self.navigator.has_reduced_motion:
            self._content.dim_share = 0.0
            self._dimming.start()
        self._painting.forget_places()
        self._repaint_colours()
        self._describe()

    def _on_dimming(self, share: float) -> None:
        self._content.dim_share = share
        self._repaint_colours()

    def set_colouring(self, colouring: Colouring) -> None:
        """Chooses what the colour of an instance tells."""
        if colouring is not self._content.colouring:
            self._painting.forget_places()
            self._content.colouring = colouring
            self._content.indexes = self._content.chosen_colours({})
            self._repaint_colours()
            self.colours_changed.emit()

    # --- what is selected and under the cursor ------------------------------------------------------------------

    @property
    def selection(self) -> tuple[InstanceKey, ...]:
        """What is selected."""
        return self._content.selected

    def set_selection(self, keys: Iterable[InstanceKey]) -> None:
        """Selects; `selected` is not sent. Keys may be of instances that are still being built."""
        self._select(tuple(keys))

    def set_hovered(self, key: InstanceKey | None) -> None:
        """Highlights an instance, as when its row in a list is hovered over; `hovered` is not sent."""
        self._highlight(key, ())

    def _select(self, keys: tuple[InstanceKey, ...]) -> None:
        if keys != self._content.selected:
            if isinstance(self._tool, BrushTool) and not self._tool.is_busy:
                self._tool.forget()
            before, self._content.selected = self._content.selected, keys
            self._repaint_colours((*before, *keys))
            self._describe()

    def _highlight(self, key: InstanceKey | None, beneath: tuple[InstanceKey, ...]) -> None:
        self._painting.names.beneath = names_of(beneath, self._content)
        if key != self._content.hovered:
            before, self._content.hovered = self._content.hovered, key
            self._repaint_colours((before, key))

    def keys_at(self, at: Point) -> tuple[InstanceKey, ...]:
        """Instances at a point of the picture, the uppermost first."""
        return self._content.stack_at(at)

    def colour(self, key: InstanceKey) -> QColor:
        """Colour of an instance as it is shown now, for lists beside the canvas."""
        return self._content.colour(key)

    def is_settled(self) -> bool:
        """Whether nothing is being read, built or drawn, and nothing moves."""
        is_moving = self.navigator.is_moving or self._dimming.is_running or not self.is_drawn
        return not (self.feed.is_loading or self.feed.is_building or is_moving)

    # --- tools --------------------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """What the left button does."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Takes another tool; what the old one has begun is given up."""
        self._tool.cancel()
        if isinstance(self._tool, BrushTool):
            self._tool.forget()
        self.hover(None)
        self._tool = tool
        self.setCursor(tool.cursor)
        self._show_soon()

    def choose(self, keys: tuple[InstanceKey, ...]) -> None:
        """Selects, as a person's doing."""
        if keys != self._content.selected:
            self._select(keys)
            self.selected.emit(keys)

    def hover(self, key: InstanceKey | None, beneath: tuple[InstanceKey, ...] = ()) -> None:
        """Highlights what is under the cursor."""
        is_new = key != self._content.hovered
        self._highlight(key, beneath)
        if is_new:
            self.hovered.emit(key)

    def click_through(self, key: InstanceKey) -> None:
        """Says that a click went on to what lies beneath."""
        self.clicked_through.emit(key)

    def finish_box(self, box: Box) -> None:
        """Hands over a drawn box."""
        self.box_drawn.emit(box)

    def finish_polygon(self, corners: tuple[Point, ...]) -> None:
        """Hands over a drawn polygon."""
        self.polygon_drawn.emit(corners)

    def finish_point(self, at: Point, is_inside: bool) -> None:
        """Hands over a point."""
        self.point_placed.emit(at, is_inside)

    def finish_mask(self, key: InstanceKey | None, crop: Crop) -> None:
        """Hands over an edited mask; `mask_edited` follows."""
        self.feed.encode(key, crop, self._content.height_px, self._content.width_px)

    def show_sketch(self, key: InstanceKey | None, sketch: Sketch | None, changed: Region) -> None:
        """Shows a mask that is being edited in place of an instance."""
        self._painting.show_sketch(key, sketch, changed)
        self._show_soon()

    def repaint_tool(self) -> None:
        """Has the tool painted again soon."""
        self._show_soon()

    # --- painting -----------------------------------------------------------------------------------------------

    def draw(self, painter: QPainter, *, is_whole: bool) -> None:
        """Draws picture, instances, evidence and what the tool has begun."""
        window = QRectF(self.rect())
        self._painting.paint(painter, self.navigator.view, window, self._tool, is_whole=is_whole)
        if self._notice:
            paint_notice(painter, window, self._notice, self._content.look.ground)

    # --- input --------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Mouse, wheel, keys and gestures go to `Gestures`."""
        # Children are announced while the canvas is still being made.
        return (self._gestures is not None and self._gestures.handle(event)) or super().event(event)

    def report_cursor(self, place: QPointF | None) -> None:
        """Tells where in the picture a place of the window is."""
        at = None if place is None else self.navigator.view.to_picture(place)
        content = self._content
        is_inside = at is not None and 0 <= at.x < content.width_px and 0 <= at.y < content.height_px
        self.cursor_moved.emit(at if is_inside else None)

    # --- the rest -----------------------------------------------------------------------------------------------

    def _describe(self) -> None:
        name = None if self._source is None else self._source.name
        self.setAccessibleDescription(described(name, self._content, self._notice))

    def close_down(self) -> None:
        """Nothing moves and nothing arrives any more: for a canvas that is about to go."""
        self.navigator.stop()
        self._dimming.stop()
        self._turn.stop()
        self.feed.load(None)
        self.feed.drop_build()
