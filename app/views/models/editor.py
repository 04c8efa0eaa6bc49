"""One profile as a form: its fields, and where its key is."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.models.schema_fields import form_fields
from app.views.pipeline.schema_form import SchemaForm
from app.widgets.choice import Select
from app.widgets.field import Field
from app.widgets.label import Label
from hopchain_core.models import Profile, schema_of

_APART = ("kind", "can", "key")
"""Not in the form: fixed, found by a check, and entered with care."""
_NONE, _VARIABLE, _KEYRING = "none", "env", "keyring"
_PLACES = (
    ("It needs no key", _NONE),
    ("Key in the environment variable…", _VARIABLE),
    ("Key in the system's keyring", _KEYRING),
)


class ProfileEditor(QScrollArea):
    """What is entered here holds once whoever owns it keeps it."""

    edited = Signal()
    """Somebody changed something; what was refused before is no longer said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = ""
        self.form = SchemaForm()
        self.key_refusal = Label("", "meta", "bad", wraps=True)
        self.key_at = Select("Where its key is")
        for text, value in _PLACES:
            self.key_at.addItem(text, value)
        self.variable = Field("Name of the variable, such as OPENAI_API_KEY")
        self.secret = Field("New key; leave it empty to keep the one that is there")
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(6)
        for part in (self.form, self.key_at, self.key_refusal, self.variable, self.secret):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("What is known of the model")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(body)
        self.key_refusal.hide()
        self.form.changed.connect(self._edit)
        self.key_at.currentIndexChanged.connect(lambda _: self._show_key_parts())
        self.key_at.activated.connect(lambda _: self._edit())
        self.variable.textEdited.connect(lambda _: self._edit())

    def show_profile(self, profile: Profile | None, kind: str) -> None:
        """Shows a profile, or the empty form of a kind; an empty kind shows nothing."""
        self.kind = kind
        self.secret.clear()
        values: dict[str, Any] = profile.model_dump(mode="json") if profile is not None else {}
        fields = [field for field in form_fields(schema_of(kind)) if field.path[0] not in _APART] if kind else []
        self.form.show_fields(fields, values)
        key = str(values.get("key", ""))
        self.key_at.setCurrentIndex(self.key_at.findData(key.partition(":")[0] or _NONE))
        self.variable.setText(key.removeprefix("env:") if key.startswith("env:") else "")
        self.key_refusal.hide()
        self._show_key_parts()

    @property
    def entered(self) -> dict[str, Any]:
        """All that stands here but a key, to be compared and put back."""
        return {"form": self.form.texts, "key_at": self.key_at.currentIndex(), "variable": self.variable.text()}

    def put_back(self, entered: dict[str, Any]) -> None:
        """Fills in what stood here."""
        self.form.put_texts(entered["form"])
        self.key_at.setCurrentIndex(entered["key_at"])
        self.variable.setText(entered["variable"])

    def read(self) -> tuple[dict[str, Any], str] | None:
        """Fields of a profile and a new key, if one was entered; None where something is wrong, which is shown."""
        values = self.form.values()
        if values is None:
            return None
        data: dict[str, Any] = {**values, "kind": self.kind}
        if self.kind != "endpoint" or self.key_at.currentData() == _NONE:
            return data, ""
        if self.key_at.currentData() == _KEYRING:
            return {**data, "key": _KEYRING}, self.secret.text()
        name = self.variable.text().strip()
        if not name:
            self._refuse_key("Say which variable holds the key.")
            self.variable.set_refused(True)
            return None
        return {**data, "key": f"env:{name}"}, ""

    def show_refusals(self, by_field: dict[str, str]) -> list[str]:
        """Shows what is wrong at the fields it is about, and gives back what has no field here."""
        rest = []
        for name, text in by_field.items():
            if name == "key":
                self._refuse_key(text)
            elif not self.form.show_refusal(name, text):
                rest.append(text)
        first = next((field.name for field in self.form.fields if field.name in by_field), None)
        if first is not None:
            widget = self.form.input(first)
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(widget, 0, 60)
        return rest

    def _refuse_key(self, text: str) -> None:
        self.key_refusal.setText(text)
        self.key_refusal.show()

    def _edit(self) -> None:
        for field in self.form.fields:
            self.form.show_refusal(field.name, "")
        self.key_refusal.hide()
        self.variable.set_refused(False)
        self.edited.emit()

    def _show_key_parts(self) -> None:
        is_endpoint = self.kind == "endpoint"
        self.key_at.setVisible(is_endpoint)
        self.variable.setVisible(is_endpoint and self.key_at.currentData() == _VARIABLE)
        self.secret.setVisible(is_endpoint and self.key_at.currentData() == _KEYRING)
