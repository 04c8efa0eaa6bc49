"""Which instances show their names now, in what words, and where they may stand."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF

from app.canvas.chips import Chip, ChipMeasures, NameSeeker, PlacedChip, Taken, laid_out, large_enough
from app.canvas.content import Content
from app.canvas.marks import Display
from app.canvas.values import CanvasInstance
from app.canvas.view_transform import ViewTransform
from hopchain_core.domain.keys import InstanceKey

MOST_PINNED = 40
"""Of many selected ones not all have room for a name. Chosen."""

_ASIDE_PX = 44.0
"""How far a name goes aside when its first place is taken. Chosen."""


class Names:
    """Lays out chips.

    What is hovered over has a tag of its own over all others, so that no chip moves as the cursor does.

    Args:
        content: Instances and their states.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self.beneath: tuple[str, ...] = ()

    def pinned(
        self, view: ViewTransform, measures: ChipMeasures, window: QRectF, taken: Taken
    ) -> list[tuple[InstanceKey, PlacedChip]]:
        """Chips of what is selected or lit."""
        content = self._content
        seekers = []
        for key in dict.fromkeys((*content.selected[:MOST_PINNED], *sorted(content.lit)[:MOST_PINNED])):
            instance = content.instances.get(key)
            if instance is None or instance.is_hidden or instance.key == content.edited:
                continue
            seeker = self._seeker(instance, self._chip(instance), view, window, is_required=True)
            if seeker.box.intersects(window):
                seekers.append(seeker)
        return laid_out(seekers, measures, window, taken)

    def hover_tag(self, view: ViewTransform, measures: ChipMeasures, window: QRectF) -> list[PlacedChip]:
        """The tag of what is hovered over."""
        content = self._content
        instance = content.instances.get(content.hovered) if content.hovered is not None else None
        if instance is None or instance.is_hidden or instance.key == content.edited:
            return []
        seeker = self._seeker(instance, self._chip(instance), view, window, is_required=True)
        if not seeker.box.intersects(window):
            return []
        return [placed for _, placed in laid_out([seeker], measures, window, Taken(window))]

    def at_rest(
        self, view: ViewTransform, measures: ChipMeasures, window: QRectF, taken: Taken, display: Display
    ) -> list[tuple[InstanceKey, PlacedChip]]:
        """Chips of the others, as many as find room; none while something is lit."""
        if not display.has_names or self._content.is_dimmed:
            return []
        return laid_out(self._resting(view, window, display), measures, window, taken)

    def _resting(self, view: ViewTransform, window: QRectF, display: Display) -> Iterator[NameSeeker]:
        content = self._content
        seen = view.visible
        rows = large_enough(content.boxes, view.logical_scale, (seen.x0, seen.y0, seen.x1, seen.y1))
        everything = list(content.instances.values())
        special = {*content.selected, content.edited}
        for row in rows:
            instance = everything[row]
            if instance.is_hidden or instance.key in special:
                continue
            chip = self._resting_chip(instance, display)
            yield self._seeker(instance, chip, view, window, is_required=False)

    def _seeker(
        self, instance: CanvasInstance, chip: Chip, view: ViewTransform, window: QRectF, *, is_required: bool
    ) -> NameSeeker:
        content = self._content
        box = view.box_to_view(content.box(instance.key))
        placed = content.labels.places.get(instance.key) if content.labels else None
        above = QPointF(box.left() + min(box.width() / 2, 24), box.top())
        if placed is None:
            return NameSeeker(instance.key, chip, box, (above,), is_required)
        top, inside = view.to_view(placed.top.x, placed.top.y), view.to_view(placed.inside.x, placed.inside.y)
        middle = QPointF(inside.x(), inside.y() + 12)
        places: tuple[QPointF, ...] = (top, middle) if window.contains(inside) else (top,)
        if is_required:
            aside = QPointF(_ASIDE_PX, 4.0)
            places = (top, QPointF(top.x() - aside.x(), top.y() + aside.y()), top + aside, middle)
        if not window.adjusted(-40, -4, 40, 24).contains(top):
            # What is named is cut off by the window: its name stands at what is left of it.
            left = box.intersected(window)
            places = (middle,) if window.contains(inside) else (QPointF(left.center().x(), left.top() + 24),)
        return NameSeeker(instance.key, chip, box, places, is_required)

    def _chip(self, instance: CanvasInstance) -> Chip:
        content, look = self._content, self._content.look
        score = "" if instance.score is None else f"{instance.score:.2f}"
        name = f"{instance.name}  {score}" if score else instance.name
        if instance.key in content.selected and not self.beneath:
            return Chip(text=name, ground=look.evidence, ink=look.chip_text)
        if instance.key == content.hovered:
            faint = f"beneath: {', '.join(self.beneath)}" if self.beneath else ""
            return Chip(
                text=name,
                faint=faint,
                ground=look.tag_ground,
                ink=look.tag_text,
                faint_ink=look.tag_text_faint,
                swatch=content.colour(instance.key),
            )
        return Chip(text=instance.name, ground=content.colour(instance.key), ink=look.chip_text)

    def _resting_chip(self, instance: CanvasInstance, display: Display) -> Chip:
        look = self._content.look
        has_score = instance.score is not None and (display.has_scores or instance.is_candidate)
        text = f"{instance.name}  {instance.score:.2f}" if has_score else instance.name
        if instance.is_candidate:
            return Chip(text=text, ground=look.tag_ground, ink=look.tag_text)
        return Chip(text=text, ground=self._content.colour(instance.key), ink=look.chip_text)


def names_of(keys: tuple[InstanceKey, ...], content: Content) -> tuple[str, ...]:
    """Names of instances, at most three."""
    return tuple(content.instances[key].name for key in keys[:3] if key in content.instances)
