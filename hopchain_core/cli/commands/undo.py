"""``hopchain undo`` and ``hopchain redo``."""

from __future__ import annotations

from pathlib import Path

import click

from hopchain_core.cli.commands.parameters import project_argument
from hopchain_core.project import Project


@click.command()
@project_argument
def undo(project: Path) -> None:
    """Take back what a person did last.

    What people do is undone step by step, also after a restart. What stages made is not undone but superseded.
    """
    with Project.open(project) as opened:
        text = opened.undo()
    click.echo("nothing to undo" if text is None else f"undone: {text}")


@click.command()
@project_argument
def redo(project: Path) -> None:
    """Do again what was undone last."""
    with Project.open(project) as opened:
        text = opened.redo()
    click.echo("nothing to redo" if text is None else f"done again: {text}")
