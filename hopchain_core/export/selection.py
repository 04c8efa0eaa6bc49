"""Goes through a project's chains and says of each whether an export takes it, and as what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey, RunId
from hopchain_core.domain.provenance import Run
from hopchain_core.export.admission import Candidate, Judged, Reason, Refused, Terms, Variant, reason_against, reason_in
from hopchain_core.export.listed import Listed
from hopchain_core.export.variants import UnfitError, shortened
from hopchain_core.store.reader import Reader, StoredChain
from hopchain_core.store.reads_export import chain_batches, pictures_seen, said_of_chains, solvers_of_chains


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A chain that is taken, as far as its picture is there.

    Attributes:
        candidate: The chain as it stands in the project.
        asked: The chain as it is asked: the same, or the shortened one of a variant.
    """

    candidate: Candidate
    asked: Chain


class Looked(NamedTuple):
    """A chain with all that has been said of it."""

    stored: StoredChain
    candidate: Candidate


class Selection:
    """Looks at chains one after the other; what is said of them is read for some hundred at once.

    Args:
        read: One snapshot of the project.
        terms: What a person asked of the export.

    Raises:
        InputError: The list of pictures to leave out cannot be read.
    """

    def __init__(self, read: Reader, terms: Terms) -> None:
        self._read = read
        self._terms = terms
        self._policy = read.policy()
        self._runs: dict[int, Run] = {}
        self._listed = Listed.read(Path(terms.without)) if terms.without else None
        self._why_listed: tuple[ImageKey | None, str] = (None, "")

    def items(self, after: int = 0) -> Iterator[tuple[StoredChain, Admitted | Refused]]:
        """Chains ordered by the picture's path and the chain's key.

        Args:
            after: So many of the first are left out.
        """
        for batch in chain_batches(self._read, after):
            yield from self.of(batch)

    def of(self, batch: list[StoredChain]) -> Iterator[tuple[StoredChain, Admitted | Refused]]:
        """These chains; what is said of them is read at once."""
        for looked in self._with_what_was_said(batch):
            yield looked.stored, self._look_at(looked)

    def one(self, stored: StoredChain) -> Admitted | Refused:
        """What becomes of one chain."""
        return next(self.of([stored]))[1]

    def against_unchanged(self, judged: Judged) -> tuple[Reason, str] | None:
        """Why a chain is left out, given that nothing it rests on has changed; None when it is taken."""
        accepts = self._policy.accepts_adjudicated
        against = reason_in(judged, self._terms, lambda: "", accepts_adjudicated=accepts)
        return self._unless_listed(against, judged.image)

    def _look_at(self, looked: Looked) -> Admitted | Refused:
        stored, candidate = looked.stored, looked.candidate
        against = self._unless_listed(reason_against(candidate, self._terms), candidate.image)
        if against is not None:
            return Refused(chain=stored.chain.key, number=stored.number, reason=against[0], detail=against[1])
        try:
            asked = stored.chain if self._terms.variant is Variant.FULL else shortened(candidate, self._terms.variant)
        except UnfitError as error:
            return Refused(chain=stored.chain.key, number=stored.number, reason=Reason.VARIANT_UNFIT, detail=str(error))
        return Admitted(candidate=candidate, asked=asked)

    def _unless_listed(self, against: tuple[Reason, str] | None, image: Image) -> tuple[Reason, str] | None:
        why_listed = self._listed_as(image) if against is None else ""
        return (Reason.LISTED_ELSEWHERE, why_listed) if why_listed else against

    def _with_what_was_said(self, batch: list[StoredChain]) -> Iterator[Looked]:
        said = said_of_chains(self._read, [stored.chain.key for stored in batch])
        pictures = pictures_seen(self._read, dict.fromkeys(stored.chain.image for stored in batch))
        solvers = solvers_of_chains(self._read, [stored.chain.key for stored in batch])
        for stored in batch:
            of_chain, picture = said[stored.chain.key], pictures[stored.chain.image]
            candidate = Candidate(
                image=picture.image,
                categories=picture.categories,
                chain=stored.chain,
                number=stored.number,
                status=of_chain.status,
                mark=of_chain.mark,
                findings=of_chain.findings,
                verdict=of_chain.verdict,
                difficulty=of_chain.difficulty,
                instances=picture.instances,
                accepts_adjudicated=self._policy.accepts_adjudicated,
                interval=self._policy.interval,
                solver=self._run(solvers.get(stored.chain.key)),
            )
            yield Looked(stored, candidate)

    def _run(self, number: RunId | None) -> Run | None:
        if number is None:
            return None
        if number not in self._runs:
            self._runs[number] = self._read.run(number)
        return self._runs[number]

    def _listed_as(self, image: Image) -> str:
        if self._listed is None:
            return ""
        if self._why_listed[0] != image.key:
            self._why_listed = image.key, self._listed.why(image)
        return self._why_listed[1]
