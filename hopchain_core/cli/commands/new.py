"""``hopchain new``."""

from __future__ import annotations

from pathlib import Path

import click

from hopchain_core.cli.commands.parameters import project_argument
from hopchain_core.project import Project


@click.command()
@project_argument
@click.option("--seed", type=int, default=0, show_default=True, help="What every random choice starts from.")
def new(project: Path, seed: int) -> None:
    """Make an empty project file.

    Pictures are referenced from where they lie, so the file is best kept beside them.
    """
    with Project.create(project, seed=seed) as made:
        click.echo(f"made {made.path.name} with seed {made.seed}")
