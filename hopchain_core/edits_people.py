"""Who answers, what they are asked, and what an adjudicator makes of it, as functions of one unit of work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Adjudication, AdjudicationKind
from hopchain_core.domain.rounds import Annotator, Gold, Round, RoundKind, RoundTerms
from hopchain_core.domain.rounds_plan import Ask, RoundPlan, plan_round
from hopchain_core.edits import chain_of, edit_chain
from hopchain_core.edits_names import free_name
from hopchain_core.errors import InputError
from hopchain_core.store import schema
from hopchain_core.store.reader import Reader
from hopchain_core.store.rows_people import moment, write_adjudication, write_annotator, write_gold, write_round
from hopchain_core.store.unit_of_work import UnitOfWork


def add_annotator(uow: UnitOfWork, name: str, note: str) -> Annotator:
    """Adds a person."""
    annotator = Annotator(name=free_name(Reader(uow.conn), name), note=note.strip(), added_at=moment())
    write_annotator(uow, annotator)
    return annotator


def change_annotator(
    uow: UnitOfWork, name: str, *, note: str | None = None, is_active: bool | None = None, is_let_in: bool | None = None
) -> Annotator:
    """Changes what is known of a person."""
    annotator = annotator_of(Reader(uow.conn), name)
    changed = replace(
        annotator,
        note=annotator.note if note is None else note.strip(),
        is_active=annotator.is_active if is_active is None else is_active,
        is_let_in=annotator.is_let_in if is_let_in is None else is_let_in,
    )
    write_annotator(uow, changed)
    return changed


def remove_annotator(uow: UnitOfWork, name: str) -> bool:
    """Removes a person; one who has been given or has done anything is only made inactive."""
    read = Reader(uow.conn)
    annotator = annotator_of(read, name)
    if read.has_history(name):
        write_annotator(uow, replace(annotator, is_active=False))
        return False
    return uow.drop(schema.annotator, (name,))


def set_gold(uow: UnitOfWork, chain: ChainKey, answer: Answer | None, note: str) -> Gold:
    """Makes a chain gold."""
    read = Reader(uow.conn)
    proposed = chain_of(uow, chain).answer
    if chain not in read.seen_among([chain]):
        raise InputError("This version of the chain has been replaced.", hint="Take the one that is shown.")
    if answer is None:
        verdict = read.verdict(chain)
        answer = verdict.label if verdict is not None and verdict.label is not None else proposed
    gold = Gold(chain=chain, answer=answer, note=note.strip())
    write_gold(uow, gold)
    return gold


def drop_gold(uow: UnitOfWork, chain: ChainKey) -> None:
    """Makes a chain an ordinary one again."""
    if not uow.drop(schema.gold, (chain,)):
        raise InputError("This chain is no gold.")


def plan(read: Reader, terms: RoundTerms, seed: int) -> RoundPlan:
    """Who would answer what in a round; people who would be given nothing are left out.

    Args:
        read: The project as it stands.
        terms: What the curator asks.
        seed: Of the round.

    Raises:
        InputError: A person or chain cannot take part, or there is nothing to ask.
    """
    people = _people(read, terms)
    met = read.chains_met()
    if terms.kind is RoundKind.QUALIFICATION:
        ask = Ask(people=people, chains=_qualification(read, terms), seen=met, seed=seed)
    else:
        chains = _chains(read, terms)
        asked = frozenset(chains)
        ask = Ask(
            people=people,
            chains=chains,
            per_chain=terms.per_chain,
            seen=met,
            had=read.answers_had() if terms.per_chain is not None else {},
            gold=[key for key in read.gold_to_ask() if key not in asked] if terms.gold_share else [],
            gold_share=terms.gold_share,
            seed=seed,
        )
    planned = plan_round(ask)
    assignments = {name: items for name, items in planned.assignments.items() if items}
    if not assignments:
        raise InputError(
            "Nobody would be given anything: these people have answered all of it, or are being asked it.",
            hint="Add annotators or chains, or close the open round first.",
        )
    gold = planned.chains if terms.kind is RoundKind.QUALIFICATION else planned.gold
    return replace(planned, assignments=assignments, gold=gold)


def open_round(uow: UnitOfWork, terms: RoundTerms, project_seed: int) -> Round:
    """Opens a round: writes down who answers what."""
    read = Reader(uow.conn)
    seed = round_seed(read, terms, project_seed)
    opened = Round(
        id=0,
        kind=terms.kind,
        opened_at=moment(),
        closed_at=None,
        seed=seed,
        per_chain=terms.per_chain if terms.kind is RoundKind.MAIN else None,
        gold_share=terms.gold_share if terms.kind is RoundKind.MAIN else 1.0,
        pass_mark=terms.pass_mark,
    )
    return replace(opened, id=write_round(uow, opened, plan(read, terms, seed)))


def round_seed(read: Reader, terms: RoundTerms, project_seed: int) -> int:
    """The seed of the next round: the one asked for, else the project's with how many rounds there were."""
    return terms.seed if terms.seed is not None else project_seed + 1 + len(read.rounds())


def close_round(uow: UnitOfWork, number: int, *, is_open: bool = False) -> None:
    """Closes a round, or opens it again. Everything that was answered and assigned stays."""
    found = Reader(uow.conn).round(number)
    if found is None:
        raise InputError(f"There is no round {number}.")
    if found.is_open is is_open:
        raise InputError(f"Round {number} is {'open' if is_open else 'closed'} already.")
    uow.put(schema.round_, {"id": number, "closed_at": None if is_open else moment()})


def adjudicate(uow: UnitOfWork, decision: Adjudication) -> None:
    """Writes what an adjudicator decided."""
    _answered(uow, decision.chain)
    if decision.kind is AdjudicationKind.REFUSED and not decision.reason.strip():
        raise InputError("A refusal needs a reason.", hint="Say what is wrong with the question.")
    write_adjudication(uow, decision)


def send_back(uow: UnitOfWork, chain: ChainKey, adjudicator: str, reason: str, changes: dict[str, Any]) -> Any:
    """Edits a disputed question; the new version is asked anew."""
    _answered(uow, chain)
    before = chain_of(uow, chain)
    if all(getattr(before, name, None) == value for name, value in changes.items()):
        raise InputError("Nothing of the question was changed.", hint="Edit it before you send it back.")
    edited = edit_chain(uow, chain, changes)
    write_adjudication(
        uow,
        Adjudication(
            chain=chain, kind=AdjudicationKind.SENT_BACK, label=None, adjudicator=adjudicator, reason=reason.strip()
        ),
    )
    return edited


def take_back_adjudication(uow: UnitOfWork, chain: ChainKey) -> None:
    """Removes an adjudicator's decision."""
    decision = Reader(uow.conn).adjudication(chain)
    if decision is None:
        raise InputError("No adjudicator has decided about this chain.")
    if decision.kind is AdjudicationKind.SENT_BACK and chain not in Reader(uow.conn).seen_among([chain]):
        raise InputError(
            "The question was sent back, and its new version is there.", hint="Undo that step, or edit the new version."
        )
    uow.drop(schema.adjudication, (chain,))


def annotator_of(read: Reader, name: str) -> Annotator:
    """The person of this name.

    Raises:
        InputError: There is none.
    """
    found = read.annotator(name)
    if found is None:
        known = ", ".join(a.name for a in read.annotators()[:8])
        raise InputError(
            f"There is no annotator {name!r}.",
            hint=f"There are: {known}." if known else "Add them to the project first.",
        )
    return found


def _answered(uow: UnitOfWork, chain: ChainKey) -> None:
    chain_of(uow, chain)
    read = Reader(uow.conn)
    if chain not in read.seen_among([chain]):
        raise InputError("This version of the chain has been replaced.", hint="Decide about the one that is shown.")
    if not read.judged_annotations(chain):
        raise InputError("Nobody has answered this question.", hint="Edit or reject it, or ask people first.")


def _people(read: Reader, terms: RoundTerms) -> list[str]:
    standings = read.standings()
    is_main = terms.kind is RoundKind.MAIN
    if not terms.annotators:
        people = [a.name for a in read.annotators() if a.is_active and (not is_main or standings[a.name].may_answer)]
        if not people:
            raise InputError("There is nobody to ask.", hint="Add annotators, or let those in who may not answer yet.")
        return people
    for name in terms.annotators:
        annotator = annotator_of(read, name)
        if not annotator.is_active:
            raise InputError(f"{name} is not active.", hint="Make them active, or leave them out.")
        if is_main and not standings[name].may_answer:
            raise InputError(
                f"{name} has not passed the qualification.", hint="Let them in as the curator, or leave them out."
            )
    return sorted(set(terms.annotators))


def _chains(read: Reader, terms: RoundTerms) -> list[ChainKey]:
    if terms.chains is None:
        chains = list(read.awaiting_people())
        if not chains:
            if any(each.kind is RoundKind.MAIN for each in read.open_rounds()):
                raise InputError(
                    "The open round asks all chains that await people.",
                    hint="Wait for its answers, or close it to ask them anew.",
                )
            raise InputError(
                "No chain awaits people.", hint="Run audit, or look which chains are disputed or rejected."
            )
        return chains
    chains = list(dict.fromkeys(terms.chains))
    gone = len(chains) - len(read.seen_among(chains))
    if gone:
        raise InputError(f"{gone} of these chains are not there, or have been edited since.", hint="Choose again.")
    gold = {g.chain for g in read.gold()}.intersection(chains)
    if gold:
        raise InputError(
            f"{len(gold)} of these chains are gold.", hint="Leave them out, or make them ordinary chains first."
        )
    if not chains:
        raise InputError("There are no chains to ask.")
    return chains


def _qualification(read: Reader, terms: RoundTerms) -> list[ChainKey]:
    gold = read.gold_to_ask()
    if not gold:
        raise InputError("There is no gold yet.", hint="Make chains gold whose answers you are sure of.")
    if terms.chains is None:
        return list(gold)
    chains = list(dict.fromkeys(terms.chains))
    others = len(set(chains) - set(gold))
    if others or not chains:
        raise InputError(
            f"{others} of these chains are no gold.", hint="A qualification asks only what has a known answer."
        )
    return chains
