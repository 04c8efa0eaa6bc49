"""What an export reads, some hundred chains at a time: six queries a batch instead of six a chain.

Also the mark of a project's state by which an export that was broken off knows whether it may go on.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from hopchain_core.domain.findings import Finding
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ChainKey, ImageKey, RunId
from hopchain_core.domain.review import Mark, Verdict
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.engine import driver
from hopchain_core.store.reader import Reader
from hopchain_core.store.values import (
    StoredChain,
    to_category,
    to_difficulty,
    to_finding,
    to_image,
    to_instance,
    to_mark,
    to_stored_chain,
    to_verdict,
)
from hopchain_core.store.visibility import SEEN_CHAIN, SEEN_INSTANCE, STATUS, TOO_HARD

BATCH = 500
"""Chains read at once. Chosen: their bodies are some megabytes."""

_FROM_KEYS = "FROM json_each(:keys) AS k CROSS JOIN"
_CHAINS = text(
    "SELECT c.id AS number, c.body, run_work.run_id AS run_id"
    " FROM image CROSS JOIN chain_image AS ci ON ci.image_id = image.id AND ci.position = 0"
    " CROSS JOIN chain AS c ON c.id = ci.chain_id LEFT JOIN work AS run_work ON run_work.id = c.work_id"
    f" WHERE {SEEN_CHAIN} ORDER BY image.path, image.key, c.key LIMIT -1 OFFSET :after"
)
_NUMBERED = text(
    "SELECT c.id AS number, c.body, run_work.run_id AS run_id FROM json_each(:numbers) AS k"
    " CROSS JOIN chain AS c ON c.id = k.value LEFT JOIN work AS run_work ON run_work.id = c.work_id ORDER BY k.key"
)
_STATUS = text(f"SELECT c.key, {STATUS} FROM (SELECT value AS key FROM json_each(:keys)) AS c")
_MARKS = text(f"SELECT o.* {_FROM_KEYS} mark AS o ON o.chain_key = k.value")
_OF_CURRENT_WORK = (
    "SELECT o.*{} {} {} AS o ON o.chain_key = k.value JOIN work ON work.id = o.work_id WHERE work.is_current = 1"
)
_FINDINGS, _VERDICTS, _DIFFICULTIES = (
    text(f"{_OF_CURRENT_WORK.format(more, _FROM_KEYS, table)} ORDER BY o.id")
    for table, more in (("finding", ""), ("verdict", ""), ("difficulty", f", {TOO_HARD} AS is_too_hard"))
)
_SOLVERS = text(
    f"SELECT o.subject, MAX(o.run_id) {_FROM_KEYS} work AS o ON o.stage = 'solve' AND o.subject = k.value"
    " WHERE o.is_current = 1 GROUP BY o.subject"
)
_IMAGES = text(f"SELECT o.* {_FROM_KEYS} image AS o ON o.key = k.value")
_CATEGORIES = text(
    f"SELECT image.key AS image_key, o.name, o.estimated_count, o.is_countable {_FROM_KEYS} image ON image.key = k.value"
    " CROSS JOIN category AS o ON o.image_id = image.id JOIN work ON work.id = o.work_id WHERE work.is_current = 1"
    " ORDER BY o.name, o.id"
)
_INSTANCES = text(
    f"SELECT i.*, image.key AS image_key, image.width_px, image.height_px {_FROM_KEYS} image ON image.key = k.value"
    f" CROSS JOIN instance AS i ON i.image_id = image.id WHERE {SEEN_INSTANCE}"
    " ORDER BY i.category, i.x0, i.y0, i.key"
)
_STATE = (
    "SELECT name, value FROM project ORDER BY name",
    "SELECT id, key, path, licence, source, split_group, perceptual_hash FROM image ORDER BY id",
    "SELECT run_id, stage, status, COUNT(*), MAX(id), SUM(id), SUM(is_current), SUM(id * is_current) FROM work"
    " GROUP BY run_id, stage, status ORDER BY run_id, stage, status",
    "SELECT COUNT(*), MAX(id), SUM(id), SUM(work_id), SUM(version) FROM chain",
    "SELECT COUNT(*), MAX(id), SUM(id), SUM(is_removed), SUM(is_hidden) FROM instance",
    "SELECT COUNT(*), MAX(id), SUM(id) FROM category",
    "SELECT COUNT(*), MAX(id), SUM(id) FROM finding",
    "SELECT id, outcome, label, votes FROM verdict ORDER BY id",
    "SELECT id, n, n_correct, is_kept FROM difficulty ORDER BY id",
    "SELECT chain_key, kind, reason FROM mark ORDER BY chain_key",
    "SELECT chain_key, kind, label FROM adjudication ORDER BY chain_key",
    "SELECT id, made_at, state FROM undo_step ORDER BY id",
)
"""Everything that a change of the project leaves a trace in; rows that are only ever added are summed up."""


@dataclass(frozen=True, slots=True)
class ChainSaid:
    """What has been said of a chain, as it counts now."""

    status: ChainStatus
    mark: Mark | None
    findings: tuple[Finding, ...]
    verdict: Verdict | None
    difficulty: Difficulty | None


@dataclass(frozen=True, slots=True)
class PictureSeen:
    """A picture with what is seen in it now."""

    image: Image
    categories: tuple[Category, ...]
    instances: tuple[Instance, ...]


def chain_batches(read: Reader, after: int = 0) -> Iterator[list[StoredChain]]:
    """Chains seen, by the path of their picture and their key, some at a time.

    Args:
        read: One snapshot; rows are fetched as they are asked for.
        after: So many of the first are left out.
    """
    rows = read._conn.execute(_CHAINS, {"after": after})
    for part in rows.partitions(BATCH):
        yield [to_stored_chain(row) for row in part]


def chains_numbered(read: Reader, numbers: Collection[int]) -> list[StoredChain]:
    """These chains, in this order."""
    return [to_stored_chain(row) for row in read._conn.execute(_NUMBERED, {"numbers": json.dumps(list(numbers))})]


def said_of_chains(read: Reader, keys: Collection[ChainKey]) -> dict[ChainKey, ChainSaid]:
    """What has been said of these versions, seen or not."""
    asked = json.dumps(list(keys))

    def by_chain(query: TextClause) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for row in read._conn.execute(query, {"keys": asked}):
            found[row.chain_key].append(row)
        return found

    marks, findings = by_chain(_MARKS), by_chain(_FINDINGS)
    verdicts, difficulties = by_chain(_VERDICTS), by_chain(_DIFFICULTIES)
    return {
        ChainKey(key): ChainSaid(
            status=ChainStatus(status),
            mark=to_mark(marks[key][0]) if key in marks else None,
            findings=tuple(to_finding(row) for row in findings.get(key, ())),
            verdict=to_verdict(verdicts[key][-1]) if key in verdicts else None,
            difficulty=to_difficulty(difficulties[key][-1]) if key in difficulties else None,
        )
        for key, status in read._conn.execute(_STATUS, {"keys": asked})
    }


def solvers_of_chains(read: Reader, keys: Collection[ChainKey]) -> dict[ChainKey, RunId]:
    """The run that tried each of these versions, as far as a solver did."""
    asked = {"keys": json.dumps(list(keys))}
    return {ChainKey(key): RunId(run) for key, run in read._conn.execute(_SOLVERS, asked) if run is not None}


def pictures_seen(read: Reader, keys: Collection[ImageKey]) -> dict[ImageKey, PictureSeen]:
    """These pictures with their categories and instances, ordered as `Reader.categories` and `Reader.instances`."""
    asked = {"keys": json.dumps(list(keys))}
    categories: dict[str, list[Category]] = defaultdict(list)
    for row in read._conn.execute(_CATEGORIES, asked):
        categories[row.image_key].append(to_category(row))
    instances: dict[str, list[Instance]] = defaultdict(list)
    for row in read._conn.execute(_INSTANCES, asked):
        instances[row.image_key].append(to_instance(row))
    return {
        ImageKey(row.key): PictureSeen(
            to_image(row), tuple(categories.get(row.key, ())), tuple(instances.get(row.key, ()))
        )
        for row in read._conn.execute(_IMAGES, asked)
    }


def state_of(read: Reader) -> str:
    """64 hex digits that change with anything an export could see; the same after the project was closed and opened."""
    digest = hashlib.sha256()
    connection = driver(read._conn)
    for query in _STATE:
        for row in connection.execute(query):
            digest.update(repr(tuple(row)).encode())
        digest.update(b"|")
    return digest.hexdigest()
