"""An answer worked out again from a line of records.jsonl and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hopchain_core.domain.chains import Hop
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import Attribute, AttributeName, Instance, Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.programs.execution import run_program
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.programs.notation import operation_from_json


def recomputed(record: dict[str, Any]) -> Decimal | None:
    """Runs the operations of a record over the instances of the same record."""
    image = record["images"][0]
    (origin,) = record["provenance"]["instances_from"]
    instances = tuple(_instance(i, ImageKey(image["sha256"]), Origin(origin)) for i in record["instances"])
    hops = [
        Hop(
            index=h["index"],
            level=None,
            sub_question="",
            uses=(),
            establishes=(),
            needs=tuple(h["needs"]),
            output="",
            operation=operation_from_json(h["operation"]),
        )
        for h in record["hops"]
    ]
    return run_program(hops, PictureFacts(image["width"], image["height"], instances)).answer


def _instance(data: dict[str, Any], image: ImageKey, origin: Origin) -> Instance:
    rle = data["rle"]
    return Instance(
        image=image,
        category=data["category"],
        box=Box(*data["box"]),
        mask=None if rle is None else Mask(*rle["size"], rle["counts"]),
        score=None,
        origin=origin,
        attributes=tuple(Attribute(AttributeName(n), v, origin) for n, v in data["attributes"].items()),
    )
