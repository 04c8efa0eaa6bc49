"""The darkness round what a hop is about, as it comes."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

DIM_MS = 120


class Dimming(QObject):
    """Goes from light to dark."""

    changed = Signal(float)
    """How much of the darkness is there, 0 to 1."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(DIM_MS)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.OutQuad)
        self._animation.valueChanged.connect(lambda share: self.changed.emit(float(share)))

    @property
    def is_running(self) -> bool:
        """It is still coming."""
        return self._animation.state() == QVariantAnimation.State.Running

    def start(self) -> None:
        """Begins in the light."""
        self._animation.start()

    def stop(self) -> None:
        """Stays as it is."""
        self._animation.stop()
