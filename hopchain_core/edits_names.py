"""Names of annotators: one is given, one is changed, and the former one stays known for packets that bear it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from hopchain_core.domain.rounds import Annotator
from hopchain_core.errors import InputError
from hopchain_core.store import schema
from hopchain_core.store.reader import Reader
from hopchain_core.store.rows_people import write_annotator
from hopchain_core.store.rows_runs import write_fact
from hopchain_core.store.unit_of_work import UnitOfWork

MAX_NAME = 80
FORMER_NAMES = "former_names"
"""Name of the fact that holds, as JSON, who bears a name now that somebody bore before."""


def former_names(read: Reader) -> dict[str, str]:
    """By former name, the name of today."""
    fact = read.fact(FORMER_NAMES)
    found: Any = {} if fact is None else json.loads(fact)
    return {str(old): str(new) for old, new in found.items()}


def free_name(read: Reader, name: str, of: str | None = None) -> str:
    """A name as it is written, if it can be given.

    Args:
        read: The project as it stands.
        name: As typed.
        of: Whose name is changed; None for a new person.

    Raises:
        InputError: It is empty, too long, differs from another one in case only, or packets bear it for another person.
    """
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise InputError(f"An annotator has a name of 1 to {MAX_NAME} characters.", hint="Give a name or an alias.")
    others = [other.name for other in read.annotators() if other.name != of]
    same = [other for other in others if other.casefold() == name.casefold()]
    if same:
        raise InputError(
            f"There is an annotator {same[0]} already.", hint="Give another name, so that nobody mixes them up."
        )
    bearer = next((new for old, new in former_names(read).items() if old.casefold() == name.casefold()), None)
    if bearer is not None and bearer != of:
        raise InputError(
            f"{bearer} was called {name} before.", hint="Give another name: packets may still bear this one for them."
        )
    return name


def rename_annotator(uow: UnitOfWork, annotator: Annotator, name: str) -> Annotator:
    """Gives a person another name, wherever they are named.

    Raises:
        InputError: As `free_name`, or they bear it already.
    """
    read, old = Reader(uow.conn), annotator.name
    name = free_name(read, name, of=old)
    if name == old:
        raise InputError(f"{old} bears this name already.", hint="Write another one.")
    uow.drop(schema.annotator, (old,))
    renamed = replace(annotator, name=name)
    write_annotator(uow, renamed)
    for table in (schema.assignment, schema.annotation):
        rows = uow.conn.execute(select(table).where(table.c.annotator == old)).mappings().all()
        for row in rows:
            if table is schema.assignment:
                uow.drop(table, (row["round_id"], old))
            uow.put(table, {**row, "annotator": name})
    drafts = schema.draft
    for row in uow.conn.execute(select(drafts).where(drafts.c.annotator == old)).mappings().all():
        # Drafts are no step of undo, so those under the former name stay for whoever undoes this.
        uow.unrecorded().put(drafts, {**row, "annotator": name})
    former = {was: name if now == old else now for was, now in former_names(read).items()} | {old: name}
    former.pop(name, None)
    write_fact(uow, FORMER_NAMES, json.dumps(former, ensure_ascii=False, sort_keys=True))
    return renamed
