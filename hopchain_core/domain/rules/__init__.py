"""Rules that find a bad chain before a person spends a minute on it. `docs/rules.md` explains each one.

`audit_chain` applies all of `RULES` to one chain; `conditionals` and `answers` look at a whole project.
"""

from __future__ import annotations

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.rules.answering import self_answering
from hopchain_core.domain.rules.bare import bare
from hopchain_core.domain.rules.branches import conditional_effect
from hopchain_core.domain.rules.leaks import leak
from hopchain_core.domain.rules.program import countable, margin, recompute
from hopchain_core.domain.rules.project import Answers, Conditionals, answers, conditionals, outcomes_of
from hopchain_core.domain.rules.rule import Rule
from hopchain_core.domain.rules.structure import both_kinds, depends, number, references, size
from hopchain_core.domain.rules.subject import Subject

RULES: tuple[Rule, ...] = (
    Rule(
        code="references",
        title="References hold",
        description="Hops are numbered in order and need only earlier ones; every instance spoken of is in the picture.",
        severity=Severity.ERROR,
        check=references,
    ),
    Rule(
        code="size",
        title="3 to 6 instances, all in play",
        description="3 to 6 different instances are chosen and all but one at most play a part in a hop.",
        severity=Severity.ERROR,
        check=size,
    ),
    Rule(
        code="depends",
        title="Hops depend on each other",
        description="Every hop but the first needs an earlier one and every hop but the last feeds a later one, "
        "so that none can be skipped.",
        severity=Severity.ERROR,
        check=depends,
    ),
    Rule(
        code="both-kinds",
        title="Both kinds of hop",
        description="At least one hop changes the level (one object, several objects) and at least one goes from an "
        "object found before to another one.",
        severity=Severity.ERROR,
        check=both_kinds,
    ),
    Rule(
        code="number",
        title="One definite number",
        description="The question asks for one number that can be told exactly, and the last hop gives the answer.",
        severity=Severity.ERROR,
        check=number,
    ),
    Rule(
        code="bare",
        title="Speaks of the scene only",
        description="No boxes, coordinates, masks, crops, colours of outlines, ids, or any picture but the one shown.",
        severity=Severity.ERROR,
        check=bare,
    ),
    Rule(
        code="leak",
        title="No result in the question",
        description="No intermediate result stands in the question: no number, no outcome of a condition, no name of "
        "what a hop is there to find.",
        severity=Severity.ERROR,
        check=leak,
    ),
    Rule(
        code="self-answering",
        title="No hop answers itself",
        description="No sub-question contains its own answer.",
        severity=Severity.ERROR,
        check=self_answering,
    ),
    Rule(
        code="recompute",
        title="Recomputes to what it states",
        description="Where hops have operations, what they state is what the operations give over the instances.",
        severity=Severity.ERROR,
        check=recompute,
    ),
    Rule(
        code="margin",
        title="Every choice is clear",
        description="The leftmost is clearly leftmost, the nearest clearly nearest: people make every choice alike "
        "without measuring. A warning where no program wrote the chain.",
        severity=Severity.ERROR,
        check=margin,
    ),
    Rule(
        code="countable",
        title="Counts what can be counted",
        description="No count over a category with a crowd region, with objects too small to see, or hiding each other.",
        severity=Severity.ERROR,
        check=countable,
    ),
    Rule(
        code="conditional-effect",
        title="Every condition matters",
        description="No condition has two sides of the same value, and none leaves the answer as it is.",
        severity=Severity.ERROR,
        check=conditional_effect,
    ),
)
"""Every rule for one chain, in the order in which findings are given."""

PROJECT_RULES: dict[str, str] = {
    "conditionals": 'Over a project about half of the if-then-else conditions come out "no".',
    "answers": "Over a project no single number is so common that guessing it pays.",
}
"""Code and description of the rules over many chains."""


def audit_chain(chain: Chain, facts: PictureFacts) -> tuple[Finding, ...]:
    """What the rules find wrong with a chain over the facts of its picture, in the order of `RULES`."""
    subject = Subject(chain, facts)
    return tuple(finding for rule in RULES for finding in rule.check(subject))


__all__ = [
    "PROJECT_RULES",
    "RULES",
    "Answers",
    "Conditionals",
    "Rule",
    "Subject",
    "answers",
    "audit_chain",
    "conditionals",
    "outcomes_of",
]
