"""``hopchain probe``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
from pydantic import ValidationError

from hopchain_core.cli.commands.parameters import json_option, print_json, progress_console, project_argument
from hopchain_core.cli.exits import Exit
from hopchain_core.cli.probing import summary_lines
from hopchain_core.cli.progress import event_sink
from hopchain_core.domain.probes import PROBES, Probe
from hopchain_core.errors import InputError
from hopchain_core.project import ProbeOptions, Project

_NAMES = ", ".join(PROBES)


class _Probes(click.ParamType[tuple[Probe, ...]]):
    """Names of probes with commas between; ``none`` for none of them."""

    name = "probes"

    def convert(
        self, value: str | tuple[Probe, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Probe, ...]:
        if isinstance(value, tuple):
            return value
        names = [name.strip().lower() for name in value.split(",") if name.strip()]
        if names == ["none"]:
            return ()
        unknown = [name for name in names if name not in set(PROBES)]
        if unknown or not names:
            self.fail(f"{(unknown or [''])[0]!r} is no probe; there are {_NAMES}", param, ctx)
        return tuple(probe for probe in PROBES if probe in names)


@click.command()
@project_argument
@click.option("--profile", metavar="NAME", help="The model to ask, by its profile; that of the last time if left out.")
@click.option(
    "--probes", type=_Probes(), metavar="LIST", help=f"Which, with commas between: {_NAMES}. All if left out."
)
@click.option("--samples", type=click.IntRange(1, 64), help="How often each thing is asked (4 at first).")
@click.option(
    "--drop", type=_Probes(), metavar="LIST", help="Drop chains for what these find, flag for the rest; or none."
)
@click.option("--limit", type=click.IntRange(0), help="Only the first so many pictures, by path.")
@click.option("--retry-failed", is_flag=True, help="Try chains again at which a probe failed.")
@click.option("--summary", is_flag=True, help="Only say what was found before; ask nothing.")
@click.option("--events", type=click.Choice(["text", "json"]), default="text", help="json: one event a line on stdout.")
@json_option
def probe(
    project: Path,
    profile: str | None,
    probes: tuple[Probe, ...] | None,
    samples: int | None,
    drop: tuple[Probe, ...] | None,
    limit: int | None,
    retry_failed: bool,
    summary: bool,
    events: str,
    as_json: bool,
) -> int:
    """Ask a model what chains give away.

    blind asks the question without the picture; unique how many things each reference fits; skip for the answer from
    the last hop, and from the later half; trace every hop by itself, with the results before it stated. What is found
    stands with the findings of the rules (`hopchain check`). It flags a chain, unless --drop says that it drops it.

    What was asked once is not asked again. `--probes none --drop LIST` asks nothing and only changes what is dropped.
    """
    failed = 0
    with Project.open(project, read_only=summary) as opened:
        if not summary:
            given = {
                "profile": profile,
                "probes": probes,
                "samples": samples,
                "drop": drop,
                "limit": limit,
                "retry_failed": retry_failed or None,
            }
            options = _merged(opened.last_probing(), given)
            with event_sink(progress_console(), as_json=events == "json") as sink:
                reports = opened.probe(options, sink)
            failed = sum(r.failed + r.failed_before for r in reports)
        with opened.read() as read:
            found = read.probe_summary()
    if as_json:
        print_json(found.to_json())
    elif events == "text":
        for line in summary_lines(found):
            click.echo(line)
        if failed:
            click.echo(f"{failed} items failed; `hopchain status` says which, --retry-failed tries them again.")
    return Exit.FAILED_ITEMS if failed else Exit.DONE


def _merged(last: ProbeOptions, given: Mapping[str, object]) -> ProbeOptions:
    # Which probes are run is chosen each time: leaving it out means all.
    data = last.model_dump(exclude={"probes"}) | {name: value for name, value in given.items() if value is not None}
    try:
        return ProbeOptions.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.") from error
