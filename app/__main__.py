"""``hopchain-studio [PROJECT]``."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("project", required=False, type=click.Path(path_type=Path))
def main(project: Path | None) -> None:
    """Open the studio, with PROJECT or the start screen."""
    # A frozen program starts its worker processes by calling itself.
    multiprocessing.freeze_support()
    from app.session import run_session

    sys.exit(run_session(project))


if __name__ == "__main__":
    main()
