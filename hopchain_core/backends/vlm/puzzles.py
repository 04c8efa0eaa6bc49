"""What a model is asked to write down for a chain, and the chain that follows from it."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hopchain_core.domain.answers import Answer, Unreadable
from hopchain_core.domain.chains import (
    Chain,
    Composer,
    Hop,
    InstanceReference,
    Level,
    Reference,
    SetReference,
    ValueReference,
)
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.domain.programs.facts import PictureFacts, Seen
from hopchain_core.domain.programs.notation import operation_from_json
from hopchain_core.domain.programs.operations import Operation

NAMES = string.ascii_lowercase
"""What the instances are called between us and the model: a, b, c… They never stand in a question."""


class WrittenHop(BaseModel):
    """A hop as a model writes it; see ``prompts/compose.md``."""

    model_config = ConfigDict(extra="ignore")

    level: int | None = Field(default=None, ge=1, le=2)
    question: str = Field(min_length=1, max_length=600)
    uses: list[str] = Field(default_factory=list, max_length=12)
    finds: list[str] = Field(default_factory=list, max_length=12)
    needs: list[int] = Field(default_factory=list, max_length=12)
    value: str | None = Field(default=None, max_length=200)
    output: str = Field(min_length=1, max_length=200)
    operation: dict[str, Any] | None = None


class WrittenPuzzle(BaseModel):
    """A chain as a model writes it."""

    model_config = ConfigDict(extra="ignore")

    question: str = Field(min_length=1, max_length=3000)
    objects: list[str] = Field(min_length=1, max_length=12)
    hops: list[WrittenHop] = Field(min_length=1, max_length=12)
    answer: str = Field(min_length=1, max_length=40)


class WrittenPuzzles(BaseModel):
    """The whole reply."""

    puzzles: list[WrittenPuzzle] = Field(max_length=12)


class UnusablePuzzleError(ValueError):
    """What was written is no chain.

    Attributes:
        reason: A short stable word.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Written:
    """A chain read from a reply.

    Attributes:
        chain: The chain.
        unread_operations: Hops whose operation could not be read and was left out, with why.
    """

    chain: Chain
    unread_operations: tuple[tuple[int, str], ...] = ()


def objects_text(combination: Sequence[Seen], facts: PictureFacts) -> str:
    """The instances as the prompt lists them: one a line, named, with their boxes in thousandths."""
    lines = []
    for name, seen in zip(NAMES, combination, strict=False):
        x0, y0, x1, y1 = seen.box.scaled_1000(facts.width_px, facts.height_px)
        known = ", ".join(f"{attribute.value}: {value}" for attribute, value in sorted(seen.attributes.items()))
        lines.append(f"{name}: {seen.category}, box {x0} {y0} {x1} {y1}{f' ({known})' if known else ''}")
    return "\n".join(lines)


def read_puzzle(data: Any, image: ImageKey, combination: Sequence[Seen]) -> Written:
    """Makes a chain of one puzzle.

    Args:
        data: As JSON gave it.
        image: The picture.
        combination: The instances in the order in which the prompt named them.

    Raises:
        UnusablePuzzleError: A field is missing or of the wrong kind, an instance is unknown, or the answer is no
            number.
    """
    try:
        written = WrittenPuzzle.model_validate(_tidied(data))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "puzzle"
        raise UnusablePuzzleError("wrong_shape", f"{where}: {first['msg']}") from error
    keys = {name: seen.key for name, seen in zip(NAMES, combination, strict=False)}
    answer = Answer.read(written.answer)
    if isinstance(answer, Unreadable):
        raise UnusablePuzzleError("no_number", f"the answer is {written.answer!r}, which is not one number in digits")
    hops: list[Hop] = []
    unread: list[tuple[int, str]] = []
    for index, hop in enumerate(written.hops, start=1):
        hops.append(_hop(index, hop, hops, keys, unread))
    chosen = sorted({_known(name, keys) for name in written.objects})
    chain = Chain(
        images=(image,),
        instances=tuple(chosen),
        question=" ".join(written.question.split()),
        hops=tuple(hops),
        answer=answer,
        composer=Composer.VLM,
    )
    return Written(chain, tuple(unread))


def _hop(
    index: int,
    written: WrittenHop,
    before: Sequence[Hop],
    keys: Mapping[str, InstanceKey],
    unread: list[tuple[int, str]],
) -> Hop:
    needs = tuple(sorted(set(written.needs)))
    if any(need < 1 or need >= index for need in needs):
        raise UnusablePuzzleError("wrong_needs", f"hop {index} needs {list(needs)}, which are not all before it")
    found = tuple(_known(name, keys) for name in dict.fromkeys(written.finds))
    uses: list[Reference] = [InstanceReference(_known(name, keys)) for name in dict.fromkeys(written.uses)]
    for need in needs:
        uses += [r for r in before[need - 1].establishes if r not in uses]
    output = " ".join(written.output.split())
    establishes: list[Reference] = []
    if len(found) == 1:
        establishes.append(InstanceReference(found[0]))
    elif found:
        establishes.append(SetReference(tuple(sorted(found))))
    if written.value is not None or not found:
        establishes.append(ValueReference(" ".join((written.value or output).split())))
    return Hop(
        index=index,
        level=None if written.level is None else Level(written.level),
        sub_question=" ".join(written.question.split()),
        uses=tuple(uses),
        establishes=tuple(establishes),
        needs=needs,
        output=output,
        operation=_operation(index, written.operation, keys, unread),
    )


def _operation(
    index: int, data: dict[str, Any] | None, keys: Mapping[str, InstanceKey], unread: list[tuple[int, str]]
) -> Operation | None:
    if not data:
        return None
    try:
        return operation_from_json(_with_keys(data, keys))
    except (ValueError, RecursionError) as error:
        unread.append((index, str(error)))
        return None


def _with_keys(data: Any, keys: Mapping[str, InstanceKey]) -> Any:
    """An operation with the instances' own keys in place of their names.

    Raises:
        ValueError: It names an instance that is not there.
    """
    if isinstance(data, dict):
        if set(data) == {"instance"}:
            return {"instance": _known(str(data["instance"]), keys)}
        return {field: _with_keys(value, keys) for field, value in data.items()}
    return [_with_keys(value, keys) for value in data] if isinstance(data, list) else data


def _known(name: str, keys: Mapping[str, InstanceKey]) -> InstanceKey:
    found = keys.get(name.strip().strip("\"'()[]{}.").lower())
    if found is None:
        raise UnusablePuzzleError("unknown_instance", f"there is no object {name!r} among {', '.join(keys)}")
    return found


def _tidied(data: Any) -> Any:
    """What models write in place of the right kind: ``"answer": 9`` as often as ``"9"``, one name for a list of one."""
    if not isinstance(data, dict):
        return data
    tidied = {**data, "answer": _text(data.get("answer"))}
    if isinstance(data.get("hops"), list):
        tidied["hops"] = [_tidied_hop(hop) if isinstance(hop, dict) else hop for hop in data["hops"]]
    return tidied


def _tidied_hop(hop: dict[str, Any]) -> dict[str, Any]:
    lists: dict[str, Any] = {name: _list(hop[name]) for name in ("uses", "finds", "needs") if name in hop}
    return {**hop, **lists, "output": _text(hop.get("output")), "value": _text(hop.get("value"))}


def _list(value: Any) -> Any:
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) else value
