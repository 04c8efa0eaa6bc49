"""The audit with a model.

Asking and judging are stages of their own, so that what was said once is never asked again because somebody wants it to
flag chains, or to drop them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from hopchain_core.backends.protocols import ProbeRequest
from hopchain_core.domain.chains import Chain, instances_of
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.images import Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ChainKey, InstanceKey, content_key
from hopchain_core.domain.probe_findings import RULES_VERSION, findings_of
from hopchain_core.domain.probes import PROBES, Probe, ProbePolicies, ProbeResult
from hopchain_core.errors import BackendError
from hopchain_core.pipeline.solve import NOT_SOLVED
from hopchain_core.pipeline.stage import Outcome, Tools, Wanted, WorkRow
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_owed import chains_by_picture
from hopchain_core.store.rows_chains import write_findings
from hopchain_core.store.rows_probes import write_probe_result
from hopchain_core.store.unit_of_work import UnitOfWork


class ProbeOptions(BaseModel):
    """What a person chooses for probing.

    Attributes:
        probes: Which; none to judge only what was asked before.
        profile: The model, by its profile.
        samples: How often each thing is asked.
        temperature: See `ProberOptions`.
        max_tokens: See `ProberOptions`.
        drop: Chains are dropped for what these probes find, and flagged for the others; None leaves it as it was.
        limit: Only the first so many pictures, by path.
        retry_failed: Chains at which a probe failed are tried again.
        only: Only these pictures or chains, by key.
        concurrency: Chains in flight.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    probes: tuple[Probe, ...] = PROBES
    profile: str = ""
    samples: int = Field(default=4, ge=1, le=64)
    temperature: float = Field(default=1.0, ge=0, le=2)
    max_tokens: int = Field(default=4096, ge=16, le=131_072)
    drop: tuple[Probe, ...] | None = None
    limit: int | None = Field(default=None, ge=0)
    retry_failed: bool = False
    only: tuple[str, ...] | None = None
    concurrency: int = Field(default=32, ge=1, le=10_000)

    def remembered(self) -> ProbeOptions:
        """Without what concerns one run only."""
        return self.model_copy(
            update={"drop": None, "limit": None, "retry_failed": False, "only": None, "concurrency": 32}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeItem:
    """One chain to ask about.

    Attributes:
        there: What this model said of it before; what was said then is not asked again.
    """

    image: Image
    chain: Chain
    instances: dict[InstanceKey, Instance]
    there: ProbeResult | None = None


class ProbeStage:
    """Asks what one probe wants to know of each sound chain.

    How often is part of the item and not of the fingerprint: 4 tries and 8 of one model are the same tries, so that
    asking for more asks for the rest only.

    Args:
        seed: Of the project.
        samples: How often each thing is asked.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    role: ClassVar[str | None] = "prober"
    probe: ClassVar[Probe]

    def __init__(self, *, seed: int, samples: int) -> None:
        self._seed = seed
        self._samples = samples

    @property
    def options(self) -> dict[str, Any]:
        """The seed."""
        return {"seed": self._seed}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every chain that was audited without an error and that no curator rejected.

        A chain's key holds the versions of its instances, so that it says all there is to ask.
        """
        chains = chains_by_picture(read)
        for image in read.images():
            for seen in chains.of(image.key):
                if seen.status not in NOT_SOLVED:
                    yield Wanted(key=f"{seen.key}:{self._samples}", subject=seen.key, image=image.key)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> ProbeItem | None:
        """The chain with its picture and its instances, and what was said of it before."""
        key = ChainKey(wanted.subject)
        chain = read.chain_by_key(key)
        if chain is None or read.status(key) in NOT_SOLVED:
            return None
        instances = read.instances_by_key(sorted(instances_of(chain)))
        return ProbeItem(
            image=read.image(wanted.image),
            chain=chain,
            instances=instances,
            there=read.longest_probe_result(key, self.name, fingerprint),
        )

    async def run(self, item: ProbeItem, tools: Tools) -> Outcome[ProbeResult]:
        """Asks the model.

        Raises:
            BackendError: The model gave the result of another probe or chain.
        """
        result = await tools.backend.probe(
            ProbeRequest(
                probe=self.probe,
                image=item.image,
                path=tools.path_of(item.image),
                chain=item.chain,
                instances=item.instances,
                seed=self._seed,
                samples=self._samples,
                there=item.there,
                urgency=tools.urgency,
            )
        )
        if result.probe is not self.probe or result.chain != item.chain.key:
            raise BackendError("The prober did not give the result it was asked for.", kind="wrong_result")
        return Outcome(outputs=(result,))

    def save(self, uow: UnitOfWork, work: WorkRow, item: ProbeItem, outputs: tuple[ProbeResult, ...]) -> None:
        """Writes what was said."""
        for result in outputs:
            write_probe_result(uow, work.id, result)


class BlindStage(ProbeStage):
    """The question without the picture."""

    name = "probe-blind"
    probe = Probe.BLIND


class UniqueStage(ProbeStage):
    """Whether what points at an instance fits only that one."""

    name = "probe-unique"
    probe = Probe.UNIQUE


class SkipStage(ProbeStage):
    """The answer from the last hop, and from the later half of them."""

    name = "probe-skip"
    probe = Probe.SKIP


class TraceStage(ProbeStage):
    """Every hop by itself."""

    name = "probe-trace"
    probe = Probe.TRACE


PROBE_STAGES: dict[Probe, type[ProbeStage]] = {
    stage.probe: stage for stage in (BlindStage, UniqueStage, SkipStage, TraceStage)
}
"""The stage of each probe, in the order they run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeItem:
    """What was said of one chain."""

    chain: ChainKey
    results: tuple[ProbeResult, ...]


class JudgeStage:
    """Makes findings of what the probes gave, under the project's policies. Asks no model.

    Args:
        policies: Whether what a probe finds flags a chain or drops it.
    """

    name: ClassVar[str] = "probe"
    version: ClassVar[int] = 1
    role: ClassVar[str | None] = None

    def __init__(self, *, policies: ProbePolicies) -> None:
        self._policies = policies

    @property
    def options(self) -> dict[str, Any]:
        """The policies, and the version of what makes findings."""
        return {"policies": self._policies.to_json(), "rules": RULES_VERSION}

    def inputs(self, read: Reader) -> Iterable[Wanted]:
        """Every chain seen that was probed, those too that were dropped for it."""
        for chain, image, marks in read.probe_marks():
            yield Wanted(key=content_key([chain, marks]), subject=chain, image=image)

    def load(self, read: Reader, wanted: Wanted, fingerprint: str) -> JudgeItem | None:
        """What counts now of the chain."""
        chain = ChainKey(wanted.subject)
        if content_key([chain, read.probe_marks_of(chain)]) != wanted.key:
            return None
        return JudgeItem(chain=chain, results=read.probe_results(chain))

    async def run(self, item: JudgeItem, tools: Tools) -> Outcome[Finding]:
        """Holds what was said against the chain, or not."""
        return Outcome(outputs=findings_of(item.results, self._policies))

    def save(self, uow: UnitOfWork, work: WorkRow, item: JudgeItem, outputs: tuple[Finding, ...]) -> None:
        """Writes the findings."""
        write_findings(uow, work.id, item.chain, outputs)
