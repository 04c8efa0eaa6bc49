"""What is known of the versions of a chain: who made each, when, what changed; and bringing an old one back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.models.version_diff import ChainDiff, chain_diff
from app.presenters.chain_detail import instance_names
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.keys import ChainKey, InstanceKey
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.project import Project, Reader, StoredChain


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One version.

    Attributes:
        stored: It.
        made_by: Who made it, as far as the project knows.
        made_at: UTC, ISO 8601; empty where the project does not know.
        change: What it changed, against the version it supersedes; None for the first.
        is_seen: It is the one that is seen.
    """

    stored: StoredChain
    made_by: str
    made_at: str = ""
    change: ChainDiff | None = None
    is_seen: bool = False


@dataclass(frozen=True, kw_only=True)
class History:
    """All versions of a chain, oldest first.

    Attributes:
        rows: The versions.
        names: How the instances of the picture are called.
    """

    rows: tuple[VersionRow, ...]
    names: Mapping[InstanceKey, str] = field(default_factory=dict)

    @property
    def seen(self) -> VersionRow | None:
        """The version that is seen."""
        return next((row for row in self.rows if row.is_seen), None)


def read_history(read: Reader, versions: tuple[StoredChain, ...]) -> History:
    """Reads what is known of these versions."""
    if not versions:
        return History(rows=())
    picture = versions[0].chain.image
    seen = {stored.chain.key for stored in read.chains(picture)}
    by_key = {v.chain.key: v.chain for v in versions}
    rows = []
    for stored in versions:
        chain = stored.chain
        before = by_key.get(chain.supersedes) if chain.supersedes is not None else None
        rows.append(
            VersionRow(
                stored=stored,
                made_by=_made_by(read, stored),
                made_at=_made_at(read, stored),
                change=None if before is None else chain_diff(before, chain),
                is_seen=chain.key in seen,
            )
        )
    try:
        facts = PictureFacts.of(read.image(picture), read.categories(picture), read.instances(picture))
    except KeyError:
        return History(rows=tuple(rows))
    return History(rows=tuple(rows), names=instance_names(facts))


def restore(project: Project, seen: ChainKey, old: StoredChain, by: object) -> StoredChain:
    """Makes a new version that says what an old one said.

    Raises:
        InputError: `seen` has been replaced meanwhile.
    """
    chain = old.chain
    made = project.edit_chain(
        seen, by=by, question=chain.question, hops=chain.hops, answer=chain.answer, instances=chain.instances
    )
    with project.read() as read:
        return read.chain(made.key)


def _made_by(read: Reader, stored: StoredChain) -> str:
    composer = stored.chain.composer
    if composer is Composer.PERSON:
        return "a person"
    run = read.run_of_chain(stored.chain.key)
    if composer is Composer.PROGRAM:
        return "a program" if run is None else f"a program, run {run.id}"
    model = run.backend.model if run is not None and run.backend is not None else ""
    return f"{model or 'a model'}, run {run.id}" if run is not None else "a model"


def _made_at(read: Reader, stored: StoredChain) -> str:
    if stored.run_id is None:
        return read.edited_at(stored) or ""
    run = read.run_of_chain(stored.chain.key)
    return run.started_at if run is not None else ""
