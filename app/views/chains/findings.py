"""What was found: beside the hop it concerns, and the rules over the whole chain."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.chain_detail import ChainDetail, RuleState
from app.presenters.chain_mends import Mend, MendKind, mend_of, said_of
from app.style.tokens import radius, tokens_of
from app.views.chains.chips import ChipFlow, ChipText
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import ChipKind
from app.widgets.label import ElidedLabel, Label, QuestionLabel
from app.widgets.panel import IconLabel
from hopchain_core.domain.findings import Finding, Severity

_TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "text-secondary"}
_ICONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}


class FindingCard(QWidget):
    """One finding inside its hop, with what mends it.

    Args:
        finding: What was found.
        mend: What can be done about it; None while nothing can be changed.
        mend_keys: Shortcut that does it; empty where it does something else.
    """

    mend_asked = Signal(object)
    """The `Mend`."""

    def __init__(
        self, finding: Finding, mend: Mend | None, *, mend_keys: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._severity = finding.severity
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{finding.severity.value}, {finding.rule}: {finding.message}")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        icon = IconLabel(_ICONS[finding.severity], 16, _TONES[finding.severity])
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Label(finding.rule, "caption-strong"))
        column.addWidget(QuestionLabel(finding.message, "meta", tone="text-secondary"))
        self.button: Button | None = None
        if mend is not None:
            is_ready = mend.kind in (MendKind.TAKE_RECOMPUTED, MendKind.FOLLOW)
            kind = ButtonKind.DEFAULT if is_ready else ButtonKind.QUIET
            self.button = Button(mend.text, kind=kind, size_=ButtonSize.SMALL, keys=mend_keys, shows_keys=True)
            self.button.clicked.connect(lambda: self.mend_asked.emit(mend))
        self.said: Button | None = None
        if (said := said_of(finding)) is not None:
            self.said = Button(said.text, kind=ButtonKind.QUIET, size_=ButtonSize.SMALL)
            self.said.clicked.connect(lambda: self.mend_asked.emit(said))
        buttons = [button for button in (self.said, self.button) if button is not None]
        if buttons:
            beneath = QHBoxLayout()
            beneath.setSpacing(4)
            for button in buttons:
                beneath.addWidget(button)
            beneath.addStretch(1)
            column.addLayout(beneath)
        row.addLayout(column, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge = {
            Severity.ERROR: (t.bad_soft, t.bad_soft),
            Severity.WARNING: (t.warn_soft, t.warn_line),
            Severity.NOTE: (t.sunken, t.line),
        }[self._severity]
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, radius("card"), radius("card"))


class WholeChain(QWidget):
    """Every rule as a chip, and what was found about the chain and about hops that are not open."""

    hop_asked = Signal(int)
    mend_asked = Signal(object)
    """A `Mend`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: ChainDetail | None = None
        self._may_mend = False
        self._hop: int | None = None
        self.cards: list[FindingCard] = []
        self.figures = ElidedLabel("", "meta", "tertiary")
        self.figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.chips = ChipFlow("Checks")
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 4, 0, 0)
        self._rows.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(Label("Whole chain", "caption-strong", "secondary"))
        head.setSpacing(12)
        head.addWidget(self.figures, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.chips)
        column.addLayout(self._rows)
        self.chips.clicked.connect(self._ask_rule)

    def show_chain(self, detail: ChainDetail, hop: int | None, *, may_mend: bool) -> None:
        """Shows the rules, and findings of all but the open hop."""
        if (detail, hop, may_mend) == (self._detail, self._hop, self._may_mend):
            return
        is_same = detail is self._detail
        self._detail, self._hop, self._may_mend = detail, hop, may_mend
        if not is_same:
            passed = sum(not _counts(rule) for rule in detail.rules)
            figures = f"{passed} of {len(detail.rules)} checks pass"
            if any(h.operation is not None for h in detail.chain.hops):
                figures += f" · {detail.recomputed_count} of {len(detail.chain.hops)} hops recomputed"
            if not detail.is_audited:
                figures = f"not audited yet · {figures.partition(' · ')[0]}"
            self.figures.setText(figures)
            self.chips.show_chips([_chip(rule) for rule in detail.rules])
        self._show_findings(detail, hop)

    def _show_findings(self, detail: ChainDetail, hop: int | None) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        self.cards = []
        for finding in detail.findings:
            if finding.hop is not None and finding.hop == hop:
                continue
            if finding.hop is None:
                card = FindingCard(finding, mend_of(finding, detail) if self._may_mend else None)
                card.mend_asked.connect(self.mend_asked)
                self.cards.append(card)
                self._rows.addWidget(card)
            else:
                row = _OtherFinding(finding)
                row.asked.connect(self.hop_asked)
                self._rows.addWidget(row)

    def _ask_rule(self, code: str) -> None:
        if self._detail is not None:
            hops = [f.hop for f in self._detail.findings if f.rule == code and f.hop is not None]
            if hops:
                self.hop_asked.emit(hops[0])


class _OtherFinding(QWidget):
    """A finding of a hop that is not open; a click opens it."""

    asked = Signal(int)

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self._hop = finding.hop or 0
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(_ICONS[finding.severity], 14, _TONES[finding.severity]), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(Label(f"Hop {finding.hop} · {finding.rule}", "caption-strong"))
        column.addWidget(QuestionLabel(finding.message, "meta", tone="text-secondary"))
        row.addLayout(column, 1)
        self.button = Button("Show", kind=ButtonKind.QUIET, size_=ButtonSize.SMALL, name=f"Show hop {finding.hop}")
        self.button.clicked.connect(lambda: self.asked.emit(self._hop))
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)


def _counts(rule: RuleState) -> bool:
    return any(f.severity is not Severity.NOTE for f in rule.findings)


def _chip(rule: RuleState) -> ChipText:
    worst = {f.severity for f in rule.findings}
    kind, icon = ChipKind.OK, "check"
    if Severity.ERROR in worst:
        kind, icon = ChipKind.BAD, "cross"
    elif Severity.WARNING in worst:
        kind, icon = ChipKind.WARN, "warning"
    said = " ".join(f.message for f in rule.findings)
    hint = f"{rule.title}. {rule.description}" + (f"\n{said}" if said else "")
    has_hop = any(f.hop is not None for f in rule.findings)
    return ChipText(rule.code, kind, icon, hint=hint, value=rule.code if has_hop else "")
