"""One object in one picture, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.keys import ImageKey, InstanceKey, content_key


class Origin(StrEnum):
    """Who found an instance or stated a fact of it."""

    MODEL = "model"
    IMPORT = "import"
    SCENE = "scene"
    PERSON = "person"


class AttributeName(StrEnum):
    """What can be said of one object by looking at it alone."""

    COLOUR = "colour"
    TEXT = "text"
    NUMBER = "number"
    SHAPE = "shape"
    MATERIAL = "material"
    PATTERN = "pattern"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A fact of an instance, with its source.

    Attributes:
        name: Which property.
        value: Lower case for words; exactly what is written for `TEXT`; digits for `NUMBER`.
        source: Who says so.
    """

    name: AttributeName
    value: str
    source: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One object found in a picture.

    Attributes:
        image: The picture it is in.
        category: Short singular noun phrase.
        box: Pixels of the upright picture; the mask's own bounds where there is a mask.
        mask: None when only a box is known.
        score: The segmenter's confidence in [0, 1]; None when it gives none.
        origin: Who found it.
        attributes: Facts, at most one of each name, sorted by name.
        is_crowd: A region with several objects not marked one by one.
        supersedes: The version this one corrects, if a person changed it.
        is_removed: A person deleted the instance; the row only says so.
    """

    image: ImageKey
    category: str
    box: Box
    mask: Mask | None
    score: float | None
    origin: Origin
    attributes: tuple[Attribute, ...] = ()
    is_crowd: bool = False
    supersedes: InstanceKey | None = None
    is_removed: bool = False
    _key: InstanceKey | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.score is not None and not 0.0 <= self.score <= 1.0:
            raise ValueError(f"a score lies in [0, 1], not {self.score}")
        names = [a.name for a in self.attributes]
        if names != sorted(set(names)):
            object.__setattr__(self, "attributes", tuple(sorted(self.attributes, key=lambda a: a.name)))
            if len(set(names)) != len(names):
                raise ValueError(f"an instance has one attribute of each name, not {names}")

    @property
    def key(self) -> InstanceKey:
        """Content key of this version; the same whether a number was given as 10, 10.0 or -0.0."""
        if self._key is None:
            # Asked for again and again, and worked out from the whole mask.
            object.__setattr__(self, "_key", InstanceKey(content_key(self._content())))
        assert self._key is not None
        return self._key

    def _content(self) -> list[object]:
        return [
            self.image,
            self.category,
            [round(float(v), 3) + 0.0 for v in self.box.as_tuple()],
            self.mask.counts if self.mask else None,
            None if self.score is None else round(float(self.score), 6) + 0.0,
            self.origin.value,
            [[a.name.value, a.value, a.source.value] for a in self.attributes],
            self.is_crowd,
            self.supersedes,
            self.is_removed,
        ]

    @property
    def area_px(self) -> float:
        """Pixels of the mask, or of the box where there is no mask."""
        return float(self.mask.area) if self.mask else self.box.area

    def attribute(self, name: AttributeName) -> str | None:
        """The value of one attribute, or None when nothing is said of it."""
        return next((a.value for a in self.attributes if a.name is name), None)
