"""Whose loader reads the rows: what it is for, what will lie in the folder, and how its rows are cut and named."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.models.export_formats import FORMATS, files_of, paths_text
from app.widgets.choice import CheckBox, Select
from app.widgets.field import Field, RefusalLine
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Ground
from hopchain_core.exporting import Format, Terms, can_be_relative, missing_for, rows_per_shard

_MOST_FILES = max(len(files_of(form)) for form in Format)
_SIZE_PX = 96


class FormatChoice(Ground):
    """The format with what belongs to it."""

    changed = Signal(str, object)
    """(field of `Terms`, value)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", spacing=8, parent=parent)
        self.form = Select("Format")
        for form in Format:
            self.form.addItem(FORMATS[form].name, form.value)
        self.purpose = QuestionLabel("", "meta", tone="text-secondary")
        self.missing = Label("", "meta", "bad", wraps=True)
        self.files = [(Label("", "mono"), Label("", "meta", "secondary")) for _ in range(_MOST_FILES)]
        self.relative = CheckBox("Relative paths")
        self.paths = QuestionLabel("", "meta", tone="text-tertiary")
        self.shard_size = Field()
        self.shard_size.setAccessibleName("Rows in a file")
        self.shard_size.setFixedWidth(_SIZE_PX)
        self.shard_size.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.shard_refusal = RefusalLine(self.shard_size)
        self._size_label = Label("Rows in a file", "body")
        self._terms = Terms()
        self._lay_out()
        self.form.currentIndexChanged.connect(lambda _: self.changed.emit("format", Format(self.form.currentData())))
        self.relative.toggled.connect(lambda is_on: self.changed.emit("relative", is_on))
        self.shard_size.editingFinished.connect(self._take_size)
        self.shard_size.textEdited.connect(lambda _: self.shard_refusal.show_refusal(""))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for place, (name, what) in enumerate(self.files):
            grid.addWidget(name, place, 0)
            grid.addWidget(what, place, 1)
        size = QHBoxLayout()
        size.addWidget(self._size_label, 1)
        size.addWidget(self.shard_size)
        self.box.addWidget(Label("Format", "caption-strong", "secondary"))
        self.box.addWidget(self.form)
        self.box.addWidget(self.purpose)
        self.box.addWidget(self.missing)
        self.box.addLayout(grid)
        self.box.addWidget(self.relative)
        self.box.addWidget(self.paths)
        self.box.addLayout(size)
        self.box.addWidget(self.shard_refusal)

    def show_terms(self, terms: Terms) -> None:
        """Shows the terms without reporting them."""
        form, self._terms = terms.format, terms
        with QSignalBlocker(self.form), QSignalBlocker(self.relative):
            self.form.setCurrentIndex(self.form.findData(form.value))
            self.relative.setChecked(terms.relative)
        self.form.update()
        self.relative.update()
        self.purpose.setText(FORMATS[form].purpose)
        self.missing.setText(missing_for(form))
        self.missing.setVisible(bool(missing_for(form)))
        found = files_of(form)
        for place, (name, what) in enumerate(self.files):
            is_used = place < len(found)
            name.setText(found[place][0] if is_used else "")
            what.setText(found[place][1] if is_used else "")
            name.setVisible(is_used)
            what.setVisible(is_used)
        self.relative.setVisible(can_be_relative(form))
        text = paths_text(form, is_relative=terms.relative)
        self.paths.setText(text)
        self.paths.setVisible(bool(text))
        has_shards = form is not Format.NATIVE
        self._size_label.setVisible(has_shards)
        self.shard_size.setVisible(has_shards)
        self.shard_size.setPlaceholderText(f"{rows_per_shard(form, 0):,}")
        if not self.shard_size.hasFocus():
            self.shard_size.setText(f"{terms.shard_size:,}" if terms.shard_size else "")
        if not has_shards:
            self.shard_refusal.show_refusal("")

    def _take_size(self) -> None:
        text = self.shard_size.text().replace(",", "").replace(" ", "")
        if text and not (text.isdecimal() and text.isascii() and 0 < int(text) <= 10**9):
            self.shard_refusal.show_refusal("A whole number above 0, or nothing for what suits the format.")
            return
        self.shard_refusal.show_refusal("")
        self.changed.emit("shard_size", int(text) if text else 0)
