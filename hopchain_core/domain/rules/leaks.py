"""The rule `leak`: no intermediate result stands in the question.

A result that can be read off the question makes the hops before it superfluous. Told apart from it are what a
question has to say: the constants of its if-else conditions, what it asks to look for, and names of objects that are
spoken of for their own sake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from hopchain_core.domain.chains import Chain, Hop, ValueReference, instances_in
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.programs.operations import Constant, Extreme, Filter
from hopchain_core.domain.rules.reading import (
    Mention,
    numbers_in,
    sentence_at,
    sentences,
    stated_number,
    stems,
    words_in,
)
from hopchain_core.domain.rules.rule import error, warning
from hopchain_core.domain.rules.subject import Subject, attribute_values, expressions_in, expressions_of

_WHO = r"(?:it|he|she|they|this|that|there|these|those)"
_IS = r"(?:is|are|was|were|does|do|has|have|isn't|isn’t|aren't|doesn't|don't|is not|are not|does not|do not)"
_ASIDE = re.compile(
    rf"[(\[–—,]\s*(?:which\s+|and\s+|as\s+)?{_WHO}\s+(?:really\s+|indeed\s+)?{_IS}(?:\s+(?:so|not|indeed|true|false))?\s*[)\]–—,.;]"
    rf"|[(\[]\s*(?:yes|no|true|false|correct|indeed)\b[^()\[\]]{{0,60}}[)\]]",
    re.IGNORECASE,
)
_REASON = re.compile(
    rf"\b(?:because|since|given that|seeing that)\s+(?:it|its|he|she|this|that|these|those|they|the|there|both|all|neither)\b"
    rf"(?:[ '’-]+\w+){{0,8}}?[ ](?:{_IS}|lies?|looks?|stands?|shows?|reads?|says?)\b"
    rf"|(?:^|[,;:(–—.!?]\s*)as\s+{_WHO}\s+(?:{_IS}|lies?|looks?|stands?|shows?|reads?|says?)\b",
    re.IGNORECASE,
)
_RESULT_CUE = re.compile(
    r"(?:\b(?:gives?|giving|gets?|getting|got|makes?|making|yields?|yielding|equals?|totals|totall?ing|resulting in|"
    r"results? in|namely|i\.e\.,?|which (?:is|are)|that (?:is|are|makes)|(?:you|we) (?:now )?have|"
    r"is(?: now| then)?|are|leaving|counting)"
    r"(?: you| us)?(?: exactly)?(?: a total of)?|[=→⇒])\s*[\"'(]?$",
    re.IGNORECASE,
)
_EXISTENCE_CUE = re.compile(r"\bthere (?:is|are|were)(?: exactly| only| just)?\s*$", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:if|whether|unless|when|until|once|otherwise|else|whose|where|suppose|as long as|how many|provided)\b",
    re.IGNORECASE,
)
_APPOSITION = re.compile(
    r"\b(?:which|that|it|this|he|she|they|these|those)\s+(?:is|are|was|says|reads|shows|turns out to be)(?:\s+(?:an?|the))?\s*[\"'“]?$"
    r"|\b(?:namely|i\.e\.,?|called|reading|saying)\s*(?:an?|the)?\s*[\"'“]?$|\(\s*(?:an?|the)?\s*[\"'“]?$|,\s*an?\s*$",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"\(([^()]{1,80})\)")
_TRUTHS = frozenset({"yes", "no", "true", "false"})
_LEAST_BARE_WORD = 3  # "two" and "one" are too common to prove anything


def leak(subject: Subject) -> Iterator[Finding]:
    """No intermediate result stands in the question."""
    chain = subject.chain
    yield from _asides(chain.question)
    yield from _numbers(chain)
    yield from _names(subject)


def _asides(question: str) -> Iterator[Finding]:
    for match in _ASIDE.finditer(question):
        yield error(
            "leak",
            f'"{match.group().strip()}" tells how a condition comes out. Leave it out; finding that is part of the task.',
            words=match.group().strip(),
        )
    for match in _REASON.finditer(question):
        yield error(
            "leak",
            f'"{match.group().strip(" ,;:(–—.")}" tells a result as a reason. Say only what to do; finding out why is the task.',
            words=match.group().strip(" ,;:(–—."),
        )


# numbers


def _numbers(chain: Chain) -> Iterator[Finding]:
    question = chain.question
    mentions = numbers_in(question)
    if not mentions:
        return
    results = _results(chain)
    constants = _constants(chain) if chain.is_executable else frozenset()
    for mention in mentions:
        hop = results.get(mention.number.value)
        if hop is None:
            continue
        words = question[mention.start : mention.end]
        if _is_stated(question, mention, mention.number.value in constants):
            yield error(
                "leak",
                f'The question states "{words}", which is the result of hop {hop.index}. Leave it out or ask for it.',
                hop.index,
                words=words,
                place=mention.start,
            )
        elif mention.number.value not in constants and _is_unexplained(chain, mention, hop):
            make = error if chain.is_executable and mention.is_digits else warning
            yield make(
                "leak",
                f'"{words}" in the question is the result of hop {hop.index} and nothing it has to say. '
                "Speak of the result without naming it.",
                hop.index,
                words=words,
                place=mention.start,
            )


def _results(chain: Chain) -> dict[Decimal, Hop]:
    """Each number that a hop gives, with the first hop that does."""
    results: dict[Decimal, Hop] = {}
    for hop in chain.hops:
        texts = [r.value for r in hop.establishes if isinstance(r, ValueReference)]
        if not hop.establishes:
            texts = [hop.output]  # where it establishes an object, "bird 3" is a name
        for number in map(stated_number, texts):
            if number is not None:
                results.setdefault(number.value, hop)
    if chain.hops:
        results.setdefault(chain.answer.value, chain.hops[-1])
    return results


def _constants(chain: Chain) -> frozenset[Decimal]:
    """Numbers that the operations take from the question."""
    found: set[Decimal] = set()
    for expression in expressions_of(chain):
        if isinstance(expression, Constant):
            value = expression.value
            found.update([value] if isinstance(value, Decimal) else [m.number.value for m in numbers_in(value)])
        elif isinstance(expression, Extreme):
            found.add(Decimal(expression.rank))
    for value in attribute_values(chain):
        found.update(m.number.value for m in numbers_in(value))
    return frozenset(found)


def _is_stated(question: str, mention: Mention, is_constant: bool) -> bool:
    """The number is given as a result: "which gives 11", "there are 3 birds", "(7 letters)"."""
    start = next((a for a, b in sentences(question) if a <= mention.start < b), 0)
    before = question[max(start, mention.start - 60) : mention.start]
    if _EXISTENCE_CUE.search(before):
        return not _CONDITION.search(question[start : mention.start])
    if is_constant:
        return False
    if _RESULT_CUE.search(before):
        return bool(re.search(r"[=→⇒]\s*[\"'(]?$", before)) or not _CONDITION.search(question[start : mention.start])
    for aside in _PARENTHESIS.finditer(question):
        if aside.start() < mention.start < aside.end():
            inside = aside.group(1)
            return len(numbers_in(inside)) == 1 and not re.search(
                r"\b(?:if|or|otherwise|not|including|counting|add|subtract|times|by|at least|from|to)\b", inside, re.I
            )
    return False


def _is_unexplained(chain: Chain, mention: Mention, hop: Hop) -> bool:
    """A number that is no constant of a condition, and that the hop's own step does not name either."""
    if not mention.is_digits and abs(mention.number.value) < _LEAST_BARE_WORD:
        return False
    if hop is chain.hops[-1] and not chain.is_executable:
        return False  # the answer of other people's chains may well equal one of their constants
    if any(m.number == mention.number for m in numbers_in(hop.sub_question)):
        return False
    start = next((a for a, b in sentences(chain.question) if a <= mention.start < b), 0)
    if chain.is_executable:
        return not _CONDITION.search(chain.question[start : mention.start])
    return not _CONDITION.search(sentence_at(chain.question, mention.start))


# names


def _names(subject: Subject) -> Iterator[Finding]:
    chain = subject.chain
    question = words_in(chain.question)
    said = {w.stem for w in question}
    for hop in chain.hops[:-1]:
        output = re.split(r"→|⇒|->|=>", hop.output)[0]
        output = re.sub(r"\([^()]*\)|\bat\s*\([^)]*\)", " ", output)
        phrase = [w.stem for w in words_in(output)]
        if not phrase or len(phrase) > 4 or not set(phrase) <= said or _TRUTHS & set(phrase):
            continue
        news = set(phrase) - stems(hop.sub_question) - _own_words(hop)
        if not news or news <= _needed_words(subject, hop):
            continue
        for at in range(len(question) - len(phrase) + 1):
            if [w.stem for w in question[at : at + len(phrase)]] != phrase:
                continue
            start, end = question[at].start, question[at + len(phrase) - 1].end
            if _CONDITION.search(sentence_at(chain.question, start)):
                continue
            words = chain.question[start:end]
            if _APPOSITION.search(chain.question[max(0, start - 40) : start]):
                yield error(
                    "leak",
                    f'The question says "{words}", which hop {hop.index} is there to find. Leave it out.',
                    hop.index,
                    words=words,
                    place=start,
                )
            else:
                yield warning(
                    "leak",
                    f'The question names "{words}", which is what hop {hop.index} finds. '
                    'If it means the same, speak of "this object" or the like.',
                    hop.index,
                    words=words,
                    place=start,
                )
            break


def _own_words(hop: Hop) -> frozenset[str]:
    """Words that the hop has to use to say what it looks for."""
    if hop.operation is None:
        return frozenset()
    return frozenset().union(*(_expression_words(e) for e in expressions_in(hop.operation)))


def _expression_words(expression: object) -> frozenset[str]:
    if isinstance(expression, Filter):
        conditions = " ".join(c.value for c in expression.where if hasattr(c, "value"))
        return stems(f"{expression.category or ''} {conditions}")
    if isinstance(expression, Constant) and isinstance(expression.value, str):
        return stems(expression.value)
    return frozenset()


def _needed_words(subject: Subject, hop: Hop) -> frozenset[str]:
    """Words that other hops need to speak of other objects of that name."""
    found: set[str] = set()
    own = instances_in(hop.establishes, with_sets=True)
    for other in subject.chain.hops:
        if other is hop:
            continue
        found |= _own_words(other)
        for key in instances_in(other.uses + other.establishes, with_sets=True) - own:
            seen = subject.facts.by_key.get(key)
            if seen is not None:
                found |= stems(seen.category)
    return frozenset(found)
