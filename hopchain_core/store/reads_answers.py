"""Reads of people's answers taken together: what they do not agree on, and rows for statistics."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import text

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.keys import ChainKey, ImageKey, content_key
from hopchain_core.domain.review import Adjudication, AmbiguityReason, Annotation, Outcome, Verdict, VerdictOutcome
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.engine import driver
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.values import (
    StoredChain,
    to_adjudication,
    to_annotation,
    to_stored_chain,
    to_verdict,
)
from hopchain_core.store.visibility import SEEN_CHAIN, STATUS, current

IS_PROBE = "EXISTS (SELECT 1 FROM round_gold AS g WHERE g.round_id = a.round_id AND g.chain_key = a.chain_key)"
"""Condition on `annotation AS a`: it was asked to see how the person does, and says nothing of the chain."""

_OPEN_OUTCOMES = f"'{VerdictOutcome.DISPUTED.value}', '{VerdictOutcome.REFUSED.value}'"
ROW_OF = (
    "(SELECT x.id FROM chain AS x LEFT JOIN work AS xw ON xw.id = x.work_id WHERE x.key = k.key"
    " ORDER BY x.work_id IS NULL DESC, xw.is_current DESC, x.id DESC LIMIT 1)"
)
"""Of several rows of one version `k.key` (it was composed again) the one that counts, else the newest."""
_DISPUTES = text(
    "WITH k(key) AS (SELECT v.chain_key FROM verdict AS v JOIN work AS w ON w.id = v.work_id AND w.is_current = 1"
    f" WHERE v.outcome IN ({_OPEN_OUTCOMES}) UNION SELECT chain_key FROM adjudication)"
    " SELECT c.id AS number, c.key AS chain_key, image.key AS image_key, image.path, image.width_px, image.height_px,"
    " c.question, v.outcome, v.votes, j.kind, j.label, j.adjudicator, j.reason, j.decided_at,"
    " (SELECT n.key FROM chain AS n WHERE n.supersedes = c.key ORDER BY n.id DESC LIMIT 1) AS next_version,"
    " (SELECT MAX(a.round_id) FROM annotation AS a WHERE a.chain_key = c.key) AS round_id"
    f" FROM k CROSS JOIN chain AS c ON c.id = {ROW_OF}"
    " CROSS JOIN chain_image AS ci ON ci.chain_id = c.id AND ci.position = 0"
    " CROSS JOIN image ON image.id = ci.image_id"
    f" LEFT JOIN verdict AS v ON v.id = {current('verdict', 'o.id', 'c.key')}"
    " LEFT JOIN adjudication AS j ON j.chain_key = c.key"
    f" WHERE (j.chain_key IS NOT NULL OR ({SEEN_CHAIN} AND {STATUS} = '{ChainStatus.DISPUTED.value}'))"
    " AND (:is_settled IS NULL OR (j.chain_key IS NOT NULL) = :is_settled)"
    " AND (:round IS NULL OR EXISTS"
    " (SELECT 1 FROM annotation AS ra WHERE ra.chain_key = c.key AND ra.round_id = :round))"
    " ORDER BY j.chain_key IS NOT NULL, v.outcome, c.id"
)
_WAITED_FOR = (
    "SELECT i.value, COUNT(*) FROM round AS r JOIN assignment AS s ON s.round_id = r.id, json_each(s.chains) AS i"
    " LEFT JOIN annotation AS a ON a.chain_key = i.value AND a.annotator = s.annotator"
    " WHERE r.closed_at IS NULL AND a.id IS NULL GROUP BY i.value"
)
_CHAIN = text(
    "SELECT c.id AS number, c.body, w.run_id FROM (SELECT :key AS key) AS k"
    f" CROSS JOIN chain AS c ON c.id = {ROW_OF} LEFT JOIN work AS w ON w.id = c.work_id"
)
_VERDICT = text(f"SELECT * FROM verdict WHERE id = {current('verdict', 'o.id', ':key')}")
_ADJUDICATION = text("SELECT * FROM adjudication WHERE chain_key = :key")
_NEXT_VERSION = text("SELECT key FROM chain WHERE supersedes = :key ORDER BY id DESC LIMIT 1")
_JUDGED = text(f"SELECT * FROM annotation AS a WHERE a.chain_key = :key AND NOT {IS_PROBE} ORDER BY a.annotator")
_ANSWER_ROWS = (
    "SELECT a.annotator, a.chain_key, a.outcome, a.answer, a.active_seconds, g.chain_key IS NOT NULL,"
    " CASE WHEN g.chain_key IS NOT NULL AND gold.chain_key IS NOT NULL THEN a.answer IS gold.answer END,"
    " a.round_id, s.key IS NOT NULL, a.answered_at FROM annotation AS a"
    " LEFT JOIN round_gold AS g ON g.round_id = a.round_id AND g.chain_key = a.chain_key"
    " LEFT JOIN gold ON gold.chain_key = a.chain_key"
    " LEFT JOIN (SELECT k.key FROM (SELECT DISTINCT chain_key AS key FROM annotation) AS k"
    f" WHERE NOT EXISTS (SELECT 1 FROM chain AS c WHERE c.key = k.key AND {SEEN_CHAIN})) AS s ON s.key = a.chain_key"
    " ORDER BY a.answered_at, a.id"
)
_ANSWERED = (
    "WITH k(key) AS (SELECT DISTINCT chain_key FROM annotation)"
    " SELECT c.key, c.id, c.hop_count, c.composer, (SELECT GROUP_CONCAT(category, char(10)) FROM"
    " (SELECT DISTINCT x.category FROM json_each(c.body, '$.instances') AS i CROSS JOIN instance AS x ON x.key = i.value"
    " ORDER BY x.category))"
    f" FROM k CROSS JOIN chain AS c ON c.id = {ROW_OF}"
)
_VERDICT_COUNTS = text(
    "SELECT v.outcome, COUNT(DISTINCT v.chain_key) FROM verdict AS v JOIN work AS w ON w.id = v.work_id"
    " WHERE w.is_current = 1 AND EXISTS (SELECT 1 FROM annotation AS a WHERE a.chain_key = v.chain_key"
    f" AND NOT {IS_PROBE}) AND EXISTS (SELECT 1 FROM chain AS c WHERE c.key = v.chain_key AND {SEEN_CHAIN})"
    " GROUP BY v.outcome"
)
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


class AnswerRow(NamedTuple):
    """One answer, for statistics.

    Attributes:
        answer: Canonical text; None without a number.
        seconds: Active ones.
        is_gold: Asked to see how the person does; says nothing of the chain.
        is_gold_correct: As the gold says; None where it is no gold (any more).
        round: None outside of rounds.
        is_stale: The question was edited since, or is not there any more.
        answered_at: UTC, ISO 8601.
    """

    annotator: str
    chain_key: ChainKey
    outcome: Outcome
    answer: str | None
    seconds: float
    is_gold: bool
    is_gold_correct: bool | None
    round: int | None
    is_stale: bool
    answered_at: str


class AnsweredChain(NamedTuple):
    """What statistics group answers by.

    Attributes:
        number: As people call it: C-12.
        categories: Of the chain's chosen instances, each once, by name.
    """

    number: int
    hop_count: int
    composer: Composer
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRow:
    """A question that people did not agree on, in a list.

    Attributes:
        number: As people call it: C-12.
        outcome: What it amounts to now: disputed, refused by people, or what the adjudicator made of it.
        tally: Answers (or outcomes without one) and how many gave them, most first.
        adjudication: What was decided; None while it waits.
        next_version: What it was edited into.
        round: The newest in which it was answered; None outside of rounds.
        waits_for: People who are being asked it in an open round and have not answered.
    """

    number: int
    key: ChainKey
    image_key: ImageKey
    image_path: str
    image_width_px: int
    image_height_px: int
    question: str
    outcome: VerdictOutcome | None
    tally: tuple[tuple[str, int], ...]
    adjudication: Adjudication | None
    next_version: ChainKey | None
    round: int | None
    waits_for: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputedAnswer:
    """One person's answer, without who it was.

    Attributes:
        position: From 1, in an order that is always the same and says nothing.
    """

    position: int
    outcome: Outcome
    answer: Answer | None
    reason: AmbiguityReason | None
    note: str
    active_seconds: float
    round: int | None

    @property
    def letter(self) -> str:
        """A, B, C…; after Z the number."""
        return chr(ord("A") + self.position - 1) if self.position <= 26 else str(self.position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A question with the answers side by side.

    Attributes:
        stored: The chain with its steps and proposed answer.
        answers: In an order that says nothing; gold left out.
        tally: Answers (or outcomes without one) and how many gave them, most first.
        majority: The number that more people gave than any other; None where there is none.
        adjudication: What was decided; None while it waits.
        next_version: What it was edited into.
    """

    stored: StoredChain
    verdict: Verdict | None
    answers: tuple[DisputedAnswer, ...]
    tally: tuple[tuple[str, int], ...]
    majority: Answer | None
    adjudication: Adjudication | None
    next_version: ChainKey | None


class AnswerReads(Reads):
    """Answers of people side by side."""

    def judged_annotations(self, chain_key: ChainKey) -> tuple[Annotation, ...]:
        """People's answers that the chain's verdict follows from, by annotator: all but those asked as gold."""
        return tuple(to_annotation(row) for row in self._conn.execute(_JUDGED, {"key": chain_key}))

    def adjudication(self, chain_key: ChainKey) -> Adjudication | None:
        """The adjudicator's decision that stands."""
        row = self._conn.execute(_ADJUDICATION, {"key": chain_key}).first()
        return None if row is None else to_adjudication(row)

    def disputes(self, *, is_settled: bool | None = None, round: int | None = None) -> tuple[DisputeRow, ...]:
        """Questions that wait for an adjudicator, disputed ones first, and then those that have been decided about.

        Args:
            is_settled: Only those decided about, or only those that wait; all when None.
            round: Only those answered in it.
        """
        asked = {"is_settled": None if is_settled is None else int(is_settled), "round": round}
        waited_for = dict(driver(self._conn).execute(_WAITED_FOR).fetchall())
        return tuple(_dispute_row(row, waited_for) for row in self._conn.execute(_DISPUTES, asked))

    def dispute(self, chain_key: ChainKey) -> Dispute | None:
        """One question with its answers, disputed or not; None when there is no such chain."""
        row = self._conn.execute(_CHAIN, {"key": chain_key}).first()
        if row is None:
            return None
        verdict = self._conn.execute(_VERDICT, {"key": chain_key}).first()
        annotations = self.judged_annotations(chain_key)
        return Dispute(
            stored=to_stored_chain(row),
            verdict=None if verdict is None else to_verdict(verdict),
            answers=_without_names(annotations),
            tally=_tally(Counter(_vote(a) for a in annotations).items()),
            majority=_majority(annotations),
            adjudication=self.adjudication(chain_key),
            next_version=self._conn.execute(_NEXT_VERSION, {"key": chain_key}).scalar(),
        )

    def answer_rows(self) -> list[AnswerRow]:
        """All answers there are, gold and stale ones too, in the order they were given."""
        return [
            AnswerRow(
                annotator, ChainKey(key), _OUTCOMES[outcome], answer, seconds, bool(is_gold),
                None if is_right is None else bool(is_right), number, bool(is_stale), at,
            )
            for annotator, key, outcome, answer, seconds, is_gold, is_right, number, is_stale, at in driver(
                self._conn
            ).execute(_ANSWER_ROWS)
        ]  # fmt: skip

    def answered_chains(self) -> dict[ChainKey, AnsweredChain]:
        """What statistics group the answers to each chain by."""
        composers = {composer.value: composer for composer in Composer}
        return {
            ChainKey(key): AnsweredChain(number, hops, composers[by], tuple(names.split("\n")) if names else ())
            for key, number, hops, by, names in driver(self._conn).execute(_ANSWERED)
        }

    def verdict_counts(self) -> dict[VerdictOutcome, int]:
        """How the chains seen stand that people have answered; every outcome is named."""
        found = {VerdictOutcome(outcome): int(count) for outcome, count in self._conn.execute(_VERDICT_COUNTS)}
        return {outcome: found.get(outcome, 0) for outcome in VerdictOutcome}


def _dispute_row(row: Any, waited_for: Mapping[str, int]) -> DisputeRow:
    return DisputeRow(
        number=row.number,
        key=ChainKey(row.chain_key),
        image_key=ImageKey(row.image_key),
        image_path=row.path,
        image_width_px=row.width_px,
        image_height_px=row.height_px,
        question=row.question,
        outcome=None if row.outcome is None else VerdictOutcome(row.outcome),
        tally=_tally((answer, count) for answer, count in json.loads(row.votes or "[]")),
        adjudication=None if row.kind is None else to_adjudication(row),
        next_version=None if row.next_version is None else ChainKey(row.next_version),
        round=row.round_id,
        waits_for=waited_for.get(row.chain_key, 0),
    )


def _without_names(annotations: tuple[Annotation, ...]) -> tuple[DisputedAnswer, ...]:
    # Shuffled by a hash: the same in every window and at every time, and not the order of names.
    shuffled = sorted(annotations, key=lambda a: content_key([a.chain, a.annotator], 64))
    return tuple(
        DisputedAnswer(
            position=position,
            outcome=a.outcome,
            answer=a.answer,
            reason=a.reason,
            note=a.note,
            active_seconds=a.active_seconds,
            round=a.round,
        )
        for position, a in enumerate(shuffled, 1)
    )


def _vote(annotation: Annotation) -> str:
    return annotation.answer.text if annotation.answer else annotation.outcome.value


def _tally(votes: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(votes, key=lambda vote: (-vote[1], vote[0])))


def _majority(annotations: tuple[Annotation, ...]) -> Answer | None:
    numbers = _tally(Counter(a.answer.text for a in annotations if a.answer is not None).items())
    if not numbers or (len(numbers) > 1 and numbers[0][1] == numbers[1][1]):
        return None
    return Answer.of(numbers[0][0])
