"""Between stages 3 and 4: rules that find a bad chain before a person spends a minute on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.keys import ChainKey, ImageKey, content_key
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.rules import RULES, audit_chain
from hopchain_core.pipeline.contents import facts_content
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_owed import categories_by_picture, chains_by_picture, instances_by_picture
from hopchain_core.store.rows_chains import write_findings
from hopchain_core.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditItem:
    """One chain with the facts of its picture."""

    chain: Chain
    facts: PictureFacts


class AuditStage:
    """Holds each chain against the rules. What is said of a whole project is never stored: see `Project.check`."""

    name: ClassVar[str] = "audit"
    version: ClassVar[int] = 2
    role: ClassVar[str | None] = None

    @property
    def options(self) -> dict[str, Any]:
        """The rules there are; they have no dials."""
        return {"rules": [rule.code for rule in RULES]}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every chain seen; its content is the chain and what the rules see of its picture."""
        all_categories, all_instances = categories_by_picture(read), instances_by_picture(read)
        all_chains = chains_by_picture(read)
        for image in read.images():
            content = facts_content(all_categories.of(image.key), all_instances.of(image.key))
            for chain in all_chains.of(image.key):
                yield _wanted(chain.key, image.key, content)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> AuditItem | None:
        """The chain with the facts of its picture."""
        categories, instances = read.categories(wanted.image), read.instances(wanted.image)
        chain = read.chain_by_key(ChainKey(wanted.subject))
        if chain is None or _wanted(chain.key, wanted.image, facts_content(categories, instances)) != wanted:
            return None
        facts = PictureFacts.of(read.image(wanted.image), categories, instances, read.departures(wanted.image))
        return AuditItem(chain=chain, facts=facts)

    async def run(self, item: AuditItem, tools: Tools) -> Outcome[Finding]:
        """Applies every rule about one chain."""
        return Outcome(outputs=tuple(await tools.compute(audit_chain, item.chain, item.facts)))

    def save(self, uow: UnitOfWork, work: WorkRow, item: AuditItem, outputs: tuple[Finding, ...]) -> None:
        """Writes the findings."""
        write_findings(uow, work.id, item.chain.key, outputs)


def audit_key(chain: ChainKey, content: list[Any]) -> str:
    """Key of the item that is a chain over a picture with this `facts_content`."""
    return content_key([chain, content])


def _wanted(chain: ChainKey, image: ImageKey, content: list[Any]) -> Wanted:
    return Wanted(key=audit_key(chain, content), subject=chain, image=image)
