"""What probing found, beneath the other figures, with what starts and stops it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.models.status_words import counted
from app.presenters.dashboard import DashboardPresenter
from app.presenters.dashboard_words import NOWHERE, Lead, Row, percent
from app.presenters.probes import ProbeWatch
from app.studio import Studio
from app.views.dashboard.cards import BarCard
from app.views.probes.actions import START
from app.views.probes.line import ProbeLine
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonSize
from hopchain_core.domain.probe_summary import ProbeSummary, Share
from hopchain_core.domain.probes import Probe, ProbePolicy
from hopchain_core.project import Reader

NEVER = (
    "No chain was probed yet. A model can be asked what chains give away: whether they are solved without the picture, "
    "whether a reference fits several things, whether hops can be skipped, and which hop goes wrong first."
)


class ProbesStrip(QWidget):
    """Two cards: what a model can do that it should not be able to, and where hop traces go wrong first.

    Args:
        studio: What everything shares.
        presenter: Of the overview; whenever its figures are counted anew, these are too.
    """

    def __init__(self, studio: Studio, presenter: DashboardPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = studio.bridge
        self._shown: tuple[object, int, int] | None = None
        self.watch = ProbeWatch(studio, self)
        self.shares = BarCard("Probes", "What a model can do that it should not be able to", most=1.0)
        self.traces = BarCard("First wrong hop", "Hop traces by the first hop that went wrong")
        self.running = ProbeLine(studio, self.watch)
        self.shares.tools.addWidget(ActionButton(studio.actions, START, size_=ButtonSize.SMALL))
        self.shares.inside.insertWidget(0, self.running)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.shares, 2)
        row.addWidget(self.traces, 1)
        self.hide()
        presenter.figures_changed.connect(self._read)
        self.watch.changed.connect(lambda _: self._show_foot())
        self.shares.lead_chosen.connect(presenter.follow)
        self.traces.lead_chosen.connect(presenter.follow)

    def _read(self, figures: object) -> None:
        self.watch.count()
        project, shown = self._bridge.project, self._shown

        def look(read: Reader) -> tuple[tuple[object, int, int], ProbeSummary | None]:
            # All replies are read for it, so not where nothing has changed.
            stamp = (project, *read.probe_stamp())
            return stamp, None if stamp == shown else read.probe_summary()

        self._bridge.read(look, self._take, key="overview probes")

    def _show_foot(self) -> None:
        # While the first probes are made, the line above says more than that there are none.
        self.shares.foot.setVisible(not (self.watch.live.is_running and self.shares.foot.text() == NEVER))

    def _take(self, found: tuple[tuple[object, int, int], ProbeSummary | None]) -> None:
        stamp, summary = found
        if summary is None:
            return
        self._shown = stamp
        self.setVisible(bool(summary.chains))
        by = ", ".join(sorted({model for models in summary.models.values() for model in models}))
        self.shares.show_rows(share_rows(summary), policy_sentence(summary), f"asked of {by}" if by else "")
        self._show_foot()
        self.traces.setVisible(bool(summary.traces))
        right = summary.first_wrong.get(None, 0)
        self.traces.show_rows(
            trace_rows(summary),
            f"{percent(right / summary.traces)} of the traces are right throughout." if summary.traces else "",
            counted(summary.traces, "trace"),
        )


def share_rows(found: ProbeSummary) -> list[Row]:
    """Shares, as far as the probe they come from was made."""
    rows = []
    if found.probed.get(Probe.BLIND):
        guess = Share(found.guessing.n_commonest, found.guessing.n)
        rows += [
            _row("Solved without the picture", found, found.solved_blind, "chains", "solved_blind"),
            _row(f"By always saying {found.guessing.commonest}", found, guess, "chains", tone="text-tertiary"),
        ]
    if found.probed.get(Probe.UNIQUE):
        rows.append(_row("References that fit several", found, found.ambiguous, "references", "ambiguous"))
        if found.fitting_nothing.n:
            rows.append(
                _row("References that fit nothing", found, found.fitting_nothing, "references", "fitting_nothing")
            )
    if found.probed.get(Probe.SKIP):
        rows += [
            _row("Answered from the last hop", found, found.skipped_last, "chains", "skipped_last"),
            _row("Answered from the later half", found, found.skipped_half, "chains", "skipped_half"),
        ]
    return rows


def trace_rows(found: ProbeSummary) -> list[Row]:
    """Traces that went wrong, by hop."""
    return [
        Row(
            f"Hop {hop}",
            n,
            f"{n:,}",
            f"{n:,} of {counted(found.traces, 'trace')} went wrong first at hop {hop}, {percent(n / found.traces)}",
            _lead(found, f"first_wrong_{hop}", f"traces go wrong first at hop {hop}"),
        )
        for hop, n in found.first_wrong.items()
        if hop is not None
    ]


def policy_sentence(found: ProbeSummary) -> str:
    """What becomes of the chains."""
    if found.is_empty:
        return NEVER
    dropped = [probe.value for probe in found.probed if found.policies.of(probe) is ProbePolicy.DROP]
    most = max(found.probed.values(), default=0)
    of = f"{most:,} of {counted(found.chains, 'chain')} probed."
    return (
        f"{of} Dropped for what is found by: {', '.join(dropped)}." if dropped else f"{of} What is found flags a chain."
    )


def _row(name: str, found: ProbeSummary, share: Share, what: str, figure: str = "", *, tone: str = "accent") -> Row:
    low, high = share.interval
    words = f"{name}: {share.n:,} of {share.of:,} {what}, 95 % interval {percent(low)} to {percent(high)}"
    lead = _lead(found, figure, name[:1].lower() + name[1:])
    return Row(name, share.share, percent(share.share), words, lead, interval=share.interval, tone=tone)


def _lead(found: ProbeSummary, figure: str, words: str) -> Lead:
    """The chains behind a figure; nowhere where there are none."""
    numbers = found.behind.get(figure, ())
    return Lead("chains", numbers=numbers, words=words) if numbers else NOWHERE
