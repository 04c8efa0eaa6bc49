"""The pipeline: a row per stage, failures and runs beneath, settings and log at the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.models.failure_list import name_of
from app.models.stage_rows import PEOPLE, StageRow
from app.models.status_words import counted
from app.presenters.models import ModelsPresenter
from app.presenters.pipeline import PipelinePresenter
from app.presenters.pipeline_reading import Overview
from app.studio import Studio
from app.thumbnails import Thumbnails
from app.views.models.dialog import ModelsDialog
from app.views.pipeline import actions as ids
from app.views.pipeline.below import Below
from app.views.pipeline.hindered_dialog import HinderedDialog
from app.views.pipeline.settings_panel import SettingsPanel
from app.views.pipeline.side_logs import SideLogs
from app.views.pipeline.stage_card import StageCard
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind
from app.widgets.label import Label
from app.widgets.panel import Ground, PanelHead
from app.widgets.scroll import ScrollColumn
from app.widgets.space import SpaceView
from hopchain_core.project import ORDER, FailingItem

_SIDE_PX = 408


class PipelineSpace(SpaceView):
    """The pipeline of the project. ``studio.go("pipeline", stage="compose")`` shows that stage's failures.

    Args:
        studio: What everything shares.
        thumbnails: Small pictures.
    """

    def __init__(self, studio: Studio, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.parts = self._build(thumbnails)

    def _build(self, thumbnails: Thumbnails) -> Iterator[None]:
        studio = self._studio
        self.presenter = PipelinePresenter(studio.bridge, studio.runs, self)
        self.below = Below(self.presenter.failures, self.presenter.run_table, thumbnails)
        self.logs = SideLogs(self.presenter.log, self.presenter.servers)
        self.log = self.logs.log
        self._models: ModelsPresenter | None = None
        self._model_kept = ""
        yield
        self.settings = SettingsPanel()
        self.cards = {row.stage: StageCard(row.stage) for row in self.presenter.rows}
        yield
        studio.actions.add(
            *ids.pipeline_actions(
                studio,
                self.presenter,
                start_all=self._start_all,
                selected=lambda: len(self.below.rows.selected_items()),
                retry_selected=lambda: self.presenter.retry_items(self.below.rows.selected_items()),
                open_failed=lambda: self._open(self.below.rows.current_item()),
                copy_error=self._copy_error,
                walk=self._walk,
            )
        )
        yield
        table = studio.actions
        self._head = PanelHead(
            "Pipeline",
            [
                Label("GPU stages take turns", "meta", "tertiary"),
                ActionButton(table, ids.RETRY_ALL),
                cancel := ActionButton(table, ids.CANCEL, shows_keys=True),
                start := ActionButton(table, ids.START_ALL, ButtonKind.PRIMARY, shows_keys=True),
            ],
        )
        self._cancel_button, self._start_button = cancel, start
        self._head.box.setContentsMargins(16, 0, 16, 0)
        self._side = QStackedWidget()
        self._side.addWidget(self.logs)
        self._side.addWidget(self.settings)
        self._lay_out()
        self._connect()
        self._show_rows(self.presenter.rows)

    def enter(self, where: Mapping[str, Any]) -> None:
        self.presenter.set_active(True)
        stage = where.get("stage")
        if stage in self.cards:
            self.below.show_stage(stage)
        self._show_status()
        self.below.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        self.presenter.set_active(False)

    def _lay_out(self) -> None:
        stages = Ground("window", margins=(16, 16, 16, 16), spacing=8)
        for card in self.cards.values():
            stages.box.addWidget(card)
        stages.box.addStretch(1)
        self.stages = scroll = ScrollColumn(stages)
        self._rows_split = QSplitter(Qt.Orientation.Vertical)
        self._rows_split.addWidget(scroll)
        self._rows_split.addWidget(self.below)
        self._rows_split.setStretchFactor(0, 1)
        self._rows_split.setChildrenCollapsible(False)
        self._rows_split.setSizes([704, 176])
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._rows_split, 1)
        left.setMinimumWidth(480)
        self._side.setMinimumWidth(280)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(left)
        self._split.addWidget(self._side)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.setCollapsible(0, False)
        self._split.setSizes([1600 - 72 - _SIDE_PX, _SIDE_PX])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)

    def _connect(self) -> None:
        presenter, studio = self.presenter, self._studio
        presenter.rows_changed.connect(self._show_rows)
        presenter.overview_changed.connect(self._show_overview)
        presenter.previewed.connect(self.settings.show_preview)
        presenter.settings_refused.connect(self.settings.show_refusal)
        presenter.settings_kept.connect(self._close_settings)
        for card in self.cards.values():
            card.start_wanted.connect(lambda stage: presenter.start([stage]))
            card.retry_wanted.connect(lambda stage: presenter.retry([stage]))
            card.cancel_wanted.connect(presenter.cancel)
            card.settings_wanted.connect(self._toggle_settings)
            card.people_wanted.connect(lambda: studio.go("solve"))
            card.pictures_wanted.connect(lambda: studio.actions.trigger("project.add_pictures"))
            card.mend_wanted.connect(self._mend)
            card.failures_wanted.connect(self.below.show_stage)
        self.settings.preview_wanted.connect(presenter.preview)
        self.settings.models_wanted.connect(self.show_models)
        presenter.server_told.connect(self.logs.show_server)
        self.settings.kept.connect(presenter.keep)
        self.settings.policy_kept.connect(presenter.keep_policy)
        self.settings.closed.connect(self._close_settings)
        self.below.stage_chosen.connect(presenter.show_failures_of)
        self.below.rows.retry_wanted.connect(lambda item: presenter.retry_items([item]))
        self.below.rows.opened.connect(self._open)
        self.below.rows.selection_changed.connect(studio.actions.refresh)
        studio.runs.changed.connect(self._run_changed)

    # From the presenter

    def _show_rows(self, rows: tuple[StageRow, ...]) -> None:
        is_busy, is_read_only = self.presenter.is_running, self._studio.is_read_only
        for row in rows:
            self.cards[row.stage].show_row(row, is_busy=is_busy, is_read_only=is_read_only)
        card = self.cards[PEOPLE]
        card.button.setVisible(self._studio.actions.has("go.solve"))
        # Only one of them can be meant at a time.
        self._cancel_button.setVisible(is_busy)
        self._start_button.setVisible(not is_busy)
        self._show_status()

    def _show_overview(self, overview: Overview) -> None:
        self._head.show_figure(
            f"{counted(overview.images, 'picture')} · {counted(overview.chains, 'chain')} so far"
            if overview.chains
            else counted(overview.images, "picture")
        )
        self.below.show_counts(overview.failing, len(overview.runs), overview.set_aside)
        if self._side.currentWidget() is self.settings:
            self.settings.show_profiles(overview, self._model_kept)
            self._model_kept = ""
        if overview.problem:
            self._studio.toast(overview.problem, "warn")
        self._studio.actions.refresh()

    def _run_changed(self) -> None:
        self._show_rows(self.presenter.rows)
        self._studio.actions.refresh()

    def _show_status(self) -> None:
        row = next((row for row in self.presenter.rows if row.is_running), None)
        text = ""
        if row is not None:
            whole = row.owed + row.done + row.failed
            text = f"{row.title} {row.done:,} of {whole:,}"
            text += f" · {row.left} left" if row.left != "—" else ""
        self.status_changed.emit(text)

    # From the person

    def _toggle_settings(self, stage: str) -> None:
        if self._side.currentWidget() is self.settings and self.settings.stage == stage:
            self._close_settings()
            return
        if self.presenter.overview is None:
            self.cards[stage].show_settings_open(False)
            return
        self.settings.show_stage(stage, self.presenter.overview)
        self._side.setCurrentWidget(self.settings)
        for name, card in self.cards.items():
            card.show_settings_open(name == stage)

    def show_models(self, name: str = "", kind: str = "") -> None:
        """Opens the models at one of them, or at a new one of a kind; what is kept there is chosen here."""
        self._model_kept = ""
        dialog = ModelsDialog(self._shared_models(), self.window())
        dialog.finished.connect(lambda _: self.presenter.look_again())
        dialog.open()
        dialog.begin_at(name, kind)

    def _shared_models(self) -> ModelsPresenter:
        """The one of the window, so that what is entered or set up is the same wherever the dialog is opened."""
        if self._models is None:
            self._models = self.window().findChild(ModelsPresenter) or ModelsPresenter(self._studio, self)
            self._models.saved.connect(self._note_kept)
        return self._models

    def _note_kept(self, name: str) -> None:
        self._model_kept = name

    def _start_all(self) -> None:
        hindered = self.presenter.hindered
        if not hindered:
            self.presenter.start()
            return
        earlier = ORDER[: ORDER.index(hindered[0].stage)]
        can_begin = any(row.owed for row in self.presenter.rows if row.stage in earlier)
        dialog = HinderedDialog(hindered, earlier if can_begin else (), self.window())
        dialog.mend_wanted.connect(self._mend)
        dialog.start_wanted.connect(self.presenter.start)
        dialog.open()

    def _mend(self, stage: str) -> None:
        """Shows where the model of a stage is chosen."""
        if self._side.currentWidget() is not self.settings or self.settings.stage != stage:
            self._toggle_settings(stage)
        self.settings.focus_model()

    def _close_settings(self) -> None:
        self._side.setCurrentWidget(self.logs)
        for card in self.cards.values():
            card.show_settings_open(False)

    def _open(self, item: FailingItem | None) -> None:
        if item is None:
            return
        if item.chain_number is not None:
            self._studio.go("chains", chain=item.subject)
        else:
            self._studio.go("instances", image=item.image_key)

    def _copy_error(self) -> None:
        items = self.below.rows.selected_items()
        text = "\n\n".join(f"{name_of(i)} · {i.stage} · {i.error_kind}\n{i.error_text}" for i in items)
        QGuiApplication.clipboard().setText(text)
        self._studio.toast(f"{counted(len(items), 'error')} copied")

    def _walk(self, step: int) -> None:
        cards = list(self.cards.values())
        focused = QGuiApplication.focusObject()
        here = next(
            (i for i, card in enumerate(cards) if isinstance(focused, QWidget) and card.isAncestorOf(focused)), None
        )
        wanted = (0 if step > 0 else len(cards) - 1) if here is None else max(0, min(len(cards) - 1, here + step))
        card = cards[wanted]
        button = card.button if card.button.isEnabled() or card.settings.isHidden() else card.settings
        button.setFocus(Qt.FocusReason.TabFocusReason)
