"""``hopchain export``."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from hopchain_core.cli.commands.parameters import json_option, print_json, progress_console, project_argument
from hopchain_core.cli.progress import duration
from hopchain_core.export.admission import WHAT_TO_DO, Reason, Terms, Variant
from hopchain_core.export.curriculum import BucketsBy, Order
from hopchain_core.export.exporter import ExportSummary, NothingToExportError
from hopchain_core.export.formats.names import Format
from hopchain_core.export.pace import ExportProgress
from hopchain_core.project import Project


@click.command()
@project_argument
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--variant",
    type=click.Choice([v.value for v in Variant]),
    default=Variant.FULL.value,
    show_default=True,
    help="How much of each chain is asked: all, the later half of its steps, or the last.",
)
@click.option(
    "--accept-by-construction",
    is_flag=True,
    help="Take program-made chains over human or scene annotations without people's answers.",
)
@click.option("--allow-simulated", is_flag=True, help="Take chains whose difficulty was only simulated.")
@click.option("--keep-too-easy", is_flag=True, help="Take chains that the policy drops as too easy.")
@click.option("--keep-too-hard", is_flag=True, help="Take chains that the policy drops as too hard.")
@click.option(
    "--order",
    type=click.Choice([o.value for o in Order]),
    default=Order.PICTURES.value,
    show_default=True,
    help="How records follow one another; without a pass rate they come last.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of a shuffled order, and among equals.")
@click.option("--buckets", type=click.IntRange(min=2), help="Sort records into so many buckets of difficulty.")
@click.option(
    "--buckets-by",
    type=click.Choice([b.value for b in BucketsBy]),
    default=BucketsBy.WIDTH.value,
    show_default=True,
    help="Buckets equally wide in pass rate, or of equally many records.",
)
@click.option("--without-flagged", is_flag=True, help="Leave out what a curator flagged.")
@click.option("--without-warned", is_flag=True, help="Leave out what a rule warned of.")
@click.option("--need-difficulty", is_flag=True, help="Leave out what no model has tried.")
@click.option("--need-licence", is_flag=True, help="Leave out pictures whose licence is not known.")
@click.option(
    "--without",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Leave out pictures that FILE lists, or that look like them: one sha256 or difference hash a line.",
)
@click.option(
    "--without-near-duplicates",
    is_flag=True,
    help="Of pictures that look alike take the first that gives a record. Otherwise they stay on one side of the split.",
)
@click.option(
    "--keep-metadata",
    is_flag=True,
    help="Copy pictures with what cameras wrote into them, such as the place they were taken.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([f.value for f in Format]),
    default=Format.NATIVE.value,
    show_default=True,
    help="Whose rows to write beside the records, each checked.",
)
@click.option("--relative", is_flag=True, help="Rows name pictures from OUT on, for those that can take it.")
@click.option(
    "--shard-size", type=click.IntRange(min=1), help="Rows in one file (10000, or 1000 with pictures inside)."
)
@json_option
def export(
    project: Path,
    out: Path,
    variant: str,
    without: Path | None,
    form: str,
    shard_size: int | None,
    order: str,
    seed: int,
    buckets: int | None,
    buckets_by: str,
    as_json: bool,
    **switches: bool,
) -> None:
    """Write records, their pictures and a manifest into the folder OUT.

    OUT appears whole or not at all. An earlier export there is replaced; a folder with anything else in it is refused. An
    export that was killed or interrupted goes on where it stopped when the same command is given again.
    """
    with Project.open(project, read_only=True) as opened:
        try:
            terms = Terms(
                variant=Variant(variant),
                without=str(without or ""),
                format=Format(form),
                shard_size=shard_size or 0,
                order=Order(order),
                seed=seed,
                buckets=buckets or 0,
                buckets_by=BucketsBy(buckets_by),
                **switches,
            )
            summary = export_with_bar(opened, out, terms)
        except NothingToExportError as error:
            if not as_json:
                print_left_out(error.left_out)
            raise
    if as_json:
        print_json(
            {
                "out": str(summary.out),
                "records": summary.records,
                "images": summary.images,
                "left_out": {reason.value: n for reason, n in summary.left_out.items()},
                "notices": list(summary.notices),
                "resumed": summary.resumed,
                "why_afresh": summary.why_afresh,
            }
        )
        return
    print_summary(summary)


def export_with_bar(project: Project, out: Path, terms: Terms) -> ExportSummary:
    """Exports, with a bar on a terminal. Raises as `Project.export`."""
    console = progress_console()
    bar = Progress(
        TextColumn("  {task.description:<12}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("records", total=None, pace="")

        def show(told: ExportProgress) -> None:
            bar.update(task, description=told.step.value, completed=told.done, total=told.total, pace=pace_of(told))

        return project.export(out, terms, watch=show)


def pace_of(told: ExportProgress) -> str:
    """Rate and time left in a few words; nothing while they are not known."""
    left = "" if told.remaining_s is None else f", {duration(told.remaining_s)} left"
    return f"{told.rate_per_s:,.0f}/s{left}" if told.rate_per_s else ""


def print_summary(summary: ExportSummary) -> None:
    """What was written, and what was left out and why."""
    click.echo(f"wrote {summary.records} records over {summary.images} pictures to {summary.out}")
    if summary.resumed:
        click.echo(f"  went on from an export that was broken off after {summary.resumed} chains")
    if summary.why_afresh:
        click.echo(f"  an export that was broken off here was begun afresh: {summary.why_afresh}")
    for notice in summary.notices:
        click.echo(f"  {notice}")
    print_left_out(summary.left_out)


def print_left_out(left_out: dict[Reason, int]) -> None:
    """How many chains were left out for each reason."""
    if left_out:
        click.echo(f"left out {sum(left_out.values())} chains:")
        for reason, n in left_out.items():
            click.echo(f"  {n:>6}  {reason.value}: {WHAT_TO_DO[reason]}")
