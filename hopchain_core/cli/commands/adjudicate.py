"""``hopchain adjudicate``: what people did not agree on."""

from __future__ import annotations

from pathlib import Path

import click

from hopchain_core.blind import read_typed
from hopchain_core.cli.commands.parameters import json_option, print_json, project_argument
from hopchain_core.domain.review import Adjudication, AdjudicationKind
from hopchain_core.project import DisputeRow, Project

chain_argument = click.argument("chain")
by_option = click.option("--by", "adjudicator", metavar="NAME", required=True, help="Who decides.")
reason_option = click.option("--reason", default="", help="Why.")


@click.group()
def adjudicate() -> None:
    """Decide what people did not agree on.

    A decision is recorded as one person's. The paper's policy does not count it as agreement: such a chain is exported
    only where the policy says so (`hopchain policy --accept-adjudicated`).
    """


@adjudicate.command("list")
@project_argument
@click.option("--all", "with_settled", is_flag=True, help="Those decided about, too.")
@json_option
def list_(project: Path, with_settled: bool, as_json: bool) -> None:
    """List the questions that wait, with their answers."""
    with Project.open(project, read_only=True) as opened, opened.read() as read:
        found = read.disputes(is_settled=None if with_settled else False)
    if as_json:
        print_json({"disputes": [_json(row) for row in found]})
        return
    for row in found:
        tally = ", ".join(f"{count} say {answer.replace('_', ' ')}" for answer, count in row.tally)
        click.echo(f"C-{row.number:<6} {tally}{_decided(row.adjudication)}\n         {row.question}")
    if not found:
        click.echo("nothing waits for an adjudicator")


@adjudicate.command()
@project_argument
@chain_argument
@click.argument("number")
@by_option
@reason_option
def take(project: Path, chain: str, number: str, adjudicator: str, reason: str) -> None:
    """Decide that NUMBER is the answer of CHAIN."""
    label = read_typed(number)
    with Project.open(project) as opened:
        with opened.read() as read:
            stored = read.chain(chain)
        opened.adjudicate(stored.chain.key, label, adjudicator=adjudicator, reason=reason)
    click.echo(f"C-{stored.number}: {label.text}, decided by {adjudicator}")


@adjudicate.command()
@project_argument
@chain_argument
@by_option
@click.option("--reason", required=True, help="What is wrong with the question.")
def refuse(project: Path, chain: str, adjudicator: str, reason: str) -> None:
    """Drop CHAIN."""
    with Project.open(project) as opened:
        with opened.read() as read:
            stored = read.chain(chain)
        opened.refuse_chain(stored.chain.key, adjudicator=adjudicator, reason=reason)
    click.echo(f"C-{stored.number}: refused by {adjudicator}")


def _decided(decision: Adjudication | None) -> str:
    if decision is None:
        return ""
    what = {
        AdjudicationKind.LABEL: f"decided: {decision.label.text if decision.label else ''}",
        AdjudicationKind.REFUSED: "refused",
        AdjudicationKind.SENT_BACK: "sent back",
    }[decision.kind]
    return f"; {what} by {decision.adjudicator}"


def _json(row: DisputeRow) -> dict[str, object]:
    decision = row.adjudication
    return {
        "number": row.number,
        "key": row.key,
        "image": row.image_path,
        "question": row.question,
        "outcome": row.outcome.value if row.outcome else None,
        "tally": dict(row.tally),
        "round": row.round,
        "decision": None
        if decision is None
        else {
            "kind": decision.kind.value,
            "label": decision.label.text if decision.label else None,
            "by": decision.adjudicator,
            "reason": decision.reason,
            "at": decision.decided_at,
        },
    }
