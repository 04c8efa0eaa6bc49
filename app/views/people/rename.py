"""A person given another name."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.presenters.people import PeoplePresenter
from app.widgets.button import ButtonKind
from app.widgets.dialog import Dialog
from app.widgets.field import CheckedField, Field


class RenameDialog(Dialog):
    """One field; it closes once the name is taken.

    Args:
        presenter: Renames.
        name: Of today.
        parent: The window it belongs to.
    """

    def __init__(self, presenter: PeoplePresenter, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            f"Rename {name}",
            "Answers and rounds go with the name. Packets made before can still be taken back.",
            width_px=440,
            parent=parent,
        )
        self._presenter = presenter
        self._name = name
        self.field = Field("New name or alias", icon="person")
        self.field.setText(name)
        self.field.selectAll()
        self.checked = CheckedField(self.field)
        self.box.addWidget(self.checked)
        self.cancel = self.add_button("Cancel")
        self.rename = self.add_button("Rename", ButtonKind.PRIMARY, closes=False)
        self.rename.clicked.connect(self._take)
        self.field.textEdited.connect(lambda _: self.checked.show_refusal(""))
        presenter.refused.connect(self._refuse)
        presenter.done.connect(self._done)
        self.field.setFocus()

    def _take(self) -> None:
        if self.field.text().strip():
            self._presenter.rename_person(self._name, self.field.text())
        else:
            self.checked.show_refusal("Write a name.")

    def _refuse(self, what: str, text: str) -> None:
        if what == "name":
            self.checked.show_refusal(text)

    def _done(self, what: str) -> None:
        if what == "name":
            self.accept()
