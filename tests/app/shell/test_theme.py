"""Light and dark: what can be read, what follows a change, and which widgets still look as they did before it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.style.icons import icon_names, icon_pixmap
from app.style.palette import palette
from app.style.theme import Theme, ThemeMode
from app.style.tokens import Tokens, instance_colours, tokens, tokens_of, tokens_of_palette
from app.widgets.dialog import Dialog

SCHEMES = ("light", "dark")
GROUNDS = ("window", "surface", "sunken", "raised", "hover", "accent_soft")


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def _contrast(one: QColor, other: QColor) -> float:
    """Of WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["text", "text_secondary", "text_tertiary"])
def test_that_text_can_be_read_on_every_ground(scheme: str, ground: str, text: str) -> None:
    t = tokens(scheme)
    assert _contrast(t.named(text), t.named(ground)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("ok", "ok_soft"),
        ("warn", "warn_soft"),
        ("bad", "bad_soft"),
    ],
)
def test_that_words_of_state_can_be_read_on_their_own_ground(scheme: str, text: str, ground: str) -> None:
    t = tokens(scheme)
    assert _contrast(t.named(text), t.named(ground)) >= 4.5


@pytest.mark.parametrize("colour", instance_colours(), ids=lambda colour: colour.name())
def test_that_dark_text_can_be_read_on_every_instance_colour(colour: QColor) -> None:
    assert _contrast(QColor("#10131A"), colour) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_that_a_palette_leads_back_to_its_tokens(scheme: str) -> None:
    assert tokens_of_palette(palette(tokens(scheme))) is tokens(scheme)


@pytest.mark.parametrize("name", sorted(icon_names()))
def test_that_an_icon_is_painted_in_the_colour_that_is_asked_for(qapp: QApplication, name: str) -> None:
    wanted = QColor("#94A2FF")
    image = icon_pixmap(name, wanted, 20).toImage()
    seen = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    solid = [colour for colour in seen if colour.alpha() > 250]
    assert any(colour.alpha() for colour in seen)
    assert all(abs(colour.hslHue() - wanted.hslHue()) <= 4 for colour in solid)


def test_that_system_follows_the_system_and_a_choice_does_not(qapp: QApplication) -> None:
    is_dark = True
    theme = Theme(qapp, ThemeMode.SYSTEM, lambda: is_dark)
    changes: list[str] = []
    theme.changed.connect(lambda: changes.append(theme.scheme))

    def tell() -> None:
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)

    assert theme.scheme == "dark"
    is_dark = False
    tell()
    assert theme.scheme == "light"
    theme.set_mode(ThemeMode.DARK)
    is_dark = True
    tell()
    is_dark = False
    tell()
    assert theme.scheme == "dark"
    theme.set_mode(ThemeMode.SYSTEM)
    assert changes == ["light", "dark", "light"]
    theme.deleteLater()


def test_that_every_widget_of_every_space_follows_a_change(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    composed.window.build_rest()
    qtbot.waitUntil(lambda: all(composed.window.space(space) is not None for space in composed.window.space_ids()))

    def others(than: Tokens) -> set[QWidget]:
        return {widget for widget in composed.window.findChildren(QWidget) if tokens_of(widget) is not than}

    for mode in (ThemeMode.DARK, ThemeMode.LIGHT):
        studio.theme.set_mode(mode)
        assert not [widget for widget in others(studio.theme.tokens) if widget.isVisible()]
        # What is out of sight comes after it, a space at a time.
        qtbot.waitUntil(lambda: not others(studio.theme.tokens), timeout=20_000)


def test_that_a_space_out_of_sight_is_dressed_before_it_is_shown(composed: Composed, studio: Studio) -> None:
    studio.go("pipeline")
    studio.go("library")
    hidden = composed.window.space("pipeline")
    assert hidden is not None
    studio.theme.set_mode(ThemeMode.DARK)
    assert hidden.styleSheet() != studio.theme.sheet
    studio.go("pipeline")
    assert hidden.styleSheet() == studio.theme.sheet


def test_that_a_dialog_is_dressed_like_the_window(composed: Composed, studio: Studio) -> None:
    studio.theme.set_mode(ThemeMode.DARK)
    dialog = Dialog("A question", parent=composed.window)
    dialog.open()
    assert dialog.styleSheet() == studio.theme.sheet
    studio.theme.set_mode(ThemeMode.LIGHT)
    assert dialog.styleSheet() == studio.theme.sheet
    dialog.close()
