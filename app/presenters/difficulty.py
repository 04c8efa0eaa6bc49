"""Between the project and the views of difficulty: what is listed, what is open, and what a person says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.chain_words import chain_name
from app.models.rollout_list import MeasuredListModel
from app.presenters.difficulty_choice import NOTHING, DifficultyChoice, Listed, read_list, read_segments
from app.studio import Studio
from hopchain_core.domain.rollout_errors import ErrorSubkind, JudgedRollout, RolloutError
from hopchain_core.domain.rollouts import ErrorKind
from hopchain_core.errors import InputError
from hopchain_core.project import DifficultyCharts, DifficultyRow, Project, Reader, Solver

TABLES = frozenset(
    {"image", "chain", "chain_image", "work", "rollout", "rollout_error", "difficulty", "verdict", "project"}
)
"""Tables that this space is made of."""
_AFTER_JOBS_MS, _CHARTS_AFTER_JOBS_MS = 500, 3000
"""While a job commits, the list is read twice a second at most; charts look at every rollout and wait longer."""
_PATIENCE_MS = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One chain with its counted rollouts.

    Attributes:
        row: As the list shows it.
        rollouts: By index.
        solver: Who made them.
    """

    row: DifficultyRow
    rollouts: tuple[JudgedRollout, ...]
    solver: Solver

    @property
    def first_to_judge(self) -> int:
        """Place of the first wrong rollout that nobody judged; of the first wrong one else; 0 of none."""
        wrong = [n for n, one in enumerate(self.rollouts) if not one.is_right]
        return next((n for n in wrong if self.rollouts[n].error is None), wrong[0] if wrong else 0)


class DifficultyPresenter(QObject):
    """What is listed and open.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    listed = Signal(object)
    """`Listed`: another list is shown, or as much as before of another whole."""
    charts_changed = Signal(object)
    """`DifficultyCharts`."""
    choice_changed = Signal(object)
    """`DifficultyChoice`."""
    opened_changed = Signal(object)
    """`Opened` or None: another chain is open, or something about it has changed."""
    rollout_changed = Signal(int)
    """Place of the rollout that is selected."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._bridge = studio.bridge
        self.model = MeasuredListModel(self)
        self.choice = DifficultyChoice()
        self.list = NOTHING
        self.charts: DifficultyCharts | None = None
        self.opened: Opened | None = None
        self.rollout = 0
        self._number: int | None = None
        self._row = 0
        self._is_active = False
        self._is_due = self._charts_due = True
        self._later = self._timer(self._read_list)
        self._charts_later = self._timer(self._read_charts)
        self.model.page_wanted.connect(self._read_page)
        self._bridge.changed.connect(self._react)

    def set_active(self, is_active: bool) -> None:
        """Whether the space is on the screen; nothing is read while it is not."""
        self._is_active = is_active
        if is_active:
            self._read_list()
            self._read_charts()

    # What is listed

    def choose(self, **changes: Any) -> None:
        """Asks for other chains or another order; see `DifficultyChoice`."""
        choice = replace(self.choice, **changes)
        if choice == self.choice:
            return
        other_solver = choice.solver != self.choice.solver
        self.choice = choice
        self._is_due = True
        self.choice_changed.emit(choice)
        self._read_list()
        if other_solver:
            self._charts_due = True
            self._read_charts()
            if self._number is not None:
                self.open_number(self._number)
        self._studio.actions.refresh()

    def toggle(self, **filters: Any) -> None:
        """Sets filters that are not set so, and takes them away where they are."""
        is_on = all(getattr(self.choice, name) == value for name, value in filters.items())
        empty = DifficultyChoice()
        self.choose(**{name: getattr(empty, name) if is_on else value for name, value in filters.items()})

    def clear(self) -> None:
        """Takes all filters away; segment, model and order stay."""
        kept = {"segment", "solver", "sort", "descending"}
        empty = DifficultyChoice()
        self.choose(**{name: getattr(empty, name) for name in DifficultyChoice.__slots__ if name not in kept})

    # What is open

    @property
    def number(self) -> int | None:
        """Number of the chain that is open, or is being opened."""
        return self._number

    def open_number(self, number: int, rollout: int | None = None) -> None:
        """Opens a measured chain.

        Args:
            number: Its row in the project.
            rollout: Place of the rollout to select; the first one to judge when None.
        """
        solver = self.choice.solver or self.list.solver
        self._number = number
        if (row := self.model.row_of(number)) is not None:
            self._row = row

        def read(reader: Reader) -> Opened | None:
            asked = solver or next((s.solver for s in reader.solvers()), None)
            rows = reader.difficulty_rows([number], asked)
            if not rows or asked is None:
                return None
            return Opened(row=rows[0], rollouts=reader.judged_rollouts(number, asked), solver=asked)

        self._bridge.read(read, lambda found: self._take_opened(found, rollout), key="difficulty opened")

    def open_key(self, name: str) -> None:
        """Opens a chain by its key or number as text."""

        def fail(error: Exception) -> None:
            if isinstance(error, InputError):
                self._studio.toast(error.line, "warn")
            else:
                self._bridge.failed.emit(error)

        self._bridge.read(lambda r: r.chain(name).number, self.open_number, key="difficulty name", failed=fail)

    def step(self, by: int) -> None:
        """Opens the chain so many rows below."""
        row = self.model.row_of(self._number) if self._number is not None else None
        wanted = self._row + (by - 1 if by > 0 else by) if row is None else row + by
        number = self.model.number(max(0, min(self.model.rowCount() - 1, wanted)))
        if number is not None and number != self._number:
            self.open_number(number)

    def show_rollout(self, place: int) -> None:
        """Selects a rollout of the open chain."""
        if self.opened is not None and 0 <= place < len(self.opened.rollouts) and place != self.rollout:
            self.rollout = place
            self.rollout_changed.emit(place)
            self._studio.actions.refresh()

    def step_rollout(self, by: int) -> None:
        """Selects the rollout so many below."""
        self.show_rollout(self.rollout + by)

    @property
    def selected(self) -> JudgedRollout | None:
        """The rollout that is selected."""
        if self.opened is None or not 0 <= self.rollout < len(self.opened.rollouts):
            return None
        return self.opened.rollouts[self.rollout]

    # What a person says

    @property
    def may_judge(self) -> bool:
        """A wrong rollout is selected, and the project can be written to."""
        return self.selected is not None and not self.selected.is_right and not self._studio.is_read_only

    def judge(self, kind: ErrorKind, subkind: ErrorSubkind | None = None) -> None:
        """Says what went wrong in the selected rollout; said again, it is taken back."""
        selected = self.selected
        if selected is None or not self.may_judge:
            return
        if selected.error is not None and (selected.error.kind, selected.error.subkind) == (kind, subkind):
            self.unjudge()
            return
        error = RolloutError(
            rollout=selected.name, kind=kind, subkind=subkind, judged_by=self._studio.person or "somebody"
        )
        project = self._studio.need_project()
        self._show_error(error)
        self._bridge.edit(lambda: project.judge_rollout(error, by=self), failed=self._edit_failed)

    def unjudge(self) -> None:
        """Takes back what was said of the selected rollout."""
        selected = self.selected
        if selected is None or selected.error is None or not self.may_judge:
            return
        project, name = self._studio.need_project(), selected.name
        self._show_error(None)
        self._bridge.edit(lambda: project.unjudge_rollout(name, by=self), failed=self._edit_failed)

    def _show_error(self, error: RolloutError | None) -> None:
        """What is on its way to the disk is shown at once."""
        if self.opened is None:
            return
        rollouts = list(self.opened.rollouts)
        rollouts[self.rollout] = replace(rollouts[self.rollout], error=error)
        self.opened = replace(self.opened, rollouts=tuple(rollouts))
        self.opened_changed.emit(self.opened)
        self._studio.actions.refresh()

    def _edit_failed(self, error: Exception) -> None:
        if self._number is not None:
            self.open_number(self._number, self.rollout)
        self._bridge.failed.emit(error)

    # Reading

    def _read_list(self) -> None:
        project = self._bridge.project
        if project is None or not self._is_active or not self._is_due:
            return
        self._is_due = False
        choice = self.choice

        def read(project: Project = project) -> Listed:
            policy = project.policy()
            with project.read() as reader:
                return read_list(reader, choice, policy)

        def take(found: Listed) -> None:
            self._take_list(replace(found, segments=self.list.segments))
            self._bridge.read(lambda r: read_segments(r, choice, found), self._take_segments, key="difficulty segments")

        self._bridge.ask(read, take, key="difficulty list")

    def _read_charts(self) -> None:
        if self._bridge.project is None or not self._is_active or not self._charts_due:
            return
        self._charts_due = False
        solver = self.choice.solver
        self._bridge.read(lambda r: r.difficulty_charts(solver), self._take_charts, key="difficulty charts")

    def _read_page(self, page: int) -> None:
        ids, solver = list(self.model.page_ids(page)), self.list.solver

        def fail(error: Exception) -> None:
            self.model.forget(page)
            self._bridge.failed.emit(error)

        self._bridge.read(
            lambda r: r.difficulty_rows(ids, solver),
            lambda rows: self.model.show_page(page, ids, rows),
            key=("difficulty page", page),
            failed=fail,
        )

    def _take_list(self, found: Listed) -> None:
        self.list = found
        self.model.set_ids(found.ids)
        self.model.refresh()
        self.listed.emit(found)
        row = self.model.row_of(self._number) if self._number is not None else None
        if row is not None:
            self._row = row
        elif self._number is None and found.ids:
            self.open_number(found.ids[0])

    def _take_segments(self, found: Listed) -> None:
        self.list = found
        self.listed.emit(found)

    def _take_charts(self, charts: DifficultyCharts) -> None:
        self.charts = charts
        self.charts_changed.emit(charts)

    def _take_opened(self, found: Opened | None, rollout: int | None) -> None:
        same = found is not None and self.opened is not None and found.row.key == self.opened.row.key
        if found is None and self._number is not None:
            self._studio.toast(f"{chain_name(self._number)} was not tried by this model", "warn")
            self._number = None
        self.opened = found
        if found is not None and rollout is not None:
            self.rollout = max(0, min(rollout, len(found.rollouts) - 1))
        elif found is not None and (not same or self.rollout >= len(found.rollouts)):
            self.rollout = found.first_to_judge
        self.opened_changed.emit(found)
        self._studio.actions.refresh()

    def _react(self, tables: frozenset[str], by: object) -> None:
        if not tables & TABLES:
            return
        self._is_due = self._charts_due = True
        if not self._is_active:
            return
        if by is None:
            for timer, wait_ms in ((self._later, _AFTER_JOBS_MS), (self._charts_later, _CHARTS_AFTER_JOBS_MS)):
                if not timer.isActive():
                    timer.start(wait_ms)
            return
        self._read_list()
        # A person who judges one rollout after the other does not wait for the charts each time.
        self._charts_later.start(_PATIENCE_MS)
        if self._number is not None:
            self.open_number(self._number, self.rollout if by is self or self.opened is not None else None)

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer
