"""The cards of this computer and their memory, as nvidia-smi tells them; none where it is not there."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card and its memory in MiB."""

    number: int
    name: str
    used_mib: int
    total_mib: int


def cards() -> tuple[Card, ...]:
    """Every card. Takes some 50 ms where there is one: not for a window's thread."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return ()
    query = [command, "--query-gpu=index,memory.used,memory.total,name", "--format=csv,noheader,nounits"]
    try:
        result = subprocess.run(query, capture_output=True, text=True, timeout=_WITHIN_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(filter(None, map(_card, result.stdout.splitlines()))) if result.returncode == 0 else ()


def _card(line: str) -> Card | None:
    parts = [part.strip() for part in line.split(",", 3)]
    try:
        number, used, total = (int(part) for part in parts[:3])
        return Card(number=number, name=parts[3], used_mib=used, total_mib=total)
    except (ValueError, IndexError):
        # Such as [N/A] on a card that is shared out.
        return None
