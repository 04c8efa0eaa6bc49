"""Pictures and the categories seen in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import Attribute, Origin
from hopchain_core.domain.keys import ImageKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture in a project. Its bytes are referenced, never stored.

    Attributes:
        key: sha256 of the bytes of the file.
        path: Relative to the project's folder where possible, else absolute; POSIX slashes.
        width_px: Columns of the upright picture (EXIF orientation applied).
        height_px: Rows of the upright picture.
        licence: As the source states it; empty when unknown.
        source: Where it came from: a URL, ``scene:SEED`` or empty.
        split_group: Pictures of one group (near-duplicates) never part in a split; the key of its first member.
        file_format: What the bytes are, such as ``JPEG``, whatever the file's name says.
        perceptual_hash: 64-bit difference hash as 16 hex digits.
    """

    key: ImageKey
    path: str
    width_px: int
    height_px: int
    licence: str = ""
    source: str = ""
    split_group: str = ""
    file_format: str = ""
    perceptual_hash: str = ""

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of thing seen in one picture, without places.

    Attributes:
        name: A short singular noun phrase, lower case.
        estimated_count: How many there seem to be; None when not said.
        is_countable: False when the picture holds more of them than can be marked one by one (a crowd region).
    """

    name: str
    estimated_count: int | None = None
    is_countable: bool = True


class Quality(StrEnum):
    """How well a picture shows what is in it; low also where nobody could count or outline it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a model thinks of a picture as the ground for questions.

    Source: HopChain (arXiv 2603.17024), the prompt by which pictures are chosen.

    Attributes:
        complexity: From 1 (plain) to 10: how much of it is hidden, crowded, unusual or fine.
        quality: How well it shows what is in it.

    Raises:
        ValueError: The complexity is not on the scale.
    """

    complexity: int
    quality: Quality

    def __post_init__(self) -> None:
        if not 1 <= self.complexity <= 10:
            raise ValueError(f"complexity is rated from 1 to 10, not {self.complexity}")

    @property
    def words(self) -> str:
        """For people."""
        return f"complexity {self.complexity} of 10, quality {self.quality.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceObject:
    """An object that came with a picture: a human annotation of an import, or the truth of a rendered scene.

    Kept as it came (after clipping to the picture); stages `categorize` and `segment` may read it instead of
    asking a model.

    Attributes:
        source_id: The object's id in its source; unique within the picture and origin.
        category: The category's name as the source gives it.
        box: Pixels of the upright picture.
        mask: None where the source has only a box.
        is_crowd: A region with several objects that are not marked one by one.
        origin: `Origin.IMPORT` for people's annotations, `Origin.SCENE` for rendered truth.
    """

    source_id: str
    category: str
    box: Box
    mask: Mask | None
    is_crowd: bool = False
    attributes: tuple[Attribute, ...] = ()
    origin: Origin = Origin.IMPORT
