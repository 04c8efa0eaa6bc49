"""Above the picture: from where to where the hop goes, and how the picture is looked at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.actions import ActionTable
from app.presenters.chain_detail import ChainDetail
from app.style.tokens import size
from app.views.chains import actions as ids
from app.views.chains.chips import ChipText
from app.views.chains.trail import Trail
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import Chip, ChipKind
from app.widgets.label import Label
from app.widgets.panel import Ground, Line
from app.widgets.popup import Popup
from app.widgets.slider import Slider
from hopchain_core.domain.keys import InstanceKey

Colour = Callable[[InstanceKey], QColor]
_ROOM_FOR_TEXT_PX = 700
_ROOM_FOR_STEPS_PX = 520
_MOST_CHIPS = 4


class HopToolRow(Ground):
    """The hop in chips, zoom, fit, bare picture and brightness.

    Args:
        actions: The table.
        colour: Of an instance on the canvas.
    """

    tone_changed = Signal(float, float)
    """Brightness and contrast, each -1 to 1."""
    instance_hovered = Signal(object)
    """`InstanceKey` or None."""
    zoom_clicked = Signal()
    """The button that zooms to the hop was clicked, which is a tap on its key."""

    def __init__(self, actions: ActionTable, colour: Colour, parent: QWidget | None = None) -> None:
        super().__init__("surface", is_row=True, margins=(16, 0, 8, 0), spacing=4, parent=parent)
        self.setFixedHeight(size("tool_row"))
        self._actions = actions
        self._colour = colour
        self._detail: ChainDetail | None = None
        self._hop: int | None = None
        self.badge = Chip("", ChipKind.ACCENT)
        self.trail = Trail()
        self.trail.hovered.connect(lambda value: self.instance_hovered.emit(InstanceKey(value) if value else None))
        small = ButtonSize.SMALL
        self.out = ActionButton(actions, ids.ZOOM_OUT, ButtonKind.QUIET, size_=small, shows_text=False)
        self.near = ActionButton(actions, ids.ZOOM_IN, ButtonKind.QUIET, size_=small, shows_text=False)
        self.scale = Label("100%", "meta")
        self.scale.setMinimumWidth(42)
        self.scale.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._wordy = [
            ActionButton(actions, name, ButtonKind.QUIET, size_=small, shows_keys=True, text=text)
            for name, text in ((ids.FIT, "Fit"), (ids.ZOOM_HOP, "Hop"), (ids.BARE, "Bare"))
        ]
        self._bare = [
            ActionButton(actions, name, ButtonKind.QUIET, size_=small, shows_text=False)
            for name in (ids.FIT, ids.ZOOM_HOP, ids.BARE)
        ]
        self.tone = Button("", "sun", ButtonKind.QUIET, size_=small, name="Brightness and contrast")
        self.popup = TonePopup(self)
        self.box.addWidget(self.badge)
        self.box.addSpacing(4)
        self.box.addWidget(self.trail, 1)
        for widget in (self.out, self.scale, self.near):
            self.box.addWidget(widget)
        rule = QWidget()
        rule.setFixedSize(17, 20)
        Line(is_vertical=True, parent=rule).setGeometry(8, 0, 1, 20)
        self.box.addWidget(rule)
        for button in (*self._wordy, *self._bare):
            self.box.addWidget(button)
        self.box.addWidget(self.tone)
        for button in (*self._wordy, *self._bare):
            if button.action_id == ids.ZOOM_HOP:
                button.clicked.connect(self.zoom_clicked)
        self.tone.clicked.connect(self._open_tone)
        self.popup.changed.connect(self.tone_changed)
        self._fit_buttons()
        self.badge.hide()

    def show_hop(self, detail: ChainDetail | None, hop: int | None) -> None:
        """Shows another hop."""
        self._detail, self._hop = detail, hop
        self.badge.setVisible(detail is not None and hop is not None)
        self.badge.show_chip(f"Hop {hop}", ChipKind.ACCENT)
        self.show_colours()

    def show_colours(self) -> None:
        """Takes the colours that instances have on the canvas now."""
        detail, hop = self._detail, self._hop
        if detail is None or hop is None or hop not in detail.evidence:
            self.trail.show_ends((), (), "")
            return
        evidence = detail.evidence[hop]
        origins = [key for key in evidence.origins if key in evidence.lit] or list(evidence.origins)
        one = detail.hop_at(hop)
        found = [self._chip(key) for key in evidence.found]
        if not found and one is not None:
            found = [ChipText(one.output, ChipKind.OUTLINE, hint="What the hop gives")]
        self.trail.show_ends([self._chip(key) for key in origins], found, "")

    def show_scale(self, scale: float) -> None:
        """Shows how many device pixels a pixel of the picture takes: 1.0 is 100 %."""
        self.scale.setText(f"{scale:.0%}")

    def _chip(self, key: InstanceKey) -> ChipText:
        name = self._detail.names.get(key, "gone") if self._detail is not None else ""
        return ChipText(name, ChipKind.OUTLINE, swatch=self._colour(key), value=key, hint=name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        has_room = self.width() >= _ROOM_FOR_TEXT_PX
        for button in self._wordy:
            button.setVisible(has_room)
        for button in self._bare:
            button.setVisible(not has_room)
        for button in (self.out, self.near):
            button.setVisible(self.width() >= _ROOM_FOR_STEPS_PX)

    def _open_tone(self) -> None:
        self.popup.open_at(self.tone.mapToGlobal(QPoint(self.tone.width(), self.tone.height() + 4)), is_right=True)


class TonePopup(Popup):
    """Two sliders."""

    changed = Signal(float, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Brightness and contrast", parent)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        self.sliders: list[Slider] = []
        for text in ("Brightness", "Contrast"):
            row = QHBoxLayout()
            row.setSpacing(12)
            label = Label(text, "meta", "secondary")
            label.setFixedWidth(72)
            slider = Slider()
            slider.setRange(-100, 100)
            slider.setFixedWidth(160)
            slider.setAccessibleName(text)
            slider.valueChanged.connect(lambda _: self._tell())
            self.sliders.append(slider)
            row.addWidget(label)
            row.addWidget(slider)
            column.addLayout(row)
        self.reset = Button("As it is", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)
        self.reset.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.reset.clicked.connect(self._reset)
        column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignRight)
        self.box.addWidget(inside)

    def _reset(self) -> None:
        for slider in self.sliders:
            slider.setValue(0)

    def _tell(self) -> None:
        brightness, contrast = (slider.value() / 100 for slider in self.sliders)
        self.changed.emit(brightness, contrast)
