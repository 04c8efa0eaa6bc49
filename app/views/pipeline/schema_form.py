"""A form made from a schema: one field each, refused where what stands in it is not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.schema_fields import FieldKind, FormField, nested, value_at
from app.views.pipeline.profile_select import CheckedChoice, ProfileSelect
from app.widgets.choice import CheckBox, Select
from app.widgets.field import CheckedField, Field
from app.widgets.label import Label


class SchemaForm(QWidget):
    """Fields one below the other."""

    changed = Signal()
    """A person changed a value."""
    model_wanted = Signal()
    """A person wants to add a model."""

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

    def show_refusal(self, name: str, text: str) -> bool:
        """Marks a field and says why; an empty text takes the mark away. False where there is no such field."""
        widget = self._inputs.get(tuple(name.split(".")))
        holder = widget.parentWidget() if widget is not None else None
        if not isinstance(holder, (CheckedField, CheckedChoice)):
            return False
        holder.show_refusal(text)
        return True

    @property
    def texts(self) -> dict[str, Any]:
        """What stands in the fields as it was entered, taken or not; `put_texts` puts it back."""
        return {field.name: _raw(self._inputs[field.path]) for field in self._fields}

    def put_texts(self, texts: Mapping[str, Any]) -> None:
        """Puts back what `texts` gave."""
        for field in self._fields:
            if field.name in texts:
                _put_raw(self._inputs[field.path], texts[field.name])

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
            case FieldKind.PROFILE:
                self._layout.addWidget(Label(field.title, "meta", "secondary"))
                profiles = ProfileSelect(field.title)
                profiles.show_choices(field, str(value))
                profiles.chosen.connect(self.changed)
                profiles.add_wanted.connect(self.model_wanted)
                self._put(field, profiles, CheckedChoice(profiles))
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


def _raw(widget: QWidget) -> Any:
    if isinstance(widget, CheckBox):
        return widget.isChecked()
    if isinstance(widget, Select):
        return widget.currentIndex()
    assert isinstance(widget, Field)
    return widget.text()


def _put_raw(widget: QWidget, value: Any) -> None:
    if isinstance(widget, CheckBox):
        widget.setChecked(value)
    elif isinstance(widget, Select):
        widget.setCurrentIndex(value)
    elif isinstance(widget, Field):
        widget.setText(value)


def _value(field: FormField, widget: QWidget) -> Any:
    if isinstance(widget, CheckBox):
        return widget.isChecked()
    if isinstance(widget, Select):
        return widget.currentData()
    assert isinstance(widget, Field)
    return field.parse(widget.text())
