"""What a model was asked when a chain was probed, and every reply."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.bridge import Bridge
from app.models.chain_words import chain_name
from app.presenters.probes import HINTS, TITLES
from app.widgets.button import ButtonKind
from app.widgets.chip import Chip, ChipKind
from app.widgets.dialog import Dialog
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Card
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.probes import Probe, ProbeReply, ProbeResult, Trial, TrialKind
from hopchain_core.project import Reader, StoredChain

_MOST_TEXT = 6000
_KINDS = {
    TrialKind.BLIND: "Without the picture",
    TrialKind.REFERENCE: "How many things it fits",
    TrialKind.LAST: "From the last hop alone",
    TrialKind.HALF: "From the later half of the hops",
    TrialKind.STEP: "The hop by itself",
}


class SaidDialog(Dialog):
    """One probe of one chain: what was asked, what was right, and what was said.

    Args:
        bridge: To the project.
        stored: The chain.
        probe: Which probe.
        hop: Only what concerns this hop; all of it when None.
        parent: The window.
    """

    def __init__(
        self, bridge: Bridge, stored: StoredChain, probe: Probe, hop: int | None, parent: QWidget | None = None
    ) -> None:
        where = f", hop {hop}" if hop is not None else ""
        super().__init__(
            f"{TITLES[probe]}: {chain_name(stored.number)}{where}", f"{HINTS[probe]}.", width_px=760, parent=parent
        )
        self._probe, self._hop = probe, hop
        self.cards: list[TrialCard] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(12)
        self._column.addStretch(1)
        scroll = ScrollColumn(inside, is_clear=True, takes_keys=True, least_height_px=460)
        self.box.addWidget(scroll, 1)
        self.add_button("Close", ButtonKind.DEFAULT, is_default=True)

        def look(read: Reader) -> tuple[ProbeResult, ...]:
            return read.probe_results(stored.chain.key)

        bridge.read(look, self._show, key="probes said")

    def _show(self, results: Sequence[ProbeResult]) -> None:
        result = next((found for found in results if found.probe is self._probe), None)
        if result is None:
            self._column.insertWidget(0, Label("What was said no longer counts: probe the chain anew.", "body"))
            return
        if result.model:
            self.text.setText(f"{self.text.text()} Asked of {result.model}.")
        trials = [trial for trial in result.trials if self._hop is None or trial.hop == self._hop]
        for place, trial in enumerate(trials):
            card = TrialCard(trial)
            self.cards.append(card)
            self._column.insertWidget(place, card)


class TrialCard(Card):
    """One thing asked, and every reply to it.

    Args:
        trial: What was asked and said.
    """

    def __init__(self, trial: Trial, parent: QWidget | None = None) -> None:
        super().__init__(margin=16, spacing=8, parent=parent)
        hop = f"Hop {trial.hop} · " if trial.hop is not None else ""
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(f"{hop}{_KINDS[trial.kind]}", "label"))
        head.addStretch(1)
        head.addWidget(Label(f"{trial.expected} in {trial.counts}", "meta", "secondary"))
        self.box.addLayout(head)
        self.box.addWidget(Label("Asked", "caption-strong", "secondary"))
        self.asked = QuestionLabel(trial.asked, "meta")
        self.box.addWidget(self.asked)
        self.box.addWidget(Label("Said", "caption-strong", "secondary"))
        for place, reply in enumerate(trial.replies):
            self.box.addWidget(_Said(place + 1, reply))


class _Said(QWidget):
    def __init__(self, number: int, reply: ProbeReply) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        # Being right is what speaks against a chain in some probes, and for it in others: no colour judges here.
        icon = "check" if reply.is_right else "cross"
        chip = Chip(reply.answer or "no answer", ChipKind.NEUTRAL, icon=icon)
        chip.setAccessibleName(f"Try {number}: {reply.answer or 'no answer'}, {'right' if reply.is_right else 'wrong'}")
        row.addWidget(Label(f"{number}", "meta", "tertiary"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(QuestionLabel(reply.text.strip()[:_MOST_TEXT], "meta", tone="text-secondary"), 1)
