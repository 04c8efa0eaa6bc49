"""Lists for windows: first all row ids in order (8 bytes each), then rows a page at a time.

So a grid over 100,000 pictures has an honest scrollbar at once and reads only what is on the screen.
"""

from __future__ import annotations

import itertools
import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from hopchain_core.domain.chains import Composer
from hopchain_core.domain.images import Quality, Rating
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.domain.review import MarkKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.engine import driver
from hopchain_core.store.queries import ChainQuery, ImageQuery
from hopchain_core.store.query_sql import PASS_RATE, chain_ids_sql, image_ids_sql
from hopchain_core.store.reads_base import Reads
from hopchain_core.store.visibility import FAILING, SEEN_CHAIN, SEEN_INSTANCE, STATUS, current


@dataclass(frozen=True, slots=True)
class ImageRow:
    """A picture in a list.

    Attributes:
        number: Row of the picture.
        instance_count: Instances seen.
        chain_counts: Chains seen by status; statuses without one are left out.
        failing: Stages that fail on the picture or on a chain of it, in no order.
        rating: What the model that named its categories thought of it; None where none was asked.
    """

    number: int
    key: ImageKey
    path: str
    width_px: int
    height_px: int
    instance_count: int
    chain_counts: dict[ChainStatus, int]
    failing: tuple[str, ...] = ()
    rating: Rating | None = None

    @property
    def thumb_path(self) -> str:
        """Where the picture's thumbnail lies in a cache, which is outside the project."""
        return f"{self.key[:2]}/{self.key}.webp"


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A chain in a list.

    Attributes:
        pass_rate: None before it was tried, and where it was tried only until decided.
        mark: None before a curator decided.
        wrong_of: Where it was tried only until decided: at least so many wrong of so many tried.
    """

    number: int
    key: ChainKey
    image_key: ImageKey
    image_path: str
    question: str
    answer: str
    composer: Composer
    version: int
    hop_count: int
    status: ChainStatus
    finding_count: int
    annotation_count: int
    pass_rate: float | None
    mark: MarkKind | None
    image_width_px: int = 0
    image_height_px: int = 0
    wrong_of: tuple[int, int] | None = None


_WRONG_OF = current("difficulty", "CASE WHEN o.is_until_decided THEN json_array(o.n - o.n_correct, o.n) END", "c.key")
_IMAGE_ROWS = text(
    "SELECT image.id, image.key, image.path, image.width_px, image.height_px,"
    f" (SELECT COUNT(*) FROM instance AS i WHERE i.image_id = image.id AND {SEEN_INSTANCE}),"
    " (SELECT json_array(r.complexity, r.quality) FROM rating AS r JOIN work AS rw ON rw.id = r.work_id"
    " WHERE r.image_id = image.id AND rw.is_current = 1 ORDER BY r.id DESC LIMIT 1)"
    " FROM json_each(:ids) AS k CROSS JOIN image ON image.id = k.value ORDER BY k.key"
)
_IMAGE_STATUSES = text(
    f"SELECT ci.image_id, {STATUS} AS status, COUNT(*) FROM json_each(:ids) AS k"
    " CROSS JOIN chain_image AS ci ON ci.image_id = k.value CROSS JOIN chain AS c ON c.id = ci.chain_id"
    f" WHERE {SEEN_CHAIN} GROUP BY ci.image_id, status"
)
_IMAGE_FAILURES = text(
    "SELECT image.id, w.stage FROM json_each(:ids) AS k CROSS JOIN image ON image.id = k.value"
    f" CROSS JOIN work AS w ON w.id IN ({FAILING}) AND w.subject = image.key"
    " UNION SELECT ci.image_id, w.stage FROM json_each(:ids) AS k CROSS JOIN chain_image AS ci ON ci.image_id = k.value"
    f" CROSS JOIN chain AS c ON c.id = ci.chain_id AND {SEEN_CHAIN}"
    f" CROSS JOIN work AS w ON w.id IN ({FAILING}) AND w.subject = c.key"
)
_CHAIN_ROWS = text(
    "SELECT c.id, c.key, image.key, image.path, c.question, c.answer, c.composer, c.version, c.hop_count,"
    f" {STATUS},"
    " (SELECT COUNT(*) FROM finding AS n JOIN work AS nw ON nw.id = n.work_id"
    " WHERE n.chain_key = c.key AND nw.is_current = 1),"
    " (SELECT COUNT(*) FROM annotation AS a WHERE a.chain_key = c.key),"
    f" {PASS_RATE}, (SELECT kind FROM mark WHERE mark.chain_key = c.key), image.width_px, image.height_px, {_WRONG_OF}"
    " FROM json_each(:ids) AS k CROSS JOIN chain AS c ON c.id = k.value"
    " CROSS JOIN chain_image AS ci ON ci.chain_id = c.id AND ci.position = 0"
    " CROSS JOIN image ON image.id = ci.image_id ORDER BY k.key"
)


_ALL_IMAGES, _ALL_CHAINS = ImageQuery(), ChainQuery()


class PageReads(Reads):
    """Ids first, rows by page."""

    def image_ids(self, query: ImageQuery = _ALL_IMAGES) -> array[int]:
        """Rows of the pictures asked for, in order."""
        sql, values = image_ids_sql(query)
        return self._ids(sql, values)

    def image_rows(self, ids: Sequence[int]) -> list[ImageRow]:
        """What a list shows of these pictures, in this order; those gone meanwhile are left out."""
        asked = {"ids": json.dumps(list(ids))}
        statuses: dict[int, dict[ChainStatus, int]] = {}
        for number, status, count in self._conn.execute(_IMAGE_STATUSES, asked):
            statuses.setdefault(number, {})[ChainStatus(status)] = count
        failing: dict[int, tuple[str, ...]] = {}
        for number, stage in self._conn.execute(_IMAGE_FAILURES, asked):
            failing[number] = (*failing.get(number, ()), stage)
        return [
            ImageRow(
                number,
                ImageKey(key),
                path,
                width,
                height,
                instances,
                statuses.get(number, {}),
                failing.get(number, ()),
                _rating(rated),
            )
            for number, key, path, width, height, instances, rated in self._conn.execute(_IMAGE_ROWS, asked)
        ]

    def chain_ids(self, query: ChainQuery = _ALL_CHAINS) -> array[int]:
        """Numbers of the chains asked for, in order."""
        sql, values = chain_ids_sql(query)
        return self._ids(sql, values)

    def chain_rows(self, ids: Sequence[int]) -> list[ChainRow]:
        """What a list shows of these chains, in this order; those gone meanwhile are left out."""
        rows = self._conn.execute(_CHAIN_ROWS, {"ids": json.dumps(list(ids))})
        return [_chain_row(*row) for row in rows]

    def _ids(self, sql: str, values: dict[str, object]) -> array[int]:
        # Straight from the driver: 100,000 ids in about 15 ms instead of 60.
        return array("q", itertools.chain.from_iterable(driver(self._conn).execute(sql, values)))


def _rating(rated: str | None) -> Rating | None:
    if rated is None:
        return None
    complexity, quality = json.loads(rated)
    return Rating(complexity=complexity, quality=Quality(quality))


def _chain_row(
    number: int,
    key: str,
    image_key: str,
    path: str,
    question: str,
    answer: str,
    composer: str,
    version: int,
    hop_count: int,
    status: str,
    finding_count: int,
    annotation_count: int,
    pass_rate: float | None,
    mark: str | None,
    width_px: int,
    height_px: int,
    wrong_of: str | None,
) -> ChainRow:
    return ChainRow(
        number,
        ChainKey(key),
        ImageKey(image_key),
        path,
        question,
        answer,
        Composer(composer),
        version,
        hop_count,
        ChainStatus(status),
        finding_count,
        annotation_count,
        pass_rate,
        None if mark is None else MarkKind(mark),
        width_px,
        height_px,
        None if wrong_of is None else tuple(json.loads(wrong_of)),
    )
