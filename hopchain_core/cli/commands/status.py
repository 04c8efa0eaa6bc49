"""``hopchain status``."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from hopchain_core.cli.commands.parameters import console, json_option, print_json, project_argument
from hopchain_core.cli.statuses import chains_line, named
from hopchain_core.project import Project, ProjectStatus
from hopchain_core.store.reader import Failure, RefusedFile

MOST_SHOWN = 10


@click.command()
@project_argument
@json_option
def status(project: Path, as_json: bool) -> None:
    """Say how much there is and where everything stands.

    With --json: `images`, `instances`, `chains` by status, and under `stages` what each has `owed`, `done`, `failed`.
    """
    with Project.open(project, read_only=True) as opened:
        found = opened.status()
        with opened.read() as read:
            failures = read.failures(limit=MOST_SHOWN)
            refused = read.refused_files()
    if as_json:
        print_json(found.to_json())
        return
    click.echo(f"{found.images} pictures" + (f", {found.refused_files} files not taken" if found.refused_files else ""))
    if found.pictures_left_out:
        reasons = ", ".join(f"{n} {reason.replace('_', ' ')}" for reason, n in sorted(found.pictures_left_out.items()))
        click.echo(f"pictures not gone on with: {reasons}")
    click.echo(f"{found.instances} instances")
    click.echo(chains_line(found.chains))
    if found.is_solver_simulated:
        click.echo("difficulty is simulated: no model was asked")
    click.echo()
    console().print(_stages(found))
    _print_failures(failures, refused)


def _stages(found: ProjectStatus) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("stage")
    for name in ("done", "owed", "failed"):
        table.add_column(name, justify="right")
    table.add_column("by")
    for stage in found.stages:
        owed = f"{stage.owed + stage.revived}" if stage.is_certain else f"{stage.owed + stage.revived} or more"
        by = named(stage.backend, stage.is_simulated)
        table.add_row(stage.stage, str(stage.done), owed, str(stage.failed), stage.missing or by)
    return table


def _print_failures(failures: tuple[Failure, ...], refused: tuple[RefusedFile, ...]) -> None:
    if failures:
        click.echo("\nfailed items:")
        for failure in failures:
            text = " ".join(failure.error_text.split())
            click.echo(f"  {failure.stage} {failure.subject[:16]}: {failure.error_kind}: {text}")
    if refused:
        click.echo("\nfiles not taken:")
        for file in refused[:MOST_SHOWN]:
            click.echo(f"  {file.path}: {file.reason}: {file.message}")
        if len(refused) > MOST_SHOWN:
            click.echo(f"  and {len(refused) - MOST_SHOWN} more")
