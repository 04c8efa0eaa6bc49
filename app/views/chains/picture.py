"""The picture of the open chain: shows each hop's evidence, zooms to it, and keeps what a person holds or chose."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, Signal

from app.canvas import CanvasInstance, Display, PictureCanvas, PictureSource
from app.canvas.values import joined_boxes
from app.canvas.view_transform import ViewTransform
from app.presenters.chain_detail import ChainDetail
from app.presenters.chain_evidence import HopEvidence
from app.settings import Settings
from app.views.chains.overlay import boxes_of, canvas_instances, overlay_of
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey

_FOLLOWS = "chains.zoom_follows"
_LEAST_SHARE = 0.3
"""Of the picture's sides that is shown at least: what a small thing is beside belongs to the question. Chosen."""
_TAP_S = 0.3
"""A key held for less is a tap. Chosen."""


class GivesPictures(Protocol):
    """Reads pictures by the longer side wanted."""

    def source_of(self, image: Image) -> Callable[[int | None], Any]: ...


class ChainPicture(QObject):
    """Drives the canvas.

    Args:
        canvas: Shows the picture.
        presenter: Gives pictures.
        settings: Whether each step zooms to its hop is remembered there.
    """

    follows_changed = Signal(bool)
    """Each step zooms to its hop, or none does."""

    def __init__(
        self, canvas: PictureCanvas, presenter: GivesPictures, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._presenter = presenter
        self._settings = settings
        self._image: ImageKey | None = None
        self._instances: tuple[CanvasInstance, ...] = ()
        self._detail: ChainDetail | None = None
        self._hop: int | None = None
        self._pressed_at = 0.0
        self._before: ViewTransform | None = None
        self._was_at_hop = False
        self._is_suspended = False
        self._is_resizing = False
        canvas.installEventFilter(self)
        canvas.view_changed.connect(self._follow_size)
        canvas.set_opacity(0.0)
        canvas.set_display(Display(has_outlines=False, has_names=False))

    @property
    def follows(self) -> bool:
        """Each step zooms to its hop."""
        return bool(self._settings.get(_FOLLOWS, True))

    def suspend(self, is_suspended: bool) -> None:
        """While something else draws on the canvas, such as an editor, hops do not."""
        if self._is_suspended != is_suspended:
            self._is_suspended = is_suspended
            if not is_suspended:
                self._canvas.set_opacity(0.0)
                self._canvas.set_display(Display(has_outlines=False, has_names=False))
                self._draw(is_new=False)

    def show_chain(self, detail: ChainDetail | None, hop: int | None) -> None:
        """Shows another chain, or the same one after a change."""
        self._detail, self._hop = detail, hop
        if detail is None:
            self._image = None
            self._instances = ()
            self._canvas.set_picture(None)
            return
        is_new = detail.image.key != self._image
        if is_new:
            self._image = detail.image.key
            self._instances = ()
            read = self._presenter.source_of(detail.image)
            name = detail.image.path.rpartition("/")[2]
            self._canvas.set_picture(
                PictureSource(name=name, width_px=detail.image.width_px, height_px=detail.image.height_px, read=read)
            )
        self._show_instances(detail)
        self._draw(is_new=is_new)

    def show_draft(self, detail: ChainDetail, hop: int | None) -> None:
        """Shows the chain as it is being written. The view stays while there is nothing else to see of the hop."""
        was = self._evidence() if hop == self._hop else None
        self._detail, self._hop = detail, hop
        now = self._evidence()
        if was is None or was != now:
            self._show_instances(detail)
            self._draw(is_new=False)

    def _show_instances(self, detail: ChainDetail) -> None:
        instances = canvas_instances(detail)
        if instances != self._instances:
            self._instances = instances
            self._canvas.set_instances(instances)

    def _evidence(self) -> HopEvidence | None:
        return self._detail.evidence.get(self._hop) if self._detail is not None and self._hop is not None else None

    def show_hop(self, hop: int | None) -> None:
        """Shows another hop."""
        if hop != self._hop:
            self._hop = hop
            # What was clicked on belongs to the hop it was clicked at.
            self._canvas.set_selection(())
            self._draw(is_new=False)

    def fit(self) -> None:
        """Shows all of the picture."""
        self._canvas.fit()

    def step_zoom(self, steps: int) -> None:
        """Goes nearer or farther."""
        if steps > 0:
            self._canvas.zoom_in()
        else:
            self._canvas.zoom_out()

    def press_bare(self) -> None:
        """Shows nothing but the picture; everything again where it is so already, as after a click on the button."""
        self._canvas.set_bare(not self._canvas.is_bare)

    def release_bare(self) -> None:
        """Shows everything again."""
        self._canvas.set_bare(False)

    @property
    def is_bare(self) -> bool:
        """Nothing but the picture is shown."""
        return self._canvas.is_bare

    # The key that zooms to the hop: held for a look, tapped to go along with each step or no longer.

    def press_zoom(self) -> None:
        """The key went down, or the button was clicked."""
        self._pressed_at = time.monotonic()
        self._before = self._canvas.navigator.view
        self._was_at_hop = self._is_at_hop()
        self._zoom(is_animated=True)

    def release_zoom(self) -> None:
        """The key was let go."""
        if self._before is None:
            return
        before, self._before = self._before, None
        if time.monotonic() - self._pressed_at >= _TAP_S:
            if not self._was_at_hop:
                self._canvas.navigator.go(before, is_animated=True)
            return
        self.set_follows(not (self.follows and self._was_at_hop))

    def set_follows(self, follows: bool) -> None:
        """Lets each step zoom to its hop, or none."""
        self._settings.set(_FOLLOWS, follows)
        if follows:
            self._zoom(is_animated=True)
        else:
            self._canvas.fit()
        self.follows_changed.emit(follows)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps a hop in sight when the room for it changes."""
        if event.type() is QEvent.Type.Resize and self.follows and not self._is_suspended and self._is_at_hop():
            # The canvas itself takes the new size after this, and tells that its view has changed.
            self._is_resizing = True
        return False

    def _follow_size(self) -> None:
        if self._is_resizing:
            self._is_resizing = False
            self._zoom(is_animated=False)

    def _is_at_hop(self) -> bool:
        """Whether the view is the one that zooming to the hop gives, or is on its way there."""
        view, box = self._canvas.navigator.destination, self._hop_box()
        target = view.fitted() if box is None else view.showing(box)
        apart = max(abs(view.x - target.x), abs(view.y - target.y))
        return abs(view.scale - target.scale) < 1e-6 * target.scale and apart < 2

    def _hop_box(self) -> Box | None:
        detail, hop = self._detail, self._hop
        if detail is None or hop is None or hop not in detail.evidence:
            return None
        box = joined_boxes(boxes_of(detail, hop))
        if box is None:
            return None
        border = detail.evidence[hop].border
        if border is not None:
            # The line that decides is in sight, too.
            at = border.through
            if border.towards[0]:
                box = Box(min(box.x0, at.x), box.y0, max(box.x1, at.x), box.y1)
            else:
                box = Box(box.x0, min(box.y0, at.y), box.x1, max(box.y1, at.y))
        return _with_room(box, detail.image.width_px, detail.image.height_px)

    def _draw(self, *, is_new: bool) -> None:
        if self._is_suspended or self._detail is None:
            return
        evidence = self._evidence()
        self._canvas.set_overlay(overlay_of(evidence) if evidence is not None else None, is_animated=not is_new)
        if self.follows:
            self._zoom(is_animated=not is_new)

    def _zoom(self, *, is_animated: bool) -> None:
        if self._detail is None or self._hop is None:
            return
        box = self._hop_box()
        if box is None:
            self._canvas.navigator.fit(is_animated=is_animated)
        else:
            self._canvas.navigator.show_box(box, is_animated=is_animated)


def _with_room(box: Box, width_px: int, height_px: int) -> Box:
    """A box made large enough to show what is around it."""
    centre = box.centre
    half_width = max(box.width, _LEAST_SHARE * width_px) / 2
    half_height = max(box.height, _LEAST_SHARE * height_px) / 2
    return Box(centre.x - half_width, centre.y - half_height, centre.x + half_width, centre.y + half_height)
