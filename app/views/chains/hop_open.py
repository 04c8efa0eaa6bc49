"""The hop that is open: level and kinds, sub-question, what it needs, what it gives, what was found and how clear it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.models.chain_words import KIND_WORDS, LEVEL_ICONS, level_word, operation_word
from app.presenters.chain_detail import ChainDetail
from app.presenters.chain_mends import mend_of, ready_mend
from app.presenters.evidence_words import Remark
from app.style.fonts import font, line_height
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.views.chains.chips import ChipFlow, ChipText, missing_chip
from app.views.chains.findings import FindingCard
from app.views.chains.hop_row import paint_number
from app.views.chains.question import CheckLine
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import ChipKind
from app.widgets.keycap import key_text, keycap_width, paint_keycap
from app.widgets.label import Label, QuestionLabel, wrapped
from app.widgets.panel import IconLabel
from hopchain_core.domain.chains import Hop, InstanceReference, SetReference, ValueReference
from hopchain_core.domain.keys import InstanceKey

Colour = Callable[[InstanceKey], QColor]
_HOP = "hop:"
_MOST_IN_SET = 8


class HopOpen(QWidget):
    """A hop with everything about it.

    Args:
        detail: Its chain.
        hop: The hop.
        colour: Of an instance on the canvas.
        edit_keys: The shortcut that edits.
        mend_keys: The shortcut that does what mends the chain without a word to be written.
        may_edit: Whether anything can be changed.
    """

    hop_asked = Signal(int)
    edit_asked = Signal()
    copy_asked = Signal(str)
    mend_asked = Signal(object)
    """A `Mend`."""
    instance_hovered = Signal(object)
    """`InstanceKey` or None: the chip under the cursor."""

    def __init__(
        self,
        detail: ChainDetail,
        hop: Hop,
        colour: Colour,
        edit_keys: str,
        mend_keys: str = "",
        *,
        may_edit: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.hop = hop
        self._detail = detail
        self._colour = colour
        self._may_edit = may_edit
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"Hop {hop.index}, open")
        self.question = _SubQuestion(hop.sub_question, edit_keys if may_edit else "", is_enabled=may_edit)
        self.needs = ChipFlow("Needs")
        self.output = ChipFlow("Output")
        self.says = QuestionLabel("", "meta", tone="text-secondary")
        self.check = CheckLine()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 14)
        self._column.setSpacing(8)
        self._lay_out_head()
        self._column.addWidget(Label("Sub-question", "caption-strong", "secondary"))
        self._column.addWidget(self.question)
        self._column.addSpacing(4)
        self._lay_out_results()
        self.findings: list[FindingCard] = []
        next_mend = ready_mend(detail)
        for finding in detail.findings_of(hop.index):
            mend = mend_of(finding, detail) if may_edit else None
            is_next = mend is not None and next_mend is not None and mend.kind is next_mend.kind
            card = FindingCard(finding, mend, mend_keys=mend_keys if is_next else "")
            card.mend_asked.connect(self.mend_asked)
            self.findings.append(card)
            self._column.addWidget(card)
        self.remarks = [_RemarkLine(remark) for remark in detail.evidence[hop.index].remarks]
        for remark in self.remarks:
            self._column.addWidget(remark)
        self.question.clicked.connect(self.edit_asked)
        self.show_colours()

    def show_colours(self) -> None:
        """Takes the colours that instances have on the canvas now."""
        self.needs.show_chips(self._need_chips())
        self.output.show_chips(self._output_chips())

    def _lay_out_head(self) -> None:
        hop, detail = self.hop, self._detail
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(_Number(hop.index), 0, Qt.AlignmentFlag.AlignTop)
        chips = [ChipText(level_word(hop.level), ChipKind.ACCENT, LEVEL_ICONS[hop.level])]
        for kind in sorted(detail.kinds[hop.index], reverse=False):
            text, hint = KIND_WORDS[kind]
            chips.append(
                ChipText(text, ChipKind.OUTLINE, "link" if text.startswith("Instance") else "layers", hint=hint)
            )
        operation = operation_word(hop.operation)
        if operation:
            chips.append(ChipText(operation, ChipKind.OUTLINE, hint="What the hop does, as a typed operation"))
        head = ChipFlow("Hop")
        head.show_chips(chips)
        row.addWidget(head, 1)
        more = Button("", "more", ButtonKind.QUIET, size_=ButtonSize.SMALL, name=f"More for hop {hop.index}")
        more.clicked.connect(lambda: self._open_menu(more))
        row.addWidget(more, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)

    def _lay_out_results(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for title, flow, check in (("Needs", self.needs, None), ("Output", self.output, self.check)):
            column = QVBoxLayout()
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(6)
            column.addWidget(Label(title, "caption-strong", "secondary"))
            column.addWidget(flow)
            if check is not None and (said := self._said()):
                self.says.setText(said)
                column.addWidget(self.says)
            if check is not None:
                column.addWidget(check)
            column.addStretch(1)
            row.addLayout(column, 1)
            flow.clicked.connect(self._take_chip)
            flow.hovered.connect(self._take_hover)
        self._column.addLayout(row)
        # Not before it has a parent: it would be a window of its own for a moment.
        self.check.show_check(self._detail.checks[self.hop.index])

    def _need_chips(self) -> list[ChipText]:
        hop = self.hop
        chips = [ChipText(f"Hop {n}", ChipKind.OUTLINE, hint=f"Show hop {n}", value=f"{_HOP}{n}") for n in hop.needs]
        evidence = self._detail.evidence[hop.index]
        given: dict[InstanceKey, None] = dict.fromkeys(evidence.origins)
        for reference in hop.uses:
            if isinstance(reference, InstanceReference):
                given[reference.instance] = None
            elif isinstance(reference, ValueReference):
                chips.append(ChipText(reference.value, hint="A value from an earlier hop"))
        chips += [self._instance_chip(key) for key in given]
        return chips or [ChipText("nothing", hint="It starts from the picture alone")]

    def _output_chips(self) -> list[ChipText]:
        chips: list[ChipText] = []
        for reference in self.hop.establishes:
            if isinstance(reference, InstanceReference):
                chips.append(self._instance_chip(reference.instance))
            elif isinstance(reference, SetReference):
                chips += [self._instance_chip(key) for key in reference.instances[:_MOST_IN_SET]]
                if len(reference.instances) > _MOST_IN_SET:
                    chips.append(ChipText(f"{len(reference.instances) - _MOST_IN_SET} more"))
                if not reference.instances:
                    chips.append(ChipText("none"))
            else:
                chips.append(ChipText(self.hop.output or reference.value, ChipKind.OUTLINE))
        return chips or [ChipText(self.hop.output, ChipKind.OUTLINE)]

    def _said(self) -> str:
        """What the hop says it gives, where that is more than the names on its chips."""
        hop, names = self.hop, self._detail.names
        output = hop.output.strip()
        for reference in hop.establishes:
            if isinstance(reference, InstanceReference):
                name = names.get(reference.instance, "")
                return "" if name and output.casefold().endswith(name.casefold()) else f"“{output}”"
            if isinstance(reference, SetReference):
                return "" if output.startswith(str(len(reference.instances))) else f"“{output}”"
        return ""

    def _instance_chip(self, key: InstanceKey) -> ChipText:
        name = self._detail.names.get(key)
        if name is None:
            return missing_chip(self._detail.facts, key)
        return ChipText(name, ChipKind.OUTLINE, swatch=self._colour(key), value=key, hint=name)

    def _take_chip(self, value: str) -> None:
        if value.startswith(_HOP):
            self.hop_asked.emit(int(value.removeprefix(_HOP)))

    def _take_hover(self, value: str) -> None:
        self.instance_hovered.emit(None if not value or value.startswith(_HOP) else InstanceKey(value))

    def _open_menu(self, button: Button) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        edit = menu.addAction("Edit this hop")
        edit.setEnabled(self._may_edit)
        edit.triggered.connect(self.edit_asked)
        menu.addAction("Copy sub-question").triggered.connect(lambda: self.copy_asked.emit(self.hop.sub_question))
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 0, 3, self.height()), t.accent)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.line)


class _Number(QWidget):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_number(QPainter(self), QRectF(self.rect()), self._number, tokens_of(self), is_open=True)


class _SubQuestion(QAbstractButton):
    """The sub-question in a frame like a field's; a click edits it."""

    def __init__(self, text: str, keys: str, *, is_enabled: bool) -> None:
        super().__init__()
        self._keys = keys
        self._can_edit = is_enabled
        self.setText(text)
        self.setEnabled(is_enabled)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"Sub-question: {text}")
        self.setToolTip("Edit" if is_enabled else "")

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return len(self._lines(width)) * line_height("body") + 12

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def _lines(self, width: int) -> list[str]:
        return wrapped(self.text(), "body", float(max(40, width - 24 - self._reserved())))

    def _reserved(self) -> float:
        return 28 + keycap_width(key_text(self._keys)) if self._keys else 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.text_tertiary if self.underMouse() and self._can_edit else t.line_strong, 1))
        painter.setBrush(t.surface)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, radius("button"), radius("button"))
        painter.setFont(font("body"))
        painter.setPen(t.text)
        step = line_height("body")
        for n, line in enumerate(self._lines(self.width())):
            painter.drawText(
                QRectF(12, 6 + n * step, self.width() - 24, step),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
                line,
            )
        if self._keys:
            cap = key_text(self._keys)
            paint_keycap(painter, cap, self.width() - 8.0, 16.0, t.text_secondary, t.line_strong)
            x = self.width() - 8.0 - keycap_width(cap) - 20
            paint_icon(painter, "pencil", QRectF(x, 9, 14, 14), t.text_secondary)


class _RemarkLine(QWidget):
    """How clear a choice was."""

    def __init__(self, remark: Remark) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.text = f"{remark.lead}: {remark.text}" if remark.lead else remark.text
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(8)
        icon = IconLabel("check" if remark.is_clear else "warning", 16, "ok" if remark.is_clear else "warn")
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(QuestionLabel(self.text, "meta", tone="text-secondary" if remark.is_clear else "warn"), 1)
        self.setAccessibleName(self.text)
