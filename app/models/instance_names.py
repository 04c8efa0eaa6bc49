"""How instances of one picture are called: by their category, with a number where there are several, as "bowl 2"."""

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
    """A name for each: bear, bird 1, bird 2; crowd regions have that of their category.

    Args:
        instances: Those seen in one picture, as `Reader.instances` gives them: by category, from the left. Numbers
            follow that order.
    """
    return names_of((instance.key, instance.category, instance.is_crowd) for instance in instances)


def names_of(instances: Iterable[tuple[InstanceKey, str, bool]]) -> dict[InstanceKey, str]:
    """As `instance_names`, of key, category, and whether it is a crowd region."""
    all_ = tuple(instances)
    several = Counter(category for _, category, is_crowd in all_ if not is_crowd)
    counts: Counter[str] = Counter()
    names = {}
    for key, category, is_crowd in all_:
        names[key] = category
        if not is_crowd and several[category] > 1:
            counts[category] += 1
            names[key] = f"{category} {counts[category]}"
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
