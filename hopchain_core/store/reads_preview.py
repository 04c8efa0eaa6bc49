"""What a preview of an export reads: one query over all chains, never a body or a mask."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import text

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey
from hopchain_core.domain.review import Mark, MarkKind, Verdict, VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.store.engine import driver
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_export import BATCH
from hopchain_core.store.values import to_answer, to_image
from hopchain_core.store.visibility import SEEN_CHAIN, SEEN_INSTANCE, TOO_HARD, current


def _rules(severity: Severity) -> str:
    return (
        "(SELECT json_group_array(DISTINCT f.rule) FROM finding AS f JOIN work AS fw ON fw.id = f.work_id"
        f" WHERE f.chain_key = c.key AND fw.is_current = 1 AND f.severity = '{severity.value}')"
    )


_LINES = (
    "SELECT image.key, image.id, c.id, c.key, c.question, c.answer, c.hop_count, audit.item_key, audit_run.stage_version,"
    f" mark.kind, mark.reason, {_rules(Severity.ERROR)}, {_rules(Severity.WARNING)},"
    " v.outcome, v.label, v.votes, v.policy,"
    f" o.n, o.n_correct, o.interval_low, o.interval_high, o.model, o.is_simulated, o.is_kept, o.is_until_decided, {TOO_HARD}"
    " FROM image CROSS JOIN chain_image AS ci ON ci.image_id = image.id AND ci.position = 0"
    " CROSS JOIN chain AS c ON c.id = ci.chain_id LEFT JOIN mark ON mark.chain_key = c.key"
    " LEFT JOIN work AS audit ON audit.stage = 'audit' AND audit.subject = c.key AND audit.is_current = 1"
    " LEFT JOIN run AS audit_run ON audit_run.id = audit.run_id"
    f" LEFT JOIN verdict AS v ON v.id = {current('verdict', 'o.id', 'c.key')}"
    f" LEFT JOIN difficulty AS o ON o.id = {current('difficulty', 'o.id', 'c.key')}"
    f" WHERE {SEEN_CHAIN} ORDER BY image.path, image.key, c.key"
)
_COUNT = text(f"SELECT COUNT(*) FROM chain AS c WHERE {SEEN_CHAIN}")
_IMAGES = text("SELECT o.* FROM json_each(:ids) AS k CROSS JOIN image AS o ON o.id = k.value")
_FROM_KEYS = "FROM json_each(:keys) AS k CROSS JOIN image ON image.key = k.value"
_INSTANCES = text(
    f"SELECT image.key, i.key {_FROM_KEYS} CROSS JOIN instance AS i ON i.image_id = image.id WHERE {SEEN_INSTANCE}"
)
_UNCOUNTABLE = text(
    f"SELECT image.key, o.name {_FROM_KEYS} CROSS JOIN category AS o ON o.image_id = image.id"
    " JOIN work ON work.id = o.work_id WHERE work.is_current = 1 AND o.is_countable = 0"
)
_OUTCOMES = {outcome.value: outcome for outcome in VerdictOutcome}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLine:
    """A chain with all that has been said of it, but not what its steps are.

    Attributes:
        number: Its row in the project.
        key: The version.
        image: Its picture; chains of one picture share it.
        question: As it stands.
        answer: Canonical text of the proposed answer.
        hop_count: How many steps it has.
        audited: What the rules looked at, as the key of their work and the version of the stage; None when they have
            not looked at it.
        mark: What a curator put on it.
        errors: Rules that found an error, by name.
        warnings: Rules that warned, by name.
        verdict: What people's answers amount to.
        difficulty: How a weaker model fared.
    """

    number: int
    key: ChainKey
    image: Image
    question: str
    answer: str
    hop_count: int
    audited: tuple[str, int] | None
    mark: Mark | None
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    verdict: Verdict | None
    difficulty: Difficulty | None

    @property
    def is_audited(self) -> bool:
        """The rules have looked at it."""
        return self.audited is not None


class SeenKeys(NamedTuple):
    """What is seen in a picture: which instances, and which categories cannot be counted."""

    instances: list[InstanceKey]
    uncountable: list[str]


def chain_count(read: Reader) -> int:
    """How many chains are seen."""
    return int(read._conn.execute(_COUNT).scalar_one())


def line_batches(read: Reader) -> Iterator[list[ChainLine]]:
    """Chains seen, ordered as `reads_export.chain_batches` orders them, some at a time."""
    # Plain tuples of the driver: rows with names cost as much as the query.
    cursor = driver(read._conn).execute(_LINES)
    answers: dict[str | None, Answer | None] = {None: None}
    images: dict[int, Image] = {}
    while part := cursor.fetchmany(BATCH):
        owed = json.dumps(list(dict.fromkeys(row[1] for row in part if row[1] not in images)))
        images = {row[1]: images[row[1]] for row in part if row[1] in images}
        images |= {row.id: to_image(row) for row in read._conn.execute(_IMAGES, {"ids": owed})}
        yield [_line(row, images[row[1]], answers) for row in part]


def keys_seen(read: Reader, pictures: Collection[ImageKey]) -> dict[ImageKey, SeenKeys]:
    """What is seen now in each of these pictures."""
    asked = {"keys": json.dumps(list(pictures))}
    found: dict[ImageKey, SeenKeys] = defaultdict(lambda: SeenKeys([], []))
    for picture, key in read._conn.execute(_INSTANCES, asked):
        found[picture].instances.append(key)
    for picture, name in read._conn.execute(_UNCOUNTABLE, asked):
        found[picture].uncountable.append(name)
    return {picture: found[picture] for picture in pictures}


def _line(row: tuple[Any, ...], image: Image, answers: dict[str | None, Answer | None]) -> ChainLine:
    _, _, number, key, question, answer, hop_count, audited, audit_version, *said = row
    kind, reason, errors, warnings, outcome, label, votes, policy, n, n_correct, low, high, model, *flags = said
    verdict = difficulty = None
    if outcome is not None:
        if label not in answers:
            answers[label] = to_answer(label)
        verdict = Verdict(
            chain=key,
            outcome=_OUTCOMES[outcome],
            label=answers[label],
            votes=() if votes == "[]" else tuple((answer, people) for answer, people in json.loads(votes)),
            policy=policy,
        )
    if n is not None:
        is_simulated, is_kept, is_until_decided, is_too_hard = map(bool, flags)
        difficulty = Difficulty(
            chain=key,
            n=n,
            n_correct=n_correct,
            interval=(low, high),
            model=model,
            is_simulated=is_simulated,
            is_kept=is_kept,
            is_until_decided=is_until_decided,
            is_too_hard=is_too_hard,
        )
    return ChainLine(
        number=number,
        key=key,
        image=image,
        question=question,
        answer=answer,
        hop_count=hop_count,
        audited=None if audited is None else (audited, audit_version),
        mark=None if kind is None else Mark(chain=key, kind=MarkKind(kind), reason=reason),
        errors=_names(errors),
        warnings=_names(warnings),
        verdict=verdict,
        difficulty=difficulty,
    )


def _names(array: str) -> tuple[str, ...]:
    return () if array == "[]" else tuple(sorted(json.loads(array)))
