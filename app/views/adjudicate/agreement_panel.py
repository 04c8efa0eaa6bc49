"""How well people agree, and what the project asks of them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.adjudicate import Disputes
from app.style.tokens import tokens_of
from app.widgets.button import Button, ButtonKind
from app.widgets.label import ElidedLabel, Label, QuestionLabel
from app.widgets.panel import Bar, Ground, Line, PanelHead
from app.widgets.scroll import ScrollColumn
from app.widgets.segmented import Segment, Segmented
from hopchain_core.domain.agreement import Alpha
from hopchain_core.domain.agreement_report import AgreementReport, Grouping
from hopchain_core.domain.review import VerdictOutcome

WIDTH_PX = 384
TENTATIVE, RELIABLE = 0.667, 0.8
"""Krippendorff's customary bounds: below the first data are not to be relied on, above the second they are.
Source: K. Krippendorff, Content Analysis, 2nd edition (2004), p. 241."""
POLICIES = {"4/4": (4, 4, False), "3/4": (4, 3, False), "adjudicate": (4, 3, True)}
_COUNTS = (
    (VerdictOutcome.AGREED, "Agreed", "ok"),
    (VerdictOutcome.ADJUDICATED, "Decided by an adjudicator", "accent"),
    (VerdictOutcome.DISPUTED, "Disputed", "warn"),
    (VerdictOutcome.TOO_FEW, "Too few answers", "text-tertiary"),
    (VerdictOutcome.REFUSED, "Refused", "bad"),
)


class AlphaBar(QWidget):
    """A point with its interval on the scale from 0 to 1.

    Args:
        is_scaled: With the customary bounds as figures beneath.
    """

    def __init__(self, *, is_scaled: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alpha = Alpha(value=None, low=None, high=None, questions=0, answers=0)
        self._is_scaled = is_scaled
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(44 if is_scaled else 20)

    def sizeHint(self) -> QSize:
        return QSize(160, self.height())

    def show_alpha(self, alpha: Alpha) -> None:
        """Shows another one."""
        self._alpha = alpha
        self.setAccessibleName(alpha_words(alpha))
        self.setToolTip(alpha_words(alpha))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, width, middle = 6.0, self.width() - 12.0, 12.0 if self._is_scaled else self.height() / 2
        if self._is_scaled:
            painter.fillRect(QRectF(left + TENTATIVE * width, 2, (RELIABLE - TENTATIVE) * width, 18), t.warn_soft)
            painter.fillRect(QRectF(left + RELIABLE * width, 2, (1 - RELIABLE) * width, 18), t.ok_soft)
            painter.setPen(QPen(t.line_strong, 1))
            painter.drawLine(QRectF(left, 20, width, 0).topLeft(), QRectF(left, 20, width, 0).topRight())
            painter.setPen(t.text_secondary)
            for at, text in ((0.0, "0"), (TENTATIVE, "0.67"), (RELIABLE, "0.80"), (1.0, "1")):
                box = QRectF(left + at * width - 20, 24, 40, 16)
                painter.drawText(
                    box.intersected(QRectF(self.rect())) if 0 < at < 1 else _inside(box, self),
                    Qt.AlignmentFlag.AlignCenter,
                    text,
                )
        else:
            painter.setPen(QPen(t.line, 1))
            painter.drawLine(QRectF(left, middle, width, 0).topLeft(), QRectF(left, middle, width, 0).topRight())
        if self._alpha.value is None:
            return

        def x(value: float) -> float:
            return left + max(0.0, min(1.0, value)) * width

        painter.setPen(QPen(t.text_secondary, 1.5))
        if self._alpha.low is not None and self._alpha.high is not None:
            painter.drawLine(
                QRectF(x(self._alpha.low), middle, 0, 0).topLeft(), QRectF(x(self._alpha.high), middle, 0, 0).topLeft()
            )
            if self._is_scaled:
                for end in (self._alpha.low, self._alpha.high):
                    painter.drawLine(
                        QRectF(x(end), middle - 5, 0, 0).topLeft(), QRectF(x(end), middle + 5, 0, 0).topLeft()
                    )
        painter.setPen(QPen(t.surface, 2))
        painter.setBrush(t.accent)
        size = 6.0 if self._is_scaled else 4.5
        painter.drawEllipse(QRectF(x(self._alpha.value) - size, middle - size, 2 * size, 2 * size))


def _inside(box: QRectF, widget: QWidget) -> QRectF:
    box = QRectF(box)
    if box.left() < 0:
        box.moveLeft(-14)
    if box.right() > widget.width():
        box.moveRight(widget.width() + 14.0)
    return box


class AgreementPanel(Ground):
    """The column at the right."""

    policy_chosen = Signal(int, int, bool)
    """(people, agreeing, whether an adjudicator's decision counts)."""
    figures_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.setFixedWidth(WIDTH_PX)
        self.all_figures = Button("All figures", "chevron-right", ButtonKind.QUIET)
        self.all_figures.clicked.connect(self.figures_asked)
        self.head = PanelHead("Agreement", (self.all_figures,))
        self.value = Label("–", "figure")
        self.caption = Label("Krippendorff’s alpha", "label")
        self.interval = Label("", "meta", "secondary", wraps=True)
        self.bar = AlphaBar(is_scaled=True)
        self.counted = Label("", "caption-strong", "secondary")
        self.stack = Bar("Verdicts", 12)
        self.counts: dict[VerdictOutcome, Label] = {}
        self._groups = QVBoxLayout()
        self._groups.setSpacing(4)
        self._group_rows: list[QWidget] = []
        self.policy = Segmented(
            [Segment("4/4", "4 of 4"), Segment("3/4", "3 of 4"), Segment("adjudicate", "Majority, then adjudicate")],
            "Policy",
            is_small=True,
        )
        self.policy_hint = QuestionLabel("", "meta", tone="text-secondary")
        self.policy.chosen.connect(lambda value: self.policy_chosen.emit(*POLICIES[value]))
        self._lay_out()

    def _lay_out(self) -> None:
        inside = Ground("surface", margins=(16, 16, 16, 16), spacing=8)
        top = QHBoxLayout()
        top.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.caption)
        words.addWidget(self.interval)
        top.addWidget(self.value)
        top.addLayout(words, 1)
        inside.box.addLayout(top)
        inside.box.addWidget(self.bar)
        inside.box.addWidget(Line())
        inside.box.addSpacing(4)
        inside.box.addWidget(self.counted)
        inside.box.addWidget(self.stack)
        for outcome, text, tone in _COUNTS:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(_Dot(tone))
            line.addWidget(Label(text, "body"), 1)
            figure = self.counts[outcome] = Label("0", "label")
            line.addWidget(figure)
            inside.box.addLayout(line)
        inside.box.addWidget(Line())
        inside.box.addLayout(self._groups)
        inside.box.addWidget(Line())
        inside.box.addSpacing(4)
        inside.box.addWidget(Label("Policy", "caption-strong", "secondary"))
        inside.box.addWidget(self.policy, 0, Qt.AlignmentFlag.AlignLeft)
        inside.box.addWidget(self.policy_hint)
        inside.box.addStretch(1)
        scroll = ScrollColumn(inside, takes_keys=True)
        scroll.setAccessibleName("Agreement")
        self.box.addWidget(self.head)
        self.box.addWidget(scroll, 1)

    def show_report(self, report: AgreementReport) -> None:
        """Shows alpha in all and by group."""
        alpha = report.overall
        self.value.setText("–" if alpha.value is None else f"{alpha.value:.2f}")
        self.interval.setText(interval_words(alpha))
        self.bar.show_alpha(alpha)
        for row in self._group_rows:
            self._groups.removeWidget(row)
            row.deleteLater()
        self._group_rows = []
        for grouping, title in ((Grouping.HOP_COUNT, "By hop count"), (Grouping.COMPOSER, "By composer")):
            groups = report.by(grouping)
            if not groups:
                continue
            self._add(Label(title, "caption-strong", "secondary"))
            for group in groups:
                name = f"{group.name} hops" if grouping is Grouping.HOP_COUNT else group.name
                self._add(GroupRow(name, group.alpha))

    def _add(self, row: QWidget) -> None:
        self._group_rows.append(row)
        self._groups.addWidget(row)

    def show_disputes(self, found: Disputes) -> None:
        """Shows how many stand where, and the policy."""
        total = sum(found.counts.values())
        self.counted.setText(f"{total:,} chains answered" if total != 1 else "1 chain answered")
        self.stack.show_parts([(found.counts[outcome] / total if total else 0.0, tone) for outcome, _, tone in _COUNTS])
        for outcome, label in self.counts.items():
            label.setText(f"{found.counts[outcome]:,}")
        policy = found.policy
        now = (policy.people, policy.agreeing, policy.accepts_adjudicated)
        name = next((name for name, wanted in POLICIES.items() if wanted == now), "")
        self.policy.set_value(name)
        self.policy_hint.setText(policy_words(found, is_known=bool(name)))


class GroupRow(QWidget):
    """Alpha of a group: name, interval, figure, questions.

    Args:
        name: Of the group.
        alpha: Of its answers.
        name_px: Room for the name.
    """

    def __init__(self, name: str, alpha: Alpha, *, name_px: int = 92, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        bar = AlphaBar()
        bar.show_alpha(alpha)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        title = ElidedLabel(name, "body")
        title.setFixedWidth(name_px)
        value = Label("–" if alpha.value is None else f"{alpha.value:.2f}", "label")
        value.setFixedWidth(36)
        questions = Label(f"n {alpha.questions:,}", "meta", "secondary")
        questions.setFixedWidth(44)
        questions.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for part in (title, bar, value, questions):
            line.addWidget(part)


class _Dot(QWidget):
    def __init__(self, tone: str) -> None:
        super().__init__()
        self._tone = tone
        self.setFixedSize(8, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), tokens_of(self).named(self._tone))


def interval_words(alpha: Alpha) -> str:
    """The interval beneath the figure."""
    if alpha.value is None:
        return "nominal · not defined yet: answers of at least two people to the same questions are needed"
    if alpha.low is None or alpha.high is None:
        return f"nominal · {alpha.questions} questions are too few for an interval"
    return f"nominal · 95 % interval {alpha.low:.2f} to {alpha.high:.2f}, bootstrap"


def alpha_words(alpha: Alpha) -> str:
    """Alpha in one sentence."""
    if alpha.value is None:
        return "Alpha is not defined"
    spread = (
        f", 95 % interval {alpha.low:.2f} to {alpha.high:.2f}"
        if alpha.low is not None and alpha.high is not None
        else ""
    )
    return f"Alpha {alpha.value:.2f}{spread}, {alpha.questions} questions, {alpha.answers} answers"


def policy_words(found: Disputes, *, is_known: bool) -> str:
    """What the policy in force means, and what a milder one would keep."""
    policy = found.policy
    if not is_known:
        return f"{policy.agreeing} of {policy.people} have to agree."
    if policy.agreeing == policy.people:
        more = found.kept_with(3)
        kept = f" With “3 of 4” {more:,} more would be kept." if more else ""
        return f"As in the paper: all four agree. What an adjudicator decides is not counted as that.{kept}"
    if policy.accepts_adjudicated:
        return "Three of four make the label; where they do not, an adjudicator's decision does, and is marked as that."
    return "Three of four make the label. What an adjudicator decides is not exported."
