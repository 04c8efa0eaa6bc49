"""``hopchain agreement``."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from hopchain_core.cli.commands.parameters import console, json_option, print_json, project_argument
from hopchain_core.domain.agreement import LEAST_QUESTIONS, Alpha
from hopchain_core.domain.agreement_people import QUICK_FROM, Person
from hopchain_core.domain.agreement_report import Grouping
from hopchain_core.project import Project

_NONE = "–"
_WIDTH = 130
"""Columns where nobody looks through a window: nothing is broken into lines in a file or a pipe."""


@click.command()
@project_argument
@json_option
def agreement(project: Path, as_json: bool) -> None:
    """Say how far the people who answer agree, and how each of them does.

    Krippendorff's alpha (nominal): 1 is perfect, 0 is chance. Intervals are 95 %, by resampling questions. Gold and
    answers to versions edited since are left out of it. People who answer should not see this.
    """
    with Project.open(project, read_only=True) as opened:
        report = opened.agreement()
    if as_json:
        print_json(report.to_json())
        return
    if not report.people:
        click.echo("nobody has answered anything yet")
        return
    click.echo(f"alpha           {_sentence(report.overall)}")
    click.echo(f"of numbers only {_sentence(report.numbers)}")
    screen = console()
    if not screen.is_terminal:
        screen.width = _WIDTH
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("by")
    table.add_column("")
    for name in ("alpha", "interval", "questions", "answers"):
        table.add_column(name, justify="right")
    for kind in Grouping:
        for group in report.by(kind):
            figures = group.alpha
            if figures.questions == 0:
                continue
            table.add_row(
                kind.value.replace("_", " "),
                group.name,
                _figure(figures.value),
                _interval(figures),
                str(figures.questions),
                str(figures.answers),
            )
    if table.row_count:
        click.echo()
        screen.print(table)
    click.echo()
    screen.print(_people(report.people))
    quick = [person.name for person in report.people if person.is_far_quicker]
    if quick:
        click.echo(
            f"\n! {', '.join(quick)}: at least {QUICK_FROM:g} times as fast as the others on the same questions. A reason"
            " to look at the answers, not a verdict."
        )


def _people(people: tuple[Person, ...]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("person")
    for name in (
        "answered",
        "cannot tell",
        "ambiguous",
        "bad",
        "seconds (quartiles)",
        "with the rest",
        "gold",
        "speed",
    ):
        table.add_column(name, justify="right")
    for person in people:
        low, middle, high = person.seconds or (0.0, 0.0, 0.0)
        gold = _NONE
        if person.gold_interval is not None:
            ends = " to ".join(f"{end:.0%}" for end in person.gold_interval)
            gold = f"{person.gold_correct}/{person.gold} ({ends})"
        table.add_row(
            "!" if person.is_far_quicker else "",
            person.name,
            str(person.answered),
            str(person.cannot_tell),
            str(person.ambiguous),
            str(person.bad),
            _NONE if person.seconds is None else f"{middle:.1f} ({low:.1f} to {high:.1f})",
            _NONE if person.agreement is None else f"{person.agreement:.0%} of {person.pairs}",
            gold,
            _NONE if person.speed is None else f"{person.speed:.1f}×",
        )
    return table


def _sentence(alpha: Alpha) -> str:
    over = f"over {alpha.questions} questions with {alpha.answers} answers"
    if alpha.value is None:
        return f"{_NONE}  {over}: nothing can be compared" if alpha.questions == 0 else f"{_NONE}  {over}: all the same"
    few = "" if alpha.low is not None else f" (no interval below {LEAST_QUESTIONS} questions)"
    return f"{_figure(alpha.value)}  {_interval(alpha)}  {over}{few}"


def _figure(value: float | None) -> str:
    return _NONE if value is None else f"{value:.3f}"


def _interval(alpha: Alpha) -> str:
    return _NONE if alpha.low is None or alpha.high is None else f"{alpha.low:.3f} to {alpha.high:.3f}"
