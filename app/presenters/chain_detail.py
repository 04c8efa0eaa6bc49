"""All that the window shows of one chain, read and worked out in one go, in another thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from app.models.instance_names import names_of
from app.presenters.chain_evidence import HopEvidence, evidence_of
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import (
    Chain,
    Hop,
    HopKind,
    InstanceReference,
    SetReference,
    ValueReference,
    instances_of,
    kinds_of,
)
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ChainKey, InstanceKey
from hopchain_core.domain.programs.execution import Value, output_text
from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.review import Comment, Mark
from hopchain_core.domain.rollouts import Difficulty, Rollout
from hopchain_core.domain.rules import RULES, audit_chain
from hopchain_core.domain.rules.subject import Step, Subject, stated_value
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import InputError
from hopchain_core.project import Reader, StoredChain


class CheckState(StrEnum):
    """What recomputing says of what is stated."""

    SAME = "same"
    DIFFERS = "differs"
    FAILS = "fails"
    CLAIMED = "claimed"
    """It rests on a step that cannot be recomputed."""
    NONE = "none"
    """There is nothing to compute it from."""


@dataclass(frozen=True, slots=True)
class Check:
    """A stated result against the recomputed one.

    Attributes:
        state: How they compare.
        text: What recomputing gives, or why it gives nothing.
    """

    state: CheckState
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleState:
    """One rule over the whole chain.

    Attributes:
        code: Of the rule.
        title: What it asks, in a few words.
        description: In a sentence or two.
        findings: What it found.
    """

    code: str
    title: str
    description: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ChainDetail:
    """One chain with its picture and everything said of it.

    Attributes:
        stored: The version shown.
        image: Its picture.
        facts: What is marked in it.
        hidden: Instances that a person hid.
        findings: What the audit found; where none has looked yet, what the rules say now.
        is_audited: The findings are those of an audit.
        status: Where it stands.
        mark: What a curator decided.
        versions: Of the chain, oldest first.
        comments: On any of its versions, oldest first.
        difficulty: How often a weaker model solved it.
        rollouts: Its attempts.
        annotation_count: How many people answered it.
        is_gone: No version of it is seen any more.
    """

    stored: StoredChain
    image: Image
    facts: PictureFacts
    hidden: frozenset[InstanceKey]
    findings: tuple[Finding, ...]
    is_audited: bool
    status: ChainStatus
    mark: Mark | None
    versions: tuple[StoredChain, ...]
    comments: tuple[Comment, ...]
    difficulty: Difficulty | None
    rollouts: tuple[Rollout, ...]
    annotation_count: int
    is_gone: bool = False

    @property
    def chain(self) -> Chain:
        """The version shown."""
        return self.stored.chain

    @cached_property
    def key(self) -> ChainKey:
        """Of the version shown."""
        return self.stored.chain.key

    @cached_property
    def names(self) -> dict[InstanceKey, str]:
        """How instances of the picture are called: by category, and their place among their kind from the left."""
        return instance_names(self.facts)

    @cached_property
    def steps(self) -> dict[int, Step]:
        """What the operations give, by hop."""
        return Subject(self.chain, self.facts).steps

    @cached_property
    def outputs(self) -> dict[int, Value]:
        """What each hop gives: recomputed where it can be, else as stated."""
        found: dict[int, Value] = {}
        for hop in self.chain.hops:
            step = self.steps.get(hop.index)
            value = step.value if step is not None else stated_value(hop, self.facts)
            if value is not None:
                found[hop.index] = value
        return found

    @cached_property
    def checks(self) -> dict[int, Check]:
        """Stated against recomputed, by hop."""
        return {hop.index: _check(hop, self.steps.get(hop.index), self.names) for hop in self.chain.hops}

    @cached_property
    def answer_check(self) -> Check:
        """The answer against the last hop's recomputed value."""
        chain = self.chain
        step = self.steps.get(chain.hops[-1].index) if chain.hops else None
        if step is None:
            return Check(CheckState.NONE)
        if not isinstance(step.value, bool) and step.value == chain.answer.value:
            return Check(CheckState.CLAIMED if step.is_claimed else CheckState.SAME)
        if step.value is None:
            return Check(CheckState.FAILS, step.problem)
        return Check(CheckState.DIFFERS, value_text(step.value, self.names))

    @cached_property
    def kinds(self) -> dict[int, frozenset[HopKind]]:
        """Kinds of each hop."""
        return {hop.index: kinds_of(hop, self.chain) for hop in self.chain.hops}

    @cached_property
    def evidence(self) -> dict[int, HopEvidence]:
        """What there is to see of each hop."""
        found = {}
        for hop in self.chain.hops:
            before = {index: value for index, value in self.outputs.items() if index < hop.index}
            found[hop.index] = evidence_of(hop, self.chain, self.facts, before, self.names)
        return found

    @cached_property
    def rules(self) -> tuple[RuleState, ...]:
        """Every rule with what it found; what other checks found comes after them."""
        by_code: dict[str, list[Finding]] = {}
        for finding in self.findings:
            by_code.setdefault(finding.rule, []).append(finding)
        rules = [
            RuleState(
                code=rule.code,
                title=rule.title,
                description=rule.description,
                findings=tuple(by_code.pop(rule.code, ())),
            )
            for rule in RULES
        ]
        rules += [
            RuleState(code=code, title=code, description="", findings=tuple(found)) for code, found in by_code.items()
        ]
        return tuple(rules)

    @property
    def recomputed_count(self) -> int:
        """How many hops recompute to what they state."""
        return sum(check.state is CheckState.SAME for check in self.checks.values())

    def findings_of(self, hop: int | None) -> tuple[Finding, ...]:
        """What was found about one hop; about the whole chain for None."""
        return tuple(f for f in self.findings if f.hop == hop)

    def hop_at(self, index: int) -> Hop | None:
        """The hop of a number."""
        return next((h for h in self.chain.hops if h.index == index), None)

    def prepared(self) -> ChainDetail:
        """Itself, with everything worked out that is worked out when first asked: call it in another thread."""
        _ = self.names, self.checks, self.answer_check, self.kinds, self.evidence, self.rules, self.key
        return self


def read_detail(read: Reader, name: str) -> ChainDetail:
    """Reads a chain and all about it, in the version that is seen now.

    Args:
        read: A snapshot.
        name: A number, a key or the beginning of a key.

    Raises:
        InputError: There is no such chain.
    """
    stored = read.chain(name)
    versions = read.versions(stored.chain.key)
    seen = {other.chain.key for other in read.chains(stored.chain.image)}
    shown = next((v for v in reversed(versions) if v.chain.key in seen), None)
    is_gone = shown is None
    stored = shown or stored
    chain = stored.chain
    key = chain.key
    try:
        image = read.image(chain.image)
    except KeyError as error:
        raise InputError("The picture of this chain is not in the project.") from error
    facts = PictureFacts.of(
        image, read.categories(chain.image), read.instances(chain.image), read.departures(chain.image)
    )
    status = read.status(key)
    # What an audit found of instances that have gone or changed since says nothing of the chain as it is.
    is_audited = status is not ChainStatus.UNAUDITED and instances_of(chain) <= facts.by_key.keys()
    return ChainDetail(
        stored=stored,
        image=image,
        facts=facts,
        hidden=read.hidden_instances(chain.image),
        findings=read.findings(key) if is_audited else tuple(audit_chain(chain, facts)),
        is_audited=is_audited,
        status=status,
        mark=read.mark(key),
        versions=versions,
        comments=read.comments(v.chain.key for v in versions),
        difficulty=read.difficulty(key),
        rollouts=read.rollouts(key),
        annotation_count=len(read.annotations(key)),
        is_gone=is_gone,
    ).prepared()


def instance_names(facts: PictureFacts) -> dict[InstanceKey, str]:
    """How instances of a picture are called: bear, bird 1, bird 2 from left to right; crowds by their category."""
    crowds = (seen for seen in facts.by_key.values() if seen.is_crowd)
    ordered = (*crowds, *(seen for group in facts.by_category.values() for seen in group))
    return names_of((seen.key, seen.category, seen.is_crowd) for seen in ordered)


def value_text(value: Value, names: Mapping[InstanceKey, str]) -> str:
    """A value in a few words: bird 1, 3 objects, 9, yes."""
    if isinstance(value, Seen):
        return names.get(value.key, value.category)
    return output_text(value)


def _check(hop: Hop, step: Step | None, names: Mapping[InstanceKey, str]) -> Check:
    if step is None:
        return Check(CheckState.NONE)
    if step.value is None:
        return Check(CheckState.FAILS, step.problem)
    if not _is_stated(hop, step.value):
        return Check(CheckState.DIFFERS, value_text(step.value, names))
    return Check(CheckState.CLAIMED if step.is_claimed else CheckState.SAME)


def _is_stated(hop: Hop, value: Value) -> bool:
    """Whether a hop establishes, and says, what its operation gives."""
    if isinstance(value, Seen):
        return [r.instance for r in hop.establishes if isinstance(r, InstanceReference)] == [value.key]
    if isinstance(value, tuple):
        sets = [set(r.instances) for r in hop.establishes if isinstance(r, SetReference)]
        return sets == [{seen.key for seen in value}]
    texts = [r.value for r in hop.establishes if isinstance(r, ValueReference)]
    return bool(texts) and all(_says(text, value) for text in (*texts, hop.output))


def _says(text: str, value: Value) -> bool:
    if isinstance(value, bool):
        word = text.strip().lower().partition(" ")[0].strip(".,;:")
        return word in (("yes", "true") if value else ("no", "false"))
    if isinstance(value, str):
        return value.casefold() in text.casefold()
    read = Answer.read(text)
    return isinstance(read, Answer) and read.value == value
