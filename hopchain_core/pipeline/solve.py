"""Stage 4b: a weaker model tries each question several times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.deciding import count_right, right_to_keep, wrong_to_keep
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.rollouts import Rollout
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import BackendError
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_owed import chains_by_picture, labels_by_chain
from hopchain_core.store.rows_chains import write_rollouts
from hopchain_core.store.unit_of_work import UnitOfWork

NOT_SOLVED = frozenset({ChainStatus.REJECTED, ChainStatus.UNAUDITED, ChainStatus.REFUSED})
"""Where a chain may stand so that no model spends time on it."""


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a chain is to be tried.

    Part of the item and not of the fingerprint: 8 rollouts and 16 of one solver, counted in full or until decided, are
    the same rollouts, so that asking for more asks for the rest only.

    Attributes:
        chain: The version.
        rollouts: How many, at most.
        wrong: Trying stops at so many wrong ones, and once so many can no longer be reached; None for a full count.
        label: What counts as right where people agreed on another number than the one proposed; only with `wrong`.
        right: So many right ones have to be there as well, under a policy that drops what is solved too seldom; only with
            `wrong`.
    """

    chain: ChainKey
    rollouts: int
    wrong: int | None = None
    label: Answer | None = None
    right: int = 0

    @property
    def key(self) -> str:
        """Key of the item: ``CHAIN:8``, ``CHAIN:8:1``, ``CHAIN:8:1:72``, or ``CHAIN:8:1,2`` with 2 right ones."""
        until = f"{self.wrong},{self.right}" if self.right else f"{self.wrong}"
        rest = [] if self.wrong is None else [until] if self.label is None else [until, self.label.text]
        return ":".join(map(str, [self.chain, self.rollouts, *rest]))

    @classmethod
    def read(cls, key: str) -> Tries:
        """Reads a `key`."""
        chain, rollouts, *rest = key.split(":")
        wrong, _, right = rest[0].partition(",") if rest else ("", "", "")
        label = Answer.of(rest[1]) if len(rest) > 1 else None
        return cls(ChainKey(chain), int(rollouts), int(wrong) if wrong else None, label, int(right or 0))

    def owed(self, right: int, wrong: int) -> int:
        """How many more have to be tried in any case; 0 when it is over.

        Args:
            right: Rollouts so far that are correct.
            wrong: Rollouts so far that are not.
        """
        left = self.rollouts - right - wrong
        if self.wrong is None:
            return left
        to_keep = max(0, self.wrong - wrong) + max(0, self.right - right)
        too_easy = self.rollouts - self.wrong + 1 - right
        too_hard = self.rollouts - self.right + 1 - wrong if self.right else left
        return max(0, min(left, to_keep, too_easy, too_hard))


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveItem:
    """One chain and the rollouts that are still to be made of it.

    Attributes:
        tries: What is wanted.
        indices: Positions that no rollout fills yet.
        right: Rollouts there already that are correct.
        wrong: Rollouts there already that are not.
    """

    image: Image
    chain: Chain
    instances: tuple[Instance, ...]
    categories: tuple[Category, ...]
    tries: Tries
    indices: tuple[int, ...]
    right: int = 0
    wrong: int = 0


class SolveStage:
    """Has each sound chain tried `rollouts` times, or until it is sure whether it is kept.

    Args:
        rollouts: How many of each chain at most.
        seed: Of the project.
        until: Stop once it is sure whether this policy keeps the chain; None to count in full.
    """

    name: ClassVar[str] = "solve"
    version: ClassVar[int] = 1
    role: ClassVar[str | None] = "solver"

    def __init__(self, *, rollouts: int, seed: int, until: Policy | None = None) -> None:
        self._rollouts = rollouts
        self._seed = seed
        self._wrong = None if until is None else wrong_to_keep(until.drop, rollouts)
        self._right = 0 if until is None else right_to_keep(until.drop, rollouts)

    @property
    def options(self) -> dict[str, Any]:
        """The seed."""
        return {"seed": self._seed}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every chain that was audited without an error and that no curator rejected."""
        chains = chains_by_picture(read)
        labels = {} if self._wrong is None else labels_by_chain(read)
        for image in read.images():
            for seen in chains.of(image.key):
                if seen.status not in NOT_SOLVED:
                    label = _other_label(read, seen.key, labels.get(seen.key))
                    tries = Tries(seen.key, self._rollouts, self._wrong, label, self._right)
                    yield Wanted(key=tries.key, subject=seen.key, image=image.key)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> SolveItem | None:
        """The chain, its picture, and the positions that no rollout of this solver fills."""
        key, tries = ChainKey(wanted.subject), Tries.read(wanted.key)
        chain = read.chain_by_key(key)
        if chain is None or read.status(key) in NOT_SOLVED:
            return None
        there = [r for r in read.rollouts(key, fingerprint) if r.index < tries.rollouts]
        filled = {r.index for r in there}
        right = count_right(there, chain.answer, tries.label)
        return SolveItem(
            image=read.image(wanted.image),
            chain=chain,
            instances=read.instances(wanted.image),
            categories=read.categories(wanted.image),
            tries=tries,
            indices=tuple(i for i in range(tries.rollouts) if i not in filled),
            right=right,
            wrong=len(there) - right,
        )

    async def run(self, item: SolveItem, tools: Tools) -> Outcome[Rollout]:
        """Asks the backend for what is missing, as many at once as have to be tried in any case.

        Raises:
            BackendError: The backend gave other rollouts than it was asked for.
        """
        made: list[Rollout] = []
        right, wrong = item.right, item.wrong
        while owed := item.tries.owed(right, wrong):
            rollouts = await self._tried(item, item.indices[len(made) : len(made) + owed], tools)
            made += rollouts
            new = count_right(rollouts, item.chain.answer, item.tries.label)
            right, wrong = right + new, wrong + len(rollouts) - new
        return Outcome(outputs=tuple(made))

    async def _tried(self, item: SolveItem, indices: tuple[int, ...], tools: Tools) -> list[Rollout]:
        rollouts = await tools.backend.solve(
            SolveRequest(
                image=item.image,
                path=tools.path_of(item.image),
                chain=item.chain,
                instances=item.instances,
                categories=item.categories,
                indices=indices,
                seed=self._seed,
                urgency=tools.urgency,
            )
        )
        ordered = sorted(rollouts, key=lambda r: r.index)
        if tuple(r.index for r in ordered) != indices or any(r.chain != item.chain.key for r in ordered):
            raise BackendError("The solver did not give the rollouts it was asked for.", kind="wrong_rollouts")
        return ordered

    def save(self, uow: UnitOfWork, work: WorkRow, item: SolveItem, outputs: tuple[Rollout, ...]) -> None:
        """Writes the new rollouts beside those there already."""
        write_rollouts(uow, work.run, work.fingerprint, outputs)


def _other_label(read: Reader, chain: ChainKey, label: Answer | None) -> Answer | None:
    """The label where it is another number than the chain's own; chains without one are not read."""
    if label is None:
        return None
    proposed = read.chain_by_key(chain)
    return None if proposed is None or proposed.answer == label else label
