"""Everything the canvas draws, from what has changed since the last time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.canvas.chips import ChipMeasures, PlacedChip, Taken, paint_chips
from app.canvas.content import Content, Veil
from app.canvas.evidence import Evidence, ends_of, found_in, paint_evidence
from app.canvas.frame import Frame, Shown, Sketch
from app.canvas.look import CanvasLook
from app.canvas.marks import Display, Marks
from app.canvas.minimap import Minimap
from app.canvas.names import Names
from app.canvas.outlines import Outlines
from app.canvas.pyramid import Pyramid
from app.canvas.tools.tool import Tool
from app.canvas.values import NOWHERE, Region, joined_boxes
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.keys import InstanceKey


class Painting:
    """Draws one canvas and remembers what need not be worked out again.

    Args:
        content: Instances and their states.

    Attributes:
        pyramid: The picture; None while there is none.
        tone: Table of brightness and contrast, uint8, (256,); None for the picture as it is.
        display: What is shown.
        is_bare: Nothing but the picture, whatever `display` says.
        has_minimap: Whether the overview may be shown.
        names: Where names stand.
        minimap: The overview.
    """

    def __init__(self, content: Content) -> None:
        self.pyramid: Pyramid | None = None
        self.tone: NDArray[np.uint8] | None = None
        self.display = Display()
        self.is_bare = False
        self.has_minimap = True
        self.names = Names(content)
        self.minimap = Minimap()
        self._content = content
        self._measures = ChipMeasures(content.look)
        self._outlines = Outlines()
        self._marks = Marks(content, self._outlines)
        self._frame = Frame()
        self._veil: Veil | None = None
        self._evidence: Evidence | None = None
        self._sketch: Sketch | None = None
        self._changed = NOWHERE
        self._repainted: Region | None = None
        self._chips: tuple[object, list[tuple[InstanceKey, PlacedChip]]] | None = None

    # --- what has changed ---------------------------------------------------------------------------------------

    def take_look(self, look: CanvasLook) -> None:
        """Other colours and sizes."""
        self._measures = ChipMeasures(look)
        self.forget_places()
        self.forget_colours()

    def forget_colours(self, keys: Iterable[InstanceKey | None] | None = None) -> None:
        """Colours are others, where these instances lie; None for everywhere."""
        self._veil = None
        if keys is None:
            self._repainted = None
        elif self._repainted is not None:
            content = self._content
            box = joined_boxes([content.box(key) for key in keys if key is not None and key in content.instances])
            if box is not None:
                self._repainted = self._repainted.joined(Region.around(box, content.width_px, content.height_px))

    def forget_places(self) -> None:
        """Names may stand elsewhere, and places of the overlay may be others."""
        self._chips = None
        overlay = self._content.overlay
        self._evidence = found_in(overlay, self._content) if overlay is not None else None
        lit = overlay.lit if overlay is not None else frozenset()
        self.minimap.avoided = tuple(self._content.box(key) for key in lit if key in self._content.instances)

    def forget_outline(self, key: InstanceKey | None = None) -> None:
        """The outline of an instance is another; None for all."""
        self._outlines.forget(key)

    def forget_masks(self, changed: Region) -> None:
        """Masks are others in a region of the picture."""
        self._changed = self._changed.joined(changed)

    def show_sketch(self, key: InstanceKey | None, sketch: Sketch | None, changed: Region) -> None:
        """A mask is being edited in place of an instance."""
        if key != self._content.edited:
            self._content.edited = key
            self._veil = None
        self._sketch = sketch
        self.forget_masks(changed)

    # --- drawing ------------------------------------------------------------------------------------------------

    def make_ready(self, view: ViewTransform, window: QRectF, until_s: float) -> bool:
        """Works out what painting needs, as far as it gets.

        Args:
            view: As for `paint`.
            window: As for `paint`.
            until_s: Of `time.perf_counter`; afterwards no more outlines are begun, but for one.

        Returns:
            Whether painting has nothing left to work out.
        """
        self._compose(view)
        if self._hides_all:
            return True
        if not self._marks.make_ready(view, self.display, self._marks.in_view(view), until_s):
            return False
        self._place_names(view, window)
        return True

    def paint(
        self, painter: QPainter, view: ViewTransform, window: QRectF, tool: Tool, *, is_whole: bool = True
    ) -> None:
        """Draws everything.

        Args:
            painter: In logical pixels of the window.
            view: Snapped.
            window: All of it, logical pixels.
            tool: Draws what it has begun.
            is_whole: Trace outlines that are not there yet; otherwise leave them out.
        """
        look = self._content.look
        self._compose(view)
        image = self._frame.image
        image.setDevicePixelRatio(view.ratio)
        painter.drawImage(0, 0, image)
        # The frame itself is composed in device pixels.
        image.setDevicePixelRatio(1.0)
        if not self._hides_all:
            self._marks.paint(painter, view, self.display, self._marks.in_view(view), is_whole=is_whole)
            self._paint_chips(painter, view, window)
            painter.save()
            tool.paint(painter, view)
            painter.restore()
        if self.has_minimap:
            self.minimap.paint(painter, view, window, self.pyramid, look)

    def _compose(self, view: ViewTransform) -> None:
        self._frame.show(self._shown(view), self._changed, self._repainted)
        self._changed = self._repainted = NOWHERE

    @property
    def _hides_all(self) -> bool:
        return self.is_bare or self.display.is_bare

    def _shown(self, view: ViewTransform) -> Shown:
        content, is_bare = self._content, self._hides_all
        if self._veil is None:
            self._veil = content.veil()
        has_lines = self.display.has_outlines and not content.is_dimmed and not is_bare
        return Shown(
            view=view,
            ground=content.look.ground,
            pyramid=self.pyramid,
            tone=self.tone,
            labels=content.labels,
            paint=None if is_bare else self._veil.paint,
            background=0 if is_bare else self._veil.background,
            clear=self._veil.clear,
            has_lines=has_lines and not self._marks.has_vectors_at_rest(view),
            sketch=None if is_bare else self._sketch,
        )

    def _place_names(self, view: ViewTransform, window: QRectF) -> list[tuple[InstanceKey, PlacedChip]]:
        content, measures = self._content, self._measures
        state = (view, window.size(), self.display, content.selected, content.edited, content.is_dimmed)
        if self._chips is None or self._chips[0] != state:
            taken = self._taken(view, window)
            for end in ends_of(self._evidence, view) if self._evidence is not None else ():
                taken.add(end)
            found = self.names.pinned(view, measures, window, taken)
            found += self.names.at_rest(view, measures, window, taken, self.display)
            self._chips = (state, found)
        return self._chips[1]

    def _paint_chips(self, painter: QPainter, view: ViewTransform, window: QRectF) -> None:
        content, look, measures = self._content, self._content.look, self._measures
        chips = [placed for key, placed in self._place_names(view, window) if key != content.hovered]
        over = self.names.hover_tag(view, measures, window)
        if self._evidence is not None:
            taken = self._taken(view, window)
            for placed in (*chips, *over):
                taken.add(placed.rect)
            # Lines lie beneath the names, their tags above them.
            tags = paint_evidence(
                painter, self._evidence, view, look, measures, taken, window, has_shade=not content.is_dimmed
            )
            over = [*over, *tags]
        paint_chips(painter, chips, measures, look)
        paint_chips(painter, over, measures, look)

    def _taken(self, view: ViewTransform, window: QRectF) -> Taken:
        taken = Taken(window)
        if self.has_minimap:
            taken.add(self.minimap.rect(view, window).adjusted(-6, -6, 6, 6))
        return taken
