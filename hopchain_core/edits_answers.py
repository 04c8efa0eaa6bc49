"""Takes in people's answers that were given elsewhere, as a function of one unit of work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text

from hopchain_core.domain.keys import ChainKey, canonical_json
from hopchain_core.domain.review import Annotation
from hopchain_core.errors import InputError
from hopchain_core.store import schema
from hopchain_core.store.reader import Reader
from hopchain_core.store.rows_people import annotation_row
from hopchain_core.store.unit_of_work import UnitOfWork
from hopchain_core.store.values import to_annotation

_THERE = text(
    "SELECT a.* FROM json_each(:keys) AS k CROSS JOIN annotation AS a ON a.chain_key = k.value"
    " AND a.annotator IN (SELECT value FROM json_each(:people))"
)
_MISSING = text(
    "SELECT COUNT(*) FROM json_each(:keys) AS k WHERE NOT EXISTS (SELECT 1 FROM chain AS c WHERE c.key = k.value)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedAnswers:
    """What became of answers that were taken in.

    Attributes:
        new: Answers that were not there.
        same: Answers that were there already.
        replaced: Answers that took the place of an earlier one of the same person.
        older: Answers left out because the person has given a later one.
        stale: Of all of them, those to questions that have been edited since.
    """

    new: int = 0
    same: int = 0
    replaced: int = 0
    older: int = 0
    stale: int = 0


def merge_answers(uow: UnitOfWork, answers: Sequence[Annotation]) -> MergedAnswers:
    """Writes the answers that win over what is there; see `Project.merge_answers`."""
    coming: dict[tuple[ChainKey, str], Annotation] = {}
    for answer in answers:
        place = answer.chain, answer.annotator
        if place not in coming or _rank(answer) > _rank(coming[place]):
            coming[place] = answer
    read = Reader(uow.conn)
    _check(read, list(coming.values()))
    keys = json.dumps(sorted({chain for chain, _ in coming}))
    people = json.dumps(sorted({name for _, name in coming}))
    there = {
        (row.chain_key, row.annotator): (row.id, to_annotation(row))
        for row in uow.conn.execute(_THERE, {"keys": keys, "people": people})
    }
    new, same, replaced, older = [], 0, 0, 0
    for place, answer in coming.items():
        number, kept = there.get(place, (None, None))
        if kept is None:
            new.append(answer)
            continue
        if _said(answer) == _said(kept):
            same += 1
        elif _rank(answer) > _rank(kept):
            replaced += 1
        else:
            older += 1
        if _rank(answer) > _rank(kept):
            uow.put(schema.annotation, {"id": number, **annotation_row(answer)})
    uow.put_new(schema.annotation, [annotation_row(answer) for answer in new])
    seen = read.seen_among(sorted({answer.chain for answer in coming.values()}))
    return MergedAnswers(
        new=len(new),
        same=same,
        replaced=replaced,
        older=older,
        stale=sum(answer.chain not in seen for answer in coming.values()),
    )


def _check(read: Reader, answers: Sequence[Annotation]) -> None:
    if any(not answer.answered_at for answer in answers):
        raise InputError("An answer does not say when it was given.")
    unknown = sorted({answer.annotator for answer in answers} - {a.name for a in read.annotators()})
    if unknown:
        raise InputError(
            f"There is no annotator {unknown[0]!r} in this project.", hint="Add them to the project first."
        )
    rounds = sorted({a.round for a in answers if a.round is not None} - {r.id for r in read.rounds()})
    if rounds:
        raise InputError(f"There is no round {rounds[0]} in this project.")
    keys = json.dumps(sorted({answer.chain for answer in answers}))
    missing = read._conn.execute(_MISSING, {"keys": keys}).scalar_one()
    if missing:
        raise InputError(f"{missing} of the questions answered are not in this project.")


def _rank(answer: Annotation) -> tuple[str, str]:
    """Of two answers to one question the higher one stands: the later, and at one moment always the same."""
    return answer.answered_at, canonical_json(annotation_row(answer))


def _said(answer: Annotation) -> Annotation:
    return replace(answer, source="")
