"""What people change in the instances of a picture, as functions of one unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import Attribute, AttributeName, Instance, Origin
from hopchain_core.domain.keys import ImageKey, InstanceKey
from hopchain_core.errors import InputError
from hopchain_core.store.reader import Reader
from hopchain_core.store.rows_people import hide_instance as write_hidden
from hopchain_core.store.rows_sources import write_instances
from hopchain_core.store.unit_of_work import UnitOfWork


def add_instance(uow: UnitOfWork, image: ImageKey, category: str, box: Box, mask: Mask | None) -> Instance:
    """Adds an instance that a person drew."""
    try:
        picture = Reader(uow.conn).image(image)
    except KeyError as error:
        raise InputError("There is no such picture in this project.") from error
    instance = Instance(
        image=image, category=_category(category), box=_drawn(box, mask), mask=mask, score=None, origin=Origin.PERSON
    )
    clipped = instance.box.clipped(picture.width_px, picture.height_px)
    if clipped != instance.box or not instance.area_px:
        raise InputError("An instance lies inside its picture and covers something.", hint="Draw it again.")
    if any(other.key == instance.key for other in Reader(uow.conn).instances(image)):
        raise InputError(f"The same {instance.category} is there already.")
    write_instances(uow, None, [instance])
    return instance


def add_instances(
    uow: UnitOfWork, image: ImageKey, category: str, found: Iterable[tuple[Mask, float]]
) -> tuple[Instance, ...]:
    """Adds instances that a model proposed and a person kept; those that are there already are left out."""
    read = Reader(uow.conn)
    try:
        picture = read.image(image)
    except KeyError as error:
        raise InputError("There is no such picture in this project.") from error
    name = _category(category)
    known = {instance.key for instance in read.instances(image)}
    added: dict[InstanceKey, Instance] = {}
    for mask, score in found:
        if (mask.height_px, mask.width_px) != (picture.height_px, picture.width_px) or not mask.area:
            raise InputError("An instance lies inside its picture and covers something.", hint="Prompt again.")
        instance = Instance(image=image, category=name, box=mask.box(), mask=mask, score=score, origin=Origin.MODEL)
        if instance.key not in known:
            added[instance.key] = instance
    if not added:
        raise InputError(f"Nothing new was chosen as {name}.", hint="It is there already, or nothing was kept.")
    write_instances(uow, None, list(added.values()))
    return tuple(added.values())


def relabel_instances(uow: UnitOfWork, keys: Iterable[InstanceKey], category: str) -> tuple[Instance, ...]:
    """Writes versions with another category; those that have it already stay as they are."""
    name = _category(category)
    return tuple(
        old if old.category == name else _change(uow, old, category=name, score=None, origin=Origin.PERSON)
        for old in _seen(uow, keys)
    )


def redraw_instance(uow: UnitOfWork, key: InstanceKey, box: Box, mask: Mask | None) -> Instance:
    """Writes a version of an instance with another place."""
    (old,) = _seen(uow, [key])
    picture = Reader(uow.conn).image(old.image)
    drawn = _drawn(box, mask)
    if drawn.clipped(picture.width_px, picture.height_px) != drawn or not drawn.area:
        raise InputError("An instance lies inside its picture and covers something.", hint="Draw it again.")
    return _change(uow, old, box=drawn, mask=mask, score=None, origin=Origin.PERSON)


def describe_instance(uow: UnitOfWork, key: InstanceKey, values: Mapping[AttributeName, str]) -> Instance:
    """Writes a version of an instance with other attributes; an empty value says nothing of it any more."""
    (old,) = _seen(uow, [key])
    said = {attribute.name: attribute for attribute in old.attributes}
    for name, value in values.items():
        clean = " ".join(value.split())
        clean = clean if name is AttributeName.TEXT else clean.lower()
        if not clean:
            said.pop(name, None)
        elif name not in said or said[name].value != clean:
            said[name] = Attribute(name, clean, Origin.PERSON)
    attributes = tuple(said[name] for name in sorted(said))
    return old if attributes == old.attributes else _change(uow, old, attributes=attributes)


def merge_instances(uow: UnitOfWork, keys: Iterable[InstanceKey]) -> Instance:
    """Makes one instance of several: a version of the first, with the pixels of all; the others are removed."""
    first, *others = _seen(uow, keys)
    if not others:
        raise InputError("Merging takes two instances or more.", hint="Select another one too.")
    if any(other.image != first.image for other in others):
        raise InputError("Instances of two pictures cannot become one.")
    masks = [instance.mask for instance in (first, *others) if instance.mask is not None]
    if masks and len(masks) <= len(others):
        unmasked = next(instance for instance in (first, *others) if instance.mask is None)
        raise InputError(
            f"A {unmasked.category} has a box only, and its pixels are not known.", hint="Draw its mask first."
        )
    box = first.box
    for other in others:
        box = Box(
            min(box.x0, other.box.x0), min(box.y0, other.box.y0), max(box.x1, other.box.x1), max(box.y1, other.box.y1)
        )
    mask = Mask.union(masks) if masks else None
    remove_instances(uow, [other.key for other in others])
    return _change(uow, first, box=_drawn(box, mask), mask=mask, score=None, origin=Origin.PERSON)


def remove_instances(uow: UnitOfWork, keys: Iterable[InstanceKey]) -> None:
    """Writes versions that say that these instances are gone."""
    for old in _seen(uow, keys):
        _change(uow, old, is_removed=True, score=None, origin=Origin.PERSON)


def hide_instances(uow: UnitOfWork, keys: Iterable[InstanceKey], hidden: bool) -> None:
    """Sets whether instances are shown."""
    for instance in _seen(uow, keys):
        write_hidden(uow, instance.key, hidden)


def _change(uow: UnitOfWork, old: Instance, **changes: Any) -> Instance:
    is_hidden = old.key in Reader(uow.conn).hidden_instances(old.image)
    new = replace(old, **changes, supersedes=old.key)
    write_instances(uow, None, [new])
    if is_hidden:
        write_hidden(uow, new.key, True)
    return new


def _seen(uow: UnitOfWork, keys: Iterable[InstanceKey]) -> list[Instance]:
    """The instances named, in that order, each once.

    Raises:
        InputError: One was never there, or has been changed or removed since; or none is named.
    """
    read = Reader(uow.conn)
    asked = list(dict.fromkeys(keys))
    found = read.instances_by_key(asked)
    if not asked or len(found) < len(asked):
        raise InputError("There is no such instance in this project.")
    shown = {instance.key for image in {i.image for i in found.values()} for instance in read.instances(image)}
    if not shown.issuperset(asked):
        raise InputError("This instance has been changed or removed since.", hint="Take the one that is shown.")
    return [found[key] for key in asked]


def _category(name: str) -> str:
    clean = " ".join(name.lower().split())
    if not clean:
        raise InputError("An instance needs a category.")
    return clean


def _drawn(box: Box, mask: Mask | None) -> Box:
    return mask.box() if mask is not None else box
