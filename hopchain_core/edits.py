"""What people change in a project, as functions of one unit of work. `Project` makes each a step of undo."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hopchain_core.domain.chains import Chain, Composer
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey, canonical_json
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.review import Annotation, Mark
from hopchain_core.errors import InputError
from hopchain_core.jobs.terms import POLICY
from hopchain_core.store.reader import Reader
from hopchain_core.store.rows_chains import drop_annotation, write_annotation, write_chains, write_mark
from hopchain_core.store.rows_people import hide_instance as write_hidden
from hopchain_core.store.rows_runs import write_fact
from hopchain_core.store.rows_sources import now_text, write_instances
from hopchain_core.store.unit_of_work import UnitOfWork

_EDITABLE = frozenset({"question", "hops", "answer", "instances"})


def annotate(uow: UnitOfWork, annotation: Annotation) -> None:
    """Writes one person's answer."""
    _chain(uow, annotation.chain)
    write_annotation(uow, annotation)


def unanswer(uow: UnitOfWork, chain: ChainKey, annotator: str) -> None:
    """Removes one person's answer."""
    if not drop_annotation(uow, chain, annotator):
        raise InputError(f"{annotator} has not answered this chain.")


def mark(uow: UnitOfWork, decision: Mark) -> None:
    """Writes a curator's decision."""
    _chain(uow, decision.chain)
    write_mark(uow, decision)


def unmark(uow: UnitOfWork, chain: ChainKey) -> None:
    """Takes a curator's decision back."""
    write_mark(uow, None, chain)


def comment(uow: UnitOfWork, chain: ChainKey, author: str, text: str) -> None:
    """Adds a comment."""
    _chain(uow, chain)
    if not text.strip():
        raise InputError("A comment needs a text.")
    uow.put("comment", {"chain_key": chain, "author": author, "text": text.strip(), "written_at": now_text()})


def edit_chain(uow: UnitOfWork, key: ChainKey, changes: dict[str, Any]) -> Chain:
    """Writes a corrected version of a chain."""
    unknown = sorted(changes.keys() - _EDITABLE)
    if unknown:
        raise InputError(f"A chain's {unknown[0]} cannot be edited.", hint=f"Edit {', '.join(sorted(_EDITABLE))}.")
    chain = _chain(uow, key)
    if all(stored.chain.key != key for stored in Reader(uow.conn).chains(chain.image)):
        raise InputError("This version of the chain has been replaced.", hint="Edit the one that is shown.")
    edited = chain.next_version(**changes, composer=Composer.PERSON)
    write_chains(uow, None, [edited])
    return edited


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


def change_instance(uow: UnitOfWork, key: InstanceKey, changes: dict[str, Any]) -> Instance:
    """Writes a changed version of an instance that is seen."""
    old = _seen(uow, key)
    if "category" in changes:
        changes = {**changes, "category": _category(changes["category"])}
    new = replace(old, **changes, origin=Origin.PERSON, score=None, supersedes=key)
    write_instances(uow, None, [new])
    return new


def redraw_instance(uow: UnitOfWork, key: InstanceKey, box: Box, mask: Mask | None) -> Instance:
    """Writes a version of an instance with another place."""
    return change_instance(uow, key, {"box": _drawn(box, mask), "mask": mask})


def hide_instance(uow: UnitOfWork, key: InstanceKey, hidden: bool) -> None:
    """Sets whether an instance is shown."""
    _seen(uow, key)
    write_hidden(uow, key, hidden)


def set_policy(uow: UnitOfWork, policy: Policy) -> None:
    """Writes the policy."""
    write_fact(uow, POLICY, canonical_json(policy.to_json()))


def _chain(uow: UnitOfWork, key: ChainKey) -> Chain:
    chain = Reader(uow.conn).chain_by_key(key)
    if chain is None:
        raise InputError("There is no such chain in this project.")
    return chain


def _seen(uow: UnitOfWork, key: InstanceKey) -> Instance:
    read = Reader(uow.conn)
    found = read.instances_by_key([key]).get(key)
    if found is None:
        raise InputError("There is no such instance in this project.")
    if all(instance.key != key for instance in read.instances(found.image)):
        raise InputError("This instance has been changed or removed since.", hint="Take the one that is shown.")
    return found


def _category(name: str) -> str:
    clean = " ".join(name.lower().split())
    if not clean:
        raise InputError("An instance needs a category.")
    return clean


def _drawn(box: Box, mask: Mask | None) -> Box:
    return mask.box() if mask is not None else box
