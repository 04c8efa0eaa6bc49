"""``hopchain ingest``."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from hopchain_core.cli.commands.parameters import json_option, print_json, progress_console, project_argument
from hopchain_core.cli.exits import Exit
from hopchain_core.pipeline.ingest_report import IngestReport
from hopchain_core.project import Project

MOST_SHOWN = 10


@click.command()
@project_argument
@click.argument("pictures", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--coco", type=click.Path(path_type=Path, dir_okay=False), help="A COCO file with their annotations.")
@click.option("--labelme", type=click.Path(path_type=Path, file_okay=False), help="A folder of labelme's JSON files.")
@click.option("--scenes", is_flag=True, help="PICTURES is one folder of rendered scenes, with their truth.")
@click.option("--licence", default="", help="Of pictures for which no import states one.")
@json_option
def ingest(
    project: Path,
    pictures: tuple[Path, ...],
    coco: Path | None,
    labelme: Path | None,
    scenes: bool,
    licence: str,
    as_json: bool,
) -> int:
    """Take pictures in.

    PICTURES are files and folders; folders are searched through. The same bytes are taken once, and near-duplicates
    are grouped so that a split never parts them. Files that cannot be taken are listed with a reason and the others go
    on; the command then ends with 3.
    """
    if scenes and len(pictures) != 1:
        raise click.UsageError("--scenes takes one folder.")
    with Project.open(project) as opened:
        report = take_in(opened, pictures, coco=coco, labelme=labelme, scenes=scenes, licence=licence)
    if as_json:
        print_json(_as_json(report))
    else:
        print_report(report)
    return Exit.FAILED_ITEMS if report.refused else Exit.DONE


def take_in(
    project: Project,
    pictures: Sequence[Path],
    *,
    coco: Path | None = None,
    labelme: Path | None = None,
    scenes: bool = False,
    licence: str = "",
) -> IngestReport:
    """Takes pictures in, with a bar on a terminal. Raises as `Project.ingest`.

    Raises:
        KeyboardInterrupt: Ctrl-C. What was committed stays, whole pictures only.
    """
    console = progress_console()
    bar = Progress(
        TextColumn("  {task.description:<12}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with _interrupts() as interrupted, bar:
        task = bar.add_task("ingest", total=None)
        report = project.ingest(
            pictures,
            coco=coco,
            labelme=labelme,
            scenes=pictures[0] if scenes else None,
            licence=licence,
            on_progress=lambda now: bar.update(task, completed=now.done, total=now.total),
            is_cancelled=interrupted.is_set,
        )
    if not report.is_complete:
        raise KeyboardInterrupt
    return report


@contextlib.contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """Lets Ctrl-C ask for an end between two pictures; pressed a second time, it ends at once."""
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def print_report(report: IngestReport) -> None:
    """What was taken and what was not, in words."""
    click.echo(f"{report.taken} pictures taken, {report.objects_taken} annotated objects")
    for n, text in (
        (report.already_there, "were there before"),
        (report.duplicates, "have the same bytes as another"),
        (report.near_duplicates, "look like another and stay in one split with it"),
        (report.passed_over, "files are no pictures by name or content"),
        (len(report.mislabelled), "are of another format than their names say"),
        (len(report.changed), "have changed since they were taken; run the stages again"),
    ):
        if n:
            click.echo(f"  {n} {text}")
    if report.notes:
        by_problem = ", ".join(f"{problem} {n}" for problem, n in report.notes_by_problem.items())
        click.echo(f"annotations left out or taken otherwise: {by_problem}")
        _print_some([str(note) for note in report.notes])
    if report.refused:
        by_reason = ", ".join(f"{reason} {n}" for reason, n in report.refusals_by_reason.items())
        click.echo(f"{len(report.refused)} files not taken: {by_reason}")
        _print_some([f"{r.path}: {r.message}" for r in report.refused])


def _print_some(lines: Sequence[str]) -> None:
    for line in lines[:MOST_SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > MOST_SHOWN:
        click.echo(f"  and {len(lines) - MOST_SHOWN} more; --json lists them all")


def _as_json(report: IngestReport) -> dict[str, Any]:
    return {
        "taken": report.taken,
        "already_there": report.already_there,
        "duplicates": report.duplicates,
        "near_duplicates": report.near_duplicates,
        "passed_over": report.passed_over,
        "objects_taken": report.objects_taken,
        "objects_there": report.objects_there,
        "refused": [{"path": r.path, "reason": r.reason, "message": r.message} for r in report.refused],
        "mislabelled": [{"path": path, "format": found} for path, found in report.mislabelled],
        "changed": list(report.changed),
        "notes": [{"problem": n.problem.value, "subject": n.subject, "message": n.message} for n in report.notes],
    }
