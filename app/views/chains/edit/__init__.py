"""Editing a chain in place, and the history of its versions."""

from __future__ import annotations

from app.views.chains.edit.desk import EditDesk
from app.views.chains.edit.history_panel import HistoryPanel
from app.views.chains.edit.notices import DraftNotice
from app.views.chains.edit.panel import EditPanel

__all__ = ["DraftNotice", "EditDesk", "EditPanel", "HistoryPanel"]
