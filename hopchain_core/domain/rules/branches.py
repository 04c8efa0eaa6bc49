"""The rule `conditional-effect`: every condition matters for the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hopchain_core.domain.findings import Finding
from hopchain_core.domain.numerals import read_numeral
from hopchain_core.domain.programs.execution import ProgramError, run_operation, run_program
from hopchain_core.domain.programs.operations import Branch
from hopchain_core.domain.rules.rule import error
from hopchain_core.domain.rules.subject import Subject, expressions_in

_IF_ELSE = re.compile(
    r"\bif\b[^?]{1,200}?\b(add|subtract|note|write down|use|take|multiply(?: \w+){0,2} by|start(?: \w+){0,2} (?:at|with))\s+"
    r"(?:the number )?(\w+)\b[^?]{0,40}?\b(?:otherwise|else|if not)\b,?\s*(?:\1\s+)?(?:it by\s+)?(?:the number )?(\w+)\b",
    re.IGNORECASE,
)


def conditional_effect(subject: Subject) -> Iterator[Finding]:
    """No condition has two sides of the same value, and none leaves the answer as it is."""
    chain = subject.chain
    equal: set[int] = set()
    for hop in chain.hops:
        branches = [e for e in expressions_in(hop.operation) if isinstance(e, Branch)] if hop.operation else []
        if any(_sides_are_equal(subject, hop.index, b) for b in branches):
            equal.add(hop.index)
            yield error(
                "conditional-effect",
                f"Both sides of the condition in hop {hop.index} give the same value, so it need not be looked at. "
                "Give them different values.",
                hop.index,
            )
    if chain.is_executable:
        yield from _without_effect(subject, equal)
    elif not equal:
        yield from _in_words(chain.question)


def _sides_are_equal(subject: Subject, index: int, branch: Branch) -> bool:
    if branch.then == branch.otherwise:
        return True
    outputs = {i: s.value for i, s in subject.steps.items() if s.value is not None and i < index}
    try:
        one, _, _ = run_operation(index, branch.then, subject.facts, outputs)
        other, _, _ = run_operation(index, branch.otherwise, subject.facts, outputs)
    except ProgramError:
        return False
    return one == other


def _without_effect(subject: Subject, known: set[int]) -> Iterator[Finding]:
    chain = subject.chain
    answer = subject.steps[chain.hops[-1].index].value if chain.hops[-1].index in subject.steps else None
    if answer is None:
        return
    for index, step in subject.steps.items():
        if not step.branches or index in known:
            continue
        forced = {index: not step.branches[-1].is_true}
        try:
            other = run_program(chain.hops, subject.facts, forced=forced).outputs[-1]
        except ProgramError:
            continue  # a wrong turn that leads nowhere has an effect
        if other == answer:
            yield error(
                "conditional-effect",
                f"However the condition in hop {index} comes out, the answer is the same. "
                "Choose its values so that a wrong turn changes the answer.",
                index,
                answer=str(answer),
            )


def _in_words(question: str) -> Iterator[Finding]:
    for match in _IF_ELSE.finditer(question):
        one, other = read_numeral(match[2]), read_numeral(match[3])
        if one == other and not isinstance(one, str):
            yield error(
                "conditional-effect",
                f'Both sides of a condition say "{match[2]}", so it need not be looked at. Give them different values.',
                words=match.group(),
            )
