"""What an export would write and leave out, without writing it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.export.admission import Reason, Refused, Terms
from hopchain_core.export.build import build_record, split_of
from hopchain_core.export.curriculum import BucketsBy, bucketed, standing_of
from hopchain_core.export.duplicates import Duplicates
from hopchain_core.export.pictures import PictureRefusedError, read_picture
from hopchain_core.export.selection import Selection
from hopchain_core.store.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """What becomes of one chain.

    Attributes:
        number: Its row in the project, as people call it.
        chain: The version.
        image: Its picture.
        path: Of the picture, as in the project.
        question: As it would be asked; as it is where it is left out.
        answer: The label; the proposed answer where it is left out.
        hops: How many steps are asked.
        split: ``train`` or ``validation``.
        reason: Why it is left out; None when it is taken.
        detail: More of that reason, for people.
    """

    number: int
    chain: ChainKey
    image: ImageKey
    path: str
    question: str
    answer: str
    hops: int
    split: str
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True)
class Preview:
    """What an export would write and leave out.

    A picture whose file is there is taken to be whole: its bytes are looked at only when it is written.

    Attributes:
        rows: Every chain, in the order of the export.
    """

    rows: tuple[PreviewRow, ...]

    @cached_property
    def taken(self) -> int:
        """How many records would be written."""
        return sum(row.reason is None for row in self.rows)

    @cached_property
    def pictures(self) -> int:
        """How many pictures would be written."""
        return len({row.image for row in self.rows if row.reason is None})

    @cached_property
    def left_out(self) -> dict[Reason, int]:
        """Chains left out by reason, in the order in which reasons apply."""
        counts = Counter(row.reason for row in self.rows)
        return {reason: counts[reason] for reason in Reason if counts[reason]}


def preview(
    read: Reader,
    project_dir: Path,
    terms: Terms,
    progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Preview | None:
    """Looks at every chain under these terms.

    Args:
        read: One snapshot of the project.
        project_dir: Folder that relative picture paths start from.
        terms: What a person asked.
        progress: Told chains looked at and chains in all.
        is_cancelled: Asked after each chain.

    Returns:
        None once it was cancelled.
    """
    rows = []
    total = read.counts().chains
    for row in _rows(read, project_dir, terms):
        rows.append(row)
        if progress is not None:
            progress(len(rows), total)
        if is_cancelled():
            return None
    return Preview(tuple(rows))


def record_text(read: Reader, project_dir: Path, number: int, terms: Terms) -> str:
    """The record of one chain as an export under these terms would write it, indented for reading.

    Raises:
        LeftOutError: It would be left out.
        InputError: There is no such chain.
    """
    stored = read.chain(str(number))
    found = Selection(read, terms).one(stored)
    if isinstance(found, Refused):
        raise LeftOutError(found.reason, found.detail)
    image = found.candidate.image
    try:
        picture, _ = read_picture(image, project_dir / image.path, keep_metadata=terms.keep_metadata)
    except PictureRefusedError as error:
        raise LeftOutError(error.reason, str(error)) from error
    record = build_record(found.candidate, found.asked, terms.variant, picture, read.run_of_chain(stored.chain.key))
    data = record.model_dump(mode="json", by_alias=True)
    if terms.buckets and terms.buckets_by is BucketsBy.WIDTH:
        # Those of quantiles are known only once all records are.
        bucket = bucketed([standing_of(data).pass_rate], terms.buckets, terms.buckets_by)[0]
        data["curriculum"] = {"bucket": bucket, "buckets": terms.buckets, "by": terms.buckets_by.value}
    return json.dumps(data, indent=2, ensure_ascii=False)


class LeftOutError(Exception):
    """A chain has no record under the terms at hand.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def _rows(read: Reader, project_dir: Path, terms: Terms) -> Iterator[PreviewRow]:
    there: tuple[ImageKey | None, bool] = (None, False)
    duplicates = Duplicates(is_asked=terms.without_near_duplicates)
    selection = Selection(read, terms)
    for looked in selection.candidates():
        found = selection.look_at(looked)
        stored, chain, image = looked.stored, looked.stored.chain, looked.candidate.image
        if image.key != there[0]:
            there = image.key, (project_dir / image.path).is_file()
        reason: Reason | None
        if isinstance(found, Refused):
            asked, answer, reason, detail = chain, chain.answer.text, found.reason, found.detail
        else:
            label = found.candidate.verdict.label if found.candidate.verdict is not None else None
            asked, answer = found.asked, (label or chain.answer).text
            reason, detail = None, duplicates.why(image)
            if detail:
                reason = Reason.NEAR_DUPLICATE
            elif not there[1]:
                reason, detail = Reason.PICTURE_MISSING, image.path
            else:
                duplicates.took(image.split_group or image.key, image.key, image.path)
        yield PreviewRow(
            number=stored.number,
            chain=chain.key,
            image=image.key,
            path=image.path,
            question=asked.question,
            answer=answer,
            hops=len(asked.hops),
            split=split_of(image),
            reason=reason,
            detail=detail,
        )
