"""``hopchain difficulty``: what weaker models made of the questions, and the rule by which they are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hopchain_core.cli.calibration_words import luck_lines, rule_json, rule_line
from hopchain_core.cli.commands.parameters import json_option, print_json, project_argument
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.statistics import share_interval
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import DifficultyCharts, Project

_BAR = 40


@click.command()
@project_argument
@json_option
def difficulty(project: Path, as_json: bool) -> None:
    """Say how often models solved the questions, what is dropped for it, and how often luck alone does that."""
    with Project.open(project, read_only=True) as opened:
        found = opened.policy()
        rollouts = opened.last_options().rollouts
        with opened.read() as read:
            charts = read.difficulty_charts()
            statuses = read.status_counts()
    if as_json:
        print_json(_json(charts, statuses, found, rollouts))
        return
    for line in _lines(charts, statuses):
        click.echo(line)
    click.echo(rule_line(found))
    for line in luck_lines(found, rollouts):
        click.echo(line)


def _lines(charts: DifficultyCharts, statuses: dict[ChainStatus, int]) -> list[str]:
    solver = charts.solver
    if solver is None:
        return ["no model has tried a question yet"]
    who = "the simulated solver: no model was asked" if solver.is_simulated else solver.model
    lines = [f"{charts.chains} questions tried by {who}, {charts.kept} inside the band"]
    dropped = [(ChainStatus.TOO_EASY, "too easy"), (ChainStatus.TOO_HARD, "too hard")]
    said = ", ".join(f"{statuses[status]} {words}" for status, words in dropped if statuses[status])
    if said:
        lines.append(f"dropped: {said}")
    if charts.until_decided:
        lines.append(f"{charts.until_decided} tried only until decided: they have no pass rate")
    rates = charts.rates[solver]
    most = max(rates.values(), default=1)
    for (right, n), chains in sorted(rates.items(), key=lambda item: (-item[0][0] / item[0][1], item[0][1])):
        bar = "#" * max(1, round(_BAR * chains / most))
        lines.append(f"  {right:>3} of {n:<3} {chains:>7}  {bar}")
    return lines


def _json(charts: DifficultyCharts, statuses: dict[ChainStatus, int], policy: Policy, rollouts: int) -> dict[str, Any]:
    solver = charts.solver
    return {
        "solver": None if solver is None else {"model": solver.model, "simulated": solver.is_simulated},
        "chains": charts.chains,
        "kept": charts.kept,
        "too_easy": statuses[ChainStatus.TOO_EASY],
        "too_hard": statuses[ChainStatus.TOO_HARD],
        "until_decided": charts.until_decided,
        "rates": [
            {"correct": right, "n": n, "chains": chains, "interval": share_interval(policy.interval, right, n)}
            for (right, n), chains in sorted((charts.rates[solver] if solver else {}).items())
        ],
        "policy": policy.to_json(),
        "calibration": rule_json(policy, rollouts),
    }
