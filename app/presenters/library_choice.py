"""What a person can ask the library for, and how much there is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

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

    def kept(self) -> dict[str, Any]:
        """The filters in plain JSON, to be shown again after a restart; what was searched for is not kept."""
        kept = {
            "statuses": [status.value for status in self.statuses],
            "without_chains": self.without_chains,
            "failing": self.failing,
            "categories": list(self.categories),
            "rules": list(self.rules),
            "composers": [composer.value for composer in self.composers],
            "pass_rate": list(self.pass_rate) if self.pass_rate else [],
        }
        return {name: value for name, value in kept.items() if value}

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


def filters_of(kept: object) -> dict[str, Any]:
    """What `Choice.kept` gave, as changes of a choice; what cannot be read is left out."""
    if not isinstance(kept, dict):
        return {}
    changes: dict[str, Any] = {
        "statuses": tuple(status for status in ChainStatus if status.value in _texts(kept.get("statuses"))),
        "without_chains": kept.get("without_chains") is True,
        "failing": kept.get("failing") is True,
        "categories": _texts(kept.get("categories")),
        "rules": _texts(kept.get("rules")),
        "composers": tuple(one for one in Composer if one.value in _texts(kept.get("composers"))),
    }
    span = kept.get("pass_rate")
    if isinstance(span, list) and len(span) == 2 and all(isinstance(end, (int, float)) for end in span):
        changes["pass_rate"] = (float(span[0]), float(span[1]))
    return changes


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is, and how much of it is listed; None until it has been counted."""

    shown: int = 0
    images: int | None = None
    instances: int | None = None
    chains: int | None = None
