"""Reads of annotators, rounds, gold and drafts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.rounds import Annotator, Gold, Round, RoundKind, Standing, standing_of
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.engine import driver
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.values import to_annotator, to_gold, to_round
from hopchain_core.store.visibility import SEEN_CHAIN, STATUS

ASKED_OF_PEOPLE = (ChainStatus.AWAITING, ChainStatus.BY_CONSTRUCTION)
"""Where a chain stands that people are asked about: sound, kept, and without their agreement or dispute."""

_ANNOTATORS = text("SELECT * FROM annotator ORDER BY name")
_ANNOTATOR = text("SELECT * FROM annotator WHERE name = :name")
_HAS_HISTORY = text(
    "SELECT EXISTS (SELECT 1 FROM annotation WHERE annotator = :name)"
    " OR EXISTS (SELECT 1 FROM assignment WHERE annotator = :name)"
    " OR EXISTS (SELECT 1 FROM adjudication WHERE adjudicator = :name)"
)
_GOLD = text("SELECT * FROM gold ORDER BY set_at, chain_key")
_GOLD_OF = text("SELECT * FROM gold WHERE chain_key = :key")
_LIVE_GOLD = text(
    "SELECT gold.chain_key FROM gold"
    f" WHERE EXISTS (SELECT 1 FROM chain AS c WHERE c.key = gold.chain_key AND {SEEN_CHAIN})"
    " AND NOT EXISTS (SELECT 1 FROM mark WHERE mark.chain_key = gold.chain_key AND mark.kind = 'reject')"
    " ORDER BY gold.chain_key"
)
_SEEN_AMONG = text(
    "SELECT k.value FROM json_each(:keys) AS k"
    f" WHERE EXISTS (SELECT 1 FROM chain AS c WHERE c.key = k.value AND {SEEN_CHAIN})"
)
_ROUNDS = text("SELECT * FROM round ORDER BY id")
_ROUND = text("SELECT * FROM round WHERE id = :id")
_ASSIGNMENT = text("SELECT chains FROM assignment WHERE round_id = :round AND annotator = :annotator")
_ASSIGNMENTS = text("SELECT annotator, chains FROM assignment WHERE round_id = :round ORDER BY annotator")
_ROUND_GOLD = text("SELECT chain_key FROM round_gold WHERE round_id = :round")
_QUALIFICATIONS = text(
    "SELECT a.annotator, a.chains, r.pass_mark, MAX(r.id) FROM assignment AS a JOIN round AS r ON r.id = a.round_id"
    f" WHERE r.kind = '{RoundKind.QUALIFICATION.value}' GROUP BY a.annotator"
)
# Nobody is asked any more what was edited, superseded or rejected.
_IS_WITHDRAWN = (
    f"(NOT EXISTS (SELECT 1 FROM chain AS c WHERE c.key = k.value AND {SEEN_CHAIN})"
    " OR EXISTS (SELECT 1 FROM mark WHERE mark.chain_key = k.value AND mark.kind = 'reject'))"
)
_RESULT = text(
    f"SELECT COALESCE(SUM(a.id IS NOT NULL OR NOT {_IS_WITHDRAWN}), 0), COUNT(a.id),"
    " COALESCE(SUM(a.answer = gold.answer), 0) FROM json_each(:chains) AS k"
    " LEFT JOIN annotation AS a ON a.chain_key = k.value AND a.annotator = :annotator"
    " LEFT JOIN gold ON gold.chain_key = k.value"
)
_PROGRESS = (
    "SELECT s.annotator, COUNT(*), COALESCE(SUM(a.id IS NOT NULL), 0),"
    f" COALESCE(SUM(a.id IS NULL AND {_IS_WITHDRAWN}), 0)"
    " FROM assignment AS s CROSS JOIN json_each(s.chains) AS k"
    " LEFT JOIN annotation AS a ON a.chain_key = k.value AND a.annotator = s.annotator"
    " WHERE s.round_id = ? GROUP BY s.annotator ORDER BY s.annotator"
)
_AWAITING = (
    f"SELECT DISTINCT c.key FROM chain AS c WHERE {SEEN_CHAIN}"
    f" AND {STATUS} IN ({', '.join(repr(status.value) for status in ASKED_OF_PEOPLE)})"
    " AND NOT EXISTS (SELECT 1 FROM gold WHERE gold.chain_key = c.key)"
    " AND c.key NOT IN (SELECT k.value FROM round AS r JOIN assignment AS s ON s.round_id = r.id, json_each(s.chains) AS k"
    f" WHERE r.closed_at IS NULL AND r.kind = '{RoundKind.MAIN.value}')"
    " ORDER BY c.id"
)
_HAD = (
    "SELECT a.chain_key, COUNT(*) FROM annotation AS a WHERE NOT EXISTS"
    " (SELECT 1 FROM round_gold AS g WHERE g.round_id = a.round_id AND g.chain_key = a.chain_key) GROUP BY a.chain_key"
)
_SEEN_BY = (
    "SELECT annotator, chain_key FROM annotation"
    " UNION SELECT s.annotator, k.value FROM round AS r JOIN assignment AS s ON s.round_id = r.id,"
    " json_each(s.chains) AS k WHERE r.closed_at IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundProgress:
    """How far one person is in a round.

    Attributes:
        assigned: Items given, gold among them.
        answered: Of them answered.
        withdrawn: Of them unanswered, and edited or rejected since: they are not asked any more.
    """

    annotator: str
    assigned: int
    answered: int
    withdrawn: int

    @property
    def left(self) -> int:
        """Items still to be answered."""
        return self.assigned - self.answered - self.withdrawn


class PeopleReads(Reads):
    """Who answers, what they are given, and how far they are."""

    def annotators(self) -> tuple[Annotator, ...]:
        """Everybody, by name."""
        return tuple(to_annotator(row) for row in self._conn.execute(_ANNOTATORS))

    def annotator(self, name: str) -> Annotator | None:
        """One person; None when there is none of this name."""
        row = self._conn.execute(_ANNOTATOR, {"name": name}).first()
        return None if row is None else to_annotator(row)

    def has_history(self, name: str) -> bool:
        """Whether a person has answered, been given or decided anything."""
        return bool(self._conn.execute(_HAS_HISTORY, {"name": name}).scalar())

    def standings(self) -> dict[str, Standing]:
        """Whether each person is given items of main rounds."""
        asked = {row[0]: (row[1], row[2]) for row in self._conn.execute(_QUALIFICATIONS)}
        return {person.name: self._standing(person, asked.get(person.name)) for person in self.annotators()}

    def standing(self, name: str) -> Standing:
        """Whether one person is given items of main rounds.

        Raises:
            KeyError: There is none of this name.
        """
        person = self.annotator(name)
        if person is None:
            raise KeyError(name)
        row = self._conn.execute(text(f"{_QUALIFICATIONS.text} HAVING a.annotator = :name"), {"name": name}).first()
        return self._standing(person, None if row is None else (row[1], row[2]))

    def gold(self) -> tuple[Gold, ...]:
        """Chains whose answers the curator is sure of, as they were set."""
        return tuple(to_gold(row) for row in self._conn.execute(_GOLD))

    def gold_of(self, chain: ChainKey) -> Gold | None:
        """What the curator is sure of about one chain; None where it is no gold."""
        row = self._conn.execute(_GOLD_OF, {"key": chain}).first()
        return None if row is None else to_gold(row)

    def gold_to_ask(self) -> tuple[ChainKey, ...]:
        """Gold that has been neither edited nor rejected since, by key."""
        return tuple(self._conn.execute(_LIVE_GOLD).scalars())

    def seen_among(self, chains: Iterable[ChainKey]) -> frozenset[ChainKey]:
        """Which of these versions are seen: there, and not edited since."""
        return frozenset(self._conn.execute(_SEEN_AMONG, {"keys": json.dumps(list(chains))}).scalars())

    def rounds(self) -> tuple[Round, ...]:
        """All rounds, oldest first."""
        return tuple(to_round(row) for row in self._conn.execute(_ROUNDS))

    def round(self, number: int) -> Round | None:
        """One round; None when there is none of this number."""
        row = self._conn.execute(_ROUND, {"id": number}).first()
        return None if row is None else to_round(row)

    def open_rounds(self) -> tuple[Round, ...]:
        """Rounds whose items can be answered, oldest first."""
        return tuple(one for one in self.rounds() if one.is_open)

    def assignment(self, number: int, annotator: str) -> tuple[ChainKey, ...]:
        """One person's items of a round in that person's order; empty when nothing was given."""
        found = self._conn.execute(_ASSIGNMENT, {"round": number, "annotator": annotator}).scalar()
        return () if found is None else tuple(json.loads(found))

    def assignments(self, number: int) -> dict[str, tuple[ChainKey, ...]]:
        """Everybody's items of a round."""
        rows = self._conn.execute(_ASSIGNMENTS, {"round": number})
        return {name: tuple(json.loads(items)) for name, items in rows}

    def round_people(self, number: int) -> tuple[str, ...]:
        """Who takes part in a round, by name."""
        return tuple(self.assignments(number))

    def round_gold(self, number: int) -> frozenset[ChainKey]:
        """Which items of a round are gold. For the curator alone."""
        return frozenset(self._conn.execute(_ROUND_GOLD, {"round": number}).scalars())

    def round_progress(self, number: int) -> tuple[RoundProgress, ...]:
        """How far everybody is in a round, by name."""
        rows = driver(self._conn).execute(_PROGRESS, (number,))
        return tuple(
            RoundProgress(annotator=name, assigned=assigned, answered=answered, withdrawn=withdrawn)
            for name, assigned, answered, withdrawn in rows
        )

    def awaiting_people(self) -> tuple[ChainKey, ...]:
        """What the next round offers, oldest first.

        Chains seen, audited without an error, not rejected, not too easy, whose answers have come to nothing yet, that
        are no gold and in no open round.
        """
        return tuple(key for (key,) in driver(self._conn).execute(_AWAITING))

    def answers_had(self) -> dict[ChainKey, int]:
        """How many people have answered each version; what was asked as gold is left out."""
        return dict(driver(self._conn).execute(_HAD).fetchall())

    def chains_met(self) -> dict[str, set[ChainKey]]:
        """By person, the versions they have answered or are being asked in an open round."""
        found: dict[str, set[ChainKey]] = {}
        for name, key in driver(self._conn).execute(_SEEN_BY):
            found.setdefault(name, set()).add(key)
        return found

    def _standing(self, person: Annotator, asked: tuple[str, float] | None) -> Standing:
        count, answered, right = 0, 0, 0
        if asked is not None:
            result = self._conn.execute(_RESULT, {"chains": asked[0], "annotator": person.name})
            count, answered, right = result.one()
        return standing_of(
            is_active=person.is_active,
            is_let_in=person.is_let_in,
            asked=count,
            answered=answered,
            right=right,
            pass_mark=asked[1] if asked else 0.0,
        )
