"""Exports for whoever shows them to a person: the terms, the reasons, what would be written."""

from __future__ import annotations

from hopchain_core.export.admission import WHAT_TO_DO, Reason, Terms, Variant
from hopchain_core.export.curriculum import BucketsBy, Order
from hopchain_core.export.exporter import ExportCancelledError, ExportSummary, NothingToExportError
from hopchain_core.export.formats.names import EMBEDDED, Format, rows_per_shard
from hopchain_core.export.formats.shown import can_be_relative, missing_for, row_text
from hopchain_core.export.one_record import LeftOutError
from hopchain_core.export.pace import ExportProgress, ExportStep
from hopchain_core.export.preview import Preview, PreviewRow

__all__ = [
    "EMBEDDED",
    "WHAT_TO_DO",
    "BucketsBy",
    "ExportCancelledError",
    "ExportProgress",
    "ExportStep",
    "ExportSummary",
    "Format",
    "LeftOutError",
    "NothingToExportError",
    "Order",
    "Preview",
    "PreviewRow",
    "Reason",
    "Terms",
    "Variant",
    "can_be_relative",
    "missing_for",
    "row_text",
    "rows_per_shard",
]
