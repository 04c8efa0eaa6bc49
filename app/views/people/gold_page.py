"""Questions whose answers are known, to be hidden among the others."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.models.chain_words import chain_name
from app.presenters.people import GoldRow, PeoplePresenter, PeopleState
from app.views.people.rows import RowList, RowParts
from app.widgets.button import Button, ButtonKind
from app.widgets.field import CheckedField, Field
from app.widgets.label import Label
from app.widgets.panel import Ground


class GoldPage(Ground):
    """Gold as rows, and two fields to add one.

    Args:
        presenter: Changes it.
    """

    def __init__(self, presenter: PeoplePresenter, parent: QWidget | None = None) -> None:
        super().__init__("window", spacing=12, parent=parent)
        self._presenter = presenter
        self.chain = Field("Chain, such as C-12", icon="chains")
        self.checked = CheckedField(self.chain)
        self.answer = Field("Its answer; empty for the one it has")
        self.add = Button("Add", "plus", ButtonKind.PRIMARY)
        self.rows = RowList(
            "No gold yet",
            "Gold is a question whose answer you are sure of. Hidden in a round, it shows how carefully people answer.",
            "check",
        )
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.checked, 1)
        line.addWidget(self.answer, 1, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        self.box.addLayout(line)
        self.box.addWidget(self.rows, 1)
        self.add.clicked.connect(self._add)
        for field in (self.chain, self.answer):
            field.returnPressed.connect(self._add)
            field.textEdited.connect(lambda _: self.checked.show_refusal(""))
        presenter.refused.connect(self._refuse)
        presenter.done.connect(self._done)
        self.add.set_available(not presenter.is_read_only, "the project is open for reading only")

    def show_state(self, state: PeopleState) -> None:
        """Shows all gold."""
        self.rows.show_rows([self._row(row) for row in state.gold])

    def _row(self, row: GoldRow) -> RowParts:
        gone = Button("", "trash", ButtonKind.QUIET, name=f"{chain_name(row.number)} is gold no more")
        gone.clicked.connect(partial(self._presenter.drop_gold, row.gold.chain))
        gone.set_available(not self._presenter.is_read_only, "the project is open for reading only")
        detail = f"{chain_name(row.number)} · {row.gold.note}" if row.gold.note else chain_name(row.number)
        return RowParts(
            icon="check", title=row.question, detail=detail, parts=(Label(row.gold.answer.text, "heading"), gone)
        )

    def _add(self) -> None:
        if self.chain.text().strip():
            self._presenter.add_gold(self.chain.text(), self.answer.text())
        else:
            self.checked.show_refusal("Name a chain.")

    def _refuse(self, what: str, text: str) -> None:
        if what == "gold":
            self.checked.show_refusal(text)

    def _done(self, what: str) -> None:
        if what == "gold":
            self.checked.show_refusal("")
            self.chain.clear()
            self.answer.clear()
