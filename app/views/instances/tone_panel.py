"""Brightness and contrast of the picture: of its looks only, the file and the crops stay as they are."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from app.style.tokens import tokens_of
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import Label
from app.widgets.slider import Slider

_STEPS = 100


class TonePanel(QWidget):
    """Two sliders over the canvas."""

    toned = Signal(float, float)
    """Brightness and contrast, each -1 to 1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.brightness, self.contrast = self._slider("Brightness"), self._slider("Contrast")
        self.reset = Button("Reset", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 12, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self._figures = []
        for row, (word, slider) in enumerate((("Brightness", self.brightness), ("Contrast", self.contrast))):
            figure = Label("0", "meta")
            figure.setFixedWidth(32)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._figures.append(figure)
            grid.addWidget(Label(word, "meta", "secondary"), row, 0)
            grid.addWidget(slider, row, 1)
            grid.addWidget(figure, row, 2)
        grid.addWidget(self.reset, 2, 1, 1, 2, Qt.AlignmentFlag.AlignRight)
        grid.setSizeConstraint(QGridLayout.SizeConstraint.SetFixedSize)
        self.reset.clicked.connect(self._reset)
        self.hide()

    @property
    def is_changed(self) -> bool:
        """The picture is not shown as it is."""
        return bool(self.brightness.value() or self.contrast.value())

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.line_strong, 1))
        painter.setBrush(t.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _slider(self, name: str) -> Slider:
        slider = Slider()
        slider.setRange(-_STEPS, _STEPS)
        slider.setPageStep(10)
        slider.setFixedWidth(160)
        slider.setAccessibleName(name)
        slider.valueChanged.connect(self._tell)
        return slider

    def _tell(self) -> None:
        for figure, slider in zip(self._figures, (self.brightness, self.contrast), strict=True):
            figure.setText(f"{slider.value():+d}" if slider.value() else "0")
        # Half of the range is as far as anything can still be seen.
        self.toned.emit(self.brightness.value() / (2 * _STEPS), self.contrast.value() / _STEPS * 0.9)

    def _reset(self) -> None:
        self.brightness.setValue(0)
        self.contrast.setValue(0)
