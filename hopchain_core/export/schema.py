"""Writes `record.schema.json` anew: ``python -m hopchain_core.export.schema``. A test holds the two together."""

from __future__ import annotations

from pathlib import Path

from hopchain_core.export.record import json_schema

SCHEMA_PATH = Path(__file__).with_name("record.schema.json")


def write() -> Path:
    """Writes the schema beside this file and says where."""
    SCHEMA_PATH.write_text(json_schema(), encoding="utf-8")
    return SCHEMA_PATH


if __name__ == "__main__":
    write()
