"""Reads of a project as a whole: what is left at each step, what it has cost, what its chains are made of.

Sums are made by SQLite, not row by row; what has to be read out of a chain's body is read of some chains only, taken
evenly, and says of how many.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlalchemy import text

from hopchain_core.domain.chains import Composer, HopKind, Level, kinds_of
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.overview import Loss, StageCost, Step, median, step
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.operations import operation_name
from hopchain_core.domain.rules import outcomes_of
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.engine import driver
from hopchain_core.store.reads_chains import ChainReads
from hopchain_core.store.reads_runs import RunReads
from hopchain_core.store.reads_sources import SourceReads
from hopchain_core.store.visibility import FAILING, SEEN_CHAIN, SEEN_INSTANCE, STATUS, current

LEAST_INSTANCES = 3
"""A chain is made over three to six instances (HopChain), so a picture with fewer has none."""
MOST_BODIES = 4000
"""At most so many chains are read for what their hops are made of. Chosen."""
MOST_CONDITIONS = 600
"""At most so many chains are looked at for how their conditions come out, which needs their pictures. Chosen."""
SOUND = frozenset(ChainStatus) - {ChainStatus.REJECTED, ChainStatus.REFUSED}
"""Where a chain stands whose answer, length and hops are counted: as the rules over all chains do."""
LABELLED = (ChainStatus.VERIFIED, ChainStatus.ADJUDICATED, ChainStatus.BY_CONSTRUCTION)
"""Where a chain stands that has a label."""

_AGREED = (ChainStatus.VERIFIED, ChainStatus.ADJUDICATED)

_SEEN_OF_IMAGE = f"SELECT 1 FROM instance AS i WHERE i.image_id = image.id AND {SEEN_INSTANCE}"
_HAS_CHAIN = (
    "EXISTS (SELECT 1 FROM chain_image AS ci JOIN chain AS c ON c.id = ci.chain_id"
    f" WHERE ci.image_id = image.id AND {SEEN_CHAIN})"
)
_WAS_DONE = "EXISTS (SELECT 1 FROM work AS w WHERE w.stage = '{}' AND w.subject = image.key AND w.is_current = 1)"
_FAILS = f"image.key IN (SELECT subject FROM work WHERE id IN ({FAILING}))"
_PLACE = (
    f"CASE WHEN {_HAS_CHAIN} THEN 'with_chain'"
    f" WHEN {_FAILS} THEN 'failing'"
    f" WHEN NOT EXISTS ({_SEEN_OF_IMAGE})"
    f" THEN CASE WHEN {_WAS_DONE.format('segment')} THEN 'no_instance' ELSE 'not_segmented' END"
    f" WHEN (SELECT COUNT(*) FROM ({_SEEN_OF_IMAGE} LIMIT {LEAST_INSTANCES})) < {LEAST_INSTANCES} THEN 'few_instances'"
    f" WHEN NOT {_WAS_DONE.format('compose')} THEN 'not_composed' ELSE 'no_chain_kept' END"
)
_PLACES = f"SELECT {_PLACE} AS place, COUNT(*) FROM image GROUP BY place"
_IN_PLACE = f"SELECT image.id FROM image WHERE {_PLACE} = :place ORDER BY image.path, image.key"
_LABEL = f"COALESCE({current('verdict', 'o.label', 'c.key')}, c.answer)"
_CHAINS = (
    f"SELECT {STATUS} AS status, c.hop_count, c.composer, {_LABEL} AS label,"
    f" COALESCE({current('difficulty', 'o.is_simulated', 'c.key')}, 0) AS simulated, COUNT(*)"
    f" FROM chain AS c WHERE {SEEN_CHAIN} GROUP BY 1, 2, 3, 4, 5"
)
_STAGES = "SELECT stage, SUM(status = 'done'), SUM(seconds) FROM work GROUP BY stage"
_TOKENS = "SELECT COUNT(*), COUNT(tokens), SUM(tokens) FROM rollout"
_REFUSED_FILES = "SELECT reason, COUNT(*) FROM refused_file GROUP BY reason"
_SOUND_IDS = (
    f"SELECT c.id, c.key FROM chain AS c WHERE {SEEN_CHAIN} AND {STATUS} IN (SELECT value FROM json_each(:sound))"
)
_BODIES = "SELECT c.id, c.key FROM chain AS c WHERE c.id IN (SELECT value FROM json_each(:ids)) ORDER BY c.id"
_PEOPLE = text(
    "SELECT a.annotator, a.outcome, a.active_seconds FROM annotation AS a"
    f" WHERE EXISTS (SELECT 1 FROM chain AS c WHERE c.key = a.chain_key AND {SEEN_CHAIN}) ORDER BY a.annotator, a.id"
)


class PicturePlace(StrEnum):
    """How far a picture came; each is in one place."""

    WITH_CHAIN = "with_chain"
    FAILING = "failing"
    """A stage fails on it."""
    NOT_SEGMENTED = "not_segmented"
    NO_INSTANCE = "no_instance"
    FEW_INSTANCES = "few_instances"
    NOT_COMPOSED = "not_composed"
    NO_CHAIN_KEPT = "no_chain_kept"
    """Chains were drafted over it, and none was kept."""


@dataclass(frozen=True, slots=True)
class PersonTime:
    """What one person has put in.

    Attributes:
        name: Of the person.
        answers: Questions answered, however it ended.
        numbers: Of them, with a number.
        seconds: Active seconds, all together.
        median_seconds: Of one question.
    """

    name: str
    answers: int
    numbers: int
    seconds: float
    median_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFigures:
    """A project in figures.

    Attributes:
        pictures: From files to pictures with a chain.
        chains: From drafts to chains with a label, and to those that the strictest export takes.
        drafts_refused: Drafts that composing did not keep, by reason, most first.
        labels: How often each number is the answer of a sound chain.
        hop_counts: Sound chains by how many hops they have.
        composers: Sound chains by who wrote them.
        statuses: All chains seen by where they stand; every status is named.
        stages: What each stage has cost.
        rollouts: All there are.
        tokens: Of the replies of those of which it is known.
        rollouts_with_tokens: How many those are.
        people: What each person put in, most first.
    """

    pictures: tuple[Step, ...] = ()
    chains: tuple[Step, ...] = ()
    drafts_refused: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    hop_counts: dict[int, int] = field(default_factory=dict)
    composers: dict[Composer, int] = field(default_factory=dict)
    statuses: dict[ChainStatus, int] = field(default_factory=dict)
    stages: tuple[StageCost, ...] = ()
    rollouts: int = 0
    tokens: int = 0
    rollouts_with_tokens: int = 0
    people: tuple[PersonTime, ...] = ()

    @property
    def records(self) -> int:
        """Chains with a label."""
        return sum(self.statuses.get(status, 0) for status in LABELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class HopFigures:
    """What the hops of sound chains are made of.

    Attributes:
        chains: Sound chains there are.
        read: Of them, looked at.
        hops: Of those.
        levels: Hops by level; None for one that only calculates.
        kinds: Hops by kind; a hop may be of both or of neither.
        operations: Hops by what they do; empty text for hops without an operation.
        with_both: Chains with both kinds of hop.
        having: Of those looked at, numbers of the chains that have a hop of a level or kind.
        conditions_read: Chains looked at for their conditions.
        conditions: If-then-else conditions that are known to come out.
        no: Of them, "no".
        with_yes: Numbers of the chains with a condition that comes out "yes".
        with_no: Those with one that comes out "no".
    """

    chains: int = 0
    read: int = 0
    hops: int = 0
    levels: dict[Level | None, int] = field(default_factory=dict)
    kinds: dict[HopKind, int] = field(default_factory=dict)
    operations: dict[str, int] = field(default_factory=dict)
    with_both: int = 0
    having: dict[Level | HopKind | None, tuple[int, ...]] = field(default_factory=dict)
    conditions_read: int = 0
    conditions: int = 0
    no: int = 0
    with_yes: tuple[int, ...] = ()
    with_no: tuple[int, ...] = ()


class DashboardReads(SourceReads, ChainReads, RunReads):
    """A project as a whole."""

    def project_figures(self) -> ProjectFigures:
        """Everything that sums give. Walks all pictures and chains: not for a window's own thread."""
        run = driver(self._conn).execute
        labels, hop_counts, composers, statuses = Counter[str](), Counter[int](), Counter[str](), Counter[str]()
        simulated = 0
        for status, hops, composer, label, is_simulated, count in run(_CHAINS):
            statuses[status] += count
            if is_simulated and ChainStatus(status) in _AGREED:
                simulated += count
            if ChainStatus(status) in SOUND:
                labels[label] += count
                hop_counts[hops] += count
                composers[composer] += count
        by_status = {status: statuses[status.value] for status in ChainStatus}
        drafts = self.refusals("compose", limit=0).counts
        n_rollouts, with_tokens, tokens = run(_TOKENS).fetchone()
        return ProjectFigures(
            pictures=self._picture_steps(),
            chains=_chain_steps(by_status, drafts, simulated),
            drafts_refused=drafts,
            labels=dict(labels),
            hop_counts=dict(sorted(hop_counts.items())),
            composers={Composer(name): count for name, count in composers.items()},
            statuses=by_status,
            stages=tuple(
                StageCost(stage, int(done or 0), float(seconds or 0)) for stage, done, seconds in run(_STAGES)
            ),
            rollouts=n_rollouts,
            tokens=tokens or 0,
            rollouts_with_tokens=with_tokens,
            people=self._people(),
        )

    def hop_figures(self, most: int = MOST_BODIES, most_conditions: int = MOST_CONDITIONS) -> HopFigures:
        """What hops are made of; of at most so many chains, taken evenly. Not for a window's own thread."""
        sound = self._sound()
        found = HopFigures(chains=len(sound))
        levels, kinds, operations = Counter[Level | None](), Counter[HopKind](), Counter[str]()
        having: dict[Level | HopKind | None, list[int]] = {}
        read = hops = both = 0
        for number, key in _evenly(sound, most):
            chain = self.chain_by_key(key)
            if chain is None:
                continue
            read += 1
            seen: set[HopKind] = set()
            for level in {hop.level for hop in chain.hops}:
                having.setdefault(level, []).append(number)
            for hop in chain.hops:
                hops += 1
                levels[hop.level] += 1
                operations["" if hop.operation is None else operation_name(hop.operation)] += 1
                of_hop = kinds_of(hop, chain)
                kinds.update(of_hop)
                seen |= of_hop
            both += len(seen) == len(HopKind)
            for kind in seen:
                having.setdefault(kind, []).append(number)
        found = replace(
            found,
            read=read,
            hops=hops,
            levels=dict(levels),
            kinds={kind: kinds[kind] for kind in HopKind},
            operations=dict(operations.most_common()),
            with_both=both,
            having={what: tuple(numbers) for what, numbers in having.items()},
        )
        return self._with_conditions(found, _evenly(sound, most_conditions))

    def pictures_in(self, place: PicturePlace) -> array[int]:
        """Rows of the pictures that came so far, by path."""
        rows = driver(self._conn).execute(_IN_PLACE, {"place": place.value})
        return array("q", (number for (number,) in rows))

    def chains_with(
        self, *, label: str | None = None, hop_count: int | None = None, statuses: tuple[ChainStatus, ...] = ()
    ) -> array[int]:
        """Numbers of the chains seen with this label, so many hops, standing so; sound ones when nothing is said of it."""
        asked = statuses or tuple(sorted(SOUND))
        sql = (
            f"SELECT c.id FROM chain AS c WHERE {SEEN_CHAIN} AND {STATUS} IN (SELECT value FROM json_each(:statuses))"
            f" AND (:label IS NULL OR {_LABEL} = :label) AND (:hops IS NULL OR c.hop_count = :hops) ORDER BY c.id"
        )
        values = {"statuses": json.dumps([s.value for s in asked]), "label": label, "hops": hop_count}
        return array("q", (number for (number,) in driver(self._conn).execute(sql, values)))

    def chains_answered_by(self, person: str) -> array[int]:
        """Numbers of the chains seen that a person answered."""
        sql = (
            f"SELECT DISTINCT c.id FROM annotation AS a JOIN chain AS c ON c.key = a.chain_key AND {SEEN_CHAIN}"
            " WHERE a.annotator = :person ORDER BY c.id"
        )
        return array("q", (number for (number,) in driver(self._conn).execute(sql, {"person": person})))

    def _picture_steps(self) -> tuple[Step, ...]:
        run = driver(self._conn).execute
        refused = tuple(Loss(f"file.{reason}", count) for reason, count in run(_REFUSED_FILES))
        places = {PicturePlace(place): int(count) for place, count in run(_PLACES)}
        images = sum(places.values())

        def at(*asked: PicturePlace) -> tuple[Loss, ...]:
            still = (PicturePlace.FAILING, PicturePlace.NOT_SEGMENTED, PicturePlace.NOT_COMPOSED)
            return tuple(Loss(place.value, places.get(place, 0), place in still) for place in asked)

        files = Step("files", images + sum(loss.count for loss in refused), unit="files")
        taken = step("pictures", files.count, refused, "pictures")
        place = PicturePlace
        enough = step(
            "with_instances",
            taken.count,
            at(place.NOT_SEGMENTED, place.NO_INSTANCE, place.FEW_INSTANCES, place.FAILING),
            "pictures",
        )
        chained = step("with_chain", enough.count, at(place.NOT_COMPOSED, place.NO_CHAIN_KEPT), "pictures")
        return files, taken, enough, chained

    def _people(self) -> tuple[PersonTime, ...]:
        spent: dict[str, list[float]] = {}
        numbers: Counter[str] = Counter()
        for person, outcome, seconds in self._conn.execute(_PEOPLE):
            spent.setdefault(person, []).append(seconds)
            numbers[person] += outcome == "answered"
        people = [
            PersonTime(name, len(seconds), numbers[name], sum(seconds), median(seconds))
            for name, seconds in spent.items()
        ]
        return tuple(sorted(people, key=lambda p: (-p.seconds, p.name)))

    def _sound(self) -> list[tuple[int, ChainKey]]:
        asked = {"sound": json.dumps(sorted(SOUND))}
        return [
            (number, ChainKey(key)) for number, key in driver(self._conn).execute(f"{_SOUND_IDS} ORDER BY c.id", asked)
        ]

    def _with_conditions(self, found: HopFigures, chains: list[tuple[int, ChainKey]]) -> HopFigures:
        read = conditions = no = 0
        coming_out: dict[bool, list[int]] = {True: [], False: []}
        for number, key in chains:
            chain = self.chain_by_key(key)
            if chain is None:
                continue
            image = self.image(chain.image)
            facts = PictureFacts.of(image, self.categories(chain.image), self.instances(chain.image))
            outcomes = outcomes_of(chain, facts)
            read += 1
            conditions += len(outcomes)
            no += outcomes.count(False)
            for outcome in set(outcomes):
                coming_out[outcome].append(number)
        return replace(
            found,
            conditions_read=read,
            conditions=conditions,
            no=no,
            with_yes=tuple(coming_out[True]),
            with_no=tuple(coming_out[False]),
        )


def _chain_steps(statuses: dict[ChainStatus, int], refused: dict[str, int], simulated: int) -> tuple[Step, ...]:
    drafts = Step("drafts", sum(statuses.values()) + sum(refused.values()), unit="chains")

    def lost(*asked: ChainStatus) -> tuple[Loss, ...]:
        still = (ChainStatus.UNAUDITED, ChainStatus.AWAITING, ChainStatus.DISPUTED)
        return tuple(Loss(status.value, statuses.get(status, 0), status in still) for status in asked)

    kept = step("chains", drafts.count, (Loss(f"draft.{reason}", count) for reason, count in refused.items()), "chains")
    sound = step("sound", kept.count, lost(ChainStatus.UNAUDITED, ChainStatus.REFUSED, ChainStatus.REJECTED), "chains")
    hard = step("hard", sound.count, lost(ChainStatus.TOO_EASY, ChainStatus.TOO_HARD), "chains")
    labelled = step("labelled", hard.count, lost(ChainStatus.AWAITING, ChainStatus.DISPUTED), "chains")
    # As the strictest export takes them; what else it leaves out is told there.
    taken_alone = (
        Loss("export.by_construction", statuses.get(ChainStatus.BY_CONSTRUCTION, 0), is_open=True),
        Loss("export.simulated", simulated, is_open=True),
    )
    records = step("records", labelled.count, taken_alone, "chains")
    return drafts, kept, sound, hard, labelled, records


def _evenly(chains: list[tuple[int, ChainKey]], most: int) -> list[tuple[int, ChainKey]]:
    if len(chains) <= most:
        return chains
    return [chains[n * len(chains) // most] for n in range(most)]
