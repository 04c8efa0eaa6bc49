"""What is taken and what is left out: each rule a switch; and where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.models.export_progress import progress_words, share_of
from app.views.export.format_choice import FormatChoice
from app.views.export.listed_field import ListedField
from app.views.export.order_choice import OrderChoice
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.choice import CheckBox
from app.widgets.field import CheckedField, Field
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Bar, Ground, Line, PanelHead
from app.widgets.scroll import ScrollColumn
from app.widgets.segmented import Segment, Segmented
from hopchain_core.exporting import ExportProgress, Reason, Terms, Variant

WIDTH_PX = 344


@dataclass(frozen=True, slots=True)
class _Switch:
    name: str
    text: str
    hint: str
    reason: Reason | None = None


_GROUPS: tuple[tuple[str, tuple[_Switch, ...]], ...] = (
    (
        "Take also",
        (
            _Switch(
                "accept_by_construction",
                "Answers by construction",
                "Computed over people's annotations or a rendered scene; no person has answered them.",
                Reason.BY_CONSTRUCTION,
            ),
            _Switch(
                "allow_simulated",
                "Simulated difficulty",
                "Tried by the simulated solver alone, which says nothing about any model.",
                Reason.SIMULATED_ONLY,
            ),
            _Switch(
                "keep_too_easy",
                "Too easy ones",
                "The weaker model solves them more often than the rule in Difficulty keeps.",
                Reason.TOO_EASY,
            ),
            _Switch(
                "keep_too_hard",
                "Too hard ones",
                "The weaker model solves them more seldom than that rule keeps.",
                Reason.TOO_HARD,
            ),
        ),
    ),
    (
        "Leave out",
        (
            _Switch("without_flagged", "Flagged ones", "A curator wanted to look at them again.", Reason.FLAGGED),
            _Switch(
                "without_warned",
                "Those with warnings",
                "A rule remarked on them without finding an error.",
                Reason.WARNED,
            ),
            _Switch("need_difficulty", "Those that no model has tried", "", Reason.NO_DIFFICULTY),
            _Switch("need_licence", "Pictures of unknown licence", "", Reason.LICENCE_UNKNOWN),
            _Switch(
                "without_near_duplicates",
                "Pictures that look like another",
                "Of those that look alike only the first is taken; otherwise they stay on one side of the split.",
                Reason.NEAR_DUPLICATE,
            ),
        ),
    ),
)
_METADATA = _Switch(
    "keep_metadata",
    "Keep what cameras wrote",
    "Such as where and when a picture was taken. Otherwise it is taken out; the pixels stay as they are.",
)
_VARIANTS = {
    Variant.FULL: "All steps of each chain.",
    Variant.HALF: "The later half of the steps, with the earlier results written in. For ablation.",
    Variant.SINGLE: "The last step that looks at the picture, with the earlier results written in. For ablation.",
}


class TermsPanel(Ground):
    """The column at the left."""

    changed = Signal(str, object)
    """(field of `Terms`, value)."""
    export_asked = Signal(str)
    """The folder to write to."""
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.setFixedWidth(WIDTH_PX)
        self.variant = Segmented(
            [Segment(v.value, v.value.capitalize()) for v in Variant], "How much of each chain is asked", fills=True
        )
        self.variant_hint = QuestionLabel("", "meta", tone="text-secondary")
        self.format = FormatChoice()
        self.order = OrderChoice()
        self.listed = ListedField()
        self.switches: dict[str, CheckBox] = {}
        self.counts: dict[Reason, Label] = {self.listed.reason: self.listed.count}
        self.folder = Field("Folder to write to", icon="folder")
        self.checked_folder = CheckedField(self.folder)
        self.browse = Button("", "more", name="Choose a folder")
        self.export = Button("Export", "export", ButtonKind.PRIMARY, size_=ButtonSize.LARGE)
        self.progress = Bar("Writing")
        self.pace = QuestionLabel("", "meta", tone="text-secondary")
        self.said = Label("", "meta", "secondary", wraps=True)
        self.open_folder = Button("Open the folder", "folder-open", ButtonKind.QUIET)
        self._is_writing = False
        self._lay_out()
        self.variant.chosen.connect(lambda value: self.changed.emit("variant", Variant(value)))
        self.format.changed.connect(self.changed)
        self.order.changed.connect(self.changed)
        self.listed.changed.connect(lambda file: self.changed.emit("without", file))
        self.browse.clicked.connect(self._browse)
        self.export.clicked.connect(self._press)
        self.folder.textEdited.connect(lambda _: self.checked_folder.show_refusal(""))
        self.show_writing(None)
        self.show_said("")

    def _lay_out(self) -> None:
        inside = Ground("surface", margins=(16, 12, 16, 16), spacing=4)
        inside.box.addWidget(self.format)
        inside.box.addSpacing(20)
        inside.box.addWidget(Label("How much is asked", "caption-strong", "secondary"))
        inside.box.addSpacing(4)
        inside.box.addWidget(self.variant)
        inside.box.addSpacing(4)
        inside.box.addWidget(self.variant_hint)
        for title, switches in _GROUPS:
            inside.box.addSpacing(20)
            inside.box.addWidget(Label(title, "caption-strong", "secondary"))
            inside.box.addSpacing(2)
            for switch in switches:
                self._add_switch(inside, switch)
        inside.box.addSpacing(8)
        inside.box.addWidget(self.listed)
        inside.box.addSpacing(20)
        inside.box.addWidget(self.order)
        inside.box.addSpacing(20)
        inside.box.addWidget(Label("Pictures", "caption-strong", "secondary"))
        inside.box.addSpacing(2)
        self._add_switch(inside, _METADATA)
        inside.box.addStretch(1)
        scroll = ScrollColumn(inside, takes_keys=True)
        scroll.setAccessibleName("What is written")
        foot = Ground("surface", margins=(16, 12, 16, 16), spacing=8)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.checked_folder, 1)
        where.addWidget(self.browse, 0, Qt.AlignmentFlag.AlignTop)
        foot.box.addWidget(Label("Folder", "caption-strong", "secondary"))
        foot.box.addLayout(where)
        foot.box.addWidget(self.export)
        foot.box.addWidget(self.progress)
        foot.box.addWidget(self.pace)
        foot.box.addWidget(self.said)
        foot.box.addWidget(self.open_folder, 0, Qt.AlignmentFlag.AlignLeft)
        self.box.addWidget(PanelHead("What is written"))
        self.box.addWidget(scroll, 1)
        self.box.addWidget(Line())
        self.box.addWidget(foot)

    def _add_switch(self, inside: Ground, switch: _Switch) -> None:
        box = self.switches[switch.name] = CheckBox(switch.text)
        box.toggled.connect(lambda is_on: self.changed.emit(switch.name, is_on))
        line = QHBoxLayout()
        line.addWidget(box, 1)
        if switch.reason is not None:
            count = self.counts[switch.reason] = Label("", "meta", "secondary")
            line.addWidget(count)
        inside.box.addLayout(line)
        if switch.hint:
            row = QHBoxLayout()
            row.setContentsMargins(24, 0, 0, 4)
            row.addWidget(QuestionLabel(switch.hint, "meta", tone="text-tertiary"))
            inside.box.addLayout(row)

    def show_terms(self, terms: Terms) -> None:
        """Shows the terms without reporting them."""
        self.order.show_terms(terms)
        self.format.show_terms(terms)
        self.listed.show_file(terms.without)
        self.variant.set_value(terms.variant.value)
        self.variant_hint.setText(_VARIANTS[terms.variant])
        for name, box in self.switches.items():
            box.blockSignals(True)
            box.setChecked(bool(getattr(terms, name)))
            box.blockSignals(False)
            box.update()

    def show_folder(self, folder: str) -> None:
        """Shows where it is written."""
        self.folder.setText(folder)
        self.folder.setCursorPosition(len(folder))

    def show_left_out(self, left_out: Mapping[Reason, int]) -> None:
        """Says beside each switch how many are left out for it now."""
        for reason, label in self.counts.items():
            n = left_out.get(reason, 0)
            label.setText(f"{n:,} out" if n else "")
            label.setToolTip(f"{n:,} chains are left out for this" if n else "")

    def show_taken(self, taken: int, why_not: str = "") -> None:
        """Says how many records would be written; with none, or while `why_not`, nothing can be."""
        if self._is_writing:
            return
        self.export.set_text(f"Export {taken:,} records" if taken != 1 else "Export 1 record")
        self.export.set_available(bool(taken) and not why_not, why_not or "nothing is taken under these terms")

    def show_writing(self, told: ExportProgress | None) -> None:
        """Shows how far the writing is; None for not writing."""
        self._is_writing = told is not None
        self.progress.setVisible(self._is_writing)
        self.pace.setVisible(self._is_writing)
        if told is not None:
            self.progress.show_share(share_of(told))
            self.pace.setText(progress_words(told))
            self.export.set_text("Cancel")
            self.export.set_icon("stop")
            self.export.set_kind(ButtonKind.DEFAULT)
            self.export.set_available(True)
            self.show_said("")
        else:
            self.export.set_icon("export")
            self.export.set_kind(ButtonKind.PRIMARY)

    def show_said(self, text: str, *, can_open: bool = False) -> None:
        """Says what became of it."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.open_folder.setVisible(can_open)

    def _press(self) -> None:
        if self._is_writing:
            self.cancelled.emit()
        elif not self.folder.text().strip():
            self.checked_folder.show_refusal("Name a folder that does not exist yet.")
        else:
            self.export_asked.emit(self.folder.text().strip())

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Export into a folder", self.folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.show_folder)
        dialog.open()
