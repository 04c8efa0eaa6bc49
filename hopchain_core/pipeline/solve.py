"""Stage 4b: a weaker model tries each question several times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.rollouts import Rollout
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import BackendError
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_owed import chains_by_picture
from hopchain_core.store.rows_chains import write_rollouts
from hopchain_core.store.unit_of_work import UnitOfWork

NOT_SOLVED = frozenset({ChainStatus.REJECTED, ChainStatus.UNAUDITED, ChainStatus.REFUSED})
"""Where a chain may stand so that no model spends time on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveItem:
    """One chain and the rollouts that are still to be made of it."""

    image: Image
    chain: Chain
    instances: tuple[Instance, ...]
    categories: tuple[Category, ...]
    indices: tuple[int, ...]


class SolveStage:
    """Has each sound chain tried `rollouts` times.

    How many is part of the item and not of the fingerprint: 8 rollouts and 16 of one solver are the same rollouts, so
    that asking for more asks for the rest only.

    Args:
        rollouts: How many of each chain.
        seed: Of the project.
    """

    name: ClassVar[str] = "solve"
    version: ClassVar[int] = 1
    role: ClassVar[str | None] = "solver"

    def __init__(self, *, rollouts: int, seed: int) -> None:
        self._rollouts = rollouts
        self._seed = seed

    @property
    def options(self) -> dict[str, Any]:
        """The seed."""
        return {"seed": self._seed}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every chain that was audited without an error and that no curator rejected."""
        chains = chains_by_picture(read)
        for image in read.images():
            for chain in chains.of(image.key):
                if chain.status not in NOT_SOLVED:
                    yield Wanted(key=item_key(chain.key, self._rollouts), subject=chain.key, image=image.key)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> SolveItem | None:
        """The chain, its picture, and the positions that no rollout of this solver fills."""
        key = ChainKey(wanted.subject)
        chain = read.chain_by_key(key)
        if chain is None or read.status(key) in NOT_SOLVED:
            return None
        filled = {r.index for r in read.rollouts(key, fingerprint)}
        return SolveItem(
            image=read.image(wanted.image),
            chain=chain,
            instances=read.instances(wanted.image),
            categories=read.categories(wanted.image),
            indices=tuple(i for i in range(self._rollouts) if i not in filled),
        )

    async def run(self, item: SolveItem, tools: Tools) -> Outcome[Rollout]:
        """Asks the backend for what is missing.

        Raises:
            BackendError: The backend gave other rollouts than it was asked for.
        """
        if not item.indices:
            return Outcome(outputs=())
        rollouts = await tools.backend.solve(
            SolveRequest(
                image=item.image,
                path=tools.path_of(item.image),
                chain=item.chain,
                instances=item.instances,
                categories=item.categories,
                indices=item.indices,
                seed=self._seed,
            )
        )
        ordered = tuple(sorted(rollouts, key=lambda r: r.index))
        if tuple(r.index for r in ordered) != item.indices or any(r.chain != item.chain.key for r in ordered):
            raise BackendError("The solver did not give the rollouts it was asked for.", kind="wrong_rollouts")
        return Outcome(outputs=ordered)

    def save(self, uow: UnitOfWork, work: WorkRow, item: SolveItem, outputs: tuple[Rollout, ...]) -> None:
        """Writes the new rollouts beside those there already."""
        write_rollouts(uow, work.run, work.fingerprint, outputs)


def item_key(chain: ChainKey, rollouts: int) -> str:
    """Key of the item that wants so many rollouts of a chain."""
    return f"{chain}:{rollouts}"


def read_item_key(key: str) -> tuple[ChainKey, int]:
    """The chain and the number of rollouts in an item's key."""
    chain, _, rollouts = key.rpartition(":")
    return ChainKey(chain), int(rollouts)
