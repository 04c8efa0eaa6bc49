"""Which pictures and chains a list asks for, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hopchain_core.domain.chains import Composer
from hopchain_core.domain.images import Quality
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.review import MarkKind
from hopchain_core.domain.status import ChainStatus


class ImageSort(StrEnum):
    """What a list of pictures is sorted by; ties by path, then key."""

    PATH = "path"
    ADDED = "added"
    INSTANCES = "instances"
    CHAINS = "chains"


class ChainSort(StrEnum):
    """What a list of chains is sorted by; ties by the picture's path, then key."""

    PATH = "path"
    NUMBER = "number"
    HOPS = "hops"
    ANSWER = "answer"
    PASS_RATE = "pass_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFilter:
    """Which chains; fields left empty ask for nothing, and all that are set hold at once.

    Where a field holds several values, one of them is enough.

    Attributes:
        status: Where the chain stands.
        rule: A code that the current audit found something under.
        composer: Who wrote it.
        pass_rate: Lowest and highest share of correct rollouts, both included; what was tried only until it was decided
            has none.
        is_cut_short: Tried only until it was decided whether it is kept.
        marks: What a curator decided; None among them stands for no decision.
        has_findings: The current audit found anything at all.
    """

    status: ChainStatus | tuple[ChainStatus, ...] | None = None
    rule: str | tuple[str, ...] = ""
    composer: Composer | tuple[Composer, ...] | None = None
    pass_rate: tuple[float, float] | None = None
    marks: tuple[MarkKind | None, ...] = ()
    has_findings: bool = False
    is_cut_short: bool = False

    @property
    def is_empty(self) -> bool:
        """True when every chain passes."""
        return self.pass_rate is None and not (
            self.status or self.rule or self.composer or self.marks or self.has_findings or self.is_cut_short
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageQuery:
    """Which pictures, in which order.

    Attributes:
        text: Part of the path, upper or lower case (of ASCII) alike.
        anywhere: As `text`, but part of a seen instance's category or of a seen chain's question is enough, too.
        category: Holds an instance of it that is seen; of several, one is enough.
        chains: Holds a chain that passes; an empty filter asks for none.
        or_without_chains: A picture without any chain passes, too, unless `chains` asks for more than a status.
        or_failing: A picture on which a stage fails passes, too, wherever its chains stand.
        least_complexity: Rated so complex at least by the model that named its categories; 0 asks for no rating.
        qualities: Rated one of these; none asks for no rating.
        numbers: Only these pictures; None for all.
    """

    text: str = ""
    anywhere: str = ""
    category: str | tuple[str, ...] = ""
    chains: ChainFilter = field(default_factory=ChainFilter)
    or_without_chains: bool = False
    or_failing: bool = False
    least_complexity: int = 0
    qualities: tuple[Quality, ...] = ()
    numbers: tuple[int, ...] | None = None
    sort: ImageSort = ImageSort.PATH
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainQuery:
    """Which chains, in which order.

    Attributes:
        text: Part of the question or of the picture's path, upper or lower case (of ASCII) alike.
        category: One of the chain's chosen instances is of it.
        image: The chain's (first) picture is this one.
        chains: The chain passes.
        numbers: Only these chains; None for all.
    """

    text: str = ""
    category: str = ""
    image: ImageKey | None = None
    chains: ChainFilter = field(default_factory=ChainFilter)
    numbers: tuple[int, ...] | None = None
    sort: ChainSort = ChainSort.PATH
    descending: bool = False
