"""``hopchain demo``."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hopchain_core.cli.commands.export import export_with_bar, print_summary
from hopchain_core.cli.commands.ingest import take_in
from hopchain_core.cli.commands.parameters import progress_console
from hopchain_core.cli.exits import Exit
from hopchain_core.cli.progress import duration, event_sink
from hopchain_core.cli.statuses import chains_line
from hopchain_core.errors import InputError
from hopchain_core.export.admission import Terms
from hopchain_core.export.report import CONTACT_SHEET, REPORT, read_export, write_report
from hopchain_core.project import Project, RunOptions
from hopchain_core.scenes import SCENES_FILE, read_scenes, write_scenes

PROJECT = "demo.hopchain"
SCENES = "scenes"
EXPORT = "export"
LICENCE = "CC0-1.0"
"""Of the rendered scenes: nobody's rights are in them."""


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"))
@click.option("--scenes", type=click.IntRange(1, 100_000), default=30, show_default=True, help="How many to render.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The same seed, the same records.")
def demo(folder: Path, scenes: int, seed: int) -> int:
    """Do the whole flow on rendered scenes.

    Renders still lifes, runs every stage on the embedded backends and exports. DIR (demo, if none is named) then holds
    the project, the scenes, the records with their pictures and manifest, a report and a contact sheet. Called again,
    it goes on from where it was.
    """
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    with _opened(folder / PROJECT, seed) as project:
        click.echo(f"» rendering {scenes} scenes with seed {seed}")
        render_missing(folder / SCENES, scenes, seed)
        report = take_in(project, [folder / SCENES], scenes=True, licence=LICENCE)
        click.echo(f"{report.taken + report.already_there} pictures, {report.objects_taken} new objects")
        click.echo("» running the stages")
        with event_sink(progress_console(), as_json=False) as sink:
            reports = project.run(None, RunOptions(), sink)
        with project.read() as read:
            click.echo(chains_line(read.status_counts()))
        click.echo("» exporting")
        summary = export_with_bar(project, folder / EXPORT, Terms(accept_by_construction=True, allow_simulated=True))
        print_summary(summary)
    click.echo("» drawing the report and the contact sheet")
    write_report(read_export(folder / EXPORT), folder, "HopChain demo")
    click.echo(f"» done in {duration(time.monotonic() - began)}; the result:")
    for name in (REPORT, CONTACT_SHEET, f"{EXPORT}/records.jsonl", PROJECT):
        click.echo(f"  {folder / name}")
    return Exit.FAILED_ITEMS if any(r.failed or r.failed_before for r in reports) else Exit.DONE


def _opened(path: Path, seed: int) -> Project:
    if not path.exists():
        return Project.create(path, seed=seed)
    project = Project.open(path)
    if project.seed != seed:
        project.close()
        raise InputError(
            f"{path.parent} holds a demo with seed {project.seed}, not {seed}.", hint="Name another folder."
        )
    return project


def render_missing(folder: Path, count: int, seed: int) -> None:
    """Renders the scenes that are not there yet, with a bar on a terminal.

    Raises:
        InputError: The folder cannot be written to, or holds something else.
    """
    known = read_scenes(folder) if (folder / SCENES_FILE).exists() else {}
    there = {scene.seed for name, scene in known.items() if (folder / name).is_file()}
    missing = [s for s in range(seed, seed + count) if s not in there]
    if not missing:
        return
    console = progress_console()
    bar = Progress(
        TextColumn("  {task.description:<12}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("render", total=seed + count - missing[0])
        write_scenes(
            folder,
            seed + count - missing[0],
            missing[0],
            progress=lambda done: bar.update(task, completed=done),
        )
