"""The end of stage 4: what people's answers and the weaker model's rollouts amount to, under the project's policy.

Pure: the same answers, rollouts and policy give the same verdict and difficulty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Union

from hopchain_core.domain.deciding import until_decided
from hopchain_core.domain.keys import ChainKey, content_key
from hopchain_core.domain.policy import JUDGING_VERSION, Policy, judge, measure
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.review import Adjudication, Annotation, Verdict
from hopchain_core.domain.rollouts import Difficulty, Rollout
from hopchain_core.pipeline.contents import annotation_content
from hopchain_core.pipeline.solve import Tries
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_evidence import FoundBy, JudgedChain, Said, TriedItem, rollouts_of, said_of
from hopchain_core.store.rows_chains import write_difficulty, write_verdict
from hopchain_core.store.unit_of_work import UnitOfWork

Decision = Union[Verdict, Difficulty]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """Which rollouts of a chain count.

    Attributes:
        fingerprint: Of the solve stage that made them.
        rollouts: The first so many.
        backend: Which solver.
        tries: Key of the tries that stopped once decided; empty for a full count.
    """

    fingerprint: str
    rollouts: int
    backend: BackendSpec
    tries: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideItem:
    """One chain with all that was said of it.

    Attributes:
        found_by: Who found the instances of its picture.
        annotations: Of people; without gold.
        rollouts: Those that count.
    """

    chain: JudgedChain
    found_by: tuple[FoundBy, ...]
    annotations: tuple[Annotation, ...]
    adjudication: Adjudication | None
    solved: Solved | None
    rollouts: tuple[Rollout, ...] = ()

    @property
    def content(self) -> str:
        """Of all that is decided from."""
        # A position of one solver is filled once and for all, so the rollouts need not be read to know them. Of the
        # instances a verdict asks only who found them.
        solved, decided = self.solved, self.adjudication
        rollouts = [solved.fingerprint, solved.rollouts, *filter(None, [solved.tries])] if solved else None
        said = [self.chain.key, annotation_content(self.annotations), sorted(i.origin.value for i in self.found_by)]
        # Absent where no adjudicator has decided, so that what was decided before there were any is still the same.
        more = [] if decided is None else [[decided.kind.value, decided.label.text if decided.label else None]]
        return content_key([*said, rollouts, *more])


class DecideStage:
    """Gives each sound chain a verdict, and a difficulty where it was solved.

    Args:
        policy: Of the project.
    """

    name: ClassVar[str] = "decide"
    version: ClassVar[int] = 1
    role: ClassVar[str | None] = None

    def __init__(self, *, policy: Policy) -> None:
        self._policy = policy

    @property
    def options(self) -> dict[str, Any]:
        """The policy as far as it decides, and the version of the rules by which it is read."""
        return {"policy": self._policy.judging(), "judging": JUDGING_VERSION}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every chain that was audited without an error."""
        for item in decide_items(read):
            yield Wanted(key=item.content, subject=item.chain.key, image=item.chain.image)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> DecideItem | None:
        """The chain with its answers, its rollouts, and who found the instances of its picture."""
        item = next(iter(with_rollouts(read, decide_items(read, [ChainKey(wanted.subject)]))), None)
        return item if item is not None and item.content == wanted.key else None

    async def run(self, item: DecideItem, tools: Tools) -> Outcome[Decision]:
        """Applies the policy."""
        return Outcome(outputs=self.decide(item))

    def decide(self, item: DecideItem) -> tuple[Decision, ...]:
        """What the policy makes of a chain: a verdict, and a difficulty where it was solved."""
        verdict = judge(item.chain, item.annotations, self._policy, item.found_by, item.adjudication)
        if item.solved is None:
            return (verdict,)
        counted = measure(item.chain, item.rollouts, self._policy, item.solved.backend, verdict.label)
        is_full = not item.solved.tries
        return verdict, counted if is_full else until_decided(counted, item.solved.rollouts, self._policy)

    def save(self, uow: UnitOfWork, work: WorkRow, item: DecideItem, outputs: tuple[Decision, ...]) -> None:
        """Writes the verdict and the difficulty."""
        for decision in outputs:
            if isinstance(decision, Verdict):
                write_verdict(uow, work.id, decision)
            else:
                write_difficulty(uow, work.id, decision)
        # Somebody may have answered since the item was loaded, and their verdict must not be put aside by this one.
        uow.touch("annotation", item.chain.key)


def decide_items(read: Reader, chains: Collection[ChainKey] | None = None) -> Iterator[DecideItem]:
    """Chains to decide about, without their rollouts: these, or all that are seen."""
    for said in said_of(read, chains):
        yield DecideItem(
            chain=said.chain,
            found_by=said.found_by,
            annotations=said.annotations,
            adjudication=said.adjudication,
            solved=_solved(said),
        )


def with_rollouts(read: Reader, items: Iterable[DecideItem]) -> list[DecideItem]:
    """The same items with the rollouts that count."""
    listed = list(items)
    rollouts = rollouts_of(read, [item.chain.key for item in listed if item.solved is not None])
    return [_with_rollouts(item, rollouts) for item in listed]


def _with_rollouts(item: DecideItem, rollouts: dict[tuple[ChainKey, str], list[Rollout]]) -> DecideItem:
    solved = item.solved
    if solved is None:
        return item
    made = rollouts.get((item.chain.key, solved.fingerprint), ())
    return replace(item, rollouts=tuple(r for r in made if r.index < solved.rollouts))


def _solved(said: Said) -> Solved | None:
    current: tuple[TriedItem, Tries] | None = None
    in_full = 0
    for tried in said.tried:
        tries = Tries.read(tried.item_key)
        if tries.wrong is None:
            in_full = max(in_full, tries.rollouts)
        if tried.is_current:
            current = tried, tries
    if current is None:
        return None
    tried, tries = current
    # What was once counted in full is a rate, however the chain was asked for last.
    is_full = tries.rollouts <= in_full
    return Solved(
        fingerprint=tried.fingerprint,
        rollouts=tries.rollouts,
        backend=tried.backend,
        tries="" if is_full else tries.key,
    )
