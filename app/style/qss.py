"""The style sheet: only what Fusion and the studio's own painted widgets leave over."""

from __future__ import annotations

from app.style.palette import DISABLED_OPACITY, mixed
from app.style.tokens import Tokens


def style_sheet(t: Tokens) -> str:
    """The style sheet of a theme."""
    names = {name: getattr(t, name).name() for name in t.__slots__ if name != "scheme"}
    names["faint"] = mixed(t.text, t.raised, DISABLED_OPACITY).name()
    return _SHEET % names


# Widgets say what they are by a property: `ground` = window, surface, sunken or canvas.
_SHEET = """
QWidget[ground="window"] { background: %(window)s; }
QWidget[ground="surface"] { background: %(surface)s; }
QWidget[ground="sunken"] { background: %(sunken)s; }
QWidget[ground="canvas"] { background: %(canvas)s; }
QLabel { background: transparent; color: %(text)s; }
QLabel[tone="secondary"] { color: %(text_secondary)s; }
QLabel[tone="tertiary"] { color: %(text_tertiary)s; }
QLabel[tone="accent"] { color: %(accent)s; }
QLabel[tone="ok"] { color: %(ok)s; }
QLabel[tone="warn"] { color: %(warn)s; }
QLabel[tone="bad"] { color: %(bad)s; }
QLabel:disabled { color: %(faint)s; }
QMainWindow, QDialog { background: %(window)s; }

QLineEdit, QPlainTextEdit[field="true"], QTextEdit[field="true"], QSpinBox, QDoubleSpinBox {
    background: %(surface)s; color: %(text)s; border: 1px solid %(line_strong)s; border-radius: 6px;
    padding: 0px 8px; min-height: 30px;
    selection-background-color: %(accent)s; selection-color: %(on_accent)s;
}
QPlainTextEdit[field="true"], QTextEdit[field="true"] { padding: 5px 4px; }
QLineEdit[large="true"] { min-height: 62px; border-radius: 8px; }
QLineEdit[small="true"] { min-height: 22px; padding: 0px 6px; border-radius: 4px; }
QLineEdit:hover, QPlainTextEdit[field="true"]:hover, QTextEdit[field="true"]:hover,
QSpinBox:hover, QDoubleSpinBox:hover { border-color: %(text_tertiary)s; }
QLineEdit:focus, QPlainTextEdit[field="true"]:focus, QTextEdit[field="true"]:focus,
QSpinBox:focus, QDoubleSpinBox:focus { border: 2px solid %(accent)s; padding: 0px 7px; min-height: 28px; }
QPlainTextEdit[field="true"]:focus, QTextEdit[field="true"]:focus { padding: 4px 3px; }
QLineEdit[large="true"]:focus { min-height: 60px; }
QLineEdit[small="true"]:focus { min-height: 20px; padding: 0px 5px; }
QLineEdit[refused="true"], QPlainTextEdit[refused="true"], QTextEdit[refused="true"],
QSpinBox[refused="true"], QDoubleSpinBox[refused="true"] {
    border: 2px solid %(bad)s; padding: 0px 7px; min-height: 28px;
}
QLineEdit[large="true"][refused="true"] { min-height: 60px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled { border-color: %(line)s; }
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus, QLineEdit[bare="true"]:hover {
    background: transparent; border: none; padding: 0px; min-height: 20px;
}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    width: 0px; border: none;
}

QAbstractItemView { background: %(surface)s; color: %(text)s; border: none; outline: none; }
QAbstractItemView[ground="raised"] { background: %(raised)s; }
QTableView, QTreeView, QListView {
    selection-background-color: %(accent_soft)s; selection-color: %(text)s; gridline-color: %(line)s;
}
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected {
    background: %(accent_soft)s; color: %(text)s;
}
QTableView::item:hover:!selected, QTreeView::item:hover:!selected, QListView::item:hover:!selected {
    background: %(hover)s;
}
QHeaderView { background: %(surface)s; border: none; }
QHeaderView::section {
    background: %(surface)s; color: %(text_secondary)s; border: none; border-bottom: 1px solid %(line)s;
    padding: 0px 8px; min-height: 28px; font-weight: 600; font-size: 11px;
}
QComboBox QAbstractItemView, QListView[menu="true"] {
    background: %(raised)s; border: 1px solid %(line_strong)s; padding: 4px;
    selection-background-color: %(accent_soft)s;
}

QScrollBar:vertical { background: transparent; width: 12px; margin: 0px; border: none; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0px; border: none; }
QScrollBar::handle { background: %(line_strong)s; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: %(text_tertiary)s; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QMenu { background: %(raised)s; color: %(text)s; border: 1px solid %(line_strong)s; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 8px; border-radius: 4px; min-width: 140px; }
QMenu::item:selected { background: %(accent_soft)s; }
QMenu::item:disabled { color: %(faint)s; }
QMenu::separator { height: 1px; background: %(line)s; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QToolTip { background: %(raised)s; color: %(text)s; border: 1px solid %(line_strong)s; padding: 4px 6px; }

QSplitter::handle { background: %(line)s; }
QSplitter::handle:hover { background: %(line_strong)s; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollArea { border: none; }

QSlider::groove:horizontal { background: %(track)s; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: %(accent)s; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal {
    background: %(surface)s; border: 2px solid %(accent)s; width: 9px; height: 9px; margin: -5px 0px; border-radius: 6px;
}
QSlider::handle:horizontal:hover { background: %(accent_soft)s; }
QSlider::sub-page:horizontal:disabled { background: %(line_strong)s; }
QSlider::handle:horizontal:disabled { border-color: %(line_strong)s; }
"""
