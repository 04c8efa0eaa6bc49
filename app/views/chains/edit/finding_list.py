"""Findings one below the other, each with what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.views.chains.findings import FindingCard
from hopchain_core.domain.findings import Finding


class FindingList(QWidget):
    """What the rules say of one hop, or of the whole chain.

    Args:
        foot_px: Free space below the last one.
    """

    def __init__(self, foot_px: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: tuple[Finding, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2, 0, foot_px)
        self._column.setSpacing(8)
        self.hide()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is shown."""
        return self._findings

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Shows others; the same ones are left as they are."""
        if tuple(findings) == self._findings:
            return
        self._findings = tuple(findings)
        while (item := self._column.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for finding in findings:
            self._column.addWidget(FindingCard(finding, None))
        self.setVisible(bool(findings))
