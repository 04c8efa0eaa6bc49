"""Which chains an export takes, and why it leaves out the others. One reason per chain: the first that applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hopchain_core.domain.chains import Chain, Composer
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.programs.execution import ProgramError, run_program
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.provenance import Run
from hopchain_core.domain.review import Mark, MarkKind, Verdict, VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.domain.statistics import IntervalMethod
from hopchain_core.domain.status import ChainStatus
from hopchain_core.export.curriculum import BucketsBy, Order
from hopchain_core.export.formats.names import Format
from hopchain_core.export.references import instances_referred_to


class Variant(StrEnum):
    """How much of each chain is asked, for the paper's ablation."""

    FULL = "full"
    HALF = "half"
    """The later half of the steps, with the earlier results written in."""
    SINGLE = "single"
    """The last step that looks at the picture, with the earlier results written in."""


class Reason(StrEnum):
    """Why a chain is left out. The values are stable: scripts may rely on them."""

    REJECTED = "rejected"
    STALE = "stale"
    UNAUDITED = "unaudited"
    RULE_ERROR = "rule_error"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    DISPUTED = "disputed"
    REFUSED_BY_PEOPLE = "refused_by_people"
    TOO_FEW_ANSWERS = "too_few_answers"
    UNDECIDED = "undecided"
    BY_CONSTRUCTION = "by_construction"
    ADJUDICATED = "adjudicated"
    SIMULATED_ONLY = "simulated_only"
    RESERVED_TEXT = "reserved_text"
    VARIANT_UNFIT = "variant_unfit"
    FLAGGED = "flagged"
    WARNED = "warned"
    NO_DIFFICULTY = "no_difficulty"
    LICENCE_UNKNOWN = "licence_unknown"
    LISTED_ELSEWHERE = "listed_elsewhere"
    NEAR_DUPLICATE = "near_duplicate"
    PICTURE_MISSING = "picture_missing"
    PICTURE_CHANGED = "picture_changed"
    PICTURE_UNREADABLE = "picture_unreadable"


WHAT_TO_DO: dict[Reason, str] = {
    Reason.REJECTED: "a curator rejected it",
    Reason.STALE: "an instance it speaks of was changed since; run compose again",
    Reason.UNAUDITED: "no rule has looked at it; run audit",
    Reason.RULE_ERROR: "a rule found an error in it; see hopchain check",
    Reason.TOO_EASY: "the weaker model solved it too often for the policy",
    Reason.TOO_HARD: "the weaker model solved it too seldom for the policy",
    Reason.DISPUTED: "people gave different answers",
    Reason.REFUSED_BY_PEOPLE: "people found the question bad or ambiguous",
    Reason.TOO_FEW_ANSWERS: "too few people have answered it",
    Reason.UNDECIDED: "nothing has been decided about it; run decide",
    Reason.BY_CONSTRUCTION: "no person has answered it, and computed answers alone were not taken",
    Reason.ADJUDICATED: "an adjudicator decided on its number, and the policy takes only what people agree on",
    Reason.SIMULATED_ONLY: "its difficulty comes from the simulated solver alone, and such ones were not taken",
    Reason.RESERVED_TEXT: "its question holds a tag that trainers replace by a picture",
    Reason.VARIANT_UNFIT: "it cannot be shortened without losing its answer",
    Reason.FLAGGED: "a curator flagged it, and flagged ones were left out",
    Reason.WARNED: "a rule warned of it, and such ones were left out",
    Reason.NO_DIFFICULTY: "no model has tried it, and such ones were left out",
    Reason.LICENCE_UNKNOWN: "the licence of its picture is not known, and such ones were left out",
    Reason.LISTED_ELSEWHERE: "its picture, or one that looks like it, is on the list of those to leave out",
    Reason.NEAR_DUPLICATE: "its picture looks like one that is taken, and such ones were left out",
    Reason.PICTURE_MISSING: "its picture is not where it was",
    Reason.PICTURE_CHANGED: "its picture is no longer the one that was taken in",
    Reason.PICTURE_UNREADABLE: "its picture cannot be read",
}
"""What each reason means, for people."""

RESERVED_TAGS = ("<image>", "<video>", "<audio>", "<|image_pad|>", "<|vision_start|>")
"""Texts that loaders of trainers replace by media; in a question they make rows vanish silently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a person asked of an export.

    Attributes:
        variant: How much of each chain is asked.
        accept_by_construction: Take program-made chains over human or scene annotations without people's answers.
        allow_simulated: Take chains whose difficulty was only simulated.
        keep_too_easy: Take chains that the policy drops because the weaker model solved them too often.
        keep_too_hard: Take chains that the policy drops because it solved them too seldom.
        without_flagged: Leave out what a curator flagged.
        without_warned: Leave out what a rule warned of.
        need_difficulty: Leave out what no model has tried.
        need_licence: Leave out chains over pictures whose licence is not known.
        without: A file that lists pictures to leave out, such as those of benchmarks; empty for none.
        without_near_duplicates: Of pictures that look alike take only the first that gives a record; otherwise they are
            kept on one side of the split.
        keep_metadata: Copy pictures with what cameras and programs wrote into them, such as the place they were taken.
        format: Whose rows are written beside the records.
        relative: Rows name pictures from the export's folder on, for those that can take it.
        shard_size: Rows in one file; 0 for as many as suits the format.
        order: How records follow one another.
        seed: Of a shuffled order, and of the order among equals.
        buckets: Into how many buckets of difficulty they are sorted; 0 for none.
        buckets_by: How those are cut.
    """

    variant: Variant = Variant.FULL
    accept_by_construction: bool = False
    allow_simulated: bool = False
    keep_too_easy: bool = False
    keep_too_hard: bool = False
    without_flagged: bool = False
    without_warned: bool = False
    need_difficulty: bool = False
    need_licence: bool = False
    without: str = ""
    without_near_duplicates: bool = False
    keep_metadata: bool = False
    format: Format = Format.NATIVE
    relative: bool = False
    shard_size: int = 0
    order: Order = Order.PICTURES
    seed: int = 0
    buckets: int = 0
    buckets_by: BucketsBy = BucketsBy.WIDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A chain that is left out."""

    chain: str
    number: int
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A chain with all that has been said of it.

    Attributes:
        number: Its row in the project, as people call it.
        image: Its picture.
        categories: Of the picture, as they count now.
        instances: All of the picture, as they count now.
        accepts_adjudicated: The project's policy takes a number that an adjudicator decided on.
        interval: How the policy works intervals out.
        solver: The run that tried it, where one did.
    """

    image: Image
    categories: tuple[Category, ...]
    chain: Chain
    number: int
    status: ChainStatus
    mark: Mark | None
    findings: tuple[Finding, ...]
    verdict: Verdict | None
    difficulty: Difficulty | None
    instances: tuple[Instance, ...]
    accepts_adjudicated: bool = False
    interval: IntervalMethod = IntervalMethod.WILSON
    solver: Run | None = None

    @property
    def facts(self) -> PictureFacts:
        """The picture as programs see it now."""
        return PictureFacts.of(self.image, self.categories, self.instances)

    @property
    def question(self) -> str:
        """What the whole chain asks."""
        return self.chain.question

    @property
    def is_audited(self) -> bool:
        """The rules have looked at it, or nobody cares since a curator rejected it."""
        return self.status is not ChainStatus.UNAUDITED

    @property
    def errors(self) -> tuple[str, ...]:
        """Rules that found an error, by name."""
        return tuple(sorted({f.rule for f in self.findings if f.severity is Severity.ERROR}))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Rules that warned, by name."""
        return tuple(sorted({f.rule for f in self.findings if f.severity is Severity.WARNING}))

    def changed(self) -> str:
        """What of the picture has changed since the chain was written; empty when nothing that matters."""
        gone = instances_referred_to(self.chain) - {i.key for i in self.instances}
        if gone:
            return f"{len(gone)} of its instances changed or gone"
        if self.chain.composer is not Composer.PROGRAM or not self.chain.is_executable:
            return ""
        try:
            answer = run_program(self.chain.hops, self.facts).answer
        except ProgramError as error:
            return str(error)
        return (
            "" if answer == self.chain.answer.value else f"its steps now give {answer} instead of {self.chain.answer}"
        )


class Judged(Protocol):
    """As much of a `Candidate` as decides whether it is taken; the errors and warnings are names of rules."""

    @property
    def image(self) -> Image: ...  # noqa: D102
    @property
    def question(self) -> str: ...  # noqa: D102
    @property
    def mark(self) -> Mark | None: ...  # noqa: D102
    @property
    def is_audited(self) -> bool: ...  # noqa: D102
    @property
    def errors(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def warnings(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def verdict(self) -> Verdict | None: ...  # noqa: D102
    @property
    def difficulty(self) -> Difficulty | None: ...  # noqa: D102


def reason_against(candidate: Candidate, terms: Terms) -> tuple[Reason, str] | None:
    """Why the chain is left out under these terms, with a detail for people; None when it is taken."""
    return reason_in(candidate, terms, candidate.changed, accepts_adjudicated=candidate.accepts_adjudicated)


def reason_in(
    candidate: Judged, terms: Terms, changed_since: Callable[[], str], *, accepts_adjudicated: bool
) -> tuple[Reason, str] | None:
    """As `reason_against`, for whoever knows otherwise what has changed since the chain was written.

    Args:
        candidate: The chain.
        terms: What a person asked.
        changed_since: As `Candidate.changed`.
        accepts_adjudicated: As of a `Candidate`.
    """
    if candidate.mark is not None and candidate.mark.kind is MarkKind.REJECT:
        return Reason.REJECTED, candidate.mark.reason
    changed = changed_since()
    if changed:
        return Reason.STALE, changed
    if not candidate.is_audited:
        return Reason.UNAUDITED, ""
    if candidate.errors:
        return Reason.RULE_ERROR, ", ".join(candidate.errors)
    tried = candidate.difficulty
    if tried is not None and not tried.is_kept:
        solved = f"{tried.n_correct} of {tried.n} solved"
        if tried.is_too_hard and not terms.keep_too_hard:
            return Reason.TOO_HARD, solved
        if not tried.is_too_hard and not terms.keep_too_easy:
            return Reason.TOO_EASY, solved
    against = _against_verdict(candidate.verdict, terms, accepts_adjudicated=accepts_adjudicated)
    if against is not None:
        return against
    if candidate.difficulty is not None and candidate.difficulty.is_simulated and not terms.allow_simulated:
        return Reason.SIMULATED_ONLY, candidate.difficulty.model
    tag = next((t for t in RESERVED_TAGS if t in candidate.question), None)
    if tag is not None:
        return Reason.RESERVED_TEXT, tag
    return _against_wishes(candidate, terms)


def _against_wishes(candidate: Judged, terms: Terms) -> tuple[Reason, str] | None:
    if terms.without_flagged and candidate.mark is not None and candidate.mark.kind is MarkKind.FLAG:
        return Reason.FLAGGED, candidate.mark.reason
    if terms.without_warned and candidate.warnings:
        return Reason.WARNED, ", ".join(candidate.warnings)
    if terms.need_difficulty and candidate.difficulty is None:
        return Reason.NO_DIFFICULTY, ""
    if terms.need_licence and not candidate.image.licence:
        return Reason.LICENCE_UNKNOWN, candidate.image.path
    return None


def _against_verdict(verdict: Verdict | None, terms: Terms, *, accepts_adjudicated: bool) -> tuple[Reason, str] | None:
    if verdict is None:
        return Reason.UNDECIDED, ""
    votes = ", ".join(f"{answer}: {people}" for answer, people in verdict.votes)
    match verdict.outcome:
        case VerdictOutcome.AGREED:
            return None
        case VerdictOutcome.BY_CONSTRUCTION:
            return None if terms.accept_by_construction else (Reason.BY_CONSTRUCTION, "")
        case VerdictOutcome.ADJUDICATED:
            return None if accepts_adjudicated else (Reason.ADJUDICATED, votes)
        case VerdictOutcome.DISPUTED:
            return Reason.DISPUTED, votes
        case VerdictOutcome.REFUSED:
            return Reason.REFUSED_BY_PEOPLE, votes
        case VerdictOutcome.TOO_FEW:
            return Reason.TOO_FEW_ANSWERS, votes
