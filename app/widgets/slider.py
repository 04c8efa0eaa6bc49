"""A slider that goes to where it is pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget


class Slider(QSlider):
    """A horizontal slider; beside its knob a press brings the knob there, and goes on as a drag.

    Qt's own steps towards the pointer by a page, which takes several presses to cross a short one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            place, complex_ = event.position().toPoint(), QStyle.ComplexControl.CC_Slider
            knob = self.style().subControlRect(complex_, option, QStyle.SubControl.SC_SliderHandle, self)
            if not knob.contains(place):
                groove = self.style().subControlRect(complex_, option, QStyle.SubControl.SC_SliderGroove, self)
                self.setValue(
                    QStyle.sliderValueFromPosition(
                        self.minimum(),
                        self.maximum(),
                        place.x() - groove.x() - knob.width() // 2,
                        groove.width() - knob.width(),
                        option.upsideDown,
                    )
                )
        super().mousePressEvent(event)
