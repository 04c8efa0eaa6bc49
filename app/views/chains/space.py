"""The chains: list at the left, picture in the middle, hops at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.canvas import PictureCanvas
from app.presenters.chains import ChainsPresenter
from app.studio import Studio
from app.thumbnails import Thumbnails
from app.widgets.space import SpaceView


class ChainsSpace(SpaceView):
    """The chains of the project, one of them open.

    ``studio.go("chains", chain=KEY_OR_NUMBER, hop=2)`` opens one; ``image=KEY`` lists those of a picture.

    Attributes:
        presenter: What is open, and at which hop.
        canvas: The picture.
        side: The column at the right: hops, or what stands in their place.
    """

    def __init__(self, studio: Studio, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.presenter = ChainsPresenter(studio, self)
        self.canvas = PictureCanvas(studio.bridge.ask)
        self.side = QStackedWidget()
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.canvas, 1)
        whole.addWidget(self.side)

    def enter(self, where: Mapping[str, Any]) -> None:
        self.presenter.set_active(True)

    def leave(self) -> None:
        self.presenter.set_active(False)
