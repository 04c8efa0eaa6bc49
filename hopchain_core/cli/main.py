"""The command line: ``hopchain``. Commands live in modules beside this one and are imported when they are called."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from hopchain_core import __version__
from hopchain_core.cli.exits import guarded

_COMMANDS = {
    "new": "new",
    "ingest": "ingest",
    "relink": "relink",
    "run": "run",
    "status": "status",
    "show": "show",
    "check": "check",
    "probe": "probe",
    "annotators": "annotators",
    "gold": "gold",
    "rounds": "rounds",
    "packet": "packet",
    "solve": "solve",
    "agreement": "agreement",
    "policy": "policy",
    "difficulty": "difficulty",
    "adjudicate": "adjudicate",
    "export": "export",
    "hashes": "hashes",
    "publish": "publish",
    "score": "score",
    "train-smoke": "train_smoke",
    "demo": "demo",
    "models": "models",
    "doctor": "doctor",
    "undo": "undo",
    "redo": "undo",
}
"""Command to module under `commands`, in the order of the flow."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        found = getattr(importlib.import_module(f"hopchain_core.cli.commands.{module}"), cmd_name.replace("-", "_"))
        assert isinstance(found, click.Command)
        return found


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 a known error, 2 usage, 3 finished with failed items, 130 interrupted.",
)
@click.version_option(__version__, prog_name="hopchain")
def hopchain() -> None:
    """Turn pictures into verified multi-hop questions.

    The usual path: new, ingest, run, status, show, check, export. `hopchain demo` does all of it on rendered scenes.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line and gives its exit code.

    Args:
        arguments: Without the program's name; those of the process when None.
    """
    return int(
        guarded(
            lambda: hopchain.main(
                args=None if arguments is None else list(arguments), prog_name="hopchain", standalone_mode=False
            )
        )
    )


def main() -> None:
    """Entry point of the console script."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    sys.exit(run())


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    # A polite kill ends as Ctrl-C does: what is being written is finished, and the file is closed.
    signal.raise_signal(signal.SIGINT)
