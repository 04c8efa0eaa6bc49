"""``hopchain solve``."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from hopchain_core.blind import BlindItem, BlindSource, Hold, refusal
from hopchain_core.cli.solving import Sitting
from hopchain_core.errors import InputError
from hopchain_core.packets import is_packet, open_packet
from hopchain_core.project import Project

PictureOf = Callable[[BlindItem], Path]


@click.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "name", metavar="NAME", help="Who answers. A packet knows it; a project has to be told.")
@click.option("--round", "number", type=int, help="Which round of a project; your open one if left out.")
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where the pictures lie that a packet refers to; beside the packet if left out.",
)
@click.option("--goal", type=click.IntRange(min=1), help="How many you want to answer in this sitting.")
@click.option("--view", is_flag=True, help="Open each picture as its question comes.")
def solve(
    source: Path, name: str | None, number: int | None, pictures: Path | None, goal: int | None, view: bool
) -> None:
    """Answer questions in the terminal, from a packet or a project.

    SOURCE is a packet somebody gave you, or a project. Each answer is kept as it is given; the same command goes on
    where you stopped.
    """
    if is_packet(source):
        _solve_packet(source, name, pictures, goal, view)
    else:
        _solve_project(source, name, number, goal, view)


def _solve_packet(path: Path, name: str | None, pictures: Path | None, goal: int | None, view: bool) -> None:
    with (
        open_packet(path, pictures=pictures) as packet,
        tempfile.TemporaryDirectory(prefix="hopchain-pictures-") as folder,
    ):
        if name is not None and name != packet.annotator:
            raise InputError(f"{path.name} is for {packet.annotator}, not for {name}.", hint="Everybody has a packet.")
        _sit(packet, goal, view, lambda item: packet.picture_file(item.id, Path(folder)), path)


def _solve_project(path: Path, name: str | None, number: int | None, goal: int | None, view: bool) -> None:
    if name is None:
        raise click.UsageError("A project has to be told who answers: --as NAME.")
    with Project.open(path) as project:
        source = project.blind(name, number)
        _sit(source, goal, view, lambda item: project.folder / item.path, path)


def _sit(source: BlindSource, goal: int | None, view: bool, picture_of: PictureOf, path: Path) -> None:
    hold = source.hold()
    if hold is not Hold.NONE:
        raise refusal(hold)
    source.set_goal(goal)
    try:
        Sitting(source, picture_of, _read_line, click.echo, opens_pictures=view).run()
    finally:
        progress = source.progress()
        source.close()
        click.echo(f"\n{progress.answered} of {progress.total} answered, {progress.in_sitting} in this sitting.")
        if progress.left:
            name = "" if is_packet(path) else f" --as {shlex.quote(source.annotator)}"
            click.echo(f"Go on with: hopchain solve {shlex.quote(str(path))}{name}")


def _read_line(prompt: str) -> str:
    return input(prompt)
