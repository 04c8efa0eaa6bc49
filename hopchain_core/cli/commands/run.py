"""``hopchain run``."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from rich.table import Table

from hopchain_core.backends.naming import backend_called
from hopchain_core.cli.commands.parameters import console, print_json, progress_console, project_argument
from hopchain_core.cli.exits import Exit
from hopchain_core.cli.progress import event_sink
from hopchain_core.cli.statuses import chains_line
from hopchain_core.errors import InputError
from hopchain_core.jobs.runner import StageReport
from hopchain_core.project import Plan, Project, RunOptions


@click.command()
@project_argument
@click.argument("stages", nargs=-1, metavar="[STAGE]...")
@click.option(
    "--categorizer", metavar="NAME", help="Who names what is in a picture; `annotations` takes what came with it."
)
@click.option("--segmenter", metavar="NAME", help="Who finds the instances; `annotations` takes what came with it.")
@click.option("--composer", metavar="NAME", help="Who writes the chains; `program` needs no model.")
@click.option("--chains-per-image", type=click.IntRange(1, 1000), help="How many to keep of each picture at most.")
@click.option("--solver", metavar="NAME", help="The weaker model; `simulated` asks none.")
@click.option("--rollouts", type=click.IntRange(1, 10_000), help="How often the weaker model tries each chain.")
@click.option(
    "--until-decided/--full-count",
    default=None,
    help="Stop trying a chain once it is sure whether it is kept (fewer attempts, no pass rate), or count all.",
)
@click.option("--limit", type=click.IntRange(0), help="Only the first so many pictures, by path.")
@click.option("--retry-failed", is_flag=True, help="Try items again that failed before.")
@click.option("--dry-run", is_flag=True, help="Say what is owed, and stop.")
@click.option("--events", type=click.Choice(["text", "json"]), default="text", help="json: one event a line on stdout.")
def run(
    project: Path,
    stages: tuple[str, ...],
    categorizer: str | None,
    segmenter: str | None,
    composer: str | None,
    chains_per_image: int | None,
    solver: str | None,
    rollouts: int | None,
    until_decided: bool | None,
    limit: int | None,
    retry_failed: bool,
    dry_run: bool,
    events: str,
) -> int:
    """Run the stages, or those named, over what is owed.

    The stages are categorize, segment, compose, audit, solve and decide. What is done is never done twice; stopped at
    any moment, the same command does exactly the rest. Options that are not given stay as in the last run.

    A NAME is that of a backend, or that of a model profile (`hopchain models list`). A backend may be followed by
    options of its own: `--solver simulated:OPTION=VALUE,OPTION=VALUE`.
    """
    backends = {"categorizer": categorizer, "segmenter": segmenter, "composer": composer, "solver": solver}
    given = {
        **{role: None if text is None else backend_choice(role, text) for role, text in backends.items()},
        "chains_per_image": chains_per_image,
        "rollouts": rollouts,
        "until_decided": until_decided,
        "limit": limit,
        "retry_failed": retry_failed or None,
    }
    as_json = events == "json"
    with Project.open(project, read_only=dry_run) as opened:
        options = merged(opened.last_options(), given)
        if dry_run:
            _print_plan(opened.plan(stages or None, options), as_json=as_json)
            return Exit.DONE
        with event_sink(progress_console(), as_json=as_json) as sink:
            reports = opened.run(stages or None, options, sink)
        if not as_json:
            _print_outcome(opened, reports)
    failed = sum(r.failed + r.failed_before for r in reports)
    return Exit.FAILED_ITEMS if failed else Exit.DONE


def backend_choice(role: str, text: str) -> dict[str, Any]:
    """Reads ``NAME`` or ``NAME:OPTION=VALUE,OPTION=VALUE``.

    Raises:
        click.BadParameter: An option has no value.
        InputError: No backend of this role and no profile is called so.
    """
    called, _, rest = text.partition(":")
    options: dict[str, Any]
    name, options = backend_called(role, called.strip())
    for pair in filter(None, rest.split(",")):
        key, equals, value = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} is not OPTION=VALUE")
        try:
            options[key.strip()] = json.loads(value)
        except ValueError:
            options[key.strip()] = value
    return {"name": name, "options": options}


def merged(last: RunOptions, given: dict[str, Any]) -> RunOptions:
    """The options of the last run with those given now put over them.

    Raises:
        InputError: One is out of range.
    """
    data = last.model_dump() | {name: value for name, value in given.items() if value is not None}
    try:
        return RunOptions.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", hint="See `hopchain run -h`."
        ) from error


def _print_plan(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        print_json(dataclasses.asdict(plan))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for name in ("stage", "owed", "done", "failed"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    table.add_column("by")
    for stage in plan.stages:
        owed = f"{stage.owed}" if stage.is_certain else f"{stage.owed} or more"
        done = f"{stage.done + stage.revived}"
        table.add_row(stage.stage, owed, done, str(stage.failed), stage.missing or stage.backend)
    console().print(table)
    if plan.answers_at_risk:
        click.echo(f"{plan.answers_at_risk} answers of people might no longer count.")


def _print_outcome(project: Project, reports: Sequence[StageReport]) -> None:
    with project.read() as read:
        click.echo(chains_line(read.status_counts()))
    failed = sum(r.failed + r.failed_before for r in reports)
    if failed:
        click.echo(f"{failed} items failed; `hopchain status` says which, --retry-failed tries them again.")
