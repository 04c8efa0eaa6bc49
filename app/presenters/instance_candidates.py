"""What a model proposed on a picture, and what a person makes of it. Values only: no window, no project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.models.instance_list import InstanceRow
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.prompting import Proposal

TWIN_IOU = 0.8
"""A candidate that overlaps an instance more is that instance found again. Chosen."""
_PREFIX = "candidate "


def is_candidate(key: InstanceKey) -> bool:
    """Whether a key is of something that is not kept yet."""
    return key.startswith(_PREFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that may become an instance.

    Attributes:
        key: Tells it on the canvas; no instance of the project has it.
        mask: In pixels of the picture.
        box: Of the mask.
        score: In [0, 1].
        twin: Name of the instance that it is; empty for a new one.
    """

    key: InstanceKey
    mask: Mask
    box: Box
    score: float
    twin: str = ""


def candidates_of(found: Iterable[Proposal], rows: Sequence[InstanceRow], first: int = 0) -> tuple[Candidate, ...]:
    """Candidates of a model's proposals. Reads masks: not for the window's own thread.

    Args:
        found: By falling score.
        rows: Instances that the picture has.
        first: Number of the first one; numbers of earlier ones must not come again.
    """
    made = []
    for number, proposal in enumerate(found, start=first):
        box = proposal.mask.box()
        twin = _twin(proposal.mask, box, rows)
        key = InstanceKey(f"{_PREFIX}{number}")
        made.append(Candidate(key=key, mask=proposal.mask, box=box, score=proposal.score, twin=twin))
    return tuple(made)


def _twin(mask: Mask, box: Box, rows: Sequence[InstanceRow]) -> str:
    best, name = TWIN_IOU, ""
    for row in rows:
        # Boxes bound what masks can share, and cost nothing.
        if row.instance.is_crowd or not box.intersection_area(row.instance.box):
            continue
        other = row.instance.mask
        iou = mask.iou(other) if other is not None else box.iou(row.instance.box)
        if iou >= best:
            best, name = iou, row.name
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What was found, and which of it is seen, left out or looked at. Changes give a new one.

    Attributes:
        found: By falling score.
        score_from: Those below are not shown.
        rejected: A person does not want these.
        focus: The one that a person looks at, or None.
    """

    found: tuple[Candidate, ...] = ()
    score_from: float = 0.0
    rejected: frozenset[InstanceKey] = frozenset()
    focus: InstanceKey | None = None

    @property
    def shown(self) -> tuple[Candidate, ...]:
        """Those on the picture, also those that are there already."""
        return tuple(one for one in self.found if one.score >= self.score_from and one.key not in self.rejected)

    @property
    def new(self) -> tuple[Candidate, ...]:
        """Those that are kept when all are: shown, and not there already."""
        return tuple(one for one in self.shown if not one.twin)

    @property
    def below(self) -> int:
        """How many are not shown because of their score."""
        return sum(one.score < self.score_from for one in self.found)

    @property
    def current(self) -> Candidate | None:
        """The one looked at; without a look the only one there is."""
        if self.focus is not None:
            return next(one for one in self.shown if one.key == self.focus)
        return self.shown[0] if len(self.shown) == 1 else None

    def looking_at(self, key: InstanceKey | None) -> Candidates:
        """With one looked at."""
        return replace(self, focus=key if key in {one.key for one in self.shown} else None)

    def moved(self, by: int) -> Candidates:
        """With the next one looked at, round and round."""
        keys = [one.key for one in self.shown]
        if not keys:
            return self
        at = keys.index(self.focus) + by if self.focus is not None else (0 if by > 0 else -1)
        return replace(self, focus=keys[at % len(keys)])

    def filtered(self, score_from: float) -> Candidates:
        """With another least score."""
        return replace(self, score_from=score_from).looking_at(self.focus)

    def without(self, keys: Iterable[InstanceKey]) -> Candidates:
        """With some rejected; a look at one of them goes on to the next."""
        gone = frozenset(keys)
        left = replace(self, rejected=self.rejected | gone, focus=None)
        if self.focus not in gone:
            return left.looking_at(self.focus)
        order = [one.key for one in self.shown]
        at = order.index(self.focus)
        following = next((key for key in (*order[at:], *order[:at][::-1]) if key not in gone), None)
        return left.looking_at(following)

    def dropped(self, keys: Iterable[InstanceKey]) -> Candidates:
        """Without some, which are instances now."""
        gone = frozenset(keys)
        left = self.without(gone)
        return replace(
            left, found=tuple(one for one in left.found if one.key not in gone), rejected=left.rejected - gone
        )

    def restored(self) -> Candidates:
        """With nothing rejected."""
        return replace(self, rejected=frozenset()).looking_at(self.focus)
