"""Reads what the space Instances shows of one picture. All of it runs in another thread."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.models.instance_lineage import Lineage
from app.models.instance_list import InstanceRow, rows_of
from hopchain_core.domain.images import Image
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.project import ImageQuery, Reader

_FEW = 200
"""Pictures whose paths hold the path looked for: more are read only until it is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with its instances as they are now.

    Attributes:
        image: The picture.
        rows: Its instances, by category and place.
        turns: First versions of them by their turn: what was found in it by category and place, then what people added.
            The same whatever was corrected since.
    """

    image: Image
    rows: tuple[InstanceRow, ...]
    turns: Mapping[InstanceKey, int]

    @property
    def keys(self) -> frozenset[InstanceKey]:
        """Of the instances seen."""
        return frozenset(row.key for row in self.rows)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Pictures in the order in which one goes through them.

    Attributes:
        ids: Their numbers.
        place: Of the picture shown, from 0; -1 where it is not among them.
    """

    ids: array[int]
    place: int


def read_picture(
    read: Reader, key: ImageKey, lineage: Lineage, known: Mapping[InstanceKey, InstanceRow] | None = None
) -> Picture:
    """A picture with its instances.

    Args:
        read: The snapshot.
        key: Of the picture.
        lineage: Learns which version came from which.
        known: Rows shown now. Those that are as before are given back themselves, so that who compares is quick.

    Raises:
        KeyError: The project does not hold it.
    """
    image = read.image(key)
    instances = tuple({instance.key: instance for instance in read.instances(key)}.values())
    parents = {instance.key: instance.supersedes for instance in instances if instance.supersedes is not None}
    lineage.note_all(parents)
    firsts = _learn(read, parents.values(), lineage)
    rows = rows_of(instances, read.hidden_instances(key), (image.width_px, image.height_px), lineage.ancestors)
    if known:
        rows = tuple(old if (old := known.get(row.key)) == row and old is not None else row for row in rows)
    of = {root: firsts.get(root, row.instance) for row in rows if (root := lineage.root(row.key))}
    turns = {root: turn for turn, root in enumerate(sorted(of, key=lambda root: _turn(of[root])))}
    return Picture(image=image, rows=rows, turns=turns)


def _turn(first: Instance) -> tuple[bool, str, float, float, str]:
    return (first.origin is Origin.PERSON, first.category, first.box.x0, first.box.y0, first.key)


def _learn(read: Reader, keys: Iterable[InstanceKey], lineage: Lineage) -> dict[InstanceKey, Instance]:
    """Follows corrections back to the first versions, which lie in earlier sessions too, and gives those."""
    wanted = set(keys)
    known: set[InstanceKey] = set()
    firsts: dict[InstanceKey, Instance] = {}
    while wanted := wanted - known:
        known |= wanted
        found = read.instances_by_key(wanted)
        firsts |= {key: instance for key, instance in found.items() if instance.supersedes is None}
        parents = {key: instance.supersedes for key, instance in found.items() if instance.supersedes is not None}
        lineage.note_all(parents)
        wanted = set(parents.values())
    return firsts


def picture_of_instance(read: Reader, key: InstanceKey) -> ImageKey | None:
    """The picture that an instance is in."""
    found = read.instances_by_key([key]).get(key)
    return None if found is None else found.image


def key_at(read: Reader, number: int) -> ImageKey | None:
    """The picture of a number; None when it is gone."""
    rows = read.image_rows([number])
    return rows[0].key if rows else None


def sequence_of(read: Reader, query: ImageQuery, key: ImageKey | None) -> Sequence:
    """The pictures that a list asks for; all of them by path where the one shown is not in that list.

    Args:
        read: The snapshot.
        query: Of the list.
        key: The picture shown; None for none.
    """
    ids = read.image_ids(query)
    if key is None or not read.has_image(key):
        return Sequence(ids if ids else read.image_ids(ImageQuery()), -1)
    number = _number(read, key)
    place = _place(ids, number)
    if place < 0:
        ids = read.image_ids(ImageQuery())
        place = _place(ids, number)
    return Sequence(ids, place)


def _number(read: Reader, key: ImageKey) -> int:
    alike = read.image_ids(ImageQuery(text=read.image(key).path))
    for start in range(0, len(alike), _FEW):
        for row in read.image_rows(alike[start : start + _FEW]):
            if row.key == key:
                return row.number
    return -1


def _place(ids: array[int], number: int) -> int:
    try:
        return ids.index(number)
    except ValueError:
        return -1


def category_names(read: Reader) -> tuple[str, ...]:
    """Every category that an instance has, those in most pictures first."""
    return tuple(read.image_facets().categories)


def chains_using(read: Reader, rows: Iterable[InstanceRow]) -> tuple[int, ...]:
    """Numbers of the chains that were made with these instances, or with earlier versions of them."""
    keys = {key for row in rows for key in (row.key, *row.before)}
    return tuple(stored.number for stored in read.chains_using(keys))
