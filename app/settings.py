"""What the studio remembers of a person: a small JSON file in their configuration folder.

Nothing of a project is in it, and nothing secret. A file that cannot be read is set aside, never a reason not to start.
"""

from __future__ import annotations

import getpass
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs

_log = logging.getLogger(__name__)
MOST_RECENT = 12
FORMAT = 1
SCALES = (90, 100, 110, 125, 150)
"""How large everything is, in per cent."""


def default_path() -> Path:
    """Where the settings lie on this system."""
    return Path(platformdirs.user_config_path("hopchain-studio")) / "settings.json"


class Settings:
    """Values by name, on the disk as soon as they are set.

    Args:
        path: The file; made when something is set. None keeps everything in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._values: dict[str, Any] = {} if path is None else _loaded(path)

    @property
    def path(self) -> Path | None:
        """The file."""
        return self._path

    def get(self, name: str, default: Any = None) -> Any:
        """A value; `default` when it was never set."""
        return self._values.get(name, default)

    def set(self, name: str, value: Any) -> None:
        """Sets a value of plain JSON, and writes the file. A disk that refuses is logged and does no harm."""
        if name in self._values and self._values[name] == value:
            return
        self._values[name] = value
        self._write()

    @property
    def person(self) -> str:
        """Who sits here: the name under answers, marks and comments."""
        return str(self.get("person") or _login())

    @person.setter
    def person(self, name: str) -> None:
        self.set("person", name.strip())

    @property
    def scale(self) -> int:
        """How large everything is, in per cent; holds from the next start on."""
        value = self.get("scale", 100)
        return value if value in SCALES else 100

    @scale.setter
    def scale(self, per_cent: int) -> None:
        self.set("scale", per_cent)

    def recent(self) -> list[Path]:
        """Projects opened lately, the newest first."""
        return [Path(path) for path in self.get("recent", []) if isinstance(path, str)]

    def add_recent(self, path: Path) -> None:
        """Puts a project in front of the others."""
        others = [str(p) for p in self.recent() if p != path]
        self.set("recent", [str(path), *others][:MOST_RECENT])

    def forget_recent(self, path: Path) -> None:
        """Takes a project off the list; its file stays."""
        self.set("recent", [str(p) for p in self.recent() if p != path])

    def own_keys(self) -> dict[str, tuple[str, ...]]:
        """Shortcuts that a person changed, by action."""
        stored = self.get("keys", {})
        if not isinstance(stored, Mapping):
            return {}
        return {str(name): tuple(map(str, keys)) for name, keys in stored.items() if isinstance(keys, list)}

    def set_own_keys(self, own: Mapping[str, tuple[str, ...]]) -> None:
        """Keeps shortcuts that a person changed."""
        self.set("keys", {name: list(keys) for name, keys in own.items()})

    def _write(self) -> None:
        if self._path is None:
            return
        beside = self._path.with_name(self._path.name + ".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"format": FORMAT, **self._values}, ensure_ascii=False, indent=1)
            beside.write_text(text + "\n", encoding="utf-8")
            beside.replace(self._path)
        except OSError as error:
            _log.warning("settings cannot be written: %s", error)


def _loaded(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        _log.warning("settings cannot be read and start anew: %s", error)
        try:
            path.replace(path.with_suffix(".damaged"))
        except OSError:
            _log.warning("the damaged settings stay where they are")
        return {}
    values.pop("format", None)
    return values


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "curator"
