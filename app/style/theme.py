"""Light, dark, or as the system has it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, Qt, Signal
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
    """Dresses the application: the palette for all of it, and the style sheet for whoever asks (`app.widgets.dressing`).

    A sheet of the whole application is set anew for every widget once for each of its ancestors: with all spaces built half
    a second, in which the window stands still. Parts that are dressed one by one take a tenth of it.

    Args:
        app: What is dressed.
        mode: To begin with.
        system_is_dark: What the system wants; asked again whenever Qt says that it changed.
    """

    changed = Signal()
    """The colours are others now; the palette is set already."""
    motion_changed = Signal(bool)
    """Whether motion is reduced, is another now."""

    def __init__(
        self,
        app: QApplication,
        mode: ThemeMode = ThemeMode.SYSTEM,
        system_is_dark: Callable[[], bool] | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._system_is_dark = system_is_dark or (lambda: app.styleHints().colorScheme() is Qt.ColorScheme.Dark)
        self._mode = mode
        self._has_reduced_motion = _system_reduces_motion()
        self._scheme = ""
        self._sheet = ""
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

    @property
    def sheet(self) -> str:
        """The style sheet shown."""
        return self._sheet

    @property
    def has_reduced_motion(self) -> bool:
        """Nothing moves by itself: the person or the system wants it so."""
        return self._has_reduced_motion

    def set_reduced_motion(self, is_reduced: bool) -> None:
        """Lets things move, or not."""
        if is_reduced != self._has_reduced_motion:
            self._has_reduced_motion = is_reduced
            self.motion_changed.emit(is_reduced)

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
        self._sheet = style_sheet(tokens(scheme))
        self._app.setPalette(palette(tokens(scheme)))
        # Widgets learn of it by an event that waits. They would be dressed over the old colours, and then once more.
        self._app.sendPostedEvents(None, QEvent.Type.ApplicationPaletteChange.value)
        self.changed.emit()

    def _wanted_scheme(self) -> str:
        if self._mode is not ThemeMode.SYSTEM:
            return self._mode.value
        return "dark" if self._system_is_dark() else "light"


def _system_reduces_motion() -> bool:
    # Qt knows the system's wish on Windows only; elsewhere the person says it in the settings.
    return sys.platform == "win32" and not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
