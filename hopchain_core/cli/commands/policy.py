"""``hopchain policy``: when people's answers make a label, and how hard a question has to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from hopchain_core.cli.calibration_words import luck_lines, rule_json, rule_line
from hopchain_core.cli.commands.parameters import json_option, print_json, project_argument
from hopchain_core.domain.calibration import band
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.statistics import IntervalMethod
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
@click.option(
    "--band",
    "band_name",
    metavar="BAND",
    help="Pass rates that are kept: paper (all but always solved), all, below-0.75, or two ends that are left out: 0-1, "
    "0.1-0.9.",
)
@click.option("--least-rollouts", type=click.IntRange(1), help="With fewer rollouts nothing is dropped.")
@click.option(
    "--interval",
    type=click.Choice([m.value for m in IntervalMethod]),
    help="How the 95 % interval of a pass rate is worked out.",
)
@json_option
def policy(
    project: Path,
    band_name: str | None,
    least_rollouts: int | None,
    interval: str | None,
    as_json: bool,
    **changes: int | bool | None,
) -> None:
    """Say when people's answers make a label and how hard a question has to be, or change it.

    The paper's is 4 of 4, and what a weaker model always solves is dropped. Verdicts and difficulties follow at once
    from another policy; `hopchain undo` brings the old ones back.
    """
    wanted: dict[str, Any] = {name: value for name, value in changes.items() if value is not None}
    if wanted.get("people") and "agreeing" not in wanted:
        wanted["agreeing"] = wanted["people"]
    if interval is not None:
        wanted["interval"] = IntervalMethod(interval)
    is_changed = bool(wanted) or band_name is not None or least_rollouts is not None
    with Project.open(project, read_only=not is_changed) as opened:
        found = opened.policy()
        if is_changed:
            try:
                found = _changed(found, wanted, band_name, least_rollouts)
            except ValueError as problem:
                raise InputError(f"Not a policy: {problem}.") from problem
            opened.set_policy(found)
        rollouts = opened.last_options().rollouts
        with opened.read() as read:
            verdicts = read.verdict_counts()
    if as_json:
        said = {**found.to_json(), "key": found.key, "verdicts": {o.value: n for o, n in verdicts.items()}}
        print_json({**said, "calibration": rule_json(found, rollouts)})
        return
    click.echo(_words(found))
    stand = ", ".join(f"{n} {outcome.value.replace('_', ' ')}" for outcome, n in verdicts.items() if n)
    click.echo(rule_line(found))
    for line in luck_lines(found, rollouts):
        click.echo(line)
    click.echo(f"chains people have answered: {stand}" if stand else "nobody has answered a chain yet")


def _changed(found: Policy, wanted: dict[str, Any], band_name: str | None, least_rollouts: int | None) -> Policy:
    drop = found.drop
    if band_name is not None:
        drop = band(band_name, least_rollouts or (drop.least_rollouts if drop is not None else None))
    elif least_rollouts is not None:
        if drop is None:
            raise ValueError("nothing is dropped, however often it was tried; give a band as well")
        drop = replace(drop, least_rollouts=least_rollouts)
    return replace(found, drop=drop, **wanted)


def _words(found: Policy) -> str:
    accepted = "accepted" if found.accepts_adjudicated else "not accepted"
    return f"{found.agreeing} of {found.people} people have to agree; what an adjudicator decides is {accepted}"
