"""What people say of chains and decide for a project, as functions of one unit of work."""

from __future__ import annotations

from typing import Any

from hopchain_core.domain.chains import Chain, Composer
from hopchain_core.domain.keys import ChainKey, canonical_json
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.review import Annotation, Mark
from hopchain_core.errors import InputError
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_runs import POLICY
from hopchain_core.store.rows_chains import drop_annotation, write_annotation, write_chains, write_mark
from hopchain_core.store.rows_runs import write_fact
from hopchain_core.store.rows_sources import now_text
from hopchain_core.store.unit_of_work import UnitOfWork

_EDITABLE = frozenset({"question", "hops", "answer", "instances"})


def annotate(uow: UnitOfWork, annotation: Annotation) -> None:
    """Writes one person's answer."""
    chain_of(uow, annotation.chain)
    write_annotation(uow, annotation)


def unanswer(uow: UnitOfWork, chain: ChainKey, annotator: str) -> None:
    """Removes one person's answer."""
    if not drop_annotation(uow, chain, annotator):
        raise InputError(f"{annotator} has not answered this chain.")


def mark(uow: UnitOfWork, decision: Mark) -> None:
    """Writes a curator's decision."""
    chain_of(uow, decision.chain)
    write_mark(uow, decision)


def unmark(uow: UnitOfWork, chain: ChainKey) -> None:
    """Takes a curator's decision back."""
    write_mark(uow, None, chain)


def comment(uow: UnitOfWork, chain: ChainKey, author: str, text: str) -> None:
    """Adds a comment."""
    chain_of(uow, chain)
    if not text.strip():
        raise InputError("A comment needs a text.")
    uow.put("comment", {"chain_key": chain, "author": author, "text": text.strip(), "written_at": now_text()})


def edit_chain(uow: UnitOfWork, key: ChainKey, changes: dict[str, Any]) -> Chain:
    """Writes a corrected version of a chain."""
    unknown = sorted(changes.keys() - _EDITABLE)
    if unknown:
        raise InputError(f"A chain's {unknown[0]} cannot be edited.", hint=f"Edit {', '.join(sorted(_EDITABLE))}.")
    chain = chain_of(uow, key)
    if all(stored.chain.key != key for stored in Reader(uow.conn).chains(chain.image)):
        raise InputError("This version of the chain has been replaced.", hint="Edit the one that is shown.")
    edited = chain.next_version(**changes, composer=Composer.PERSON)
    write_chains(uow, None, [edited])
    return edited


def set_policy(uow: UnitOfWork, policy: Policy) -> None:
    """Writes the policy."""
    write_fact(uow, POLICY, canonical_json(policy.to_json()))


def chain_of(uow: UnitOfWork, key: ChainKey) -> Chain:
    """A version of a chain.

    Raises:
        InputError: There is none of this key.
    """
    chain = Reader(uow.conn).chain_by_key(key)
    if chain is None:
        raise InputError("There is no such chain in this project.")
    return chain
