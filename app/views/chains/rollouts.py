"""How a weaker model fares on a chain: one line, and its attempts in a dialog."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.chain_words import chain_name
from app.presenters.chain_detail import ChainDetail
from app.widgets.button import ButtonKind
from app.widgets.chip import Chip, ChipKind
from app.widgets.dialog import Dialog
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Bar, Card
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.rollouts import FinishReason, Rollout

_MOST_TEXT = 6000


class RolloutLine(QWidget):
    """Pass rate with its interval, where there is one; a button shows the attempts.

    Args:
        button: Shows them.
    """

    def __init__(self, button: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: ChainDetail | None = None
        self.figures = Label("", "meta", "secondary", wraps=True)
        self.simulated = Chip("simulated", ChipKind.NEUTRAL)
        self.simulated.setToolTip("Made up by a simulated solver: no model has seen this chain")
        self.bar = Bar("Solved")
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(Label("Weaker model", "caption-strong", "secondary"))
        head.addWidget(self.simulated)
        head.addStretch(1)
        head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.figures)

    def show_chain(self, detail: ChainDetail) -> None:
        """Shows a chain's difficulty; nothing before it was tried."""
        difficulty = detail.difficulty
        self.setVisible(difficulty is not None)
        if difficulty is None:
            return
        low, high = difficulty.interval
        said = [difficulty.words]
        if difficulty.is_rate:
            said.append(f"95 % interval {100 * low:.0f} % to {100 * high:.0f} %")
        elif difficulty.is_until_decided:
            said.append("tried until decided, so no pass rate")
        if not difficulty.is_kept:
            said.append("dropped as too easy")
        self.figures.setText(" · ".join(said))
        self.simulated.setVisible(difficulty.is_simulated)
        self.bar.setVisible(difficulty.is_rate)
        self.bar.show_share(difficulty.pass_rate if difficulty.is_rate else 0.0, is_running=difficulty.is_rate)


class RolloutsDialog(Dialog):
    """All attempts of the weaker model at a chain.

    Args:
        detail: The chain.
        parent: The window.
    """

    def __init__(self, detail: ChainDetail, parent: QWidget) -> None:
        simulated = " They were made up by a simulated solver." if (d := detail.difficulty) and d.is_simulated else ""
        super().__init__(
            f"Attempts at {chain_name(detail.stored.number)}",
            f"The answer is {detail.chain.answer.text}.{simulated}",
            width_px=680,
            parent=parent,
        )
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for rollout in detail.rollouts:
            column.addWidget(_RolloutCard(rollout))
        column.addStretch(1)
        scroll = ScrollColumn(inside, is_clear=True, takes_keys=True, least_height_px=420)
        self.box.addWidget(scroll, 1)
        self.add_button("Close", ButtonKind.DEFAULT, is_default=True)


class _RolloutCard(Card):
    def __init__(self, rollout: Rollout) -> None:
        super().__init__(margin=12, spacing=6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(f"{rollout.index + 1}", "label"))
        answer = rollout.answer.text if rollout.answer is not None else "no answer"
        kind = ChipKind.OK if rollout.is_correct else ChipKind.BAD
        head.addWidget(Chip(answer, kind, icon="check" if rollout.is_correct else "cross"))
        if rollout.first_wrong_hop is not None:
            head.addWidget(Chip(f"first wrong at hop {rollout.first_wrong_hop}"))
        if rollout.error_kind is not None:
            head.addWidget(Chip(rollout.error_kind.value))
        if rollout.finish_reason is FinishReason.LENGTH:
            head.addWidget(Chip("cut off", ChipKind.WARN))
        head.addStretch(1)
        if rollout.tokens is not None:
            head.addWidget(Label(f"{rollout.tokens:,} tokens", "meta", "tertiary"))
        self.box.addLayout(head)
        self.box.addWidget(QuestionLabel(rollout.text[:_MOST_TEXT], "meta", tone="text-secondary"))
