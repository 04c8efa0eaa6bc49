"""Who answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.presenters.people import PeoplePresenter, PeopleState, PersonRow
from app.views.people.rename import RenameDialog
from app.views.people.rows import RowList, RowParts
from app.widgets.button import Button, ButtonKind
from app.widgets.chip import Chip, ChipKind
from app.widgets.field import CheckedField, Field
from app.widgets.label import Label
from app.widgets.panel import Ground
from hopchain_core.domain.rounds import Standing
from hopchain_core.domain.statistics import wilson_interval

STANDING: Mapping[Standing, tuple[str, ChipKind]] = {
    Standing.FREE: ("takes part", ChipKind.NEUTRAL),
    Standing.QUALIFYING: ("in qualification", ChipKind.NEUTRAL),
    Standing.QUALIFIED: ("qualified", ChipKind.OK),
    Standing.BELOW: ("below the pass mark", ChipKind.WARN),
    Standing.LET_IN: ("let in", ChipKind.OK),
    Standing.INACTIVE: ("inactive", ChipKind.NEUTRAL),
}


class PeoplePage(Ground):
    """Annotators as rows, and a field to add one.

    Args:
        presenter: Changes them.
    """

    def __init__(self, presenter: PeoplePresenter, parent: QWidget | None = None) -> None:
        super().__init__("window", spacing=12, parent=parent)
        self._presenter = presenter
        self.name = Field("Name or alias", icon="person")
        self.checked = CheckedField(self.name)
        self.add = Button("Add", "plus", ButtonKind.PRIMARY)
        self.rows = RowList(
            "Nobody answers yet", "Four people solve each question in the paper; add them by name.", "people"
        )
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.checked, 1)
        line.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        self.box.addLayout(line)
        self.box.addWidget(self.rows, 1)
        self.add.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)
        self.name.textEdited.connect(lambda _: self.checked.show_refusal(""))
        presenter.refused.connect(self._refuse)
        presenter.done.connect(self._done)
        self.checked.setEnabled(not presenter.is_read_only)
        self.add.set_available(not presenter.is_read_only, "the project is open for reading only")

    def show_state(self, state: PeopleState) -> None:
        """Shows everybody."""
        self.rows.show_rows([self._row(row) for row in state.people])

    def _row(self, row: PersonRow) -> RowParts:
        words, kind = STANDING[row.standing]
        parts: list[QWidget] = [Chip(words, kind)]
        if row.gold_asked:
            low, high = wilson_interval(row.gold_right, row.gold_asked)
            gold = Label(f"gold {row.gold_right} of {row.gold_asked}", "meta", "secondary")
            gold.setToolTip(f"Right on hidden gold: 95 % interval {low:.0%} to {high:.0%}. Nobody but you sees this.")
            parts.append(gold)
        more = Button("", "more", ButtonKind.QUIET, name=f"What to do with {row.person.name}")
        more.clicked.connect(partial(self._open_menu, row, more))
        more.set_available(not self._presenter.is_read_only, "the project is open for reading only")
        parts.append(more)
        answers = f"{row.answered:,} answers" if row.answered > 1 else "1 answer" if row.answered else "no answers yet"
        detail = f"{answers} · {row.person.note}" if row.person.note else answers
        return RowParts(icon="person", title=row.person.name, detail=detail, parts=tuple(parts))

    def _open_menu(self, row: PersonRow, button: QWidget) -> None:
        self.menu(row).popup(button.mapToGlobal(button.rect().bottomLeft()))

    def menu(self, row: PersonRow) -> QMenu:
        """What can be done with a person."""
        name, presenter = row.person.name, self._presenter
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if row.person.is_active:
            menu.addAction("Make inactive", partial(presenter.set_active, name, False))
        else:
            menu.addAction("Make active", partial(presenter.set_active, name, True))
        if row.person.is_let_in:
            menu.addAction("Ask for the qualification again", partial(presenter.let_in, name, False))
        elif row.standing in (Standing.BELOW, Standing.QUALIFYING):
            menu.addAction("Let in all the same", partial(presenter.let_in, name, True))
        menu.addSeparator()
        menu.addAction("Rename…", lambda: RenameDialog(presenter, name, self.window()).open())
        menu.addAction("Remove", partial(presenter.remove_person, name))
        return menu

    def _add(self) -> None:
        if self.name.text().strip():
            self._presenter.add_person(self.name.text().strip())
        else:
            self.checked.show_refusal("Write a name.")

    def _refuse(self, what: str, text: str) -> None:
        if what == "person":
            self.checked.show_refusal(text)

    def _done(self, what: str) -> None:
        if what == "person":
            self.checked.show_refusal("")
            self.name.clear()
