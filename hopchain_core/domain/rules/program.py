"""Rules that run the program: recompute, margin, countable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hopchain_core.domain.chains import Composer, Hop, InstanceReference, SetReference, ValueReference
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.programs.execution import Choice, Seen, Value, output_text
from hopchain_core.domain.rules.reading import stated_number, stem
from hopchain_core.domain.rules.rule import error, warning
from hopchain_core.domain.rules.subject import Subject

_COUNTS = re.compile(
    r"\b(?:how many|number of|count(?: up)?(?: all)?(?: of)?)\s+(?:of\s+)?(?:the\s+|all\s+|these\s+|those\s+)*([\w-]+)(?:\s+([\w-]+))?(?:\s+([\w-]+))?",
    re.IGNORECASE,
)
_JOINING = frozenset(
    {"of", "on", "in", "at", "by", "from", "with", "are", "is", "under", "near", "that", "which", "to"}
)


def recompute(subject: Subject) -> Iterator[Finding]:
    """What the hops state is what their operations give over the instances of the picture.

    Only the first hop that differs is named: those after it differ because of it.
    """
    chain = subject.chain
    make = error if chain.is_executable else warning
    for hop in chain.hops:
        step = subject.steps.get(hop.index)
        if step is None:
            continue
        if step.value is None:
            reason = step.problem.partition(": ")[2] or step.problem
            yield make("recompute", f"The operation of hop {hop.index} gives nothing: {reason}. Correct it.", hop.index)
            return
        problem = _difference(hop, step.value)
        if problem:
            yield make(
                "recompute",
                f"Hop {hop.index} {problem}. Correct the hop or its operation.",
                hop.index,
                stated=hop.output,
                computed=_shown(step.value),
            )
            break
    if not chain.is_executable:
        return
    last = subject.steps.get(chain.hops[-1].index)
    value = last.value if last else None
    if isinstance(value, bool) or value != chain.answer.value:
        yield error(
            "recompute",
            f"The answer is stated as {chain.answer.text}, but the operations give "
            f"{_shown(value) if value is not None else 'nothing'}. Correct the one that is wrong.",
            None,
            stated=chain.answer.text,
            computed=_shown(value) if value is not None else None,
        )


def _shown(value: Value) -> str:
    if isinstance(value, Seen):
        centre = value.box.centre
        return f"{value.category} at ({centre.x:.0f}, {centre.y:.0f})"
    return output_text(value)


def _difference(hop: Hop, value: Value) -> str:
    """How what a hop states differs from its computed value; empty when it does not."""
    established = hop.establishes
    if isinstance(value, Seen):
        keys = [r.instance for r in established if isinstance(r, InstanceReference)]
        return "" if keys == [value.key] else f"establishes another object than its operation finds ({_shown(value)})"
    if isinstance(value, tuple):
        sets = [r.instances for r in established if isinstance(r, SetReference)]
        same = len(sets) == 1 and set(sets[0]) == {s.key for s in value}
        return "" if same else f"establishes another set than its operation finds ({len(value)} objects)"
    texts = [r.value for r in established if isinstance(r, ValueReference)]
    if not all(_says(text, value) for text in texts) or not texts:
        return f"establishes {' and '.join(texts) or 'no value'}, but its operation gives {_shown(value)}"
    if not _says(hop.output, value):
        return f'says "{hop.output}", but its operation gives {_shown(value)}'
    return ""


def _says(text: str, value: Value) -> bool:
    if isinstance(value, bool):
        word = text.strip().lower().split(" ")[0].strip(".,;:")
        return word in (("yes", "true") if value else ("no", "false"))
    if isinstance(value, str):
        return value.casefold() in text.casefold()
    stated = stated_number(text)
    return stated is not None and stated.value == value


def margin(subject: Subject) -> Iterator[Finding]:
    """Every choice is clear: people with good eyes make it without measuring."""
    chain = subject.chain
    make = error if chain.composer is Composer.PROGRAM else warning
    for index, step in subject.steps.items():
        unclear = [c for c in step.choices if not c.is_clear and c.operation != "count"]
        if unclear:
            worst = min(unclear, key=lambda c: c.margin)
            yield make(
                "margin",
                f"In hop {index} the choice is too near a tie ({_describe(worst)}): people will disagree. "
                "Ask for something that stands out, or leave the hop out.",
                index,
                operation=worst.operation,
                margin=worst.margin,
                choice=worst.message,
            )


def _describe(choice: Choice) -> str:
    return f"{choice.message}; {choice.margin:.2f} of what it takes to be clear"


def countable(subject: Subject) -> Iterator[Finding]:
    """Nothing is counted that people could not count: crowds, tiny objects, objects that hide each other."""
    never = subject.facts.never_counted
    if not never:
        return
    for hop in subject.chain.hops:
        step = subject.steps.get(hop.index)
        if hop.operation is not None:
            bad = [c for c in step.choices if c.operation == "count" and not c.is_clear] if step else []
            if bad:
                yield _uncountable(hop, bad[0].message)
            continue
        name = _counted_category(hop.sub_question, never)
        if name:
            yield _uncountable(hop, f"{name} cannot be counted")
    if not subject.chain.is_executable and not any(h.operation is None for h in subject.chain.hops):
        return
    name = _counted_category(subject.chain.question, never)
    if name and not subject.chain.is_executable:
        yield error("countable", _message("The question", f"{name} cannot be counted"), None, category=name)


def _uncountable(hop: Hop, reason: str) -> Finding:
    return error("countable", _message(f"Hop {hop.index}", reason), hop.index, reason=reason)


def _message(who: str, reason: str) -> str:
    return (
        f"{who} counts what people will not agree on ({reason}): more are there than are marked, or some are too small "
        "or hide each other. Count another kind of object."
    )


def _counted_category(text: str, never: frozenset[str]) -> str:
    """A category that the text asks to count, among those that cannot be; at most one adjective may stand between."""
    for match in _COUNTS.finditer(text):
        following = [stem(w) for w in match.groups() if w]
        if following[0] in _JOINING:
            continue
        for name in sorted(never):
            words = [stem(w) for w in name.split()]
            for at in (0, 1):
                if at and following[at - 1 : at] and len(following) > 1 and following[at] in _JOINING:
                    continue
                if following[at : at + len(words)] == words:
                    return name
    return ""
