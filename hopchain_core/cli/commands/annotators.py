"""``hopchain annotators``: who answers questions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from hopchain_core.cli.commands.parameters import console, json_option, print_json, project_argument
from hopchain_core.domain.rounds import Standing
from hopchain_core.project import Project

name_argument = click.argument("name")

STANDING_WORDS = {
    Standing.FREE: "may answer",
    Standing.QUALIFYING: "has a qualification to do",
    Standing.QUALIFIED: "qualified",
    Standing.BELOW: "below the pass mark",
    Standing.LET_IN: "let in",
    Standing.INACTIVE: "not active",
}


@click.group()
def annotators() -> None:
    """Say who answers questions.

    A name or an alias is enough; answers bear it. Nobody is given anything before a round is opened.
    """


@annotators.command("list")
@project_argument
@json_option
def list_(project: Path, as_json: bool) -> None:
    """List everybody, with what they have answered and how they did on gold."""
    with Project.open(project, read_only=True) as opened, opened.read() as read:
        people, standings, rows = read.annotators(), read.standings(), read.answer_rows()
    answered = {p.name: sum(row.annotator == p.name for row in rows) for p in people}
    gold = {p.name: [r.is_gold_correct for r in rows if r.annotator == p.name] for p in people}
    judged = {name: [bool(right) for right in results if right is not None] for name, results in gold.items()}
    if as_json:
        print_json(
            {
                "annotators": [
                    {
                        **asdict(p),
                        "standing": standings[p.name].value,
                        "answered": answered[p.name],
                        "gold": len(judged[p.name]),
                        "gold_right": sum(judged[p.name]),
                    }
                    for p in people
                ]
            }
        )
        return
    if not people:
        click.echo("no annotators yet. Add one: hopchain annotators add PROJECT NAME")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for column in ("name", "answered", "gold right", "standing", "note"):
        table.add_column(column, justify="right" if column in ("answered", "gold right") else "left")
    for p in people:
        results = judged[p.name]
        right = f"{sum(results)} of {len(results)}" if results else ""
        table.add_row(p.name, str(answered[p.name]), right, STANDING_WORDS[standings[p.name]], p.note)
    console().print(table)


@annotators.command()
@project_argument
@click.argument("names", nargs=-1, required=True)
@click.option("--note", default="", help="What the curator wants to remember of them.")
def add(project: Path, names: tuple[str, ...], note: str) -> None:
    """Add people by name or alias."""
    with Project.open(project) as opened:
        for name in names:
            click.echo(f"added {opened.add_annotator(name, note=note).name}")


@annotators.command()
@project_argument
@name_argument
@click.argument("new_name")
def rename(project: Path, name: str, new_name: str) -> None:
    """Give a person another name. Their answers go with it, and packets made before still merge."""
    with Project.open(project) as opened:
        click.echo(f"{name} is now {opened.rename_annotator(name, new_name).name}")


@annotators.command()
@project_argument
@name_argument
def remove(project: Path, name: str) -> None:
    """Remove a person; whoever has been given anything is kept and made inactive."""
    with Project.open(project) as opened:
        is_gone = opened.remove_annotator(name)
    click.echo(f"removed {name}" if is_gone else f"{name} has been given questions here: kept, and not active any more")


@annotators.command()
@project_argument
@name_argument
@click.option("--not", "is_not", is_flag=True, help="Take it back: the qualification decides again.")
def admit(project: Path, name: str, is_not: bool) -> None:
    """Let a person answer, however they did in the qualification; makes an inactive one active again."""
    with Project.open(project) as opened:
        if not is_not:
            with opened.read() as read:
                person = read.annotator(name)
            if person is not None and not person.is_active:
                opened.change_annotator(name, is_active=True)
        opened.let_in(name, is_let_in=not is_not)
    click.echo(f"{name} is let in" if not is_not else f"{name} is let in no longer")
