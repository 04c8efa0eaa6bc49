"""Pictures of plain boxes for tests: a box is all a program needs."""

from hopchain_core.domain.geometry import Box
from hopchain_core.domain.instances import Attribute, AttributeName, Instance, Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.programs.facts import PictureFacts

IMAGE = ImageKey("a" * 64)


def instance(category, x, y, width=40, height=40, *, is_crowd=False, origin=Origin.IMPORT, **attributes):
    return Instance(
        image=IMAGE,
        category=category,
        box=Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2),
        mask=None,
        score=None,
        origin=origin,
        is_crowd=is_crowd,
        attributes=tuple(Attribute(AttributeName(n), v, origin) for n, v in attributes.items()),
    )


def picture(*instances, width_px=1000, height_px=800, uncountable=()):
    return PictureFacts(width_px, height_px, instances, frozenset(uncountable))
