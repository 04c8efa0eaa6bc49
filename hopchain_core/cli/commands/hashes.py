"""``hopchain hashes``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import click

from hopchain_core.cli.exits import Exit
from hopchain_core.errors import InputError, PictureError
from hopchain_core.export.folder import whole_file
from hopchain_core.pictures.decode import inspect

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"})


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The list to write; stdout if not given.")
def hashes(folder: Path, out: Path | None) -> Exit:
    """List the pictures of FOLDER, and of folders in it, for `hopchain export --without`.

    Two lines a picture: the sha256 of its file, and a difference hash by which pictures that look alike are found, too.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder.", hint="Name a folder of pictures.")
    listed = refused = 0
    with nullcontext(None) if out is None else whole_file(out) as partial:
        lines: list[str] = []
        for path in _pictures(folder):
            name = path.relative_to(folder).as_posix().replace("\n", " ")
            try:
                seen = inspect(path)
            except (PictureError, OSError) as error:
                click.echo(f"  ! {name}: {error}", err=True)
                refused += 1
                continue
            lines += [f"{seen.sha256}  # {name}", f"{seen.perceptual_hash}  # {name}"]
            listed += 1
        text = "".join(f"{line}\n" for line in lines)
        if partial is None:
            sys.stdout.write(text)
        else:
            partial.write_text(text, encoding="utf-8")
    click.echo(f"listed {listed} pictures" + (f", {refused} could not be read" if refused else ""), err=True)
    return Exit.FAILED_ITEMS if refused else Exit.DONE


def _pictures(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.suffix.lower() in _SUFFIXES and p.is_file())
