"""What curators wrote for themselves, taken out of a manifest before others read it."""

from __future__ import annotations

import json
from pathlib import Path

from hopchain_core.export.admission import Reason

SPOKEN = frozenset({Reason.REJECTED.value, Reason.FLAGGED.value})
"""Reasons whose detail is a curator's own words; those of others are made from counts and names of rules."""


def without_remarks(manifest: Path) -> tuple[bytes, int]:
    """A manifest whose chains left out keep their reason and lose what a curator wrote.

    Only lines that hold such words are written anew, so that all else stays byte for byte.

    Returns:
        The bytes, and how many remarks were taken out.
    """
    lines, taken, is_inside = [], 0, False
    with manifest.open(encoding="utf-8") as stream:
        for line in stream:
            if line == '  "left_out": [\n':
                is_inside = True
            elif is_inside and line.startswith("  ]"):
                is_inside = False
            elif is_inside:
                end = ",\n" if line.endswith(",\n") else "\n"
                entry = json.loads(line.rstrip().removesuffix(","))
                if entry["reason"] in SPOKEN and entry["detail"]:
                    line = f"    {json.dumps({**entry, 'detail': ''}, ensure_ascii=False)}{end}"
                    taken += 1
            lines.append(line)
    return "".join(lines).encode(), taken
