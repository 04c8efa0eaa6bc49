"""The stages in the order of the flow, and how each is made from a person's options."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hopchain_core.backends import registry
from hopchain_core.domain.policy import Policy
from hopchain_core.errors import InputError
from hopchain_core.pipeline.audit import AuditStage
from hopchain_core.pipeline.categorize import CategorizeStage
from hopchain_core.pipeline.compose import ComposeStage
from hopchain_core.pipeline.decide import DecideStage
from hopchain_core.pipeline.options import RunOptions
from hopchain_core.pipeline.segment import SegmentStage
from hopchain_core.pipeline.solve import SolveStage
from hopchain_core.pipeline.stage import AnyStage


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTerms:
    """What stages take from the project itself."""

    seed: int
    policy: Policy


_MAKERS: dict[str, Callable[[RunOptions, ProjectTerms], AnyStage]] = {
    "categorize": lambda options, terms: CategorizeStage(reads_annotations=_reads_annotations(options, "categorizer")),
    "segment": lambda options, terms: SegmentStage(reads_annotations=_reads_annotations(options, "segmenter")),
    "compose": lambda options, terms: ComposeStage(chains_per_image=options.chains_per_image, seed=terms.seed),
    "audit": lambda options, terms: AuditStage(),
    "solve": lambda options, terms: SolveStage(
        rollouts=options.rollouts, seed=terms.seed, until=terms.policy if options.until_decided else None
    ),
    "decide": lambda options, terms: DecideStage(policy=terms.policy),
}

ORDER: tuple[str, ...] = tuple(_MAKERS)
"""Names of the stages as the flow runs."""

ROLES: dict[str, str | None] = {
    stage.name: stage.role
    for stage in (CategorizeStage, SegmentStage, ComposeStage, AuditStage, SolveStage, DecideStage)
}
"""Which kind of backend each stage needs, if any."""

MAKES_CHAINS: frozenset[str] = frozenset({"categorize", "segment", "compose"})
"""Stages whose new results replace the chains of a picture, so that answers to the earlier ones no longer count."""


def make_stage(name: str, options: RunOptions, terms: ProjectTerms) -> AnyStage:
    """A stage as these options want it.

    Raises:
        InputError: There is no such stage.
    """
    return _MAKERS[in_order([name])[0]](options, terms)


def in_order(names: Iterable[str] | None = None) -> tuple[str, ...]:
    """These stages, or all, in the order of the flow.

    Raises:
        InputError: A name is none of a stage.
    """
    wanted = set(ORDER if names is None else names)
    unknown = sorted(wanted - set(ORDER))
    if unknown:
        raise InputError(f"There is no stage {unknown[0]!r}.", hint=f"The stages are: {', '.join(ORDER)}.")
    return tuple(name for name in ORDER if name in wanted)


def check_backends(names: Iterable[str], options: RunOptions) -> None:
    """Looks whether the backends of these stages exist and take their options, without making them.

    Raises:
        InputError: There is no such backend, or an option is wrong.
        PrerequisiteError: A package that a backend needs is not installed.
    """
    for name in names:
        role = ROLES[name]
        if role is not None:
            chosen = options.choice(role)
            registry.registration(role, chosen.name).read_options(chosen.options)


def _reads_annotations(options: RunOptions, role: str) -> bool:
    try:
        return registry.registration(role, options.choice(role).name).reads_annotations
    except InputError:
        # Its package is gone. What was done with it can still be told, so this is no place to stop.
        return False
