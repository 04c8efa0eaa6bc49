"""The formats by name, and what each needs of its pictures."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """Whose loader reads the rows. The values are stable: scripts may rely on them."""

    NATIVE = "native"
    """Records alone."""
    VERL = "verl"
    TRL = "trl"
    EASYR1 = "easyr1"
    OPENRLHF = "openrlhf"
    MS_SWIFT = "ms-swift"
    ROLL = "roll"
    SKYRL = "skyrl"
    VERIFIERS = "verifiers"
    NEMO_RL = "nemo-rl"
    HF = "hf"
    """Parquet with embedded pictures, a data set card and Croissant metadata."""


EMBEDDED = frozenset({Format.SKYRL, Format.VERIFIERS, Format.HF})
"""Those whose rows hold the pictures themselves; the others name files."""
TAKES_RELATIVE = frozenset({Format.NATIVE, Format.EASYR1, Format.MS_SWIFT}) | EMBEDDED
"""Those that find relative paths from anywhere: by `data.image_dir` or `ROOT_IMAGE_DIR`, or because they hold none.

The other loaders start from the process's working directory, so that a row is lost when that is another one.
"""
ROWS_PER_SHARD = 10_000
ROWS_PER_EMBEDDED_SHARD = 1_000
"""Chosen: a shard with pictures of 300 kB each is about 300 MB."""


def rows_per_shard(form: Format, asked: int) -> int:
    """How many rows a shard holds: as asked, or by the format where 0 is asked."""
    return asked or (ROWS_PER_EMBEDDED_SHARD if form in EMBEDDED else ROWS_PER_SHARD)
