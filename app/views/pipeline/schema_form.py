"""A form made from a schema: one field each, refused where what stands in it is not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.schema_fields import FieldKind, FormField, nested, value_at
from app.widgets.choice import CheckBox, Select
from app.widgets.field import CheckedField, Field
from app.widgets.label import Label


class SchemaForm(QWidget):
    """Fields one below the other."""

    changed = Signal()
    """A person changed a value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[FormField, ...] = ()
        self._inputs: dict[tuple[str, ...], QWidget] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)

    def show_fields(self, fields: Sequence[FormField], values: Mapping[str, Any]) -> None:
        """Shows other fields with these values."""
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._fields = tuple(fields)
        self._inputs.clear()
        group = ""
        for field in self._fields:
            if field.group != group:
                group = field.group
                head = Label(group, "caption-strong", "secondary")
                head.setContentsMargins(0, 12, 0, 0)
                self._layout.addWidget(head)
            self._add(field, value_at(values, field.path, field.default))

    @property
    def fields(self) -> tuple[FormField, ...]:
        """What is asked for."""
        return self._fields

    def input(self, name: str) -> QWidget:
        """The widget of a field, by its dotted name.

        Raises:
            KeyError: There is no such field.
        """
        return self._inputs[tuple(name.split("."))]

    def values(self) -> dict[str, Any] | None:
        """What stands in the fields, without what is as by default; None while something is refused."""
        found: dict[tuple[str, ...], Any] = {}
        is_good = True
        for field in self._fields:
            widget = self._inputs[field.path]
            try:
                value = _value(field, widget)
            except ValueError as problem:
                is_good = False
                if isinstance(holder := widget.parentWidget(), CheckedField):
                    holder.show_refusal(str(problem))
                continue
            if isinstance(holder := widget.parentWidget(), CheckedField):
                holder.show_refusal("")
            if value != field.default or field.is_required:
                found[field.path] = value
        return nested(found) if is_good else None

    def _add(self, field: FormField, value: Any) -> None:
        match field.kind:
            case FieldKind.SWITCH:
                box = CheckBox(field.title)
                box.setChecked(bool(value))
                box.toggled.connect(lambda _: self.changed.emit())
                self._put(field, box, box)
            case FieldKind.CHOICE:
                self._layout.addWidget(Label(field.title, "meta", "secondary"))
                select = Select(field.title)
                for choice in field.choices:
                    select.addItem(str(choice), choice)
                select.setCurrentIndex(field.choices.index(value) if value in field.choices else -1)
                select.activated.connect(lambda _: self.changed.emit())
                self._put(field, select, select)
            case _:
                self._layout.addWidget(Label(field.title, "meta", "secondary"))
                line = Field()
                line.setAccessibleName(field.title)
                line.setText(field.show(value))
                line.setPlaceholderText("by default" if field.is_optional else "")
                line.textEdited.connect(lambda _: self.changed.emit())
                self._put(field, line, CheckedField(line))

    def _put(self, field: FormField, widget: QWidget, shown: QWidget) -> None:
        self._inputs[field.path] = widget
        widget.setToolTip(field.wanted if field.kind in (FieldKind.WHOLE, FieldKind.NUMBER) else "")
        self._layout.addWidget(shown)
        if field.hint:
            widget.setAccessibleDescription(field.hint)
            hint = Label(field.hint, "caption", "tertiary", wraps=True)
            hint.setContentsMargins(0, 0, 0, 4)
            self._layout.addWidget(hint)


def _value(field: FormField, widget: QWidget) -> Any:
    if isinstance(widget, CheckBox):
        return widget.isChecked()
    if isinstance(widget, Select):
        return widget.currentData()
    assert isinstance(widget, Field)
    return field.parse(widget.text())
