"""Small values of the domain, and shortcuts to write them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, Composer, Hop, InstanceReference, Level, SetReference, ValueReference
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.images import Image
from hopchain_core.domain.instances import Attribute, AttributeName, Instance, Origin
from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey, RunId
from hopchain_core.domain.provenance import WorkStatus
from hopchain_core.domain.rollouts import FinishReason, HopTrace, Rollout
from hopchain_core.store.rows_runs import start_run, write_work
from hopchain_core.store.unit_of_work import UnitOfWork


def image(name: str = "a", **changes: Any) -> Image:
    made = Image(key=ImageKey(name.encode().hex().ljust(64, "0")), path=f"pictures/{name}.jpg", width_px=6, height_px=4)
    return replace(made, **changes)


def instance(of: Image, x: float = 0, category: str = "cup", **changes: Any) -> Instance:
    bitmap = np.zeros((of.height_px, of.width_px), dtype=bool)
    bitmap[:2, int(x) : int(x) + 1] = True
    made = Instance(
        image=of.key,
        category=category,
        box=Box(x, 0, x + 1.25, 2.5),
        mask=Mask.from_bitmap(bitmap),
        score=0.875,
        origin=Origin.MODEL,
        attributes=(Attribute(AttributeName.COLOUR, "green", Origin.SCENE),),
    )
    return replace(made, **changes)


def chain(of: Image, question: str = "How many?", instances: tuple[InstanceKey, ...] = (), **changes: Any) -> Chain:
    first = instances[0] if instances else InstanceKey("0" * 16)
    hop = Hop(
        index=1,
        level=Level.SEVERAL,
        sub_question="How many cups are there?",
        uses=(InstanceReference(first),),
        establishes=(SetReference(instances), ValueReference("2")),
        needs=(),
        output="2",
    )
    made = Chain(
        images=(of.key,),
        instances=instances,
        question=question,
        hops=(hop,),
        answer=Answer.of("2.50"),
        composer=Composer.PROGRAM,
    )
    return replace(made, **changes)


def rollout(of: ChainKey, index: int, *, is_correct: bool = True) -> Rollout:
    return Rollout(
        chain=of,
        index=index,
        text="…so 2",
        answer=Answer.of(2) if is_correct else None,
        is_correct=is_correct,
        finish_reason=FinishReason.STOP if is_correct else FinishReason.LENGTH,
        tokens=12,
        trace=(HopTrace(hop=1, output="2", is_correct=is_correct),),
    )


def run(uow: UnitOfWork, stage: str, fingerprint: str = "f1") -> RunId:
    return start_run(uow, stage=stage, stage_version=1, fingerprint=fingerprint, options={"n": 3}, backend=None)


def work(
    uow: UnitOfWork,
    stage: str,
    subject: str,
    fingerprint: str = "f1",
    *,
    item_key: str | None = None,
    status: WorkStatus = WorkStatus.DONE,
) -> int:
    failed = status is WorkStatus.FAILED
    return write_work(
        uow,
        stage=stage,
        fingerprint=fingerprint,
        item_key=item_key or subject,
        subject=subject,
        run_id=run(uow, stage, fingerprint),
        status=status,
        seconds=0.5,
        error_kind="truncated" if failed else None,
        error_text="the reply ends in the middle" if failed else None,
    )
