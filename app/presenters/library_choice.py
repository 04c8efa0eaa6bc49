"""What a person can ask the library for, and how much there is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hopchain_core.domain.chains import Composer
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import ChainFilter, ImageQuery, ImageSort


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person asked the library for.

    Attributes:
        text: Part of a name, a category or a question.
        statuses: A chain stands in one of these; `without_chains` and `failing` are further choices of the same group.
        pass_rate: Lowest and highest share of correct rollouts; None for any.
        only: Numbers of the only pictures asked for, as another space chose them; None for any.
        only_words: What those are, in a few words.
    """

    text: str = ""
    statuses: tuple[ChainStatus, ...] = ()
    without_chains: bool = False
    failing: bool = False
    categories: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    composers: tuple[Composer, ...] = ()
    pass_rate: tuple[float, float] | None = None
    only: tuple[int, ...] | None = None
    only_words: str = ""
    sort: ImageSort = ImageSort.PATH
    descending: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return replace(self, sort=ImageSort.PATH, descending=False) != Choice()

    def query(self) -> ImageQuery:
        """The same for the store."""
        chains = ChainFilter(
            status=self.statuses or None, rule=self.rules, composer=self.composers or None, pass_rate=self.pass_rate
        )
        return ImageQuery(
            anywhere=self.text.strip(),
            category=self.categories,
            chains=chains,
            or_without_chains=self.without_chains,
            or_failing=self.failing,
            numbers=self.only,
            sort=self.sort,
            descending=self.descending,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is, and how much of it is listed; None until it has been counted."""

    shown: int = 0
    images: int | None = None
    instances: int | None = None
    chains: int | None = None
