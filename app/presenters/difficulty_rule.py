"""The rule by which chains are hard enough, tried out before it is put in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.models.keep_rule import Kept, kept_by
from app.studio import Studio
from hopchain_core.domain.calibration import Luck, luck_table
from hopchain_core.domain.policy import DropRule, Policy
from hopchain_core.domain.statistics import IntervalMethod
from hopchain_core.errors import KnownError
from hopchain_core.project import Project, RunOptions


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from a rule.

    Attributes:
        now: What the rule in force keeps.
        then: What this one would.
        tries: Of each question that the chances are for.
        luck: The chance to drop a question by luck, for some true pass rates inside the band.
    """

    now: Kept
    then: Kept
    tries: int
    luck: tuple[Luck, ...]


class RulePresenter(QObject):
    """Reads the rule and how runs try questions, says what another would do, and puts it in force.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    read = Signal(object, object)
    """(`Policy`, `RunOptions`) in force."""
    refused = Signal(str)
    """Why nothing was changed."""
    kept = Signal()
    """It is in force."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.policy = Policy()
        self.options = RunOptions()

    @property
    def is_read_only(self) -> bool:
        """Nothing can be put in force."""
        return self._studio.is_read_only

    def ask(self) -> None:
        """Reads what is in force; `read` brings it."""
        project = self._studio.need_project()
        self._studio.bridge.ask(lambda: (project.policy(), project.last_options()), self._take, key="difficulty rule")

    def consequences(self, drop: DropRule | None, tries: int, rates: Mapping[tuple[int, int], int]) -> Consequences:
        """What a rule would do to chains counted by (right, rollouts)."""
        table = luck_table(drop, tries) if drop is not None else ()
        return Consequences(kept_by(self.policy.drop, rates), kept_by(drop, rates), tries, table)

    def keep(self, drop: DropRule | None, interval: IntervalMethod, *, rollouts: int, until_decided: bool) -> None:
        """Puts a rule in force, which is a step of undo, and how the next run tries questions."""
        project = self._studio.need_project()
        policy = replace(self.policy, drop=drop, interval=interval)
        options = self.options.model_copy(update={"rollouts": rollouts, "until_decided": until_decided})
        self._studio.bridge.edit(lambda: self._write(project, policy, options), self._done, failed=self._fail)

    def _write(self, project: Project, policy: Policy, options: RunOptions) -> None:
        if options != self.options:
            project.set_options(options, policy=policy, by=self)
        elif policy != self.policy:
            project.set_policy(policy, by=self)

    def _take(self, found: tuple[Policy, RunOptions]) -> None:
        self.policy, self.options = found
        self.read.emit(*found)

    def _done(self, _: object = None) -> None:
        self.kept.emit()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, KnownError):
            self.refused.emit(error.line)
        else:
            self._studio.bridge.failed.emit(error)
