"""The order of an export's records and their buckets of difficulty, for training from easy to hard or the other way.

Records are written picture by picture. What is asked for here is done to the file of records once it is whole, so that
buckets of quantiles are those of the records that are there, and an export that was broken off goes on as any other.
Rates are those of the whole question by one model; a simulated one orders nothing but the simulation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from hopchain_core.errors import InputError


class Order(StrEnum):
    """How records follow one another."""

    PICTURES = "pictures"
    """By the picture's path and the chain's key."""
    EASY_TO_HARD = "easy-to-hard"
    """By pass rate, highest first; of one rate, those of fewer steps first."""
    HARD_TO_EASY = "hard-to-easy"
    """The other way round."""
    SHUFFLED = "shuffled"
    """At random, by the seed: the same records have the same order, whatever else is exported."""

    @property
    def needs_rates(self) -> bool:
        """Whether it goes by pass rates, which shortened questions do not have."""
        return self in (Order.EASY_TO_HARD, Order.HARD_TO_EASY)


class BucketsBy(StrEnum):
    """How buckets are cut."""

    WIDTH = "width"
    """Equally wide in pass rate."""
    QUANTILES = "quantiles"
    """Equally many records in each, as far as those of one pass rate can be kept together."""


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a record as its place depends on.

    Attributes:
        id: Of the record.
        hops: Its steps.
        pass_rate: None where no model was asked often enough.
    """

    id: str
    hops: int
    pass_rate: float | None


def check_curriculum(order: Order, buckets: int, *, is_whole: bool) -> None:
    """Refuses an order that nothing is known for.

    Args:
        order: Asked for.
        buckets: Asked for; 0 for none.
        is_whole: Whole questions are exported.

    Raises:
        InputError: Shortened questions are to be ordered by a difficulty that they do not have, or a number of buckets
            is none.
    """
    if buckets < 0 or buckets == 1:
        raise InputError(f"{buckets} buckets divide nothing.", hint="Ask for 2 or more.")
    if not is_whole and (buckets or order.needs_rates):
        raise InputError(
            "Shortened questions have no pass rate: what the model tried was the whole question.",
            hint=f"Export them with --order {Order.PICTURES} or {Order.SHUFFLED}, without buckets.",
        )


def ordered(records: Sequence[Standing], order: Order, seed: int = 0) -> list[int]:
    """Positions of the records in the order asked for. Without a pass rate they come last, whichever way it goes."""
    if order is Order.PICTURES:
        return list(range(len(records)))

    def drawn(position: int) -> bytes:
        return hashlib.sha256(f"order/1:{seed}:{records[position].id}".encode()).digest()

    if order is Order.SHUFFLED:
        return sorted(range(len(records)), key=drawn)
    sign = 1 if order is Order.EASY_TO_HARD else -1

    def hardness(position: int) -> tuple[bool, float, int, bytes]:
        record = records[position]
        rate = record.pass_rate
        return rate is None, 0.0 if rate is None else -sign * rate, sign * record.hops, drawn(position)

    return sorted(range(len(records)), key=hardness)


def bucketed(rates: Sequence[float | None], buckets: int, by: BucketsBy) -> list[int | None]:
    """The bucket of each record: 1 holds the easiest, `buckets` the hardest; None without a pass rate.

    Of width, bucket 1 of 4 is 1 to just above 3/4, and the last one down to 0. Of quantiles, records of one pass rate go
    where the middle one of them belongs, so that buckets may differ in number or stay empty.
    """
    if by is BucketsBy.WIDTH:
        return [None if r is None else min(buckets, 1 + int((1.0 - r) * buckets + 1e-9)) for r in rates]
    known = sorted((r for r in rates if r is not None), reverse=True)
    middle: dict[float, int] = {}
    for first, rate in enumerate(known):
        if rate not in middle:
            last = first + known.count(rate)
            middle[rate] = 1 + (first + last) * buckets // (2 * len(known))
    return [None if r is None else min(buckets, middle[r]) for r in rates]


def standing_of(record: dict[str, Any]) -> Standing:
    """As much of a record's JSON as its place depends on."""
    tried = record["difficulty"]
    return Standing(record["id"], len(record["hops"]), None if tried is None else tried["correct"] / tried["n"])


def arrange(
    records: Path,
    order: Order,
    *,
    seed: int = 0,
    buckets: int = 0,
    by: BucketsBy = BucketsBy.WIDTH,
    tell: Callable[[], None] = lambda: None,
) -> None:
    """Writes a file of records anew, in another order and with their buckets; another link to it stays as it was.

    Memory holds a few words of each record, and one whole one.

    Args:
        records: ``records.jsonl``, picture by picture.
        order: The order.
        seed: Of the shuffle, and of the order among equals.
        buckets: How many; 0 for none.
        by: How they are cut.
        tell: Called for each record; may raise to stop.
    """
    starts, standings = [], []
    place = 0
    with records.open("rb") as stream:
        for line in stream:
            starts.append(place)
            place += len(line)
            standings.append(standing_of(json.loads(line)))
    of_bucket = bucketed([s.pass_rate for s in standings], buckets, by) if buckets else []
    # A process that is killed leaves a file of this name, which the next one removes.
    beside = records.with_name(f".{records.name}.partial-arranged")
    with records.open("rb") as stream, beside.open("wb") as arranged:
        for position in ordered(standings, order, seed):
            stream.seek(starts[position])
            line = stream.readline()
            if buckets:
                record = json.loads(line)
                record["curriculum"] = {"bucket": of_bucket[position], "buckets": buckets, "by": by.value}
                line = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"
            arranged.write(line)
            tell()
    beside.replace(records)
