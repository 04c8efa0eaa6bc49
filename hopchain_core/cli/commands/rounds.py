"""``hopchain rounds``: what is asked of whom."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from hopchain_core.cli.commands.parameters import console, json_option, print_json, project_argument
from hopchain_core.domain.rounds import DEFAULT_PASS_MARK, MAX_GOLD_SHARE, RoundKind, RoundTerms
from hopchain_core.project import Project, RoundProgress

number_argument = click.argument("number", type=click.IntRange(1))


@click.group()
def rounds() -> None:
    """Ask people: open a round, see how far they are, close it.

    A round gives each person an own list of questions in an own order, with gold hidden among them if you want it. It
    is answered in the studio, in packets or with `hopchain solve`.
    """


@rounds.command("list")
@project_argument
@json_option
def list_(project: Path, as_json: bool) -> None:
    """List the rounds and how far everybody is."""
    with Project.open(project, read_only=True) as opened, opened.read() as read:
        found = [(one, read.round_progress(one.id)) for one in read.rounds()]
        awaiting = len(read.awaiting_people())
    if as_json:
        listed = [{**asdict(one), "people": [_progress(p) for p in people]} for one, people in found]
        print_json({"awaiting": awaiting, "rounds": listed})
        return
    for one, people in found:
        state = "open" if one.is_open else "closed"
        click.echo(f"{'Qualification' if one.kind is RoundKind.QUALIFICATION else 'Round'} {one.id}  {state}")
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 2), show_header=False)
        for p in people:
            left = f"{p.left} left" if p.left else "done"
            withdrawn = f"{p.withdrawn} withdrawn" if p.withdrawn else ""
            table.add_row(p.annotator, f"{p.answered} of {p.assigned - p.withdrawn}", left, withdrawn)
        console().print(table)
    click.echo(f"{awaiting} chains await people")


@rounds.command("open")
@project_argument
@click.option("--qualification", is_flag=True, help="Ask gold only, to see how people do before their answers count.")
@click.option("--for", "names", metavar="NAME", multiple=True, help="Who takes part; all who may if left out.")
@click.option("--per-chain", type=click.IntRange(1), help="How many people are wanted for each chain; else everyone.")
@click.option(
    "--gold-share",
    type=click.FloatRange(0.0, MAX_GOLD_SHARE),
    default=0.0,
    show_default=True,
    help="Share of gold hidden among each person's questions.",
)
@click.option(
    "--pass-mark",
    type=click.FloatRange(0.0, 1.0),
    default=DEFAULT_PASS_MARK,
    show_default=True,
    help="Share of a qualification that has to be right.",
)
@click.option(
    "--chain", "chains", metavar="CHAIN", multiple=True, help="What is asked; all that await people if left out."
)
@click.option("--seed", type=int, help="What the assignment starts from; follows from the project's if left out.")
@click.option("--dry-run", is_flag=True, help="Only say what would be given to whom.")
@json_option
def open_(
    project: Path,
    qualification: bool,
    names: tuple[str, ...],
    chains: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Open a round.

    Offered is what was audited without an error, is neither rejected nor too easy, and has come to nothing yet: new
    versions of edited questions, and chains that lack answers, among it.
    """
    with Project.open(project, read_only=dry_run) as opened:
        with opened.read() as read:
            keys = tuple(read.chain(name).chain.key for name in chains) or None
        kind = RoundKind.QUALIFICATION if qualification else RoundKind.MAIN
        terms = RoundTerms(kind=kind, annotators=names, chains=keys, **options)
        plan = opened.plan_round(terms)
        number = None if dry_run else opened.open_round(terms).id
    given = {name: len(items) for name, items in plan.assignments.items()}
    if as_json:
        print_json({"round": number, "given": given, "gold": len(plan.gold), "short": len(plan.short)})
        return
    what = "Qualification" if qualification else "Round"
    click.echo(f"would open a {what.lower()}:" if number is None else f"opened {what.lower()} {number}:")
    for name, count in given.items():
        click.echo(f"  {name}: {count} questions")
    if plan.gold and not qualification:
        click.echo(f"{len(plan.gold)} chains are gold, hidden among them")
    if terms.gold_share and not plan.gold:
        click.echo("there is no gold to hide among them; hopchain gold add makes some")
    if plan.short:
        click.echo(f"for {len(plan.short)} chains there are fewer people than wanted")


@rounds.command()
@project_argument
@number_argument
def close(project: Path, number: int) -> None:
    """Close a round: nothing of it can be answered or changed. What was answered stays."""
    with Project.open(project) as opened:
        opened.close_round(number)
    click.echo(f"closed round {number}")


@rounds.command()
@project_argument
@number_argument
def reopen(project: Path, number: int) -> None:
    """Open a closed round again."""
    with Project.open(project) as opened:
        opened.reopen_round(number)
    click.echo(f"opened round {number} again")


def _progress(progress: RoundProgress) -> dict[str, Any]:
    return {**asdict(progress), "left": progress.left}
