"""Light, dark, or as the system has it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from app.style.fonts import font, load_fonts
from app.style.palette import palette
from app.style.qss import style_sheet
from app.style.tokens import Tokens, tokens


class ThemeMode(StrEnum):
    """What a person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Dresses the application.

    Args:
        app: What is dressed.
        mode: To begin with.
    """

    changed = Signal()
    """The colours are others now; palette and style sheet are set already."""

    def __init__(self, app: QApplication, mode: ThemeMode = ThemeMode.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        self._scheme = ""
        load_fonts()
        app.setStyle("Fusion")
        app.setFont(font("body"))
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._dress()

    @property
    def mode(self) -> ThemeMode:
        """What a person chose."""
        return self._mode

    @property
    def scheme(self) -> str:
        """What is shown: "light" or "dark"."""
        return self._scheme

    @property
    def tokens(self) -> Tokens:
        """The colours shown."""
        return tokens(self._scheme)

    def set_mode(self, mode: ThemeMode) -> None:
        """Changes to another theme at once."""
        self._mode = mode
        self._dress()

    def _follow_system(self) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self._dress()

    def _dress(self) -> None:
        scheme = self._wanted_scheme()
        if scheme == self._scheme:
            return
        self._scheme = scheme
        self._app.setPalette(palette(tokens(scheme)))
        self._app.setStyleSheet(style_sheet(tokens(scheme)))
        self.changed.emit()

    def _wanted_scheme(self) -> str:
        if self._mode is not ThemeMode.SYSTEM:
            return self._mode.value
        return "dark" if self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"
