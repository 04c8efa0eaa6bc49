"""Arguments and options that several commands share, and what they print with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

project_argument = click.argument("project", type=click.Path(path_type=Path, dir_okay=False))
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def console() -> Console:
    """Where results go: stdout."""
    return Console(highlight=False)


def progress_console() -> Console:
    """Where progress goes: stderr, so that results can be piped on."""
    return Console(stderr=True, highlight=False)


def print_json(data: dict[str, Any]) -> None:
    """One JSON object on stdout, for programs and for eyes."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
