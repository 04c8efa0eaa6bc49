"""Everything a project holds, for telling whether something changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.core.packets.asked import Asking


def dump(project: Asking) -> list[str]:
    """Every row of every table."""
    with closing(sqlite3.connect(f"file:{project.path}?mode=ro", uri=True)) as connection:
        return list(connection.iterdump())


def meaning(project: Asking) -> dict[str, object]:
    """What a project says, without the numbers of rows, which follow the order in which things happened."""
    with project.read() as read:
        rows = sorted(read.answer_rows())
        notes = sorted((a.chain, a.annotator, a.note, a.source) for c in _keys(rows) for a in read.annotations(c))
        verdicts = {key: read.verdict(key) for key in _keys(rows)}
    return {
        "answers": rows,
        "notes": notes,
        "verdicts": {key: (v.outcome, v.label, v.votes) if v else None for key, v in verdicts.items()},
        "questions": sorted((chain.key, chain.question) for chain in project.chains()),
    }


def _keys(rows: list[object]) -> list[object]:
    return sorted({row.chain_key for row in rows})  # type: ignore[attr-defined]


def changed(path: Path, *statements: tuple[str, tuple[object, ...]]) -> Path:
    """Writes into a packet as no program of ours would."""
    with closing(sqlite3.connect(path)) as connection:
        for statement, values in statements:
            connection.execute(statement, values)
        connection.commit()
    return path
