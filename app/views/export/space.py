"""The export: terms at the left, what they take in the middle, one record at the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.actions import ActionSpec
from app.models.export_rows import ExportRows
from app.presenters.export import ExportPresenter, reason_word
from app.studio import Studio
from app.thumbnails import Thumbnails
from app.views.export.record_panel import WIDTH_PX as RECORD_PX
from app.views.export.record_panel import RecordPanel
from app.views.export.rows import ExportList
from app.views.export.terms_panel import TermsPanel
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind
from app.widgets.choice import Select
from app.widgets.field import Field
from app.widgets.panel import Bar, EmptyState, Ground, Line, PanelHead
from app.widgets.segmented import Segment, Segmented
from app.widgets.space import SpaceView
from hopchain_core.exporting import WHAT_TO_DO, ExportProgress, ExportSummary, Preview, PreviewRow, Reason

SPACE = "export"
_WRITTEN, _LEFT_OUT = "written", "left_out"
_NARROW_PX = 1320
"""Below this the record gives way. Chosen."""


class ExportSpace(SpaceView):
    """Everything that would be written, before it is.

    ``studio.go("export", reason="too_easy")`` shows what is left out for a reason.

    Attributes:
        presenter: Looks ahead and writes.
        terms: The column of switches.
        list: The chains.
        record: One record.
    """

    def __init__(self, studio: Studio, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._out = ""
        self._chosen: int | None = None
        self.presenter = ExportPresenter(studio, self)
        self.rows = ExportRows(self)
        self.parts = self._build(thumbnails)

    def _build(self, thumbnails: Thumbnails) -> Iterator[None]:
        studio = self._studio
        self.terms = TermsPanel()
        yield
        self.list = ExportList(self.rows, thumbnails)
        self.record = RecordPanel()
        self.segments = Segmented([Segment(_WRITTEN, "Written"), Segment(_LEFT_OUT, "Left out")], "Which chains")
        self.reasons = Select("Why it is left out")
        self.search = Field("Find in these", icon="search", keys="/")
        self.looking = Bar("Looking", 2)
        self.head = PanelHead("Preview", (self.reasons, self.segments))
        yield
        studio.actions.add(*self._actions())
        self.nothing = EmptyState(
            "No chains yet",
            "What people agreed on, or what follows from annotations, can be exported.",
            icon="export",
            action=ActionButton(studio.actions, "chains.to_pipeline", ButtonKind.PRIMARY, text="To the pipeline"),
        )
        self.none_here = EmptyState("", "", icon="search")
        yield
        self._lay_out()
        self._connect()
        self.terms.show_terms(self.presenter.terms)
        self.terms.show_folder(self.presenter.folder)
        self.terms.show_taken(0, "the chains are being looked at")
        self._show_looking(0, 0)
        self.reasons.hide()

    def enter(self, where: Mapping[str, Any]) -> None:
        reason = where.get("reason")
        if isinstance(reason, str) and reason in {r.value for r in Reason}:
            self.segments.set_value(_LEFT_OUT)
            self._fill_reasons(Reason(reason))
        self.presenter.set_active(True)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_status()

    def leave(self) -> None:
        self.presenter.set_active(False)

    def _actions(self) -> tuple[ActionSpec, ...]:
        presenter = self.presenter

        def can_export() -> bool:
            is_ready = bool(presenter.preview and presenter.preview.taken) and not presenter.missing
            return is_ready and not presenter.is_writing

        return (
            ActionSpec(
                id="export.write",
                text="Export",
                words="save write data set dataset jsonl files output",
                run=lambda: presenter.export(self.terms.folder.text().strip() or presenter.folder),
                keys=("Ctrl+E",),
                icon="export",
                group="Export",
                space=SPACE,
                enabled_when=can_export,
                why_not=lambda: presenter.missing or "nothing is taken under these terms",
            ),
            ActionSpec(
                id="export.find",
                text="Find in the preview",
                words="search filter look",
                run=lambda: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason),
                keys=("/",),
                icon="search",
                group="Export",
                space=SPACE,
            ),
            ActionSpec(
                id="export.swap",
                text="Written or left out",
                words="skipped excluded missing reasons switch preview",
                run=self._swap,
                keys=("L",),
                icon="swap",
                group="Export",
                space=SPACE,
            ),
        )

    def _lay_out(self) -> None:
        middle = Ground("window")
        tools = Ground("surface", is_row=True, margins=(12, 4, 12, 4))
        tools.box.addWidget(self.search)
        middle.box.addWidget(self.head)
        middle.box.addWidget(tools)
        middle.box.addWidget(self.looking)
        middle.box.addWidget(Line())
        self._lists = QStackedWidget()
        for part in (self.list, self.none_here, self.nothing):
            self._lists.addWidget(part)
        middle.box.addWidget(self._lists, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.terms)
        row.addWidget(Line(is_vertical=True))
        row.addWidget(middle, 1)
        self._line = Line(is_vertical=True)
        row.addWidget(self._line)
        self.record.setFixedWidth(RECORD_PX)
        row.addWidget(self.record)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(row)

    def _connect(self) -> None:
        presenter = self.presenter
        self.terms.changed.connect(lambda name, value: presenter.choose(**{name: value}))
        self.terms.export_asked.connect(presenter.export)
        self.terms.cancelled.connect(presenter.cancel)
        self.terms.open_folder.clicked.connect(self._open_folder)
        presenter.terms_changed.connect(self.terms.show_terms)
        presenter.looking.connect(self._show_looking)
        presenter.preview_shown.connect(self._show_preview)
        presenter.record_shown.connect(self.record.show_record)
        presenter.writing.connect(self._show_writing)
        presenter.wrote.connect(self._show_written)
        presenter.refused.connect(self._show_refusal)
        presenter.list_refused.connect(self._show_list_refusal)
        presenter.shape_changed.connect(self._show_shape)
        self.segments.chosen.connect(lambda _: self._filter())
        self.reasons.currentIndexChanged.connect(lambda _: self._filter())
        self.search.textChanged.connect(lambda _: self._filter())
        self.search.escaped.connect(lambda: self.list.setFocus(Qt.FocusReason.OtherFocusReason))
        self.list.chosen.connect(self._show_row)
        self.list.opened.connect(self._open_chain)
        self.record.open_asked.connect(self._open_chain)

    # What is shown

    def _show_looking(self, done: int, total: int) -> None:
        self.looking.show_parts(((done / total, "accent"),) if total else ((1.0, "surface"),))
        if total:
            self.terms.show_taken(0, "the chains are being looked at")

    def _show_preview(self, preview: Preview) -> None:
        left_out = len(preview.rows) - preview.taken
        self.segments.set_segments(
            [Segment(_WRITTEN, f"Written {preview.taken:,}"), Segment(_LEFT_OUT, f"Left out {left_out:,}")]
        )
        pictures = f"{preview.pictures:,} pictures" if preview.pictures != 1 else "1 picture"
        unsure = f", {preview.unsure:,} still to be looked at" if preview.unsure else ""
        self.head.show_figure(f"over {pictures}{unsure}")
        self._fill_reasons(self._reason())
        self.terms.listed.checked.show_refusal("")
        if not preview.unsure:
            self._show_taken()
        self.terms.show_left_out(preview.left_out)
        kept = self._chosen
        self.rows.show_rows(preview.rows)
        self._filter()
        place = -1 if kept is None else self.rows.place_of(kept)
        self.list.choose(max(0, place))
        self._show_status()
        self._studio.actions.refresh()

    def _show_taken(self) -> None:
        preview = self.presenter.preview
        if preview is not None:
            self.terms.show_taken(preview.taken, self.presenter.missing)

    def _show_shape(self) -> None:
        """The same chains, written otherwise."""
        self._show_taken()
        row = self.rows.row(self.list.currentIndex().row())
        if row is not None:
            self.presenter.show_record(row)

    def _show_list_refusal(self, text: str) -> None:
        self.terms.listed.checked.show_refusal(text)
        self.terms.show_taken(0, "the list of pictures cannot be read")
        self.terms.show_left_out({})
        self.rows.show_rows(())
        self.segments.set_segments([Segment(_WRITTEN, "Written"), Segment(_LEFT_OUT, "Left out")])
        self.head.show_figure("")
        self.none_here.show_text("The list of pictures cannot be read", "Choose another one at the left, or none.")
        self._lists.setCurrentWidget(self.none_here)
        self._studio.actions.refresh()

    def _reason(self) -> Reason | None:
        # Qt keeps the text of the reason, and not the reason.
        kept = self.reasons.currentData()
        return Reason(kept) if kept else None

    def _fill_reasons(self, wanted: Reason | None) -> None:
        preview = self.presenter.preview
        self.reasons.blockSignals(True)
        self.reasons.clear()
        self.reasons.addItem("All reasons", "")
        found = {} if preview is None else preview.left_out
        for reason, n in found.items():
            self.reasons.addItem(f"{reason_word(reason)} {n:,}", reason.value)
        if wanted is not None and wanted not in found:
            self.reasons.addItem(f"{reason_word(wanted)} 0", wanted.value)
        self.reasons.setCurrentIndex(max(0, self.reasons.findData(wanted.value if wanted is not None else "")))
        self.reasons.blockSignals(False)
        self._filter()

    def _filter(self) -> None:
        is_written = self.segments.value() != _LEFT_OUT
        self.reasons.setVisible(not is_written)
        reason = None if is_written else self._reason()
        self.rows.choose(is_written=is_written, reason=reason, text=self.search.text())
        preview = self.presenter.preview
        if preview is not None and not preview.rows:
            self._lists.setCurrentWidget(self.nothing)
        elif self.rows.rowCount() or preview is None:
            self._lists.setCurrentWidget(self.list)
        else:
            if self.search.text():
                self.none_here.show_text("Nothing found", "Another word may stand in the question.")
            elif is_written:
                self.none_here.show_text("Nothing is taken under these terms", _why_nothing(preview))
            else:
                self.none_here.show_text("Nothing is left out")
            self._lists.setCurrentWidget(self.none_here)

    def _swap(self) -> None:
        self.segments.set_value(_WRITTEN if self.segments.value() == _LEFT_OUT else _LEFT_OUT)
        self._filter()

    def _show_row(self, row: PreviewRow | None) -> None:
        if row is None:
            self.record.show_nothing()
            return
        self._chosen = row.number
        self.presenter.show_record(row)

    def _open_chain(self, row: PreviewRow) -> None:
        self._studio.go("chains", chain=row.number)

    # Writing

    def _show_writing(self, told: ExportProgress | None) -> None:
        self.terms.show_writing(told)
        if told is None:
            self._show_taken()
        self._studio.actions.refresh()

    def _show_written(self, summary: ExportSummary) -> None:
        self._out = str(summary.out)
        said = f"{summary.records:,} records over {summary.images:,} pictures are in {Path(summary.out).name}."
        went_on = (
            [f"It went on from an export that was broken off after {summary.resumed:,} chains."]
            if summary.resumed
            else []
        )
        self.terms.show_said(" ".join([said, *went_on, *summary.notices]), can_open=True)
        self._studio.toast(f"Exported {summary.records:,} records", "ok")

    def _show_refusal(self, text: str) -> None:
        self.terms.checked_folder.show_refusal(text)
        self.terms.show_said("")

    def _open_folder(self) -> None:
        if self._out:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._out))

    def _show_status(self) -> None:
        preview = self.presenter.preview
        if preview is not None:
            self.status_changed.emit(f"{preview.taken:,} of {len(preview.rows):,} chains")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _NARROW_PX
        self.record.setVisible(is_wide)
        self._line.setVisible(is_wide)


def _why_nothing(preview: Preview) -> str:
    most = sorted(preview.left_out.items(), key=lambda found: -found[1])[:3]
    return "; ".join(f"{n:,}: {WHAT_TO_DO[reason]}" for reason, n in most) + "."
