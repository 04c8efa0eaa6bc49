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
from typing import Any, TypeVar

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
    Compare,
    Constant,
    Count,
    Direction,
    End,
    Expression,
    Extreme,
    Filter,
    HasAttribute,
    HopOutput,
    Matches,
    Measure,
    Middle,
    Operation,
    Placed,
    Unique,
    children,
)
from hopchain_core.export.admission import Candidate, Variant
from hopchain_core.export.variant_prose import NotInLineError, kind_of, told
from hopchain_core.export.wording import NoWordsError, Speaker

_TOWARDS = {
    (Measure.X_CENTRE, End.MIN): Direction.LEFT_OF,
    (Measure.X_CENTRE, End.MAX): Direction.RIGHT_OF,
    (Measure.Y_CENTRE, End.MIN): Direction.ABOVE,
    (Measure.Y_CENTRE, End.MAX): Direction.BELOW,
}
Wanted = TypeVar("Wanted", Compare, Filter)


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
        hops, described = _kept(chain.hops, first, outputs, facts)
        result = run_program(hops, facts)
        question, sub_questions = _worded(hops, facts, result.outputs, described)
    except (ProgramError, NoWordsError) as error:
        raise UnfitError(str(error)) from error
    label = None if verdict is None or verdict.label is None else verdict.label.value
    if result.answer != label:
        raise UnfitError(f"it would give {result.answer}, not {label}")
    if not result.is_clear:
        raise UnfitError("a choice in it is not clear")
    hops = tuple(replace(h, sub_question=text) for h, text in zip(hops, sub_questions, strict=True))
    return replace(chain, question=question, hops=hops)


def _kept(
    hops: Sequence[Hop], first: int, outputs: Mapping[int, Value], facts: PictureFacts
) -> tuple[tuple[Hop, ...], frozenset[Expression]]:
    """The kept steps, counted from 1, and the descriptions that were written into them."""
    kept = [h for h in hops if h.index >= first]
    number = {h.index: n for n, h in enumerate(kept, start=1)}
    dropped = {h.index: h for h in hops if h.index < first}
    stated: dict[int, dict[str, Any]] = {}
    described: set[Expression] = set()
    new = []
    for hop in kept:
        assert hop.operation is not None  # executable by the caller's check
        for index in hop.needs:
            if index in dropped and index not in stated:
                said = _stated(dropped[index], outputs[index], facts, kept)
                stated[index] = expression_to_json(said)
                if isinstance(outputs[index], Seen):
                    described.add(said)
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
    return tuple(new), frozenset(described)


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


def _settles(description: Expression, kept: Sequence[Hop], index: int) -> bool:
    """Whether the words answer a question without a look: is the leftmost bird in the left half, is the red mug red."""
    match description:
        case Extreme(Filter(category), by, end):
            # How many lie to the left of the third from the left?
            placed = Placed(_TOWARDS[by, end], HopOutput(index)) if (by, end) in _TOWARDS else None
            if any(f.category == category and placed in f.where for f in _of_kind(kept, Filter)):
                return True
            return any(_is_settled(c, category, by, index) for c in _of_kind(kept, Compare))
        case Unique(Filter(where=where)):
            named = {c.name for c in where if isinstance(c, HasAttribute)}
            return bool(named & asked_of(kept, index))
    return False


def _is_settled(compare: Compare, category: str | None, by: Measure, index: int) -> bool:
    sides = {HopOutput(index): compare.right} if _of(compare.left) == HopOutput(index) else {}
    if _of(compare.right) == HopOutput(index):
        sides[HopOutput(index)] = compare.left
    if not sides or by not in {side.name for side in (compare.left, compare.right) if isinstance(side, Attribute)}:
        return False
    other = sides[HopOutput(index)]
    if isinstance(other, Middle):
        return True
    among = getattr(_of(other), "among", None)
    return isinstance(among, Filter) and among.category == category


def _of(side: Expression) -> Expression | None:
    return side.of if isinstance(side, Attribute) else None


def _of_kind(hops: Sequence[Hop], kind: type[Wanted]) -> Iterator[Wanted]:
    pending: list[Expression] = [_operation(h) for h in hops]
    while pending:
        expression = pending.pop()
        pending += children(expression)
        if isinstance(expression, kind):
            yield expression


def _stated(hop: Hop, output: Value, facts: PictureFacts, kept: Sequence[Hop]) -> Expression:
    """An earlier result as something the question can say."""
    asked = asked_of(kept, hop.index)
    match output:
        case bool():
            raise UnfitError(f"step {hop.index} gives a truth value, which a later step cannot be told")
        case Decimal() | str():
            return Constant(output)
        case Seen():
            fit = [e for e in _descriptions(output, facts) if _singles_out(e, output, facts)]
            for expression in sorted(fit, key=lambda e: _gives_away(e, asked)):
                if not _settles(expression, kept, hop.index):
                    return expression
            if fit:
                raise UnfitError(
                    f"the {output.category} of step {hop.index} could only be described by what is asked of it"
                )
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
    for end in (End.MAX, End.MIN):
        yield Extreme(everything, Measure.AREA, end)
    for rank in range(2, min(4, len(facts.by_category[seen.category]) + 1)):
        for by in (Measure.X_CENTRE, Measure.Y_CENTRE):
            for end in End:
                yield Extreme(everything, by, end, rank)


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


def _worded(
    hops: Sequence[Hop], facts: PictureFacts, found: Sequence[Value], described: frozenset[Expression]
) -> tuple[str, list[str]]:
    """The question, and each step as a sentence of its own."""
    if len(hops) == 1 and isinstance(_operation(hops[0]), (Attribute, Count)):
        question = f"What is {Speaker({}, {}).noun(_operation(hops[0]))}?"
        return question, [question]
    try:
        in_line = told(hops, {h.index: value for h, value in zip(hops, found, strict=True)}, described)
    except NotInLineError:
        return _numbered(hops, facts)
    return in_line.question, in_line.steps


def _numbered(hops: Sequence[Hop], facts: PictureFacts) -> tuple[str, list[str]]:
    """The steps with numbers, for chains whose numbers do not run in one line."""
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
            if kind_of(_operation(hop), value) != "object":
                categories[hop.index] = value.category
            names[hop.index] = f"the {kind_of(_operation(hop), value)} from step {hop.index}"
        else:
            names[hop.index] = f"the result of step {hop.index}"
    question = " ".join(f"Step {n}: {text}." for n, text in enumerate(steps, start=1))
    return f"{question} What is the result of step {len(hops)}?", [f"{s[0].upper()}{s[1:]}." for s in steps]


def _asked_alone(operation: Operation, speaker: Speaker) -> str:
    text = speaker.sentence(operation)
    if text.startswith("if "):
        return f"{text[0].upper()}{text[1:]}. Which number do you take?"
    return f"What is {speaker.noun(operation)}?"


def _operation(hop: Hop) -> Operation:
    assert hop.operation is not None  # executable by the caller's check
    return hop.operation
