"""What an export would write and leave out, without writing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.export.admission import Reason, Refused, Terms, Variant
from hopchain_core.export.build import split_of
from hopchain_core.export.duplicates import Duplicates
from hopchain_core.export.selection import Admitted, Selection
from hopchain_core.pipeline.audit import AuditStage, audit_key
from hopchain_core.pipeline.contents import facts_in_names
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_export import BATCH, chains_numbered
from hopchain_core.store.reads_preview import ChainLine, chain_count, keys_seen, line_batches

AT_FIRST = 2_000
"""So many chains are shown at once where there are more; they take a tenth of a second. Chosen."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an export would write and leave out.

    A picture whose file is there is taken to be whole: its bytes are looked at only when it is written.

    Attributes:
        rows: Every chain, in the order of the export.
        taken: How many records would be written.
        pictures: How many pictures would be written.
        left_out: Chains left out by reason, in the order in which reasons apply.
        unsure: Chains still to be looked at; those among the rows are taken to be unchanged until then.
    """

    rows: tuple[PreviewRow, ...]
    taken: int
    pictures: int
    left_out: dict[Reason, int]
    unsure: int = 0


def preview(
    read: Reader,
    project_dir: Path,
    terms: Terms,
    progress: Callable[[int, int], None] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
    first: Callable[[Preview], None] | None = None,
) -> Preview | None:
    """Looks at every chain under these terms.

    A chain that the rules have looked at over just what is seen in its picture now, and found no error in, has not
    changed. Only the others, and what a variant shortens, are read whole and computed again.

    Args:
        read: One snapshot of the project.
        project_dir: Folder that relative picture paths start from.
        terms: What a person asked.
        progress: Told chains looked at and chains in all.
        is_cancelled: Asked after some hundred chains.
        first: Told what is known of the first `AT_FIRST` where there are more, and of all before some are read whole.

    Returns:
        None once it was cancelled.
    """
    total = chain_count(read)
    selection = Selection(read, terms)
    found, unsure = list[_Found](), list[int]()

    def goes_on(looked_at: int) -> bool:
        if progress is not None:
            progress(looked_at, total)
        return not is_cancelled()

    for lines in line_batches(read):
        for picture in _Picture.all_of(read, lines):
            for line in picture.lines:
                against = selection.against_unchanged(line)
                if not picture.is_sure_of(line, against, terms.variant):
                    unsure.append(len(found))
                found.append(picture.outlined(line, against))
        if not goes_on(len(found) - len(unsure)):
            return None
        if first is not None and AT_FIRST - BATCH < len(found) <= AT_FIRST < total:
            first(_settled(found, project_dir, terms, total - len(found) + len(unsure)))
    if unsure and first is not None:
        first(_settled(found, project_dir, terms, len(unsure)))
    for begun in range(0, len(unsure), BATCH):
        places = unsure[begun : begun + BATCH]
        chains = chains_numbered(read, [found[place].row.number for place in places])
        for place, (stored, outcome) in zip(places, selection.of(chains), strict=True):
            found[place] = _looked_at(found[place], stored.chain, outcome)
        if not goes_on(len(found) - len(unsure) + begun + len(places)):
            return None
    return _settled(found, project_dir, terms)


class _Found(NamedTuple):
    row: PreviewRow
    image: Image


@dataclass(frozen=True, slots=True)
class _Picture:
    """Some chains of one picture."""

    lines: list[ChainLine]
    facts: list[Any]
    split: str

    @classmethod
    def all_of(cls, read: Reader, lines: list[ChainLine]) -> Iterator[_Picture]:
        """By picture, in order."""
        seen = keys_seen(read, dict.fromkeys(line.image.key for line in lines))
        for key, own in groupby(lines, lambda line: line.image.key):
            of_picture = list(own)
            facts = facts_in_names(seen[key].uncountable, seen[key].instances)
            yield cls(of_picture, facts, split_of(of_picture[0].image))

    def is_sure_of(self, line: ChainLine, against: tuple[Reason, str] | None, variant: Variant) -> bool:
        """Nothing of its steps could make another outcome."""
        if against is not None and against[0] is Reason.REJECTED:
            return True
        if line.errors or line.audited != (audit_key(line.key, self.facts), AuditStage.version):
            return False
        return against is not None or variant is Variant.FULL

    def outlined(self, line: ChainLine, against: tuple[Reason, str] | None) -> _Found:
        """What becomes of a chain of which nothing has changed."""
        label = line.verdict.label if line.verdict is not None and against is None else None
        row = PreviewRow(
            number=line.number,
            chain=line.key,
            image=line.image.key,
            path=line.image.path,
            question=line.question,
            answer=line.answer if label is None else label.text,
            hops=line.hop_count,
            split=self.split,
            reason=None if against is None else against[0],
            detail="" if against is None else against[1],
        )
        return _Found(row, line.image)


def _looked_at(outlined: _Found, chain: Chain, outcome: Admitted | Refused) -> _Found:
    """What becomes of a chain that was read whole."""
    if isinstance(outcome, Refused):
        row = replace(outlined.row, answer=chain.answer.text, reason=outcome.reason, detail=outcome.detail)
    else:
        verdict, asked = outcome.candidate.verdict, outcome.asked
        label = verdict.label if verdict is not None else None
        row = replace(
            outlined.row,
            question=asked.question,
            answer=(label or chain.answer).text,
            hops=len(asked.hops),
            reason=None,
            detail="",
        )
    return _Found(row, outlined.image)


def _settled(found: Iterable[_Found], project_dir: Path, terms: Terms, unsure: int = 0) -> Preview:
    """Leaves out what has no file, and pictures that look like one that is taken; counts."""
    duplicates = Duplicates(is_asked=terms.without_near_duplicates)
    there: tuple[ImageKey | None, bool] = (None, False)
    rows, reasons, pictures = list[PreviewRow](), Counter[Reason](), set[ImageKey]()
    for row, image in found:
        if row.reason is None:
            if image.key != there[0]:
                there = image.key, (project_dir / image.path).is_file()
            alike = duplicates.why(image)
            if alike:
                row = replace(row, reason=Reason.NEAR_DUPLICATE, detail=alike)
            elif not there[1]:
                row = replace(row, reason=Reason.PICTURE_MISSING, detail=image.path)
            else:
                duplicates.took(image.split_group or image.key, image.key, image.path)
                pictures.add(image.key)
        if row.reason is not None:
            reasons[row.reason] += 1
        rows.append(row)
    return Preview(
        rows=tuple(rows),
        taken=len(rows) - reasons.total(),
        pictures=len(pictures),
        left_out={reason: reasons[reason] for reason in Reason if reasons[reason]},
        unsure=unsure,
    )
