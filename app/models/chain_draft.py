"""A chain while a person edits it: what they typed and picked so far, whether it can be saved yet or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from app.models.draft_words import refusal, said_value, trimmed
from app.models.hop_order import in_order, paired, renumbered
from app.models.operation_fit import Fit, FitState, Kind, fit, kind_of
from hopchain_core.domain.answers import Answer, Unreadable
from hopchain_core.domain.chains import (
    Chain,
    Composer,
    Hop,
    InstanceReference,
    Level,
    Reference,
    SetReference,
    ValueReference,
    instances_in,
)
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.operations import hops_used
from hopchain_core.project import StoredChain

_TEXTS = frozenset({"sub_question", "output"})
_FIELDS = ("question", "answer_text", "instances", "choices")
_HOP_FIELDS = ("level", "sub_question", "uses", "establishes", "needs", "output")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A version in the making. Each change gives another draft.

    Attributes:
        number: Row of the version that is edited.
        base: That version.
        question: As typed.
        answer_text: As typed; see `answer`.
        instances: Chosen for the chain.
        hops: With the operations of the base, whether they still fit or not; see `fits`.
        ids: Which hops they are: numbers in the base; below 0 for those that were added. Unlike numbers they stay.
        choices: Hops, by id, of which a person said that the operation fits (True) or does not (False).
        names: Words of the picture, see `picture_words`; never part of what was typed.
    """

    number: int
    base: Chain
    question: str
    answer_text: str
    instances: tuple[InstanceKey, ...]
    hops: tuple[Hop, ...]
    ids: tuple[int, ...]
    choices: Mapping[int, bool] = field(default_factory=dict)
    names: frozenset[str] = field(default=frozenset(), compare=False)

    @classmethod
    def of(cls, stored: StoredChain, names: frozenset[str] = frozenset()) -> Draft:
        """Begins with a version as it is."""
        chain = stored.chain
        return cls(
            number=stored.number,
            base=chain,
            question=chain.question,
            answer_text=chain.answer.text,
            instances=chain.instances,
            hops=chain.hops,
            ids=tuple(h.index for h in chain.hops),
            names=names,
        )

    def hop(self, index: int) -> Hop:
        """The hop with this number, with the operation of the base.

        Raises:
            KeyError: There is none.
        """
        for hop in self.hops:
            if hop.index == index:
                return hop
        raise KeyError(index)

    @property
    def answer(self) -> Answer | Unreadable:
        """What was typed as the answer, as a number."""
        return Answer.read(self.answer_text)

    @property
    def answer_refusal(self) -> str:
        """Why the answer cannot be saved, and what would be taken; empty when it can be."""
        return refusal(self.answer_text)

    def id_of(self, index: int) -> int:
        """Which hop has this number.

        Raises:
            KeyError: None has.
        """
        for hop, id_ in zip(self.hops, self.ids, strict=True):
            if hop.index == index:
                return id_
        raise KeyError(index)

    def number_of(self, id_: int) -> int | None:
        """The number of a hop now; None once it was removed."""
        return self.hops[self.ids.index(id_)].index if id_ in self.ids else None

    def has_changed(self, index: int) -> bool:
        """A hop differs from the base in more than its number. Raises as `hop`."""
        return self.by_id[self.id_of(index)] not in self.base.hops

    @cached_property
    def by_id(self) -> dict[int, Hop]:
        """The hops by id, with ids in place of all numbers."""
        ids = {hop.index: id_ for hop, id_ in zip(self.hops, self.ids, strict=True)}
        return {ids[hop.index]: renumbered(hop, ids) for hop in self.hops}

    @cached_property
    def fits(self) -> dict[int, Fit]:
        """What becomes of each hop's operation."""
        before = {h.index: h for h in self.base.hops}
        found: dict[int, Fit] = {}
        for id_, hop in self.by_id.items():
            was = before.get(id_, hop)
            index = self.hops[self.ids.index(id_)].index
            found[index] = fit(was, hop, self._starts_from(was), self.names, self.choices.get(id_))
        return found

    @cached_property
    def saved_hops(self) -> tuple[Hop, ...]:
        """The hops as they would be saved: trimmed, without operations that no longer fit."""
        fits = self.fits
        return tuple(
            replace(
                hop,
                sub_question=trimmed(hop.sub_question),
                output=trimmed(hop.output),
                operation=hop.operation if fits[hop.index].state is FitState.KEPT else None,
            )
            for hop in self.hops
        )

    @cached_property
    def chain(self) -> Chain:
        """The version that saving would make; with the base's answer while what is typed is no number."""
        answer = self.answer
        return self.base.next_version(
            question=trimmed(self.question),
            hops=self.saved_hops,
            answer=answer if isinstance(answer, Answer) else self.base.answer,
            instances=self.instances,
            composer=Composer.PERSON,
        )

    @cached_property
    def changes(self) -> dict[str, Any]:
        """What is other than in the base, as `Project.edit_chain` takes it."""
        chain = self.chain
        names = ("question", "hops", "answer", "instances")
        return {name: getattr(chain, name) for name in names if getattr(chain, name) != getattr(self.base, name)}

    @property
    def is_changed(self) -> bool:
        """Something would be lost if it were thrown away."""
        return bool(self.changes) or isinstance(self.answer, Unreadable)

    # Changes

    def with_hop(self, index: int, **changes: Any) -> Draft:
        """Changes fields of a hop; what hangs on them follows.

        A hop that finds a value finds the value that its output says. A hop that needs another one starts from what
        that one finds. Hops that start from what this one found start from what it finds now.

        Raises:
            KeyError: There is no such hop.
        """
        hop = self.hop(index)
        changed = replace(hop, **changes)
        if "output" in changes and "establishes" not in changes and kind_of(hop.establishes) is Kind.VALUE:
            changed = replace(changed, establishes=(ValueReference(said_value(changed.output)),))
        if "needs" in changes:
            changed = replace(changed, needs=tuple(sorted(set(changed.needs))))
            if "uses" not in changes:
                changed = replace(changed, uses=self._uses_after(hop, changed.needs))
        hops = tuple(changed if h.index == index else h for h in self.hops)
        if changed.establishes != hop.establishes:
            hops = tuple(_handed_on(h, index, hop.establishes, changed.establishes) for h in hops)
        choices = dict(self.choices)
        # What a person said of the operation holds for the hop as it was then, apart from its texts.
        if changes.keys() - _TEXTS - {"level"} and changed != hop:
            choices.pop(self.id_of(index), None)
        return replace(self, hops=hops, choices=choices)

    def with_choice(self, index: int, fits: bool | None) -> Draft:
        """Notes whether a person says that the operation of a hop fits; None leaves it to the rules."""
        id_ = self.id_of(index)
        choices = {k: v for k, v in self.choices.items() if k != id_}
        return replace(self, choices=choices if fits is None else {**choices, id_: fits})

    # Hops that come, go and change places

    def with_hop_after(self, index: int) -> Draft:
        """Adds an empty hop that needs hop `index` and starts from what it finds. Raises as `hop`."""
        before, made = self.id_of(index), min((0, *self.ids)) - 1
        hop = Hop(
            index=made,
            level=Level.ONE_OBJECT,
            sub_question="",
            uses=self.hop(index).establishes,
            establishes=(),
            needs=(before,),
            output="",
        )
        at = self.ids.index(before) + 1
        return self._arranged((*self.ids[:at], made, *self.ids[at:]), {**self.by_id, made: hop})

    def without_hop(self, index: int) -> Draft:
        """Removes a hop; those that needed it do so no longer, and no longer start from what it found. Raises as `hop`."""
        gone, draft = self.id_of(index), self
        for number in self.needed_by(index):
            draft = draft.with_hop(number, needs=tuple(n for n in draft.hop(number).needs if n != index))
        kept = replace(draft, choices={k: v for k, v in draft.choices.items() if k != gone})
        return kept._arranged(tuple(i for i in self.ids if i != gone), draft.by_id)

    def with_hop_moved(self, index: int, step: int) -> Draft:
        """Moves a hop one place up (-1) or down (1); the caller asked `move_refusal`. Raises as `hop`."""
        ids = list(self.ids)
        at = ids.index(self.id_of(index))
        ids[at], ids[at + step] = ids[at + step], ids[at]
        return self._arranged(tuple(ids), self.by_id)

    def needed_by(self, index: int) -> tuple[int, ...]:
        """Numbers of hops that need this one."""
        return tuple(h.index for h in self.hops if index in h.needs)

    def move_refusal(self, index: int, step: int) -> str:
        """Why a hop cannot go one place up (-1) or down (1); empty when it can."""
        numbers = [h.index for h in self.hops]
        at = numbers.index(index) + step
        if not 0 <= at < len(numbers):
            return f"Hop {index} is the {'first' if step < 0 else 'last'} one."
        first, second = sorted((index, numbers[at]))
        later = self.saved_hops[numbers.index(second)]
        reads = hops_used(later.operation) if later.operation is not None else frozenset()
        if first in later.needs or first in reads:
            return f"Hop {second} needs hop {first}, so it stays after it."
        return ""

    def _arranged(self, ids: tuple[int, ...], by_id: Mapping[int, Hop]) -> Draft:
        """Other hops, or in another order, with the numbers that follow."""
        if ids == tuple(h.index for h in self.base.hops):
            hops = tuple(by_id[i] for i in ids)
        else:
            hops = in_order(by_id, ids)
        return replace(self, hops=hops, ids=ids)

    def rebased(self, stored: StoredChain) -> Draft:
        """The same changes on top of another version; where both changed a field, what this person wrote stays.

        So does the order of hops, where this person changed it.
        """
        old, new = self.base, stored.chain
        was, mine = {h.index: h for h in old.hops}, self.by_id
        theirs = {h.index: h for h in new.hops}
        ids = paired(old.hops, new.hops)
        free = [h for h in new.hops if h.index not in ids.values()]
        ids |= paired([mine[i] for i in self.ids if i not in was], free)
        ids |= {i: -place for place, i in enumerate((i for i in self.ids if i not in ids), 1)}
        hops = dict(theirs)
        for id_ in self.ids:
            hop, other = renumbered(mine[id_], ids), theirs.get(ids[id_])
            if other is None:
                hops[hop.index] = replace(hop, operation=None)
            elif id_ in was:
                hops[hop.index] = _merged(renumbered(was[id_], ids), hop, other)
            else:
                hops[hop.index] = replace(hop, operation=other.operation)
        is_arranged = self.ids != tuple(was)
        made = replace(
            self,
            number=stored.number,
            base=new,
            question=new.question if self.question == old.question else self.question,
            answer_text=new.answer.text if self.answer_text == old.answer.text else self.answer_text,
            instances=new.instances if self.instances == old.instances else self.instances,
            choices={ids[i]: fits for i, fits in self.choices.items() if i in ids},
        )
        return made._arranged(tuple(ids[i] for i in self.ids) if is_arranged else tuple(theirs), hops)

    def stepped_back(self, before: Draft, after: Draft) -> Draft:
        """Without the change that led from `before` to `after`; what was changed since stays as it is now."""
        was, then, now = before.by_id, after.by_id, self.by_id
        ids = before.ids if self.ids == after.ids else self.ids
        hops = {i: was[i] if i not in now else now[i] for i in ids}
        for i in ids:
            if i in was and i in then and i in now:
                hops[i] = replace(now[i], **_back(was[i], then[i], now[i], (*_HOP_FIELDS, "operation")))
        return replace(self._arranged(ids, hops), **_back(before, after, self, _FIELDS))

    def _uses_after(self, hop: Hop, needs: tuple[int, ...]) -> tuple[Reference, ...]:
        gone = [n for n in hop.needs if n not in needs]
        come = [n for n in needs if n not in hop.needs]
        kept = {r for n in needs for r in self._found(n)}
        dropped = {r for n in gone for r in self._found(n)} - kept
        uses = [r for r in hop.uses if r not in dropped]
        uses += [r for n in come for r in self._found(n) if r not in uses]
        return tuple(uses)

    def _found(self, index: int) -> tuple[Reference, ...]:
        return next((h.establishes for h in self.hops if h.index == index), ())

    def _starts_from(self, before: Hop) -> frozenset[InstanceKey]:
        """What a hop of the base starts from once earlier hops find what they find in the draft."""
        hop = before
        for need in before.needs:
            was = next((h.establishes for h in self.base.hops if h.index == need), ())
            now = self.by_id[need].establishes if need in self.by_id else ()
            hop = _handed_on(hop, need, was, now)
        return instances_in(hop.uses, with_sets=True)


def keys_of(references: Iterable[Reference]) -> tuple[InstanceKey, ...]:
    """Instances of references, members of sets too, in their order."""
    found: dict[InstanceKey, None] = {}
    for reference in references:
        if isinstance(reference, InstanceReference):
            found[reference.instance] = None
        elif isinstance(reference, SetReference):
            found.update(dict.fromkeys(reference.instances))
    return tuple(found)


def _back(before: object, after: object, now: object, names: Iterable[str]) -> dict[str, Any]:
    return {
        name: getattr(before, name)
        for name in names
        if getattr(now, name) == getattr(after, name) != getattr(before, name)
    }


def _handed_on(hop: Hop, source: int, was: tuple[Reference, ...], now: tuple[Reference, ...]) -> Hop:
    """A hop that starts from what hop `source` finds, once that is something else."""
    if source not in hop.needs or not was or not set(was) & set(hop.uses):
        return hop
    uses: list[Reference] = []
    for reference in hop.uses:
        uses += [r for r in (now if reference in was else (reference,)) if r not in uses]
    return replace(hop, uses=tuple(uses))


def _merged(was: Hop, mine: Hop, theirs: Hop) -> Hop:
    taken = {name: getattr(mine, name) for name in _HOP_FIELDS if getattr(mine, name) != getattr(was, name)}
    return replace(theirs, **taken)
