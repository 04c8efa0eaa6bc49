"""Rules about how the hops hang together: size, depends, both-kinds, references, number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import (
    HopKind,
    InstanceReference,
    Reference,
    SetReference,
    ValueReference,
    instances_in,
    kinds_of,
)
from hopchain_core.domain.departures import indefinite
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.operations import Given, hops_used
from hopchain_core.domain.rules.reading import numbers_in, stated_number
from hopchain_core.domain.rules.rule import error, warning
from hopchain_core.domain.rules.subject import Subject, expressions_in

LEAST_INSTANCES, MOST_INSTANCES = 3, 6
"""Source: HopChain (arXiv 2603.17024), stage 3."""

_ESTIMATE = re.compile(
    r"\b(?:roughly|approximately|about how (?:many|much)|estimate[ds]?|at least how many|or so)\b", re.I
)


def size(subject: Subject) -> Iterator[Finding]:
    """3-6 different instances, of which all but one at most play a part."""
    chain = subject.chain
    chosen = dict.fromkeys(chain.instances)
    if len(chosen) < len(chain.instances):
        yield error("size", "An instance is chosen twice. Choose each one once.")
    if not LEAST_INSTANCES <= len(chosen) <= MOST_INSTANCES:
        yield error(
            "size",
            f"{len(chosen)} instances are chosen; a chain takes {LEAST_INSTANCES} to {MOST_INSTANCES}. "
            + ("Bring more objects into play." if len(chosen) < LEAST_INSTANCES else "Leave some out."),
            chosen=len(chosen),
        )
    played = frozenset[InstanceKey]().union(
        *(instances_in(h.uses + h.establishes, with_sets=True) for h in chain.hops),
        *(_given(h.operation) for h in chain.hops if h.operation is not None),
    )
    idle = [key for key in chosen if key not in played]
    if len(idle) > 1:
        yield error(
            "size",
            f"{len(idle)} of {len(chosen)} chosen instances play no part in any hop. "
            "Use them or leave them out; one may stay idle.",
            chosen=len(chosen),
            idle=", ".join(idle),
        )


def _given(operation: object) -> frozenset[InstanceKey]:
    return frozenset(e.instance for e in expressions_in(operation) if isinstance(e, Given))  # type: ignore[arg-type]


def depends(subject: Subject) -> Iterator[Finding]:
    """Every hop but the first needs an earlier one, every hop but the last feeds a later one."""
    hops = subject.chain.hops
    if len(hops) < 2:
        yield error("depends", "A chain has two hops at least. Add one that needs the first.", hops=len(hops))
        return
    last = max(h.index for h in hops)
    first = min(h.index for h in hops)
    earlier = {h.index: {n for n in h.needs if n < h.index} for h in hops}
    fed = frozenset[int]().union(*earlier.values())
    for hop in hops:
        if hop.index != first and not earlier[hop.index]:
            yield error(
                "depends",
                f"Hop {hop.index} needs no earlier hop, so it can be answered by itself. "
                "Let it start from what an earlier hop found, or fold it into the hop that uses it.",
                hop.index,
            )
        if hop.index != last and hop.index not in fed:
            yield error(
                "depends",
                f"No later hop needs hop {hop.index}, so it can be skipped. Use its result or remove it.",
                hop.index,
            )
        if hop.operation is not None:
            used = hops_used(hop.operation)
            if used != set(hop.needs):
                yield error(
                    "depends",
                    f"Hop {hop.index} says it needs {_numbers(hop.needs)}, but its operation uses "
                    f"{_numbers(sorted(used))}. Make the two agree.",
                    hop.index,
                    stated=_numbers(hop.needs),
                    used=_numbers(sorted(used)),
                )
        else:
            yield from _takes_nothing(subject, hop.index)


def _takes_nothing(subject: Subject, index: int) -> Iterator[Finding]:
    chain = subject.chain
    hop = chain.hop(index)
    if not hop.uses:
        return
    used = _marks(hop.uses)
    for need in hop.needs:
        source = next((h for h in chain.hops if h.index == need and need < index), None)
        if source is not None and source.establishes and not _marks(source.establishes) & used:
            yield warning(
                "depends",
                f"Hop {index} says it needs hop {need} but starts from nothing that hop {need} found. "
                "See whether it can be answered without it.",
                index,
                needs=need,
            )


def _marks(references: tuple[Reference, ...]) -> set[str]:
    marks: set[str] = set(instances_in(references, with_sets=True))
    for reference in references:
        if isinstance(reference, ValueReference):
            read = Answer.read(reference.value)
            marks.add(read.text if isinstance(read, Answer) else reference.value.casefold())
        elif isinstance(reference, SetReference) and not reference.instances:
            marks.add("nothing")
    return marks


def _numbers(hops: tuple[int, ...] | list[int]) -> str:
    return (
        "no hop"
        if not hops
        else "hop " + ", ".join(map(str, hops))
        if len(hops) == 1
        else f"hops {', '.join(map(str, hops))}"
    )


def both_kinds(subject: Subject) -> Iterator[Finding]:
    """At least one perception-level hop and at least one instance-chain hop."""
    kinds = frozenset[HopKind]().union(*(kinds_of(h, subject.chain) for h in subject.chain.hops))
    if HopKind.PERCEPTION not in kinds:
        yield error(
            "both-kinds",
            "No hop changes the level: all look at one object, or all at several. "
            "Add a hop that reads something off the object found, or that compares it with others.",
            missing="perception",
        )
    if HopKind.INSTANCE not in kinds:
        yield error(
            "both-kinds",
            "No hop goes from an object that was found to another one. "
            "Add a hop whose object can only be found through an earlier one.",
            missing="instance",
        )


def references(subject: Subject) -> Iterator[Finding]:
    """Hops are numbered in order, needs point backwards, instances exist in this picture."""
    chain, facts = subject.chain, subject.facts
    indices = [h.index for h in chain.hops]
    if indices != list(range(1, len(indices) + 1)):
        yield error("references", f"Hops are numbered {indices}; number them from 1 in order.")
    for hop in chain.hops:
        wanted = set(hop.needs) | (hops_used(hop.operation) if hop.operation is not None else set())
        for need in sorted(wanted):
            if need not in indices:
                yield error(
                    "references", f"Hop {hop.index} needs hop {need}, which there is not.", hop.index, needs=need
                )
            elif need >= hop.index:
                yield error(
                    "references",
                    f"Hop {hop.index} needs hop {need}, which does not come before it. Only earlier hops can be used.",
                    hop.index,
                    needs=need,
                )
    places: list[tuple[int | None, frozenset[InstanceKey]]] = [(None, frozenset(chain.instances))]
    for hop in chain.hops:
        found = instances_in(hop.uses + hop.establishes, with_sets=True)
        places.append((hop.index, found | (_given(hop.operation) if hop.operation is not None else frozenset())))
    pictures = {i.key: i.image for i in facts.instances if i.image not in chain.images}
    in_hops = frozenset[InstanceKey]().union(*(keys for index, keys in places if index is not None))
    for index, keys in places:
        for key in sorted(keys):
            if key in facts.by_key and key not in pictures:
                continue
            if index is None and key in in_hops:
                # Said once: of the hops it plays a part in.
                continue
            where = "The chain chose" if index is None else f"Hop {index} speaks of"
            if key in pictures:
                message = (
                    f"{where} {indefinite(facts.by_key[key].category)} of another picture. Choose one of this picture."
                )
            else:
                departure = facts.departed.get(key)
                remedy = departure.remedy if departure is not None else "Choose another one, or leave it out."
                message = f"{where} {facts.missing(key)}. {remedy}"
            yield error("references", message, index, instance=key)
    for hop in chain.hops:
        for reference in hop.uses + hop.establishes:
            seen = facts.by_key.get(reference.instance) if isinstance(reference, InstanceReference) else None
            if seen is not None and seen.is_crowd:
                yield error(
                    "references",
                    f"Hop {hop.index} speaks of a crowd region of category {seen.category} as one object. "
                    "Choose an object that is marked by itself.",
                    hop.index,
                    instance=seen.key,
                )


def number(subject: Subject) -> Iterator[Finding]:
    """The question asks for one definite number, and the last hop gives it."""
    chain = subject.chain
    if not chain.question.strip():
        yield error("number", "The question is empty. Write it.")
    estimate = _ESTIMATE.search(chain.question)
    if estimate:
        yield error(
            "number",
            f'The question asks for an estimate ("{estimate.group()}"). Ask for one number that can be told exactly.',
            words=estimate.group(),
        )
    if not chain.hops:
        return
    last = max(chain.hops, key=lambda h: h.index)
    stated = stated_number(last.output)
    if stated is None:
        what = "several numbers" if len(numbers_in(last.output)) > 1 else "no number"
        yield error(
            "number",
            f'The last hop ends in "{last.output}", which is {what}. Let it end in the one number that is the answer.',
            last.index,
            output=last.output,
        )
    elif stated != chain.answer:
        yield error(
            "number",
            f"The last hop gives {stated.text}, but the answer is {chain.answer.text}. Correct the one that is wrong.",
            last.index,
            output=stated.text,
            answer=chain.answer.text,
        )
