"""Above the canvas: which picture, how instances are shown, how near."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.actions import ActionTable
from app.presenters.instance_walk import Place
from app.style.tokens import size
from app.views.instances import actions as ids
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import ElidedLabel, Label
from app.widgets.panel import Ground, Line
from app.widgets.segmented import Segment, Segmented
from app.widgets.slider import Slider

_NAME_PX = 200
USUAL_OPACITY = 30


class BareButton(Button):
    """Shows the bare picture for as long as it is held down, as its key does.

    Args:
        actions: The table.
    """

    held = Signal(bool)

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__("Bare", "bare", ButtonKind.QUIET, shows_keys=True, parent=parent)
        self._table = actions
        self.setToolTip("Hold for the bare picture")
        self.pressed.connect(lambda: self.held.emit(True))
        self.released.connect(lambda: self.held.emit(False))
        actions.changed.connect(self._tell_keys)
        self._tell_keys()

    def _tell_keys(self) -> None:
        self.set_keys(self._table.first_key(ids.BARE))
        self.setToolTip("Hold for the bare picture")


class InstancesToolRow(Ground):
    """The 40-pixel row. Where it is narrow, words go before tools do.

    Args:
        actions: The table.
    """

    colouring_chosen = Signal(str)
    opacity_chosen = Signal(int)
    """Per cent."""
    bare_held = Signal(bool)

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__("surface", is_row=True, margins=(8, 0, 12, 0), spacing=4, parent=parent)
        self.setFixedHeight(size("tool_row"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.name = _Name("", "label", where=Qt.TextElideMode.ElideMiddle)
        self.name.setMaximumWidth(_NAME_PX)
        self.place = Label("", "meta", "secondary")
        self.colouring = Segmented(
            [Segment("category", "Category"), Segment("instance", "Instance")], "Colour by", is_small=True
        )
        self.opacity = Slider()
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self.opacity.setFixedWidth(64)
        self.opacity.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.opacity.setAccessibleName("Opacity of fills")
        self.opacity.setToolTip("Opacity of fills")
        self.opacity_text = _Figure("100 %")
        self.zoom = _Figure("6400 %")
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bare = BareButton(actions)
        self.tone = _tool(actions, ids.TONE)
        colour_word, opacity_word = Label("Colour", "meta", "secondary"), Label("Opacity", "meta", "secondary")
        fit = ActionButton(actions, ids.FIT, ButtonKind.QUIET, shows_keys=True)
        fit_icon = _tool(actions, ids.FIT)
        self._bare_icon = bare_icon = Button("", "bare", ButtonKind.QUIET, name="Hold for the bare picture")
        bare_icon.pressed.connect(lambda: self.bare_held.emit(True))
        bare_icon.released.connect(lambda: self.bare_held.emit(False))
        row: tuple[QWidget, ...] = (
            _tool(actions, ids.PREVIOUS),
            self.name,
            self.place,
            _tool(actions, ids.NEXT),
            _Rule(),
            colour_word,
            self.colouring,
            _Rule(),
            opacity_word,
            self.opacity,
            self.opacity_text,
            _Rule(),
            _tool(actions, ids.OUTLINES),
            _tool(actions, ids.NAMES),
            _tool(actions, ids.SCORES),
            self.tone,
        )
        for widget in row:
            self.box.addWidget(widget)
        self.box.addStretch(1)
        ends: tuple[QWidget, ...] = (
            _tool(actions, ids.ZOOM_OUT),
            self.zoom,
            _tool(actions, ids.ZOOM_IN),
            fit,
            fit_icon,
            _tool(actions, ids.ONE_TO_ONE),
            self.bare,
            bare_icon,
        )
        for end in ends:
            self.box.addWidget(end)
        # What is hidden, and what is shown in its place, from the first to go to the last.
        self._steps: tuple[tuple[tuple[QWidget, ...], tuple[QWidget, ...]], ...] = (
            ((colour_word, opacity_word), ()),
            ((self.bare, fit), (bare_icon, fit_icon)),
            ((self.opacity_text,), ()),
            ((row[14],), ()),
            ((self.opacity, row[7]), ()),
            ((self.colouring, row[4]), ()),
            ((self.place,), ()),
        )
        self.bare.held.connect(self.bare_held)
        self.colouring.chosen.connect(self.colouring_chosen)
        self.opacity.valueChanged.connect(self._tell_opacity)
        self._arrange(0)

    def show_picture(self, name: str) -> None:
        """Shows which picture it is."""
        self.name.setText(name)
        self.name.setVisible(bool(name))
        self._fit()

    def show_place(self, place: Place) -> None:
        """Shows where among the pictures one is."""
        number = f"{place.number:,} of {place.total:,}" if place.number else f"{place.total:,} pictures"
        self.place.setText(number if place.total else "")
        self._fit()

    def show_zoom(self, scale: float) -> None:
        """Shows how near the picture is: 1.0 is 100 %."""
        percent = 100 * scale
        if self.zoom.isEnabled():
            self.zoom.setText(f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %")

    def set_able(self, has_picture: bool) -> None:
        """Without a picture there is nothing to look at otherwise."""
        for widget in (self.colouring, self.opacity, self.bare, self._bare_icon):
            widget.setEnabled(has_picture)
        for figure in (self.zoom, self.opacity_text):
            figure.setEnabled(has_picture)
        if not has_picture:
            self.zoom.setText("")

    def show_opacity(self, percent: int) -> None:
        """Puts the slider where the fills are."""
        self.opacity.blockSignals(True)
        self.opacity.setValue(percent)
        self.opacity.blockSignals(False)
        self.opacity_text.setText(f"{percent} %")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.height())

    def _tell_opacity(self, percent: int) -> None:
        self.opacity_text.setText(f"{percent} %")
        self.opacity_chosen.emit(percent)

    def _fit(self) -> None:
        for step in range(len(self._steps) + 1):
            self._arrange(step)
            if self.box.minimumSize().width() <= self.width():
                return

    def _arrange(self, step: int) -> None:
        for index, (words, tools) in enumerate(self._steps):
            for widget in words:
                widget.setVisible(index >= step)
            for widget in tools:
                widget.setVisible(index < step)
        self.box.invalidate()


class _Name(ElidedLabel):
    def minimumSizeHint(self) -> QSize:
        return QSize(min(150, self.sizeHint().width()), super().minimumSizeHint().height())


class _Figure(Label):
    """A figure that keeps its width, so that nothing beside it moves."""

    def __init__(self, widest: str) -> None:
        super().__init__(widest, "meta")
        self.setFixedWidth(self.sizeHint().width() + 4)
        self.setText("")


class _Rule(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(11)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(5, 8, 5, 8)
        layout.addWidget(Line(is_vertical=True))


def _tool(actions: ActionTable, action_id: str) -> ActionButton:
    button = ActionButton(actions, action_id, ButtonKind.QUIET, size_=ButtonSize.NORMAL, shows_text=False)
    button.setFixedWidth(24 if action_id in (ids.PREVIOUS, ids.NEXT, ids.ZOOM_IN, ids.ZOOM_OUT) else 30)
    return button
