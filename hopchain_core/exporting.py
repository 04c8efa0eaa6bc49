"""Exports for whoever shows them to a person: the terms, the reasons, what would be written."""

from __future__ import annotations

from hopchain_core.export.admission import WHAT_TO_DO, Reason, Terms, Variant
from hopchain_core.export.exporter import ExportCancelledError, ExportSummary, NothingToExportError
from hopchain_core.export.preview import LeftOutError, Preview, PreviewRow

__all__ = [
    "WHAT_TO_DO",
    "ExportCancelledError",
    "ExportSummary",
    "LeftOutError",
    "NothingToExportError",
    "Preview",
    "PreviewRow",
    "Reason",
    "Terms",
    "Variant",
]
