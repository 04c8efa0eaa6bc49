"""Reads of what goes into a packet. Nothing here touches an answer, a hop, an instance or gold."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import text

from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.store.reader import Reader

ASKED = text(
    "SELECT k.value AS chain_key, c.question, image.key AS image_key, image.path, image.width_px, image.height_px"
    " FROM json_each(:chains) AS k CROSS JOIN chain AS c ON c.id ="
    " (SELECT x.id FROM chain AS x WHERE x.key = k.value ORDER BY x.id DESC LIMIT 1)"
    " CROSS JOIN chain_image AS ci ON ci.chain_id = c.id AND ci.position = 0"
    " CROSS JOIN image ON image.id = ci.image_id ORDER BY k.key"
)


def questions(read: Reader, chains: Sequence[ChainKey]) -> list[tuple[ChainKey, str, Image]]:
    """The question and picture of each of these versions, in this order; those not there any more are left out."""
    return [
        (
            ChainKey(row.chain_key),
            row.question,
            Image(key=ImageKey(row.image_key), path=row.path, width_px=row.width_px, height_px=row.height_px),
        )
        for row in read._conn.execute(ASKED, {"chains": json.dumps(list(chains))})
    ]
