"""Reads of chains and of what is said of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from sqlalchemy import TextClause, text

from hopchain_core.domain.chains import Chain, instances_of
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey
from hopchain_core.domain.review import Annotation, Comment, Mark, Verdict
from hopchain_core.domain.rollouts import Difficulty, Rollout
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import InputError
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.values import (
    StoredChain,
    to_annotation,
    to_difficulty,
    to_finding,
    to_mark,
    to_rollout,
    to_stored_chain,
    to_verdict,
)
from hopchain_core.store.visibility import SEEN_CHAIN, STATUS, TOO_HARD, current

_STORED = "c.id AS number, c.body, run_work.run_id AS run_id"
_FROM_CHAIN = "chain AS c LEFT JOIN work AS run_work ON run_work.id = c.work_id"
_KEYS_SHOWN = 5

_ALL_CHAINS = text(
    f"SELECT {_STORED} FROM image CROSS JOIN chain_image AS ci ON ci.image_id = image.id AND ci.position = 0"
    " CROSS JOIN chain AS c ON c.id = ci.chain_id LEFT JOIN work AS run_work ON run_work.id = c.work_id"
    f" WHERE {SEEN_CHAIN} ORDER BY image.path, image.key, c.key"
)
_IMAGE_CHAINS = text(
    f"SELECT {_STORED} FROM image CROSS JOIN chain_image AS ci ON ci.image_id = image.id"
    " CROSS JOIN chain AS c ON c.id = ci.chain_id LEFT JOIN work AS run_work ON run_work.id = c.work_id"
    f" WHERE image.key = :key AND {SEEN_CHAIN} ORDER BY c.key"
)
_BY_NUMBER = text(f"SELECT {_STORED} FROM {_FROM_CHAIN} WHERE c.id = :number")
_BY_KEY = text(
    f"SELECT {_STORED} FROM {_FROM_CHAIN} WHERE c.key = :key"
    " ORDER BY c.work_id IS NULL DESC, run_work.is_current DESC, c.id DESC LIMIT 1"
)
_BY_PREFIX = text(f"SELECT DISTINCT key FROM chain WHERE key >= :low AND key < :high LIMIT {_KEYS_SHOWN + 1}")
_FINDINGS = text(
    "SELECT f.* FROM finding AS f JOIN work ON work.id = f.work_id"
    " WHERE f.chain_key = :key AND work.is_current = 1 ORDER BY f.id"
)
_ANNOTATIONS = text("SELECT * FROM annotation WHERE chain_key = :key ORDER BY annotator")
_ROLLOUTS = text("SELECT * FROM rollout WHERE chain_key = :key AND fingerprint = :fingerprint ORDER BY position")
_SOLVER = text("SELECT fingerprint FROM work WHERE stage = 'solve' AND subject = :key AND is_current = 1")
_VERDICT = text(f"SELECT * FROM verdict WHERE id = {current('verdict', 'o.id', ':key')}")
_DIFFICULTY = text(
    f"SELECT o.*, {TOO_HARD} AS is_too_hard FROM difficulty AS o WHERE o.id = {current('difficulty', 'o.id', ':key')}"
)
_COMMENTS = text(
    "SELECT o.chain_key, o.author, o.text, o.written_at FROM json_each(:keys) AS k"
    " CROSS JOIN comment AS o ON o.chain_key = k.value ORDER BY o.id"
)
_LATER_VERSIONS = text("SELECT DISTINCT key FROM chain WHERE supersedes = :key ORDER BY id")
_PICTURES_OF_INSTANCES = text(
    "SELECT DISTINCT image.key FROM json_each(:keys) AS k CROSS JOIN instance AS i ON i.key = k.value"
    " JOIN image ON image.id = i.image_id"
)
_EDITED_AT = text(
    "SELECT s.made_at FROM undo_change AS u JOIN undo_step AS s ON s.id = u.step_id"
    " WHERE u.table_name = 'chain' AND u.row_key = :key AND u.before IS NULL AND s.state = 'done' ORDER BY s.id DESC LIMIT 1"
)
_MARK = text("SELECT * FROM mark WHERE chain_key = :key")
_STATUS = text(f"SELECT {STATUS} FROM (SELECT :key AS key) AS c")
_STATUS_COUNTS = text(f"SELECT {STATUS} AS status, COUNT(*) FROM chain AS c WHERE {SEEN_CHAIN} GROUP BY status")


class ChainReads(Reads):
    """Chains, findings, answers, rollouts, verdicts and where a chain stands."""

    def chains(self, image_key: ImageKey | None = None) -> Iterator[StoredChain]:
        """Chains seen, of one picture or of all, by the path of their (first) picture and their key."""
        if image_key is None:
            rows = self._conn.execute(_ALL_CHAINS)
        else:
            rows = self._conn.execute(_IMAGE_CHAINS, {"key": image_key})
        return (to_stored_chain(row) for row in rows)

    def chain(self, name: str) -> StoredChain:
        """A chain, seen or not, by what a person calls it: its number (12, C-12), its key, or the beginning of its key.

        Raises:
            InputError: There is none, or several keys begin so.
        """
        name = name.strip()
        number = re.fullmatch(r"(?:[cC]-?)?([0-9]{1,15})", name)
        if number:
            row = self._conn.execute(_BY_NUMBER, {"number": int(number[1])}).first()
            if row is not None:
                return to_stored_chain(row)
        prefix = name.lower()
        if re.fullmatch(r"[0-9a-f]+", prefix):
            # "g" comes right after the last hex digit.
            keys = self._conn.execute(_BY_PREFIX, {"low": prefix, "high": prefix + "g"}).scalars().all()
            if len(keys) > 1:
                shown = ", ".join(sorted(keys)[:_KEYS_SHOWN])
                raise InputError(f"Several chains begin with {name}: {shown}…", hint="Give more of the key.")
            if keys:
                return to_stored_chain(self._conn.execute(_BY_KEY, {"key": keys[0]}).one())
        raise InputError(
            f"There is no chain {name!r} in this project.",
            hint="Give a number such as C-12, or a key or its beginning.",
        )

    def chain_by_key(self, key: ChainKey) -> Chain | None:
        """A version of a chain, seen or not; None when it is not there."""
        row = self._conn.execute(_BY_KEY, {"key": key}).first()
        return None if row is None else to_stored_chain(row).chain

    def versions(self, chain_key: ChainKey) -> tuple[StoredChain, ...]:
        """The versions of a chain, earlier and later than the one named, seen or not; by version, then as they came."""
        found = {}
        ahead = [chain_key]
        while ahead:
            key = ahead.pop()
            row = None if key in found else self._conn.execute(_BY_KEY, {"key": key}).first()
            if row is None:
                continue
            found[key] = stored = to_stored_chain(row)
            ahead += [ChainKey(later) for later in self._conn.execute(_LATER_VERSIONS, {"key": key}).scalars()]
            if stored.chain.supersedes is not None:
                ahead.append(stored.chain.supersedes)
        return tuple(sorted(found.values(), key=lambda stored: (stored.chain.version, stored.number)))

    def edited_at(self, stored: StoredChain) -> str | None:
        """When a person made this version, UTC as ISO 8601; None where it is not known."""
        found = self._conn.execute(_EDITED_AT, {"key": json.dumps([stored.number])}).scalar()
        return None if found is None else str(found)

    def chains_using(self, instances: Iterable[InstanceKey]) -> tuple[StoredChain, ...]:
        """Chains seen that were made for one of these instances or refer to one in a hop; ordered as `chains`."""
        asked = frozenset(instances)
        pictures = self._conn.execute(_PICTURES_OF_INSTANCES, {"keys": json.dumps(sorted(asked))}).scalars().all()
        return tuple(
            stored
            for picture in sorted(pictures)
            for stored in self.chains(ImageKey(picture))
            if asked & instances_of(stored.chain)
        )

    def comments(self, chain_keys: Iterable[ChainKey]) -> tuple[Comment, ...]:
        """What people wrote to these versions, oldest first."""
        rows = self._conn.execute(_COMMENTS, {"keys": json.dumps(sorted(set(chain_keys)))})
        return tuple(
            Comment(chain=ChainKey(row.chain_key), author=row.author, text=row.text, written_at=row.written_at)
            for row in rows
        )

    def findings(self, chain_key: ChainKey) -> tuple[Finding, ...]:
        """What the current audit found, in its order."""
        return tuple(to_finding(row) for row in self._conn.execute(_FINDINGS, {"key": chain_key}))

    def annotations(self, chain_key: ChainKey) -> tuple[Annotation, ...]:
        """People's answers, by annotator."""
        return tuple(to_annotation(row) for row in self._conn.execute(_ANNOTATIONS, {"key": chain_key}))

    def rollouts(self, chain_key: ChainKey, fingerprint: str | None = None) -> tuple[Rollout, ...]:
        """Attempts of the solver with this fingerprint, by index; of the current one when None."""
        if fingerprint is None:
            fingerprint = self._conn.execute(_SOLVER, {"key": chain_key}).scalar()
            if fingerprint is None:
                return ()
        rows = self._conn.execute(_ROLLOUTS, {"key": chain_key, "fingerprint": fingerprint})
        return tuple(to_rollout(row) for row in rows)

    def verdict(self, chain_key: ChainKey) -> Verdict | None:
        """What follows from people's answers, as currently decided."""
        row = self._first(_VERDICT, chain_key)
        return None if row is None else to_verdict(row)

    def difficulty(self, chain_key: ChainKey) -> Difficulty | None:
        """How often the weaker model solved it, as currently decided."""
        row = self._first(_DIFFICULTY, chain_key)
        return None if row is None else to_difficulty(row)

    def mark(self, chain_key: ChainKey) -> Mark | None:
        """The curator's decision that stands."""
        row = self._first(_MARK, chain_key)
        return None if row is None else to_mark(row)

    def status(self, chain_key: ChainKey) -> ChainStatus:
        """Where a chain stands."""
        return ChainStatus(self._conn.execute(_STATUS, {"key": chain_key}).scalar_one())

    def status_counts(self) -> dict[ChainStatus, int]:
        """How many of the chains seen stand where; every status is named."""
        found = {ChainStatus(status): int(count) for status, count in self._conn.execute(_STATUS_COUNTS)}
        return {status: found.get(status, 0) for status in ChainStatus}

    def _first(self, query: TextClause, chain_key: ChainKey) -> object | None:
        return self._conn.execute(query, {"key": chain_key}).first()
