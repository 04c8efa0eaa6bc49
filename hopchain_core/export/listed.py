"""Pictures to leave out, such as those of benchmarks: a list of hashes in a file."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hopchain_core.domain.images import Image
from hopchain_core.errors import InputError
from hopchain_core.pictures.neighbours import BANDS, NEAR_BITS

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LOOK = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Listed:
    """The pictures of a list.

    Attributes:
        keys: sha256 of files, 64 hex digits.
        looks: Difference hashes of 64 bits.
    """

    keys: frozenset[str]
    looks: tuple[int, ...]

    @classmethod
    def read(cls, path: Path) -> Listed:
        """Reads a list: one hash a line, 64 hex digits (sha256) or 16 (difference hash); more words and ``#`` are ignored.

        Raises:
            InputError: The file cannot be read, or a line begins with no hash.
        """
        keys, looks = set(), set()
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"{path} cannot be read ({error}).", hint="Name a text file with one hash a line."
            ) from error
        for number, line in enumerate(lines, 1):
            word = line.partition("#")[0].split()[:1]
            if not word:
                continue
            text = word[0].lower()
            if _SHA256.fullmatch(text):
                keys.add(text)
            elif _LOOK.fullmatch(text):
                looks.add(int(text, 16))
            else:
                raise InputError(
                    f"{path.name}, line {number}: {word[0][:40]!r} is no hash.",
                    hint="Begin each line with a sha256 (64 hex digits) or a difference hash (16).",
                )
        return cls(keys=frozenset(keys), looks=tuple(sorted(looks)))

    def digest(self) -> str:
        """The same for lists that name the same pictures."""
        named = [*sorted(self.keys), *(f"{look:016x}" for look in self.looks)]
        return hashlib.sha256("\n".join(named).encode()).hexdigest()

    def why(self, image: Image) -> str:
        """Why a picture is one of the list; empty when it is not."""
        if image.key in self.keys:
            return f"{image.path}: the same file"
        if self.looks and image.perceptual_hash:
            nearest = self._nearest(int(image.perceptual_hash, 16))
            if nearest is not None:
                return f"{image.path}: looks alike, {nearest} of 64 bits differ"
        return ""

    def _nearest(self, look: int) -> int | None:
        """The least number of bits in which a listed hash differs, where it is at most `NEAR_BITS`.

        Exact, as in `pictures.neighbours`: of three bands one differs in at most one bit.
        """
        near = [
            bits
            for start, width in BANDS
            for flipped in (0, *(1 << bit for bit in range(width)))
            for other in self._bands[start].get((look >> start & (1 << width) - 1) ^ flipped, ())
            if (bits := (look ^ other).bit_count()) <= NEAR_BITS
        ]
        return min(near, default=None)

    @cached_property
    def _bands(self) -> dict[int, dict[int, list[int]]]:
        found: dict[int, dict[int, list[int]]] = {start: {} for start, _ in BANDS}
        for look in self.looks:
            for start, width in BANDS:
                found[start].setdefault(look >> start & (1 << width) - 1, []).append(look)
        return found
