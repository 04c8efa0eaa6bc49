"""``hopchain relink``."""

from __future__ import annotations

from pathlib import Path

import click

from hopchain_core.cli.commands.parameters import json_option, print_json, project_argument
from hopchain_core.cli.exits import Exit
from hopchain_core.project import Project

MOST_SHOWN = 10


@click.command()
@project_argument
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False))
@json_option
def relink(project: Path, folders: tuple[Path, ...], as_json: bool) -> int:
    """Find pictures that were moved.

    FOLDERS are searched for the files that are no longer where the project looks for them, by their bytes and not by
    their names. `hopchain undo` takes it back. When some are still missing, the command ends with 3.
    """
    with Project.open(project) as opened:
        report = opened.relink(folders)
    if as_json:
        print_json(
            {
                "found": [{"before": before, "now": now} for before, now in report.found],
                "still_missing": list(report.still_missing),
            }
        )
    elif not report.found and not report.still_missing:
        click.echo("every picture is where it was")
    else:
        click.echo(f"{len(report.found)} pictures found again, {len(report.still_missing)} still missing")
        for path in report.still_missing[:MOST_SHOWN]:
            click.echo(f"  {path}")
        if len(report.still_missing) > MOST_SHOWN:
            click.echo(f"  and {len(report.still_missing) - MOST_SHOWN} more; --json lists them all")
    return Exit.FAILED_ITEMS if report.still_missing else Exit.DONE
