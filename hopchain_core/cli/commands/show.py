"""``hopchain show``."""

from __future__ import annotations

import itertools
from pathlib import Path

import click

from hopchain_core.cli.commands.parameters import console, json_option, print_json, project_argument
from hopchain_core.cli.show import ChainView, print_chain
from hopchain_core.cli.statuses import words
from hopchain_core.errors import InputError
from hopchain_core.project import Project
from hopchain_core.store.reader import Reader


@click.command()
@project_argument
@click.argument("chain", required=False)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many to list.")
@json_option
def show(project: Path, chain: str | None, limit: int, as_json: bool) -> None:
    """Show one chain hop by hop.

    CHAIN is its number (12 or C-12), its key, or the beginning of its key. Without one, the chains are listed.
    """
    with Project.open(project, read_only=True) as opened, opened.read() as read:
        if chain is None:
            _list(read, limit, as_json=as_json)
            return
        view = ChainView.of(read, chain)
    if as_json:
        print_json(view.to_json())
    else:
        print_chain(console(), view)


def _list(read: Reader, limit: int, *, as_json: bool) -> None:
    stored = list(itertools.islice(read.chains(), limit))
    total = read.counts().chains
    if not stored:
        raise InputError("The project has no chains.", hint="Run `hopchain run` on it first.")
    if as_json:
        listed = [
            {
                "number": s.number,
                "key": s.chain.key,
                "status": read.status(s.chain.key).value,
                "image": read.image(s.chain.image).path,
                "answer": s.chain.answer.text,
                "question": s.chain.question,
            }
            for s in stored
        ]
        print_json({"chains": total, "listed": listed})
        return
    screen = console()
    for s in stored:
        head = f"C-{s.number:<6} {words(read.status(s.chain.key)):<16} {s.chain.answer.text:>5}  "
        question = s.chain.question
        room = screen.width - len(head)
        # On a terminal each chain keeps to its line; a file or a pipe gets the whole question.
        if screen.is_terminal and len(question) > room:
            question = f"{question[: max(room - 1, 0)]}…"
        click.echo(head + question)
    if total > len(stored):
        click.echo(f"and {total - len(stored)} more; --limit {total} lists them all")
