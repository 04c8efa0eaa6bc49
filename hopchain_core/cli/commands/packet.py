"""``hopchain packet``: work for people on other machines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from hopchain_core.cli.commands.parameters import json_option, print_json, progress_console, project_argument
from hopchain_core.errors import InputError
from hopchain_core.packets.file import reading
from hopchain_core.packets.form import SUFFIX, Pictures
from hopchain_core.packets.make import MadePacket
from hopchain_core.project import Project
from hopchain_core.project_packets import MergedPackets

_HOW = {Pictures.INCLUDE: "included", Pictures.REFERENCE: "referred to"}
file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group()
def packet() -> None:
    """Give people questions to answer elsewhere, and take their answers back.

    A packet is one file. It holds what one person may see and nothing more, and is answered in the studio or with
    `hopchain solve`, on any machine, without a network.
    """


@packet.command()
@project_argument
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--for", "names", metavar="NAME", multiple=True, required=True, help="Whom it is for; again for more.")
@click.option("--round", "number", type=int, help="Which round; everybody's open one if left out.")
@click.option(
    "--pictures",
    type=click.Choice([p.value for p in Pictures]),
    default=Pictures.INCLUDE.value,
    show_default=True,
    help="Put the pictures in, or refer to them by relative path and sha256.",
)
@click.option(
    "--keep-metadata",
    is_flag=True,
    help="Leave in the pictures what cameras wrote, such as place and names; it is taken out otherwise.",
)
@json_option
def make(
    project: Path,
    out: Path,
    names: tuple[str, ...],
    number: int | None,
    pictures: str,
    keep_metadata: bool,
    as_json: bool,
) -> None:
    """Write what NAME has left to answer into OUT: a file, or a folder to make one in."""
    if len(names) > 1 and not out.is_dir():
        raise InputError(f"{out} is no folder, and packets for {len(names)} people need one.", hint="Make it first.")
    target = out if out.suffix or out.is_dir() else out.with_name(out.name + SUFFIX)
    with Project.open(project) as opened:
        made = [_make(opened, name, target, number, Pictures(pictures), keep_metadata) for name in dict.fromkeys(names)]
    if as_json:
        print_json({"packets": [_made_json(one) for one in made]})
        return
    for one in made:
        header = one.header
        click.echo(
            f"wrote {one.path}: {header.title} for {header.annotator}, {header.items} questions over"
            f" {one.pictures} pictures ({_HOW[header.pictures]}), {_size(one.size_bytes)}"
        )


@packet.command()
@project_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@json_option
def merge(project: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """Take the answers in FILES back into the project that made them.

    All of them or, when one is refused, none. Merging again changes nothing, and the order does not matter: of two
    answers of one person to one question the later stands. `hopchain undo` takes a merge back.
    """
    with Project.open(project) as opened:
        merged = opened.merge_packets(files)
    if as_json:
        print_json(_merged_json(merged))
        return
    for one in merged.packets:
        header = one.header
        click.echo(
            f"{one.path.name}: {len(one.answers)} of {header.items} answered by {header.annotator} ({header.title})"
        )
    answers = merged.answers
    click.echo(f"taken: {answers.new} new, {answers.replaced} in place of an earlier answer of the same person")
    click.echo(f"left: {answers.same} there already, {answers.older} older than what is there")
    if answers.stale:
        click.echo(f"stale: {answers.stale} to questions that have been edited since; kept, and counted for nothing")
    if merged.conflicts:
        click.echo(f"conflicting: {len(merged.conflicts)}, the later answer stands")
        for conflict in merged.conflicts:
            click.echo(f"  C-{conflict.number} {conflict.annotator}: {conflict.kept}, not {conflict.dropped}")


@packet.command()
@file_argument
@json_option
def show(file: Path, as_json: bool) -> None:
    """Say whom a packet is for, and how far it is."""
    with reading(file) as rows:
        header = rows.header
        facts: dict[str, Any] = {
            "annotator": header.annotator,
            "round": header.round,
            "title": header.title,
            "project": header.project,
            "packet": header.packet,
            "made_at": header.made_at,
            "made_by": header.made_by,
            "items": header.items,
            "answered": len(rows.answers()),
            "drafts": rows.draft_count(),
            "pictures": {
                "count": len(rows.pictures),
                "how": header.pictures.value,
                "bytes": rows.picture_bytes(),
            },
        }
    if as_json:
        print_json(facts)
        return
    click.echo(f"{header.title} for {header.annotator}")
    click.echo(
        f"{facts['answered']} of {header.items} answered" + (f", {facts['drafts']} begun" if facts["drafts"] else "")
    )
    size = f", {_size(facts['pictures']['bytes'])}" if header.pictures is Pictures.INCLUDE else ""
    click.echo(f"{len(rows.pictures)} pictures, {_HOW[header.pictures]}{size}")
    click.echo(f"made {header.made_at} by hopchain {header.made_by}, from project {header.project}")


def _make(
    project: Project, name: str, path: Path, number: int | None, pictures: Pictures, keep_metadata: bool
) -> MadePacket:
    screen = progress_console()
    bar = Progress(
        TextColumn("  {task.description:<12}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    )
    with bar:
        task = bar.add_task("pictures", total=None)
        return project.make_packet(
            name,
            path,
            round=number,
            pictures=pictures,
            keep_metadata=keep_metadata,
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _made_json(made: MadePacket) -> dict[str, Any]:
    header = made.header
    return {
        "file": str(made.path),
        "annotator": header.annotator,
        "round": header.round,
        "items": header.items,
        "pictures": made.pictures,
        "how": header.pictures.value,
        "bytes": made.size_bytes,
    }


def _merged_json(merged: MergedPackets) -> dict[str, Any]:
    answers = merged.answers
    return {
        "packets": [
            {
                "file": str(one.path),
                "annotator": one.header.annotator,
                "round": one.header.round,
                "items": one.header.items,
                "answers": len(one.answers),
            }
            for one in merged.packets
        ],
        "new": answers.new,
        "same": answers.same,
        "replaced": answers.replaced,
        "older": answers.older,
        "stale": answers.stale,
        "conflicts": [
            {"chain": f"C-{c.number}", "annotator": c.annotator, "kept": c.kept, "dropped": c.dropped}
            for c in merged.conflicts
        ],
    }


def _size(size_bytes: int) -> str:
    size = float(size_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
