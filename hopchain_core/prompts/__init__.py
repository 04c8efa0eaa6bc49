"""The texts that models are given. Each is a file here and is told by the hash of its words.

A text changes what a model answers, so its hash is part of what a run is known by: edit a file, and what was made with
the old words is owed again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from hopchain_core.domain.keys import content_key

_SLOT = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text with slots such as ``{{question}}``.

    Attributes:
        name: Of its file, without the ending.
        text: With its slots.
    """

    name: str
    text: str

    @property
    def hash(self) -> str:
        """Tells this wording from every other."""
        return content_key([self.name, self.text])

    def filled(self, **slots: str) -> str:
        """The text with every slot filled; what is filled in is not looked through for slots.

        Raises:
            KeyError: A slot is not filled.
        """
        unknown = slots.keys() - set(_SLOT.findall(self.text))
        if unknown:
            raise KeyError(f"the prompt {self.name} has no slot {sorted(unknown)[0]}")
        return _SLOT.sub(lambda match: slots[match[1]], self.text)


@cache
def prompt(name: str) -> Prompt:
    """A prompt by name.

    Raises:
        FileNotFoundError: There is none.
    """
    return Prompt(name, resources.files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip())


def hash_of(*names: str) -> str:
    """One hash of several prompts, for a run that uses them all."""
    return content_key([prompt(name).hash for name in names])
