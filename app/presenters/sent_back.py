"""A question that an adjudicator sent back is looked at by the rules at once: a round asks nothing they have not seen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.studio import Studio
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.keys import ChainKey
from hopchain_core.project import Reader

STAGES = ("audit", "decide")


class SentBack(QObject):
    """Runs what is owed for new versions and says what came of it.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._waiting: list[ChainKey] = []
        self._looked_at: tuple[ChainKey, ...] = ()
        studio.runs.ended.connect(self._follow)

    def take(self, key: ChainKey) -> None:
        """Has a version looked at: now, or once the run that goes on is over."""
        self._waiting.append(key)
        if self._studio.runs.is_running:
            self._studio.toast("Sent back; the rules look at it when the run is over")
        self._start()

    def _start(self) -> None:
        project = self._studio.project
        if project is None or not self._waiting or self._studio.runs.is_running:
            return
        self._looked_at, self._waiting = tuple(self._waiting), []
        options = project.last_options().model_copy(update={"only": self._looked_at})
        self._studio.runs.start(STAGES, options)

    def _follow(self, reports: object) -> None:
        keys, self._looked_at = self._looked_at, ()
        if keys and reports is None:
            self._studio.toast("The rules did not look at what was sent back; it is asked once they have")
        elif keys and self._studio.project is not None:
            self._studio.bridge.read(partial(_became, keys=keys), partial(self._tell, len(keys)))
        self._start()

    def _tell(self, n: int, found: tuple[int, tuple[int, str] | None]) -> None:
        asked, held = found
        if held is not None:
            number, why = held
            self._studio.toast(
                f"Sent back, and not asked yet: {why}",
                "warn",
                action="Open it",
                run=lambda: self._studio.go("chains", chain=number),
            )
        elif asked:
            self._studio.toast(
                "Sent back; the next round asks it" if n == 1 else f"{n} sent back; the next round asks", "ok"
            )


def _became(read: Reader, keys: tuple[ChainKey, ...]) -> tuple[int, tuple[int, str] | None]:
    """How many of them the next round asks, and the first that it does not, with why."""
    awaiting = set(read.awaiting_people())
    held = next((key for key in keys if key not in awaiting and read.seen_among([key])), None)
    asked = sum(key in awaiting for key in keys)
    if held is None:
        return asked, None
    errors = [f.message for f in read.findings(held) if f.severity is Severity.ERROR]
    return asked, (read.chain(held).number, errors[0] if errors else "see where it stands")
