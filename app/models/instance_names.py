"""How instances of one picture are called: category and number, as "bowl 2"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hopchain_core.domain.instances import AttributeName, Instance, Origin
from hopchain_core.domain.keys import InstanceKey

ATTRIBUTE_WORDS: dict[AttributeName, str] = {
    AttributeName.COLOUR: "Colour",
    AttributeName.TEXT: "Text",
    AttributeName.NUMBER: "Number",
    AttributeName.SHAPE: "Shape",
    AttributeName.MATERIAL: "Material",
    AttributeName.PATTERN: "Pattern",
    AttributeName.STATE: "State",
}
"""In the order in which they are shown."""

ORIGIN_WORDS: dict[Origin, str] = {
    Origin.MODEL: "model",
    Origin.IMPORT: "import",
    Origin.SCENE: "rendered scene",
    Origin.PERSON: "person",
}


def instance_names(instances: Iterable[Instance]) -> dict[InstanceKey, str]:
    """A name for each, numbered within its category in the order given; crowd regions have that of their category.

    The numbers are those by which chains call the same instances.

    Args:
        instances: Those seen in one picture, as `Reader.instances` gives them: by category, from the left.
    """
    counts: Counter[str] = Counter()
    names = {}
    for instance in instances:
        if instance.is_crowd:
            names[instance.key] = instance.category
            continue
        counts[instance.category] += 1
        names[instance.key] = f"{instance.category} {counts[instance.category]}"
    return names


def share_text(share: float) -> str:
    """A share of the picture as it stands in lists: "2.9 %", "< 0.1 %".

    Args:
        share: In [0, 1].
    """
    percent = 100 * share
    if 0 < percent < 0.1:
        return "< 0.1 %"
    return f"{percent:.1f} %"
