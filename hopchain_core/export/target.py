"""May an export be written here? Only where nothing stands, or an earlier export and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hopchain_core.errors import InputError

MANIFEST = "manifest.json"
MANIFEST_FORMAT = "hopchain-export/1"


def check_target(out: Path) -> None:
    """Refuses a place where a person's files could be lost.

    Raises:
        InputError: `out` is a file, or a folder with anything in it but an earlier export.
    """
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise InputError(f"{out} is not a folder.", hint="Name a folder that does not exist yet.")
    if not out.exists() or not any(out.iterdir()):
        return
    named = _files_of_export(out)
    if named is None:
        raise InputError(
            f"{out} holds other files and no export of ours.", hint="Name a folder that does not exist yet."
        )
    found = {p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir()}
    foreign = sorted(found - named - {MANIFEST})
    if foreign:
        raise InputError(
            f"{out} holds an earlier export and {foreign[0]}, which is not part of it.",
            hint="Move that away, or name another folder.",
        )


def _files_of_export(out: Path) -> set[str] | None:
    try:
        manifest: Any = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict) or manifest.get("format") != MANIFEST_FORMAT:
        return None
    files = manifest.get("files")
    if not isinstance(files, list):
        return None
    return {str(f["path"]) for f in files if isinstance(f, dict) and "path" in f}
