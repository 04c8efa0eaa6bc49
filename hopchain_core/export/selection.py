"""Goes through a project's chains and says of each whether an export takes it, and as what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance
from hopchain_core.export.admission import Candidate, Reason, Refused, Terms, Variant, reason_against
from hopchain_core.export.listed import Listed
from hopchain_core.export.variants import UnfitError, shortened
from hopchain_core.store.reader import Reader, StoredChain


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A chain that is taken, as far as its picture is there.

    Attributes:
        candidate: The chain as it stands in the project.
        asked: The chain as it is asked: the same, or the shortened one of a variant.
    """

    candidate: Candidate
    asked: Chain


class Selection:
    """Looks at chains one after the other; those of one picture share what is read of it.

    Args:
        read: One snapshot of the project.
        terms: What a person asked of the export.

    Raises:
        InputError: The list of pictures to leave out cannot be read.
    """

    def __init__(self, read: Reader, terms: Terms) -> None:
        self._read = read
        self._terms = terms
        self._accepts_adjudicated = read.policy().accepts_adjudicated
        self._listed = Listed.read(Path(terms.without)) if terms.without else None
        self._why_listed = ""
        self._image: Image | None = None
        self._categories: tuple[Category, ...] = ()
        self._instances: tuple[Instance, ...] = ()

    def __iter__(self) -> Iterator[tuple[StoredChain, Admitted | Refused]]:
        """All chains, ordered by the picture's path and the chain's key."""
        for stored in self._read.chains():
            yield stored, self.look_at(stored)

    def look_at(self, stored: StoredChain) -> Admitted | Refused:
        """What becomes of one chain."""
        candidate = self.candidate(stored)
        against = reason_against(candidate, self._terms)
        if against is None and self._why_listed:
            against = Reason.LISTED_ELSEWHERE, self._why_listed
        if against is not None:
            return Refused(chain=stored.chain.key, number=stored.number, reason=against[0], detail=against[1])
        try:
            asked = stored.chain if self._terms.variant is Variant.FULL else shortened(candidate, self._terms.variant)
        except UnfitError as error:
            return Refused(chain=stored.chain.key, number=stored.number, reason=Reason.VARIANT_UNFIT, detail=str(error))
        return Admitted(candidate=candidate, asked=asked)

    def candidate(self, stored: StoredChain) -> Candidate:
        """A chain with all that has been said of it."""
        read, key = self._read, stored.chain.key
        image = self._of_image(stored.chain)
        return Candidate(
            image=image,
            categories=self._categories,
            chain=stored.chain,
            number=stored.number,
            status=read.status(key),
            mark=read.mark(key),
            findings=read.findings(key),
            verdict=read.verdict(key),
            difficulty=read.difficulty(key),
            instances=self._instances,
            accepts_adjudicated=self._accepts_adjudicated,
        )

    def _of_image(self, chain: Chain) -> Image:
        if self._image is None or self._image.key != chain.image:
            self._image = self._read.image(chain.image)
            self._why_listed = self._listed.why(self._image) if self._listed is not None else ""
            self._categories = self._read.categories(chain.image)
            self._instances = self._read.instances(chain.image)
        return self._image
