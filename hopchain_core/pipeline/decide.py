"""The end of stage 4: what people's answers and the weaker model's rollouts amount to, under the project's policy.

Pure: the same answers, rollouts and policy give the same verdict and difficulty.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Union

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.deciding import until_decided
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ChainKey, content_key
from hopchain_core.domain.policy import JUDGING_VERSION, Policy, judge, measure
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.review import Annotation, Verdict
from hopchain_core.domain.rollouts import Difficulty, Rollout
from hopchain_core.domain.status import ChainStatus
from hopchain_core.pipeline.contents import annotation_content
from hopchain_core.pipeline.solve import Tries
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_owed import annotations_by_chain, chains_by_picture, instances_by_picture
from hopchain_core.store.rows_chains import write_difficulty, write_verdict
from hopchain_core.store.unit_of_work import UnitOfWork

NOT_DECIDED = frozenset({ChainStatus.UNAUDITED, ChainStatus.REFUSED})
"""Where a chain may stand so that nothing is decided about it."""

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
    """One chain with all that was said of it."""

    chain: Chain
    instances: tuple[Instance, ...]
    annotations: tuple[Annotation, ...]
    rollouts: tuple[Rollout, ...]
    solved: Solved | None


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
        """The policy, and the version of the rules by which it is read."""
        return {"policy": self._policy.to_json(), "judging": JUDGING_VERSION}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every chain that was audited without an error."""
        solved = _solved(read)
        annotations = annotations_by_chain(read)
        all_instances, all_chains = instances_by_picture(read), chains_by_picture(read)
        for image in read.images():
            origins = {i.origin for i in all_instances.of(image.key)}
            for chain in all_chains.of(image.key):
                if chain.status in NOT_DECIDED:
                    continue
                found = solved.get(chain.key)
                content = _content(chain.key, annotations.get(chain.key, ()), origins, found)
                yield Wanted(key=content, subject=chain.key, image=image.key, ref=found)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> DecideItem | None:
        """The chain with its picture's instances, its answers and its rollouts."""
        key, solved = ChainKey(wanted.subject), wanted.ref
        chain, annotations = read.chain_by_key(key), read.annotations(key)
        instances = read.instances(wanted.image)
        if chain is None or _content(key, annotations, {i.origin for i in instances}, solved) != wanted.key:
            return None
        rollouts = read.rollouts(key, solved.fingerprint) if solved else ()
        return DecideItem(
            chain=chain,
            instances=instances,
            annotations=annotations,
            rollouts=tuple(r for r in rollouts if r.index < solved.rollouts) if solved else (),
            solved=solved,
        )

    async def run(self, item: DecideItem, tools: Tools) -> Outcome[Decision]:
        """Applies the policy."""
        verdict = judge(item.chain, item.annotations, self._policy, item.instances)
        outputs: list[Decision] = [verdict]
        if item.solved is not None:
            counted = measure(item.chain, item.rollouts, self._policy, item.solved.backend, verdict.label)
            is_full = not item.solved.tries
            outputs.append(counted if is_full else until_decided(counted, item.solved.rollouts, self._policy))
        return Outcome(outputs=tuple(outputs))

    def save(self, uow: UnitOfWork, work: WorkRow, item: DecideItem, outputs: tuple[Decision, ...]) -> None:
        """Writes the verdict and the difficulty."""
        for decision in outputs:
            if isinstance(decision, Verdict):
                write_verdict(uow, work.id, decision)
            else:
                write_difficulty(uow, work.id, decision)


def _solved(read: Reader) -> dict[ChainKey, Solved]:
    found: dict[ChainKey, Solved] = {}
    solvers = {run.fingerprint: run.backend for run in read.runs() if run.stage == "solve"}
    for fingerprint, backend in solvers.items():
        if backend is None:
            continue
        done = [(Tries.read(key), is_current) for key, is_current in read.done("solve", fingerprint).items()]
        in_full: dict[ChainKey, int] = {}
        for tries, _ in done:
            if tries.wrong is None:
                in_full[tries.chain] = max(tries.rollouts, in_full.get(tries.chain, 0))
        for tries, is_current in done:
            if is_current:
                # What was once counted in full is a rate, however the chain was asked for last.
                is_full = tries.rollouts <= in_full.get(tries.chain, 0)
                found[tries.chain] = Solved(
                    fingerprint=fingerprint,
                    rollouts=tries.rollouts,
                    backend=backend,
                    tries="" if is_full else tries.key,
                )
    return found


def _content(
    chain: ChainKey, annotations: Iterable[Annotation], origins: Iterable[Origin], solved: Solved | None
) -> str:
    # A position of one solver is filled once and for all, so the rollouts need not be read to know them. Of the
    # instances a verdict asks only who found them.
    rollouts = [solved.fingerprint, solved.rollouts, *filter(None, [solved.tries])] if solved else None
    return content_key([chain, annotation_content(annotations), sorted(o.value for o in origins), rollouts])
