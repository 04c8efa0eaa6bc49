"""Difficulty: charts and table in the middle, the rollouts of the open chain at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.models.status_words import counted
from app.presenters.difficulty import DifficultyPresenter, Opened
from app.presenters.difficulty_choice import DifficultyChoice, Listed, Segment
from app.presenters.difficulty_rule import RulePresenter
from app.studio import Studio
from app.thumbnails import Thumbnails
from app.views.difficulty import actions as ids
from app.views.difficulty.charts import ChartRow
from app.views.difficulty.picture import PicturePane
from app.views.difficulty.rollout_panel import RolloutPanel
from app.views.difficulty.rule_dialog import RuleDialog
from app.views.difficulty.table import MeasuredTable
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind, ButtonSize
from app.widgets.choice import Select
from app.widgets.label import Label
from app.widgets.panel import EmptyState, Ground, Line, PanelHead
from app.widgets.space import SpaceView
from hopchain_core.domain.calibration import band_formula, band_words, luck_words
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.rollout_errors import ErrorSubkind
from hopchain_core.domain.rollouts import ErrorKind
from hopchain_core.project import DifficultyCharts, DifficultySort, Solver

_ORDER = "difficulty.order"
_WIDTH = "difficulty.side"
_SIDE_PX, _NARROW_SIDE_PX, _NARROW_PX = 424, 348, 1360
_LOW_PX, _SMALL_PX = 640, 700
_LUCK_PX, _MOST_LETTERS, _FEW_LETTERS = 1080, 100, 48


class DifficultySpace(SpaceView):
    """What models make of the chains.

    ``studio.go("difficulty", chain=KEY_OR_NUMBER)`` opens one; ``rate=(0.0, 0.0)``, ``kept=False``, ``error_kind``,
    ``error_subkind``, ``first_wrong_hop`` and ``until_decided`` list likewise.

    Args:
        studio: What everything shares.
        thumbnails: Small pictures.
    """

    def __init__(self, studio: Studio, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.presenter = DifficultyPresenter(studio, self)
        # It has the keyboard while the picture is shown; a ring around everything would say nothing.
        self.setProperty("rings", False)
        self._middle = QStackedWidget()
        self.picture = PicturePane(studio)
        studio.actions.add(*ids.difficulty_actions(studio, self.presenter, self))
        self.models = Select()
        self.models.setAccessibleName("Model")
        self.drops = Label("", "meta", "secondary")
        self.rule = ActionButton(studio.actions, ids.RULE, size_=ButtonSize.SMALL, text="Rule…")
        self.head = PanelHead("Difficulty", [self.drops, self.rule, self.models])
        self.charts = ChartRow()
        self.table = MeasuredTable(self.presenter.model, studio.actions, thumbnails)
        self.panel = RolloutPanel(studio.actions, thumbnails)
        self.nothing = EmptyState(
            "No chain was tried yet",
            "A weaker model tries each question several times in the pipeline; what it always solves is dropped.",
            icon="difficulty",
            action=ActionButton(studio.actions, ids.TO_PIPELINE, ButtonKind.PRIMARY, text="To the pipeline"),
        )
        self._rule_presenter = RulePresenter(studio, self)
        self._solvers: list[Solver] = []
        self._side_px: int | None = None
        self._lay_out()
        self._connect()
        self._restore()

    # Where the person goes

    def enter(self, where: Mapping[str, Any]) -> None:
        presenter = self.presenter
        changes = {
            name: where[name]
            for name in ("text", "rate", "first_wrong_hop", "length", "length_unit", "numbers")
            if name in where
        }
        if "until_decided" in where:
            changes["is_until_decided"] = bool(where["until_decided"])
        if "error_kind" in where:
            changes["error_kind"] = ErrorKind(where["error_kind"])
        if "error_subkind" in where:
            changes["error_subkind"] = ErrorSubkind(where["error_subkind"])
        if "kept" in where or changes:
            dropped = "kept" in where and not where["kept"]
            presenter.clear()
            presenter.choose(segment=Segment.DROPPED if dropped else Segment.ALL, **changes)
        chain = where.get("chain")
        if isinstance(chain, int):
            presenter.open_number(chain)
        elif chain is not None:
            presenter.open_key(str(chain))
        presenter.set_active(True)
        self.table.rows.look_again()
        self.table.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_status()

    def leave(self) -> None:
        self.presenter.set_active(False)

    # What the actions do here

    def toggle_picture(self) -> None:
        """Shows the picture of the open chain in place of charts and table, or those again."""
        is_shown = self.shows_picture()
        if not is_shown:
            self.picture.show_opened(self.presenter.opened)
        self._middle.setCurrentWidget(self._work if is_shown else self.picture)
        self._studio.actions.refresh()
        self.setFocus() if not is_shown else self.table.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def shows_picture(self) -> bool:
        """Whether the picture is shown large."""
        return self._middle.currentWidget() is self.picture

    def toggle_thought(self) -> None:
        """Folds or unfolds what the model thought."""
        self.panel.toggle_thought()

    def copy_reply(self) -> None:
        """Puts the reply of the selected rollout on the clipboard."""
        if self.presenter.selected is not None:
            QGuiApplication.clipboard().setText(self.presenter.selected.rollout.text)
            self._studio.toast("Reply copied")

    def focus_search(self) -> None:
        """Gives the keyboard to the search of chains."""
        self._middle.setCurrentWidget(self._work)
        self.table.focus_search()

    def focus_reply_search(self) -> None:
        """Gives the keyboard to the search in replies."""
        self.panel.focus_search()

    def open_rule(self) -> None:
        """Shows the rule by which chains are hard enough, to be changed."""
        charts = self.presenter.charts or DifficultyCharts()
        rates = charts.rates.get(charts.solver, {}) if charts.solver is not None else {}
        RuleDialog(self._rule_presenter, rates, charts.until_decided, self.window()).open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.shows_picture():
            self.toggle_picture()
        else:
            super().keyPressEvent(event)

    # What is shown

    def _show_list(self, listed: Listed) -> None:
        is_empty = listed.is_read and listed.solver is None
        self._pages.setCurrentWidget(self.nothing if is_empty else self._split)
        self.table.show_list(listed, self.presenter.choice)
        self.table.rows.show_open(self.presenter.number)
        self._show_rule(listed.policy, self.presenter.charts)
        if self.presenter.charts is not None:
            self.charts.show_charts(self.presenter.charts, listed.policy, self.presenter.choice)
        self._show_status()

    def _show_rule(self, policy: Policy | None, charts: DifficultyCharts | None) -> None:
        rule = _drops(policy, charts)
        self.drops.setToolTip(rule)
        self._fit_rule()

    def _fit_rule(self) -> None:
        # A long rule is shortened so that what luck does to it stands beside it; where it is narrow, it is in the tooltip.
        side = sum(self._split.sizes()[1:])
        full = self.drops.toolTip()
        rule, _, luck = full.partition(";")
        policy = self.presenter.list.policy
        kept = f"Kept: {band_formula(policy.drop)}" if policy is not None and policy.drop is not None else rule
        if self.width() - side < _LUCK_PX:
            self.drops.setText(rule if len(rule) <= _FEW_LETTERS else kept)
        else:
            said = f"{kept}; luck drops{luck.removeprefix(' by luck')}" if luck else rule
            self.drops.setText(full if len(full) <= _MOST_LETTERS else said)

    def _show_charts(self, charts: DifficultyCharts) -> None:
        self._show_rule(self.presenter.list.policy, charts)
        self.charts.show_charts(charts, self.presenter.list.policy, self.presenter.choice)
        self.table.show_choice(self.presenter.choice, self.charts.bins)
        self._solvers = [s.solver for s in charts.solvers]
        self.models.blockSignals(True)
        self.models.clear()
        for standing in charts.solvers:
            name = standing.solver.model
            made_up = " (simulated)" if standing.solver.is_simulated and name != "simulated" else ""
            self.models.addItem(f"{name}{made_up} · {standing.chains:,}")
        if charts.solver in self._solvers:
            self.models.setCurrentIndex(self._solvers.index(charts.solver))
        self.models.blockSignals(False)
        self.models.setVisible(len(self._solvers) > 1)
        tries = {n for _, n in charts.rates.get(charts.solver, {})} if charts.solver is not None else set()
        each = f", {counted(next(iter(tries)), 'answer')} each" if len(tries) == 1 else ""
        self.head.show_figure(f"what {_who(charts.solver)} makes of the chains{each}")
        self._show_status()

    def _show_choice(self, choice: DifficultyChoice) -> None:
        self.table.show_choice(choice, self.charts.bins)
        self.charts.show_choice(choice)

    def _show_opened(self, opened: Opened | None) -> None:
        self.panel.show_opened(opened, self.presenter.rollout)
        self.table.rows.show_open(opened.row.number if opened is not None else None)
        if self.shows_picture():
            self.picture.show_opened(opened)

    def _show_status(self) -> None:
        charts = self.presenter.charts
        if charts is None or charts.solver is None:
            self.status_changed.emit("")
            return
        made_up = ", simulated" if charts.solver.is_simulated else ""
        self.status_changed.emit(f"{counted(charts.rollouts, 'rollout')} of {charts.solver.model}{made_up}")

    # From the person

    def _take_filter(self, filters: dict[str, Any]) -> None:
        if not filters:
            is_on = self.presenter.choice.segment is Segment.TO_JUDGE
            self.presenter.choose(segment=Segment.ALL if is_on else Segment.TO_JUDGE)
            return
        self.presenter.toggle(**filters)

    def _drop_filter(self, name: str) -> None:
        empty = DifficultyChoice()
        changes = {name: getattr(empty, name)}
        if name == "error_subkind":
            changes["error_kind"] = None
        self.presenter.choose(**changes)

    def _take_order(self, sort: DifficultySort, descending: bool) -> None:
        self._studio.settings.set(_ORDER, [sort.value, descending])
        self.presenter.choose(sort=sort, descending=descending)

    def _take_model(self, index: int) -> None:
        if 0 <= index < len(self._solvers):
            self.presenter.choose(solver=self._solvers[index])

    # Laying out

    def _lay_out(self) -> None:
        self._work = Ground("window")
        self._work.box.addWidget(self.charts)
        self._work.box.addWidget(Line())
        self._work.box.addWidget(self.table, 1)
        self._middle.addWidget(self._work)
        self._middle.addWidget(self.picture)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._middle, 1)
        left.setMinimumWidth(560)
        self.panel.setMinimumWidth(300)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(left)
        self._split.addWidget(self.panel)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.splitterMoved.connect(self._keep_width)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._split)
        self._pages.addWidget(self.nothing)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.models.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self._side_px or (_NARROW_SIDE_PX if self.width() < _NARROW_PX else _SIDE_PX)
        self._split.setSizes([max(1, self.width() - side - 1), side])
        self.charts.set_low(self.height() < _LOW_PX)
        self.drops.setVisible(self.width() - side >= _SMALL_PX)
        self._fit_rule()

    def _keep_width(self) -> None:
        self._side_px = self._split.sizes()[1]
        self._studio.settings.set(_WIDTH, self._side_px)
        self._fit_rule()

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.listed.connect(self._show_list)
        presenter.charts_changed.connect(self._show_charts)
        presenter.choice_changed.connect(self._show_choice)
        presenter.opened_changed.connect(self._show_opened)
        presenter.rollout_changed.connect(self.panel.show_selected)
        self.charts.filter_asked.connect(self._take_filter)
        self.table.rows.number_chosen.connect(presenter.open_number)
        self.table.segment_chosen.connect(lambda value: presenter.choose(segment=Segment(value)))
        self.table.text_typed.connect(lambda text: presenter.choose(text=text.strip()))
        self.table.filter_dropped.connect(self._drop_filter)
        self.table.heads.sorted_by.connect(self._take_order)
        self.panel.rollout_chosen.connect(presenter.show_rollout)
        self.panel.picture_asked.connect(lambda: self._studio.actions.trigger(ids.PICTURE))
        self.picture.closed.connect(self.toggle_picture)
        self.models.activated.connect(self._take_model)

    def _restore(self) -> None:
        settings = self._studio.settings
        sort, descending = (settings.get(_ORDER, None) or [DifficultySort.PASS_RATE.value, False])[:2]
        if sort in set(DifficultySort):
            self.presenter.choose(sort=DifficultySort(sort), descending=bool(descending))
        width = settings.get(_WIDTH, None)
        self._side_px = width if isinstance(width, int) and width >= 300 else None
        self.table.show_choice(self.presenter.choice, ())


def _who(solver: Solver | None) -> str:
    if solver is None:
        return "a model"
    return "a simulated solver" if solver.is_simulated else solver.model


def _drops(policy: Policy | None, charts: DifficultyCharts | None) -> str:
    if policy is None:
        return ""
    if policy.drop is None:
        return "Nothing is dropped"
    rates = charts.rates.get(charts.solver, {}) if charts is not None and charts.solver is not None else {}
    luck = luck_words(policy, max((n for _, n in rates), default=0))
    return f"Dropped: {band_words(policy.drop)}" + (f"; {luck}" if luck else "")
