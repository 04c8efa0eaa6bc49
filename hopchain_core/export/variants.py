"""Shortened chains for the ablation: the later half of the steps, or the last, with the earlier results written in.

Source: HopChain (arXiv 2603.17024), ablation "half multi-hop" and "single hop". The paper does not say how the results
of the dropped steps are supplied; here a number or word is stated, and an instance is described by words that single
it out. The shortened chain is run over the picture's facts: it must give the same answer, with every choice clear, or
it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hopchain_core.backends.program.words import singular
from hopchain_core.domain.chains import Chain, Hop, Reference, ValueReference
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.programs.execution import (
    ProgramError,
    Seen,
    Value,
    output_text,
    run_operation,
    run_program,
)
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.margins import CLEAR
from hopchain_core.domain.programs.notation import expression_to_json, operation_from_json
from hopchain_core.domain.programs.operations import (
    Attribute,
    Constant,
    End,
    Expression,
    Extreme,
    Filter,
    HasAttribute,
    HopOutput,
    Matches,
    Measure,
    Operation,
    Unique,
    children,
)
from hopchain_core.export.admission import Candidate, Variant
from hopchain_core.export.wording import NoWordsError, Speaker


class UnfitError(Exception):
    """The chain cannot be shortened; the message says why."""


def kept_from(hops: Sequence[Hop], variant: Variant) -> int:
    """Index of the first hop that a variant keeps.

    Steps that only calculate are not counted as hops: alone they would ask nothing of the picture. Of an odd number of
    looking hops the middle one belongs to the later half.
    """
    looking = [h.index for h in hops if h.level is not None]
    if not looking or variant is Variant.FULL:
        return 1
    return looking[-1] if variant is Variant.SINGLE else looking[len(looking) // 2]


def shortened(candidate: Candidate, variant: Variant) -> Chain:
    """The chain as a variant asks it.

    Raises:
        UnfitError: Its steps are not typed, an earlier instance cannot be described in a few words, or the shortened
            chain does not give the label.
    """
    chain, verdict = candidate.chain, candidate.verdict
    if not chain.is_executable:
        raise UnfitError("its steps are not typed operations, so that a shorter question could not be checked")
    facts = candidate.facts
    try:
        outputs = dict(zip((h.index for h in chain.hops), run_program(chain.hops, facts).outputs, strict=True))
        first = kept_from(chain.hops, variant)
        hops = _kept(chain.hops, first, outputs, facts)
        question, sub_questions = _worded(hops, facts)
        result = run_program(hops, facts)
    except (ProgramError, NoWordsError) as error:
        raise UnfitError(str(error)) from error
    label = None if verdict is None or verdict.label is None else verdict.label.value
    if result.answer != label:
        raise UnfitError(f"it would give {result.answer}, not {label}")
    if not result.is_clear:
        raise UnfitError("a choice in it is not clear")
    hops = tuple(replace(h, sub_question=text) for h, text in zip(hops, sub_questions, strict=True))
    return replace(chain, question=question, hops=hops)


def _kept(hops: Sequence[Hop], first: int, outputs: Mapping[int, Value], facts: PictureFacts) -> tuple[Hop, ...]:
    kept = [h for h in hops if h.index >= first]
    number = {h.index: n for n, h in enumerate(kept, start=1)}
    dropped = {h.index: h for h in hops if h.index < first}
    stated: dict[int, dict[str, Any]] = {}
    new = []
    for hop in kept:
        assert hop.operation is not None  # executable by the caller's check
        for index in hop.needs:
            if index in dropped and index not in stated:
                asked = asked_of(kept, index)
                stated[index] = expression_to_json(_stated(dropped[index], outputs[index], facts, asked))
        try:
            operation = operation_from_json(_substituted(expression_to_json(hop.operation), number, stated))
        except ValueError as error:
            raise UnfitError(f"an earlier result cannot be written into step {hop.index}") from error
        needs = tuple(sorted(number[n] for n in hop.needs if n in number))
        known = tuple(ValueReference(output_text(outputs[n])) for n in hop.needs if _is_stated_value(n, stated))
        new.append(
            replace(
                hop, index=number[hop.index], operation=operation, needs=needs, uses=_without_repeats(hop.uses, known)
            )
        )
    return tuple(new)


def _is_stated_value(index: int, stated: Mapping[int, dict[str, Any]]) -> bool:
    return index in stated and ("number" in stated[index] or "word" in stated[index])


def _without_repeats(uses: tuple[Reference, ...], more: tuple[ValueReference, ...]) -> tuple[Reference, ...]:
    return (*uses, *(m for m in more if m not in uses))


def asked_of(hops: Sequence[Hop], index: int) -> frozenset[Measure | AttributeName]:
    """What these hops want to know of the instance that an earlier hop found."""
    pending: list[Expression] = [_operation(h) for h in hops]
    found: set[Measure | AttributeName] = set()
    while pending:
        expression = pending.pop()
        pending += children(expression)
        if isinstance(expression, Attribute) and expression.of == HopOutput(index):
            found.add(expression.name)
        if isinstance(expression, Filter):
            found |= {c.name for c in expression.where if isinstance(c, Matches) and c.of == HopOutput(index)}
    return frozenset(found)


def _gives_away(description: Expression, asked: frozenset[Measure | AttributeName]) -> bool:
    """Whether the words hold what will be asked: does the leftmost bird lie in the left half, is the red mug red."""
    match description:
        case Extreme(by=by):
            return by in asked
        case Unique(Filter(where=where)):
            return any(isinstance(c, HasAttribute) and c.name in asked for c in where)
    return False


def _stated(hop: Hop, output: Value, facts: PictureFacts, asked: frozenset[Measure | AttributeName]) -> Expression:
    """An earlier result as something the question can say."""
    match output:
        case bool():
            raise UnfitError(f"step {hop.index} gives a truth value, which a later step cannot be told")
        case Decimal() | str():
            return Constant(output)
        case Seen():
            for expression in sorted(_descriptions(output, facts), key=lambda e: _gives_away(e, asked)):
                if _singles_out(expression, output, facts):
                    return expression
            raise UnfitError(f"the {output.category} of step {hop.index} cannot be described in a few words")
    raise UnfitError(f"step {hop.index} gives a set, which cannot be written in")


def _descriptions(seen: Seen, facts: PictureFacts) -> Iterator[Expression]:
    """Short ways to speak of one instance, the plainest first."""
    yield Unique(Filter(seen.category))
    for name in (AttributeName.COLOUR, AttributeName.TEXT, AttributeName.NUMBER, AttributeName.PATTERN):
        if name in seen.attributes:
            yield Unique(Filter(seen.category, (HasAttribute(name, seen.attributes[name]),)))
    everything = Filter(seen.category)
    for by in (Measure.X_CENTRE, Measure.Y_CENTRE):
        for end in End:
            yield Extreme(everything, by, end)
    yield Extreme(everything, Measure.AREA, End.MAX)
    for rank in range(2, min(4, len(facts.by_category[seen.category]) + 1)):
        for end in End:
            yield Extreme(everything, Measure.X_CENTRE, end, rank)


def _singles_out(expression: Expression, seen: Seen, facts: PictureFacts) -> bool:
    try:
        value, choices, _ = run_operation(1, expression, facts, {})
    except ProgramError:
        return False
    return value is seen and all(c.margin >= CLEAR for c in choices)


def _substituted(data: Any, number: Mapping[int, int], stated: Mapping[int, dict[str, Any]]) -> Any:
    """The JSON of an expression with kept hops renumbered and dropped ones replaced by what is stated of them."""
    match data:
        case {"hop": int(index)}:
            return {"hop": number[index]} if index in number else stated[index]
        case dict():
            return {name: _substituted(value, number, stated) for name, value in data.items()}
        case list():
            return [_substituted(value, number, stated) for value in data]
    return data


def _worded(hops: Sequence[Hop], facts: PictureFacts) -> tuple[str, list[str]]:
    """The question, and each step as a sentence of its own."""
    if len(hops) == 1:
        operation = _operation(hops[0])
        question = _asked_alone(operation, Speaker({}, {}))
        return question, [question]
    names: dict[int, str] = {}
    categories: dict[int, str] = {}
    outputs: dict[int, Value] = {}
    steps = []
    for hop in hops:
        steps.append(Speaker(names, categories).sentence(_operation(hop)))
        outputs[hop.index], _, _ = run_operation(hop.index, _operation(hop), facts, outputs)
        value = outputs[hop.index]
        if isinstance(value, Seen):
            if _name(_operation(hop), value) != "object":
                categories[hop.index] = value.category
            names[hop.index] = f"the {_name(_operation(hop), value)} from step {hop.index}"
        else:
            names[hop.index] = f"the result of step {hop.index}"
    question = " ".join(f"Step {n}: {text}." for n, text in enumerate(steps, start=1))
    return f"{question} What is the result of step {len(hops)}?", [f"{s[0].upper()}{s[1:]}." for s in steps]


def _asked_alone(operation: Operation, speaker: Speaker) -> str:
    text = speaker.sentence(operation)
    if text.startswith("if "):
        return f"{text[0].upper()}{text[1:]}. Which number do you take?"
    return f"What is {speaker.noun(operation)}?"


def _name(operation: Operation, found: Seen) -> str:
    """What was looked for; where several kinds were, naming the one found would give it away."""
    among = getattr(operation, "among", None)
    return singular(found.category) if isinstance(among, Filter) and among.category else "object"


def _operation(hop: Hop) -> Operation:
    assert hop.operation is not None  # executable by the caller's check
    return hop.operation
