"""The canvas of the space with its tools, what asks for a category over it, and what stands there without a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.bridge import Bridge
from app.canvas import CanvasInstance, Colouring, Display, PictureCanvas, PictureSource
from app.canvas.pyramid import Pyramid
from app.canvas.tools import BoxTool, BrushTool, HandTool, PolygonTool, SelectTool, Tool
from app.presenters.instance_candidates import is_candidate
from app.presenters.instance_picture import Picture
from app.presenters.instances import Drawn
from app.views.instances.category_popover import CategoryPopover
from app.views.instances.colours import DRAWN, Colours
from app.views.instances.hint_bar import HintBar
from app.views.instances.tone_panel import TonePanel
from app.widgets.button import Button
from app.widgets.panel import EmptyState
from hopchain_core.domain import polygons
from hopchain_core.domain.geometry import Box, Mask, Point
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.errors import PictureError

ReadPicture = Callable[[str, int | None], NDArray[np.uint8]]
_BRUSH_PX = 24.0


class _Brush(BrushTool):
    """A brush that says when its size changes."""

    def __init__(
        self, stage: PictureCanvas, *, erases: bool, size_px: float, resized: Callable[[float], object]
    ) -> None:
        super().__init__(stage, erases=erases, size_px=size_px)
        self._tell = resized

    def press_key(self, key: int, text: str) -> bool:
        used = super().press_key(key, text)
        self._tell(self.size_px)
        return used

    def turn_wheel(self, steps: float, modifiers: Qt.KeyboardModifier) -> bool:
        used = super().turn_wheel(steps, modifiers)
        self._tell(self.size_px)
        return used


class InstancesStage(QWidget):
    """Shows one picture and what is drawn on it.

    Args:
        bridge: Runs slow work.
        colours: Which colour each instance asks for.
        no_picture: Shown where the project has no picture.
    """

    drawn = Signal(object, object)
    """`Box` and `Mask` or None: a new shape."""
    redrawn = Signal(object, object)
    """`InstanceKey` and its `Mask` after a stroke."""
    emptied = Signal(object)
    """`InstanceKey` of which a stroke would leave nothing."""
    named = Signal(str)
    """The category that was asked for."""
    naming_given_up = Signal()
    pyramid_changed = Signal(object)
    """`Pyramid` of the picture, or None: for crops."""
    failed = Signal(object)
    """An exception that is no picture's fault."""
    tool_changed = Signal()

    def __init__(self, bridge: Bridge, colours: Colours, no_picture: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._colours = colours
        self._picture: Picture | None = None
        self._source: PictureSource | None = None
        self._drawn: Drawn | None = None
        self._candidates: tuple[CanvasInstance, ...] = ()
        self._tool_name = "select"
        self._brush_px = _BRUSH_PX
        self.colouring = Colouring.INSTANCE
        self.canvas = PictureCanvas(bridge.ask)
        self.hints = HintBar()
        self._again = Button("Try again", "retry")
        self.missing = EmptyState("", icon="relink", action=self._again)
        self.stack = QStackedWidget()
        for page in (self.canvas, self.missing, no_picture):
            self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.stack, 1)
        self.popover = CategoryPopover(self)
        self.tone = TonePanel(self)
        # The keyboard is kept here until there is a picture, and rings nothing.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("rings", False)
        self.setAccessibleName("Picture with its tools")
        self.stack.setCurrentWidget(no_picture)
        self._no_picture = no_picture
        self._connect()

    def _connect(self) -> None:
        canvas = self.canvas
        canvas.failed.connect(self._fail)
        canvas.feed.picture_arrived.connect(self._take_pyramid)
        canvas.instances_shown.connect(self._keep_colours)
        canvas.colours_changed.connect(self._keep_colours)
        canvas.box_drawn.connect(lambda box: self.drawn.emit(box, None))
        canvas.polygon_drawn.connect(self._take_polygon)
        canvas.mask_edited.connect(self._take_mask)
        self.hints.size_chosen.connect(self.set_brush)
        self.tone.toned.connect(canvas.set_tone)
        self.tone.installEventFilter(self)
        for part in (self.tone.brightness, self.tone.contrast, self.tone.reset):
            part.installEventFilter(self)
        self.popover.accepted.connect(self._name)
        self.popover.cancelled.connect(self._give_up_name)
        self.popover.abandoned.connect(self._abandon_name)
        self._again.clicked.connect(self._load)

    # What is shown

    def show_picture(self, picture: Picture | None, read: ReadPicture | None) -> None:
        """Shows another picture, or none."""
        self._picture, self._drawn, self._candidates = picture, None, ()
        self.popover.hide()
        if picture is None or read is None:
            self._source = None
            self.canvas.set_picture(None)
            self.pyramid_changed.emit(None)
            self.stack.setCurrentWidget(self._no_picture)
            return
        path = picture.image.path
        self._source = PictureSource(
            name=picture.image.name,
            width_px=picture.image.width_px,
            height_px=picture.image.height_px,
            read=lambda side: read(path, side),
        )
        self._load()

    def _load(self) -> None:
        self.pyramid_changed.emit(None)
        had_focus = self.stack.currentWidget().isAncestorOf(QApplication.focusWidget() or self)
        is_free = QApplication.focusWidget() in (None, self, self.window())
        self.stack.setCurrentWidget(self.canvas)
        if had_focus or is_free:
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.canvas.set_picture(self._source)
        self._show_instances()

    def show_rows(self, picture: Picture) -> None:
        """Shows other instances of the same picture; the view stays."""
        self._picture = picture
        self._show_instances()

    def show_drawn(self, drawn: Drawn | None) -> None:
        """Shows a shape that waits for its category."""
        if drawn == self._drawn:
            return
        self._drawn = drawn
        if drawn is None:
            self.popover.hide()
            self.canvas.tool.cancel()
        if drawn is None or not isinstance(self.canvas.tool, BrushTool):
            self._show_instances()
        # Else the brush shows it itself, and goes on with it, until the canvas is given instances anew.

    def show_candidates(self, candidates: tuple[CanvasInstance, ...]) -> None:
        """Shows what a model proposes."""
        if candidates != self._candidates:
            self._candidates = candidates
            self._show_instances()

    def set_colouring(self, colouring: Colouring) -> None:
        """Chooses what colours tell."""
        self.colouring = colouring
        self._show_instances()
        self.canvas.set_colouring(colouring)
        if self.canvas.feed.is_building:
            # What is being built was begun with the colours of before.
            self._show_instances()

    def refresh_colours(self) -> None:
        """Categories have other colours now."""
        if self.colouring is Colouring.CATEGORY:
            self._show_instances()

    def colour(self, key: InstanceKey) -> QColor:
        """Colour of an instance as it is shown."""
        return self.canvas.colour(key)

    def set_display(self, display: Display) -> None:
        """Chooses what is drawn."""
        self.canvas.set_display(display)

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._picture is not None and self.stack.currentWidget() is self.canvas

    def _show_instances(self) -> None:
        if self._picture is not None:
            kept = self._colours.canvas_instances(self._picture, self.colouring, self._drawn)
            self.canvas.set_instances((*kept, *self._candidates))

    def _keep_colours(self) -> None:
        # What is being built may have been begun with the colours of categories.
        is_settled = not self.canvas.feed.is_building
        if is_settled and self.colouring is Colouring.INSTANCE is self.canvas.content.colouring:
            shown = self.canvas.content.indexes.items()
            self._colours.keep({k: i for k, i in shown if k != DRAWN and not is_candidate(k)})

    def _take_pyramid(self, pyramid: Pyramid) -> None:
        self.pyramid_changed.emit(pyramid)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, (PictureError, OSError)) or self._picture is None:
            self.failed.emit(error)
            return
        path = self._picture.image.path
        is_gone = getattr(error, "kind", "") == "missing" or isinstance(error, FileNotFoundError)
        text = "The picture’s file is not there" if is_gone else "The picture cannot be read"
        said = " ".join(str(error).split())
        self.missing.show_text(text, f"Put it back to {path}, then try again." if is_gone else f"{path}: {said}")
        self.stack.setCurrentWidget(self.missing)
        self.tool_changed.emit()

    # Tools

    @property
    def tool_name(self) -> str:
        """What the left button does."""
        return self._tool_name

    def take_tool(self, name: str) -> None:
        """Takes a tool: select, hand, box, polygon, brush or erase."""
        made: dict[str, Callable[[], Tool]] = {
            "select": lambda: SelectTool(self.canvas),
            "hand": lambda: HandTool(self.canvas),
            "box": lambda: BoxTool(self.canvas),
            "polygon": lambda: PolygonTool(self.canvas),
            "brush": lambda: self._brush(erases=False),
            "erase": lambda: self._brush(erases=True),
        }
        self._tool_name = name
        self.canvas.set_tool(made[name]())
        self.hints.show_tool(name, self._brush_px)
        self.tool_changed.emit()

    def take_made_tool(self, tool: Tool) -> None:
        """Takes a tool that was made elsewhere."""
        self._tool_name = tool.name
        self.canvas.set_tool(tool)
        self.hints.show_tool(tool.name, self._brush_px)
        self.tool_changed.emit()

    def set_brush(self, size_px: float) -> None:
        """Gives the brush another diameter, in pixels of the picture."""
        self._brush_px = size_px
        if isinstance(self.canvas.tool, BrushTool):
            self.canvas.tool.size_px = size_px
            self.canvas.repaint_tool()

    def resize_brush(self, by: int) -> None:
        """Makes the brush smaller or larger by a step."""
        self.canvas.tool.press_key(0, "[" if by < 0 else "]")

    def _brush(self, *, erases: bool) -> BrushTool:
        def resized(size_px: float) -> None:
            self._brush_px = size_px
            self.hints.show_size(size_px)

        return _Brush(self.canvas, erases=erases, size_px=self._brush_px, resized=resized)

    def _take_polygon(self, corners: tuple[Point, ...]) -> None:
        if self._picture is None:
            return
        image = self._picture.image
        width, height = image.width_px, image.height_px
        points = np.array([(p.x, p.y) for p in corners], dtype=np.float64)

        def work() -> Mask:
            return Mask.from_runs(polygons.rasterize(points, height, width), height, width)

        def done(mask: Mask) -> None:
            if mask.area and self._picture is not None and self._picture.image == image:
                self.drawn.emit(mask.box(), mask)

        self._bridge.ask(work, done, key="instances polygon")

    def _take_mask(self, key: InstanceKey | None, mask: Mask) -> None:
        is_empty = not mask.area
        if key is not None:
            if is_empty:
                self.canvas.tool.cancel()
                self.emptied.emit(key)
            else:
                self.redrawn.emit(key, mask)
        elif not is_empty:
            self.drawn.emit(mask.box(), mask)

    # Asking for a category

    def ask_category(
        self, title: str, boxes: Sequence[Box], names: Sequence[str], numbered: Sequence[str], preset: str
    ) -> None:
        """Asks beside what these boxes hold."""
        view = self.canvas.view
        near = QRectF()
        for box in boxes:
            near = near.united(view.box_to_view(box))
        inside = near.intersected(QRectF(self.canvas.rect()))
        self.popover.ask(title, inside if not inside.isEmpty() else QRectF(self.canvas.rect()), names, numbered, preset)

    def _name(self, category: str) -> None:
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.named.emit(category)

    def _give_up_name(self) -> None:
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.naming_given_up.emit()

    def _abandon_name(self) -> None:
        # A shape that was drawn waits for its category; who only wanted to relabel has gone on to something else.
        if self._drawn is None:
            self.popover.hide()

    def go_on_naming(self) -> None:
        """Gives the keyboard back to what asks for a category."""
        self.popover.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.popover.field.selectAll()

    # Brightness and contrast

    def toggle_tone(self, near: QPoint) -> None:
        """Opens or closes the sliders.

        Args:
            near: Beneath which place of this widget they stand.
        """
        self.tone.setVisible(self.tone.isHidden())
        if not self.tone.isHidden():
            self._tone_at = near
            self._place_tone()
            self.tone.raise_()
            self.tone.brightness.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    _tone_at = QPoint()

    def _place_tone(self) -> None:
        width = self.tone.sizeHint().width()
        x = min(max(8, self._tone_at.x() - width // 2), self.width() - width - 8)
        self.tone.move(x, 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_tone()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Esc closes the sliders."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if is_escape and event.type() is QEvent.Type.KeyPress:
            self.toggle_tone(self._tone_at)
            self.tool_changed.emit()
            return True
        return False

    def close_down(self) -> None:
        """Nothing arrives any more."""
        self.canvas.close_down()
