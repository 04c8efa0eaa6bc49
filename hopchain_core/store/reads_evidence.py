"""What verdicts and difficulties follow from, of some chains or all at once: a few columns each, never a chain's body.

One query of each kind, whether it is one chain that somebody has just answered or ten thousand under a new policy.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.review import Adjudication, Annotation
from hopchain_core.domain.rollouts import FinishReason, Rollout
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.engine import driver
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_answers import IS_PROBE, ROW_OF
from hopchain_core.store.values import to_adjudication, to_annotation, to_answer
from hopchain_core.store.visibility import SEEN_CHAIN, SEEN_INSTANCE, STATUS

NOT_DECIDED = frozenset({ChainStatus.UNAUDITED, ChainStatus.REFUSED})
"""Where a chain may stand so that nothing is decided about it."""

_IS_DECIDED = f"{STATUS} NOT IN ({', '.join(repr(status.value) for status in sorted(NOT_DECIDED))})"
_CHAIN = "image.id, image.key, c.key, c.answer, c.composer, c.is_executable"
_ALL_CHAINS = (
    f"SELECT {_CHAIN} FROM image CROSS JOIN chain_image AS ci ON ci.image_id = image.id AND ci.position = 0"
    f" CROSS JOIN chain AS c ON c.id = ci.chain_id WHERE {SEEN_CHAIN} AND {_IS_DECIDED}"
    " ORDER BY image.path, image.key, c.key"
)
_CHAINS = (
    f"SELECT {_CHAIN} FROM (SELECT value AS key FROM json_each(?)) AS k CROSS JOIN chain AS c ON c.id = {ROW_OF}"
    " CROSS JOIN chain_image AS ci ON ci.chain_id = c.id AND ci.position = 0"
    f" CROSS JOIN image ON image.id = ci.image_id WHERE {_IS_DECIDED} ORDER BY image.path, image.key, c.key"
)
_ALL_ORIGINS = f"SELECT DISTINCT i.image_id, i.origin FROM instance AS i WHERE {SEEN_INSTANCE}"
_ORIGINS = (
    "SELECT DISTINCT i.image_id, i.origin FROM json_each(?) AS k CROSS JOIN instance AS i ON i.image_id = k.value"
    f" WHERE {SEEN_INSTANCE}"
)
_ALL_ANSWERS = f"SELECT a.* FROM annotation AS a WHERE NOT {IS_PROBE} ORDER BY a.annotator"
_ANSWERS = (
    "SELECT a.* FROM json_each(?) AS k CROSS JOIN annotation AS a ON a.chain_key = k.value"
    f" WHERE NOT {IS_PROBE} ORDER BY a.annotator"
)
_ALL_ADJUDICATIONS = "SELECT j.* FROM adjudication AS j"
_ADJUDICATIONS = "SELECT j.* FROM json_each(?) AS k CROSS JOIN adjudication AS j ON j.chain_key = k.value"
# All that was done under the fingerprint that counts for a chain: an item's key begins with that of its chain.
_TRIES = (
    " CROSS JOIN work AS w ON w.stage = 'solve' AND w.fingerprint = cw.fingerprint AND w.status = 'done'"
    " AND w.item_key >= cw.subject || ':' AND w.item_key < cw.subject || ';' JOIN run ON run.id = w.run_id"
)
_TRIED = "SELECT cw.subject, w.fingerprint, run.backend, w.item_key, w.is_current FROM"
_ALL_SOLVED = f"{_TRIED} work AS cw{_TRIES} WHERE cw.stage = 'solve' AND cw.is_current = 1"
_SOLVED = (
    f"{_TRIED} json_each(?) AS k CROSS JOIN work AS cw"
    f" ON cw.stage = 'solve' AND cw.subject = k.value AND cw.is_current = 1{_TRIES}"
)
_ROLLOUTS = (
    "SELECT r.chain_key, r.fingerprint, r.position, r.answer, r.is_correct, r.finish_reason"
    " FROM json_each(?) AS k CROSS JOIN rollout AS r ON r.chain_key = k.value ORDER BY r.chain_key, r.position"
)


class FoundBy(NamedTuple):
    """As much of an instance as says who found it."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class JudgedChain:
    """As much of a chain as is judged."""

    key: ChainKey
    image: ImageKey
    answer: Answer
    composer: Composer
    is_executable: bool


class TriedItem(NamedTuple):
    """What was done with a solver on one chain."""

    fingerprint: str
    backend: BackendSpec
    item_key: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A chain with what was said of it.

    Attributes:
        found_by: Who found the instances of its picture, each once.
        annotations: Of people, by name; without gold.
        tried: Done by the solver that counts; empty where none does.
    """

    chain: JudgedChain
    found_by: tuple[FoundBy, ...]
    annotations: tuple[Annotation, ...]
    adjudication: Adjudication | None
    tried: tuple[TriedItem, ...]


def said_of(read: Reader, chains: Collection[ChainKey] | None = None) -> Iterator[Said]:
    """Chains that were audited without an error, with what was said of them; by the path of their picture and their key.

    Args:
        read: One snapshot.
        chains: These versions, seen or not; all that are seen when None.
    """
    keys = None if chains is None else json.dumps(list(chains))
    answers: dict[str, list[Annotation]] = {}
    for row in _rows(read, _ALL_ANSWERS, _ANSWERS, keys):
        answers.setdefault(row.chain_key, []).append(to_annotation(row))
    adjudications = {
        row.chain_key: to_adjudication(row) for row in _rows(read, _ALL_ADJUDICATIONS, _ADJUDICATIONS, keys)
    }
    tried = _tried(read, keys)
    rows: Iterable[tuple[Any, ...]] = _tuples(read, _ALL_CHAINS, _CHAINS, keys)
    if keys is not None:
        rows = list(rows)
    pictures = None if keys is None else json.dumps(sorted({row[0] for row in rows}))
    origins: dict[int, list[FoundBy]] = {}
    for image_id, origin in _tuples(read, _ALL_ORIGINS, _ORIGINS, pictures):
        origins.setdefault(image_id, []).append(FoundBy(Origin(origin)))
    for image_id, image, key, answer, composer, is_executable in rows:
        number = to_answer(answer)
        assert number is not None
        yield Said(
            JudgedChain(ChainKey(key), ImageKey(image), number, Composer(composer), bool(is_executable)),
            tuple(origins.get(image_id, ())),
            tuple(answers.get(key, ())),
            adjudications.get(key),
            tuple(tried.get(key, ())),
        )


def rollouts_of(read: Reader, chains: Collection[ChainKey]) -> dict[tuple[ChainKey, str], list[Rollout]]:
    """Attempts at these chains by chain and solver's fingerprint, in order; without their texts."""
    found: dict[tuple[ChainKey, str], list[Rollout]] = {}
    rows = _tuples(read, "", _ROLLOUTS, json.dumps(list(chains)))
    for key, fingerprint, position, answer, is_correct, finish_reason in rows:
        made = Rollout(
            chain=ChainKey(key),
            index=position,
            text="",
            answer=to_answer(answer),
            is_correct=bool(is_correct),
            finish_reason=FinishReason(finish_reason),
        )
        found.setdefault((made.chain, fingerprint), []).append(made)
    return found


def _tried(read: Reader, keys: str | None) -> dict[str, list[TriedItem]]:
    found: dict[str, list[TriedItem]] = {}
    backends: dict[str, BackendSpec] = {}
    for subject, fingerprint, backend, item_key, is_current in _tuples(read, _ALL_SOLVED, _SOLVED, keys):
        if backend is None:
            continue
        if backend not in backends:
            backends[backend] = BackendSpec.from_json(json.loads(backend))
        found.setdefault(subject, []).append(TriedItem(fingerprint, backends[backend], item_key, bool(is_current)))
    return found


def _tuples(read: Reader, of_all: str, of_some: str, keys: str | None) -> Iterator[tuple[Any, ...]]:
    connection = driver(read._conn)
    return iter(connection.execute(of_all) if keys is None else connection.execute(of_some, (keys,)))


def _rows(read: Reader, of_all: str, of_some: str, keys: str | None) -> Iterator[Any]:
    sql, values = (of_all, ()) if keys is None else (of_some, (keys,))
    return iter(read._conn.exec_driver_sql(sql, values))
