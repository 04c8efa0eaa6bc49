"""``hopchain doctor``."""

from __future__ import annotations

from pathlib import Path

import click

from hopchain_core.cli.checks import State
from hopchain_core.cli.commands.parameters import json_option, print_json
from hopchain_core.cli.doctor import examine
from hopchain_core.cli.exits import Exit

_SIGNS = {State.OK: "ok     ", State.ABSENT: "absent ", State.PROBLEM: "PROBLEM"}


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Say what is there to work with, what is missing, and how to get it.

    Nothing is changed and no network is asked. Ends with 1 when something needed is missing.
    """
    checks = examine(Path.cwd())
    if as_json:
        print_json({"checks": [c.to_json() for c in checks]})
    else:
        width = max(len(c.name) for c in checks)
        for check in checks:
            click.echo(f"{_SIGNS[check.state]}  {check.name:<{width}}  {check.found}")
            if check.hint:
                click.echo(f"{'':<9}{'':<{width}}  {check.hint}")
    return Exit.KNOWN_ERROR if any(c.state is State.PROBLEM for c in checks) else Exit.DONE
