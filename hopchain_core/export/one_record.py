"""One chain's record as an export would write it, for a person to read."""

from __future__ import annotations

import json
from pathlib import Path

from hopchain_core.export.admission import Reason, Refused, Terms
from hopchain_core.export.build import build_record
from hopchain_core.export.curriculum import BucketsBy, bucketed, standing_of
from hopchain_core.export.pictures import PictureRefusedError, read_picture
from hopchain_core.export.selection import Selection
from hopchain_core.store.reader import Reader


def record_text(read: Reader, project_dir: Path, number: int, terms: Terms) -> str:
    """The record of one chain as an export under these terms would write it, indented for reading.

    Raises:
        LeftOutError: It would be left out.
        InputError: There is no such chain.
    """
    stored = read.chain(str(number))
    found = Selection(read, terms).one(stored)
    if isinstance(found, Refused):
        raise LeftOutError(found.reason, found.detail)
    image = found.candidate.image
    try:
        picture, _ = read_picture(image, project_dir / image.path, keep_metadata=terms.keep_metadata)
    except PictureRefusedError as error:
        raise LeftOutError(error.reason, str(error)) from error
    record = build_record(found.candidate, found.asked, terms.variant, picture, read.run_of_chain(stored.chain.key))
    data = record.model_dump(mode="json", by_alias=True)
    if terms.buckets and terms.buckets_by is BucketsBy.WIDTH:
        # Those of quantiles are known only once all records are.
        bucket = bucketed([standing_of(data).pass_rate], terms.buckets, terms.buckets_by)[0]
        data["curriculum"] = {"bucket": bucket, "buckets": terms.buckets, "by": terms.buckets_by.value}
    return json.dumps(data, indent=2, ensure_ascii=False)


class LeftOutError(Exception):
    """A chain has no record under the terms at hand.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
