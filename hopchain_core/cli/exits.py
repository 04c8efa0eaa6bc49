"""How commands end: the exit codes, and the one line that says what went wrong."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from enum import IntEnum

import click

from hopchain_core import __version__
from hopchain_core.errors import HopchainError, KnownError


class Exit(IntEnum):
    """What the exit code says."""

    DONE = 0
    KNOWN_ERROR = 1
    """Something about the world or the input; one line on stderr says what it is and what to do."""
    USAGE = 2
    FAILED_ITEMS = 3
    """The command finished, but some items failed; their rows say why."""
    INTERRUPTED = 130


def guarded(command: Callable[[], object]) -> int:
    """Runs a command and turns how it ended into an exit code."""
    try:
        result = command()
        sys.stdout.flush()
        return result if isinstance(result, int) else Exit.DONE
    except click.UsageError as error:
        error.show(sys.stderr)
        return Exit.USAGE
    except click.ClickException as error:
        error.show(sys.stderr)
        return Exit.KNOWN_ERROR
    except (KeyboardInterrupt, click.Abort):
        complain("stopped. What was done is kept; the same command goes on from here.", label="interrupted")
        return Exit.INTERRUPTED
    except KnownError as error:
        complain(error.line)
        return Exit.KNOWN_ERROR
    except BrokenPipeError:
        # Whoever read our output has seen enough, as in `hopchain show … | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except (HopchainError, OSError) as error:
        complain(f"{error}. See that the folder exists, may be written to and has room.")
        return Exit.KNOWN_ERROR
    except Exception:
        traceback.print_exc()
        complain(f"this is a bug in hopchain {__version__}; please report it with the lines above.")
        return Exit.KNOWN_ERROR


def complain(text: str, *, label: str = "error") -> None:
    """One line on stderr."""
    click.echo(f"{label}: {' '.join(text.split())}", err=True)
