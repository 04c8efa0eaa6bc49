"""``hopchain check``."""

from __future__ import annotations

from pathlib import Path

import click

from hopchain_core.cli.commands.parameters import json_option, print_json, project_argument
from hopchain_core.cli.statuses import words
from hopchain_core.domain.findings import Finding
from hopchain_core.project import Project, ProjectCheck


@click.command()
@project_argument
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many chains to go into.")
@json_option
def check(project: Path, limit: int, as_json: bool) -> None:
    """Say what the rules found, over the project and chain by chain."""
    with Project.open(project, read_only=True) as opened:
        found = opened.check()
    if as_json:
        print_json(found.to_json())
        return
    click.echo(_head(found))
    for line in _together(found):
        click.echo(line)
    for finding in found.project_findings:
        click.echo(_finding(finding))
    by_rule = found.by_rule()
    if by_rule:
        click.echo("\nchains with a finding, by rule:")
        for rule, n in by_rule.items():
            click.echo(f"  {n:>6}  {rule}")
    for checked in found.found[:limit]:
        click.echo(f"\nC-{checked.number}  {words(checked.status)}")
        for finding in checked.findings:
            click.echo(_finding(finding))
    if len(found.found) > limit:
        click.echo(f"\nand {len(found.found) - limit} more chains; --limit {len(found.found)} shows them all")


def _head(found: ProjectCheck) -> str:
    text = f"{found.chains} chains, {len(found.found)} of them with findings"
    return f"{text}, {found.unaudited} not audited yet" if found.unaudited else text


def _together(found: ProjectCheck) -> list[str]:
    lines = []
    if found.conditionals.n:
        share = found.conditionals.n_no / found.conditionals.n
        lines.append(f'{found.conditionals.n} if-else conditions; {share:.0%} come out "no"')
    if found.answers.n and found.answers.commonest is not None:
        lines.append(
            f"{found.answers.n} answers; always guessing {found.answers.commonest} reaches {found.answers.share:.0%}"
        )
    return lines


def _finding(finding: Finding) -> str:
    where = "" if finding.hop is None else f" hop {finding.hop}"
    return f"  {finding.severity.value} {finding.rule}{where}: {finding.message}"
