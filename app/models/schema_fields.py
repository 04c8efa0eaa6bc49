"""Fields of a form, made from a JSON schema as pydantic writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FieldKind(StrEnum):
    """How a value is entered."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    LIST = "list"
    JSON = "json"
    PROFILE = "profile"
    """A choice among the person's models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field.

    Attributes:
        path: Where its value belongs: names from the outermost object inwards.
        title: In words.
        hint: What it is for.
        kind: How it is entered.
        default: When nothing is said; None where the schema has none.
        choices: Of a choice.
        labels: Of its choices, where they are shown otherwise.
        least: Lowest number taken; `is_least_open` when it is not taken itself.
        most: Highest number taken; likewise.
        is_optional: Left empty it is None.
        is_required: The schema has no default for it.
        group: Title of the object it belongs to; empty for the outermost.
    """

    path: tuple[str, ...]
    title: str
    hint: str = ""
    kind: FieldKind = FieldKind.TEXT
    default: Any = None
    choices: tuple[Any, ...] = ()
    labels: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    is_least_open: bool = False
    is_most_open: bool = False
    is_optional: bool = False
    is_required: bool = False
    group: str = ""

    @property
    def name(self) -> str:
        """Its path with dots."""
        return ".".join(self.path)

    @property
    def wanted(self) -> str:
        """What it takes, to be shown when something else was entered."""
        match self.kind:
            case FieldKind.WHOLE | FieldKind.NUMBER:
                word = "a whole number" if self.kind is FieldKind.WHOLE else "a number"
                least = f"{'above' if self.is_least_open else 'from'} {self.least:g}" if self.least is not None else ""
                most = f"{'below' if self.is_most_open else 'to'} {self.most:g}" if self.most is not None else ""
                empty = "or nothing" if self.is_optional else ""
                return " ".join(filter(None, (word, least, most, empty)))
            case FieldKind.LIST:
                return "words, separated by commas"
            case FieldKind.JSON:
                return "a value in JSON"
        return "a text"

    def parse(self, text: str) -> Any:
        """The value that a text stands for.

        Raises:
            ValueError: It stands for none; the message says what would be taken.
        """
        text = text.strip()
        if not text and self.is_optional:
            return None
        try:
            match self.kind:
                case FieldKind.WHOLE:
                    return self._within(int(text))
                case FieldKind.NUMBER:
                    return self._within(float(text.replace(",", ".")))
                case FieldKind.LIST:
                    return [part.strip() for part in text.split(",") if part.strip()]
                case FieldKind.JSON:
                    return json.loads(text) if text else self.default
        except ValueError:
            raise ValueError(f"Takes {self.wanted}.") from None
        if not text and self.is_required:
            raise ValueError("Something has to stand here.")
        return text

    def show(self, value: Any) -> str:
        """The text that a value is shown as."""
        if value is None:
            return ""
        match self.kind:
            case FieldKind.LIST if isinstance(value, (list, tuple)):
                return ", ".join(map(str, value))
            case FieldKind.JSON:
                return json.dumps(value, ensure_ascii=False)
            case FieldKind.NUMBER if isinstance(value, (int, float)):
                return f"{value:g}"
        return str(value)

    def _within(self, number: float) -> float:
        is_low = self.least is not None and (number < self.least or (self.is_least_open and number == self.least))
        is_high = self.most is not None and (number > self.most or (self.is_most_open and number == self.most))
        if is_low or is_high or number != number:
            raise ValueError
        return number


def form_fields(schema: Mapping[str, Any]) -> tuple[FormField, ...]:
    """Fields of an object schema, those of objects within it after its own."""
    return tuple(_fields(schema, schema, (), ""))


def value_at(values: Mapping[str, Any], path: tuple[str, ...], default: Any = None) -> Any:
    """The value at a path, or the default."""
    found: Any = values
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            return default
        found = found[name]
    return found


def nested(flat: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """Values by path as nested objects."""
    whole: dict[str, Any] = {}
    for path, value in flat.items():
        inner = whole
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = value
    return whole


def _fields(schema: Mapping[str, Any], root: Mapping[str, Any], path: tuple[str, ...], group: str) -> list[FormField]:
    own: list[FormField] = []
    inner: list[FormField] = []
    required = set(schema.get("required", ()))
    for name, raw in schema.get("properties", {}).items():
        found, is_optional = _resolved(raw, root)
        words = name.replace("_", " ")
        title = str(raw.get("title") or words)
        if title.casefold() == words:
            # Pydantic begins each word with a capital.
            title = words.capitalize()
        if found.get("type") == "object" and found.get("properties") and not is_optional:
            inner += _fields(found, root, (*path, name), str(name.replace("_", " ").capitalize()))
            continue
        own.append(
            FormField(
                path=(*path, name),
                title=title,
                hint=" ".join(str(raw.get("description") or found.get("description") or "").split()),
                kind=_kind(found),
                default=raw.get("default", found.get("default")),
                choices=_choices(found),
                least=found.get("minimum", found.get("exclusiveMinimum")),
                most=found.get("maximum", found.get("exclusiveMaximum")),
                is_least_open="exclusiveMinimum" in found,
                is_most_open="exclusiveMaximum" in found,
                is_optional=is_optional,
                is_required=name in required,
                group=group,
            )
        )
    return own + inner


def _resolved(raw: Mapping[str, Any], root: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """The schema that is meant, and whether null is taken, too."""
    if "anyOf" in raw:
        some = [one for one in raw["anyOf"] if one.get("type") != "null"]
        is_optional = len(some) < len(raw["anyOf"])
        if len(some) == 1:
            return _resolved(some[0], root)[0], is_optional
        return {}, is_optional
    if len(raw.get("allOf", ())) == 1:
        return _resolved(raw["allOf"][0], root)
    reference = raw.get("$ref")
    if isinstance(reference, str):
        found: Any = root
        for part in reference.removeprefix("#/").split("/"):
            found = found.get(part, {}) if isinstance(found, Mapping) else {}
        return _resolved(found, root)
    return raw, False


def _choices(schema: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(schema["enum"]) if "enum" in schema else (schema["const"],) if "const" in schema else ()


def _kind(schema: Mapping[str, Any]) -> FieldKind:
    if _choices(schema):
        return FieldKind.CHOICE
    match schema.get("type"):
        case "integer":
            return FieldKind.WHOLE
        case "number":
            return FieldKind.NUMBER
        case "boolean":
            return FieldKind.SWITCH
        case "string":
            return FieldKind.TEXT
        case "array" if schema.get("items", {}).get("type") == "string":
            return FieldKind.LIST
    return FieldKind.JSON
