"""What a stage's results depend on besides its items."""

from __future__ import annotations

from hopchain_core.domain.policy import Policy
from hopchain_core.domain.provenance import BackendSpec, fingerprint
from hopchain_core.pipeline.order import ProjectTerms
from hopchain_core.pipeline.stage import AnyStage
from hopchain_core.store.reader import Reader

OPTIONS = "run_options"
"""Name of the project's fact that holds the options of its last run."""


def terms_of(read: Reader, seed: int) -> ProjectTerms:
    """What stages take from the project itself."""
    return ProjectTerms(seed=seed, policy=policy_of(read))


def policy_of(read: Reader) -> Policy:
    """The policy in force."""
    return read.policy()


def fingerprint_of(stage: AnyStage, spec: BackendSpec | None) -> str:
    """Under which the stage's results count with this backend."""
    return fingerprint(stage.name, stage.version, stage.options, spec)
