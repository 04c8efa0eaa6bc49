"""``hopchain gold``: chains whose answers the curator is sure of."""

from __future__ import annotations

from pathlib import Path

import click

from hopchain_core.cli.commands.parameters import json_option, print_json, project_argument
from hopchain_core.domain.answers import Answer
from hopchain_core.errors import InputError
from hopchain_core.project import Project

chains_argument = click.argument("chains", nargs=-1, required=True)


@click.group()
def gold() -> None:
    """Say which answers are known for sure.

    Gold is asked to see how people do: alone in a qualification, or hidden among other questions. Answers to it say
    nothing of the chain, and gold is offered in no other way.
    """


@gold.command("list")
@project_argument
@json_option
def list_(project: Path, as_json: bool) -> None:
    """List the gold."""
    with Project.open(project, read_only=True) as opened, opened.read() as read:
        found = [(read.chain(one.chain).number, one) for one in read.gold()]
    if as_json:
        listed = [{"number": n, "key": g.chain, "answer": g.answer.text, "note": g.note} for n, g in found]
        print_json({"gold": listed})
        return
    for number, one in found:
        click.echo(f"C-{number:<6} {one.answer.text:>6}  {one.note}".rstrip())
    if not found:
        click.echo("no gold yet. Add some: hopchain gold add PROJECT C-12")


@gold.command()
@project_argument
@chains_argument
@click.option("--answer", help="What a careful person answers; a chain's label, else its proposed answer, if left out.")
@click.option("--note", default="", help="Why it is sure.")
def add(project: Path, chains: tuple[str, ...], answer: str | None, note: str) -> None:
    """Make chains gold."""
    known = None
    if answer is not None:
        read_answer = Answer.read(answer)
        if not isinstance(read_answer, Answer):
            raise InputError(f"{answer!r} is not one number.", hint="Give one number, such as 12.")
        known = read_answer
        if len(chains) > 1:
            raise InputError("Several chains seldom have one answer.", hint="Give --answer with one chain at a time.")
    with Project.open(project) as opened:
        for name in chains:
            with opened.read() as read:
                stored = read.chain(name)
            made = opened.set_gold(stored.chain.key, known, note=note)
            click.echo(f"C-{stored.number} is gold: {made.answer.text}")


@gold.command()
@project_argument
@chains_argument
def remove(project: Path, chains: tuple[str, ...]) -> None:
    """Make chains ordinary ones again."""
    with Project.open(project) as opened:
        for name in chains:
            with opened.read() as read:
                stored = read.chain(name)
            opened.drop_gold(stored.chain.key)
            click.echo(f"C-{stored.number} is gold no longer")
