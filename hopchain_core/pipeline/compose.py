"""Stage 3: multi-hop questions over chosen instances of each picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from hopchain_core.backends.protocols import ComposeRequest, Refusal
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ChainKey
from hopchain_core.pipeline.contents import HasKey, category_content, instance_content, picture_key
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_owed import categories_by_picture, chains_by_picture, instances_by_picture
from hopchain_core.store.rows_chains import write_chains
from hopchain_core.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeItem:
    """One picture with all that is seen in it."""

    image: Image
    categories: tuple[Category, ...]
    instances: tuple[Instance, ...]


class ComposeStage:
    """Writes chains over the instances of each picture.

    Args:
        chains_per_image: How many to keep of each at most.
        seed: Of the project.
    """

    name: ClassVar[str] = "compose"
    version: ClassVar[int] = 1
    role: ClassVar[str | None] = "composer"

    def __init__(self, *, chains_per_image: int, seed: int) -> None:
        self._wanted_chains = chains_per_image
        self._seed = seed

    @property
    def options(self) -> dict[str, Any]:
        """Chains a picture and the seed."""
        return {"chains_per_image": self._wanted_chains, "seed": self._seed}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every picture with instances, and those left without any that still show chains."""
        all_categories, all_instances = categories_by_picture(read), instances_by_picture(read)
        all_chains = chains_by_picture(read)
        for image in read.images():
            categories, instances = all_categories.of(image.key), all_instances.of(image.key)
            chains = all_chains.of(image.key)
            if instances or chains:
                yield self._wanted(image, categories, instances)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> ComposeItem | None:
        """The picture with its categories and instances."""
        image, categories = read.image(wanted.image), read.categories(wanted.image)
        instances = read.instances(wanted.image)
        if self._wanted(image, categories, instances) != wanted:
            return None
        return ComposeItem(image=image, categories=categories, instances=instances)

    async def run(self, item: ComposeItem, tools: Tools) -> Outcome[Chain]:
        """Asks the backend where there is something to ask about; each chain is kept once."""
        if not item.instances:
            return Outcome(outputs=())
        composed = await tools.backend.compose(
            ComposeRequest(
                image=item.image,
                path=tools.path_of(item.image),
                categories=item.categories,
                instances=item.instances,
                wanted=self._wanted_chains,
                seed=self._seed,
                urgency=tools.urgency,
            )
        )
        kept: dict[ChainKey, Chain] = {}
        refusals = list(composed.refusals)
        for chain in composed.chains:
            if chain.key in kept:
                refusals.append(Refusal(reason="duplicate", detail=chain.question))
            else:
                kept[chain.key] = chain
        return Outcome(outputs=tuple(kept.values()), refusals=tuple(refusals))

    def save(self, uow: UnitOfWork, work: WorkRow, item: ComposeItem, outputs: tuple[Chain, ...]) -> None:
        """Writes the chains."""
        write_chains(uow, work.id, outputs)

    @staticmethod
    def _wanted(image: Image, categories: tuple[Category, ...], instances: Iterable[HasKey]) -> Wanted:
        content = [category_content(categories), instance_content(instances)]
        return Wanted(key=picture_key(image.key, (), content), subject=image.key, image=image.key)
