"""A QPalette made of the tokens. Fusion paints with it what no style sheet reaches."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from app.style.tokens import Tokens

DISABLED_OPACITY = 0.42


def palette(t: Tokens) -> QPalette:
    """The palette of a theme."""
    role = QPalette.ColorRole
    made = QPalette()
    for which, colour in {
        role.Window: t.window,
        role.WindowText: t.text,
        role.Base: t.surface,
        role.AlternateBase: t.window,
        role.Text: t.text,
        role.Button: t.surface,
        role.ButtonText: t.text,
        role.BrightText: t.bad,
        role.Highlight: t.accent_soft,
        role.HighlightedText: t.text,
        role.ToolTipBase: t.raised,
        role.ToolTipText: t.text,
        role.PlaceholderText: t.text_tertiary,
        role.Link: t.accent,
        role.LinkVisited: t.accent,
        role.Light: t.raised,
        role.Midlight: t.hover,
        role.Mid: t.line,
        role.Dark: t.line_strong,
        role.Shadow: t.line_strong,
        role.Accent: t.accent,
    }.items():
        made.setColor(which, colour)
    faint = mixed(t.text, t.surface, DISABLED_OPACITY)
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, which, faint)
    made.setColor(QPalette.ColorGroup.Inactive, role.Highlight, t.sunken)
    return made


def mixed(over: QColor, under: QColor, opacity: float) -> QColor:
    """What one colour looks like over another at an opacity in [0, 1]."""
    pairs = ((over.red(), under.red()), (over.green(), under.green()), (over.blue(), under.blue()))
    red, green, blue = (round(a * opacity + b * (1 - opacity)) for a, b in pairs)
    return QColor(red, green, blue)
