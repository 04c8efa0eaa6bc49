"""``hopchain policy``: when people's answers make a label."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from hopchain_core.cli.commands.parameters import json_option, print_json, project_argument
from hopchain_core.domain.policy import Policy
from hopchain_core.errors import InputError
from hopchain_core.project import Project


@click.command()
@project_argument
@click.option("--people", type=click.IntRange(1), help="How many answer each chain.")
@click.option("--agreeing", type=click.IntRange(1), help="How many of them have to give the same number.")
@click.option(
    "--accept-adjudicated/--no-accept-adjudicated",
    "accepts_adjudicated",
    default=None,
    help="Whether a number that one adjudicator decided on may be exported.",
)
@json_option
def policy(project: Path, as_json: bool, **changes: int | bool | None) -> None:
    """Say when people's answers make a label, or change it.

    The paper's is 4 of 4. Verdicts follow at once from another one; `hopchain undo` brings the old ones back.
    """
    wanted = {name: value for name, value in changes.items() if value is not None}
    if wanted.get("people") and "agreeing" not in wanted:
        wanted["agreeing"] = wanted["people"]
    with Project.open(project, read_only=not wanted) as opened:
        found = opened.policy()
        if wanted:
            try:
                found = replace(found, **wanted)  # type: ignore[arg-type]
            except ValueError as problem:
                raise InputError(f"Not a policy: {problem}.") from problem
            opened.set_policy(found)
        with opened.read() as read:
            verdicts = read.verdict_counts()
    if as_json:
        print_json({**found.to_json(), "key": found.key, "verdicts": {o.value: n for o, n in verdicts.items()}})
        return
    click.echo(_words(found))
    stand = ", ".join(f"{n} {outcome.value.replace('_', ' ')}" for outcome, n in verdicts.items() if n)
    click.echo(f"chains people have answered: {stand}" if stand else "nobody has answered a chain yet")


def _words(found: Policy) -> str:
    accepted = "accepted" if found.accepts_adjudicated else "not accepted"
    return f"{found.agreeing} of {found.people} people have to agree; what an adjudicator decides is {accepted}"
