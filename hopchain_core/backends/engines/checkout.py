"""A package that no index offers under its authors' name: a person brings a checkout of its source."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hopchain_core.errors import InputError

VOCABULARY = "bpe_simple_vocab_16e6.txt.gz"
"""Of sam3's text encoder. What PyPI has under that name lacks it."""
_WHERE = (
    "Get it from its authors (git clone https://github.com/facebookresearch/sam3), and name that folder: "
    "hopchain models setup {engine} --from FOLDER. What PyPI offers as sam3 is not their release."
)


def checked(engine: str, package: str, folder: Path | None) -> Path:
    """A checkout that can be installed.

    Args:
        engine: That wants it.
        package: Name that its source must give itself.
        folder: Where somebody says it is; None if nobody said.

    Returns:
        Its absolute folder.

    Raises:
        InputError: It is not there, is another package, or is not whole.
    """
    hint = _WHERE.format(engine=engine)
    if folder is None:
        raise InputError(f"{engine} needs a checkout of the package {package}.", hint=hint)
    there = folder.expanduser().absolute()
    try:
        described = tomllib.loads((there / "pyproject.toml").read_text(encoding="utf-8"))
        name = described["project"]["name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{there} is no checkout of {package}: it has no pyproject.toml.", hint=hint) from error
    if name != package:
        raise InputError(f"{there} is a checkout of {name}, and {engine} needs {package}.", hint=hint)
    if not any((there / part / VOCABULARY).is_file() for part in ("assets", f"{package}/assets")):
        raise InputError(f"{there} lacks {package}'s vocabulary ({VOCABULARY}).", hint=hint)
    return there
