"""Where the open chain leads: to dialogs, to other spaces, and onto the clipboard."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.models.chain_words import chain_name
from app.models.status_words import counted
from app.presenters.chain_mends import Mend
from app.presenters.chain_search import Segment
from app.presenters.chains import ChainsPresenter
from app.presenters.probes import Scope
from app.studio import Studio
from app.views.chains.rollouts import RolloutsDialog
from app.views.probes.dialog import ProbeDialog
from app.views.probes.said import SaidDialog
from hopchain_core.domain.probes import Probe


class ChainLeads:
    """What is opened from the space of chains.

    Args:
        studio: What everything shares.
        presenter: Knows which chain is open.
        space: Over whose window dialogs open.
    """

    def __init__(self, studio: Studio, presenter: ChainsPresenter, space: QWidget) -> None:
        self._studio = studio
        self._presenter = presenter
        self._space = space

    def probe(self) -> None:
        """Asks which probes are to be made of the open chain, or of those listed."""
        detail, search = self._presenter.detail, self._presenter.search
        numbers = search.model.ids()
        scopes = [] if detail is None else [Scope(f"{chain_name(detail.stored.number)} alone", (detail.stored.number,))]
        if numbers and (search.choice.is_filtered or search.choice.segment is not Segment.ALL):
            scopes.append(Scope(f"The {counted(len(numbers), 'chain')} listed here", tuple(numbers)))
        ProbeDialog(self._studio, scopes, self._space.window()).open()

    def show_rollouts(self) -> None:
        """Shows what the weaker model made of the open chain."""
        if self._presenter.detail is not None:
            RolloutsDialog(self._presenter.detail, self._space.window()).open()

    def copy_question(self) -> None:
        """Puts the question on the clipboard."""
        if self._presenter.detail is not None:
            self.copy(self._presenter.detail.chain.question, "Question copied")

    def open_instances(self) -> None:
        """Opens the picture in Instances, with those of the hop selected."""
        detail, hop = self._presenter.detail, self._presenter.hop
        if detail is None:
            return
        evidence = detail.evidence.get(hop) if hop is not None else None
        found = evidence.found or tuple(evidence.lit) if evidence is not None else ()
        if found:
            self._studio.go("instances", image=detail.image.key, instance=found[0])
        else:
            self._studio.go("instances", image=detail.image.key)

    def show_said(self, mend: Mend) -> None:
        """Shows what a model said that a finding goes by."""
        if self._presenter.detail is not None:
            stored = self._presenter.detail.stored
            SaidDialog(self._studio.bridge, stored, Probe(mend.rule), mend.hop, self._space.window()).open()

    def copy(self, text: str, words: str) -> None:
        """Puts a text on the clipboard and says so."""
        QGuiApplication.clipboard().setText(text)
        self._studio.toast(words)
