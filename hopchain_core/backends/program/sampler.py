"""Samples drafts hop by hop after a pattern, and keeps those in which every step counts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import product
from typing import TypeVar

from hopchain_core.backends.program.countings import Countings
from hopchain_core.backends.program.draft import Draft, Step
from hopchain_core.backends.program.finals import MOST_TOTAL, finals
from hopchain_core.backends.program.gates import Question, gates, if_else
from hopchain_core.backends.program.guesses import rarity
from hopchain_core.backends.program.landmarks import Landmark, landmarks
from hopchain_core.backends.program.moves import moves
from hopchain_core.backends.program.readings import counts_on_the_way, readings
from hopchain_core.backends.program.starts import starts
from hopchain_core.domain.chains import Hop, Level
from hopchain_core.domain.programs.execution import ProgramError, Seen, Value, run_program
from hopchain_core.domain.programs.facts import PictureFacts

PATTERNS: tuple[tuple[str, float], ...] = (
    # s: start, m: move to another instance, g: gate or reading, f: final count
    ("smgf", 1.0),
    ("sgmgf", 2.0),
    ("smgmgf", 1.5),
    ("smmgf", 1.5),
    ("sgmmgf", 1.0),
    ("sgmgf", 1.0),
    ("smggf", 0.7),
    ("sgmggf", 0.7),
)
"""Shapes of 4 to 6 hops, with their weights. Every hop feeds a later one, so none ends in a move."""

_DEAD_ENDS = {"s": "no_clear_start", "m": "no_clear_move", "g": "no_clear_gate", "f": "no_clear_count"}

LEAST_INSTANCES, MOST_INSTANCES = 3, 6
"""Source: HopChain (arXiv 2603.17024), stage 3."""
LEAST_EFFECT = 0.6
"""Share of wrong turns at each hop that must change the final number. Chosen."""
MOST_TRIED_GATES = 5
"""Questions looked at before one is taken that notices no wrong turn. Chosen."""
OTHERS_FIRST = 0.75
"""How often "of the fork and the book" is taken only where there is no other way on. Chosen."""
READING_SHARE, COUNTING_SHARE = 0.5, 0.4
"""How often a reading, and else a count beside the current instance, is taken where one can be had. Chosen."""

_Way = TypeVar("_Way", Step, Question)


class Sampler:
    """Samples chains over one picture. The same facts and generator give the same chains.

    Args:
        facts: The picture.
        rng: Its generator.
    """

    def __init__(self, facts: PictureFacts, rng: random.Random) -> None:
        self.facts = facts
        self.rng = rng
        self.marks: list[Landmark] = landmarks(facts)
        self.countings = Countings(facts)
        self.refused: dict[str, int] = {}

    def attempt(self) -> Draft | None:
        """One try at a whole draft; None when it ran into a dead end (its reason is counted in `refused`)."""
        pattern = self.rng.choices([p for p, _ in PATTERNS], [w for _, w in PATTERNS])[0]
        draft: Draft = Draft(self.facts)
        for place, letter in enumerate(pattern):
            extended = self._extend(draft, letter, is_late=place > len(pattern) // 2)
            if extended is None:
                self.refuse(_DEAD_ENDS[letter])
                return None
            draft = extended
        return draft if self.is_good(draft) else None

    def _extend(self, draft: Draft, letter: str, *, is_late: bool) -> Draft | None:
        match letter:
            case "s":
                steps = starts(draft, self.marks, self.rng)
            case "m":
                steps = moves(draft, self.marks, self.rng)
            case "g":
                return self._through_gate(draft, is_late=is_late)
            case _:
                steps = finals(draft, self.marks, self.countings, self.rng)
        wants_true = self.rng.random() < 0.5
        ordered = self._by_kind(steps, lambda step: step.move, rarity)
        if letter == "m" and self.rng.random() < OTHERS_FIRST:
            ordered.sort(key=lambda s: s.move.endswith("-named"))
        if letter == "f" and len(draft.named) < LEAST_INSTANCES:
            ordered.sort(key=lambda s: not s.names)
        for step in ordered:
            extended = draft.extended(step)
            if extended is not None and (not step.is_conditional or extended.truths[-1] == wants_true):
                return extended
        return None

    def _through_gate(self, draft: Draft, *, is_late: bool) -> Draft | None:
        numbers = readings(draft, self.rng) if self.rng.random() < READING_SHARE else []
        if not numbers and self.rng.random() < COUNTING_SHARE:
            numbers = counts_on_the_way(draft, self.countings, self.rng)
        if numbers:
            return draft.extended(self.rng.choices(numbers, [rarity(step) for step in numbers])[0])
        # The outcome is drawn before the question, so that about half of all conditions come out "no".
        wants_true = self.rng.random() < 0.5
        questions = self._by_kind(gates(draft, self.marks, self.rng), lambda question: question.kind, None)
        if all(s.level is Level.SEVERAL for s in draft.steps):
            questions.sort(key=lambda question: question.level)
        elif is_late and len(draft.named) < LEAST_INSTANCES:
            questions.sort(key=lambda question: not question.names)
        fallback: Draft | None = None
        tried = 0
        for question in questions:
            extended = draft.extended(if_else(draft, question, self.rng))
            if extended is None or extended.truths[-1] != wants_true:
                continue
            # A question that a look-alike would answer the same way does not notice a wrong turn; a few are tried.
            if self._notices(extended) or tried >= MOST_TRIED_GATES:
                return extended
            fallback, tried = fallback or extended, tried + 1
        return fallback

    def _notices(self, draft: Draft) -> bool:
        hops = bare_hops(draft)
        index = draft.current_hop
        wrong = draft.look_alikes(index)
        right = draft.outputs[-1]
        return not wrong or 2 * sum(_last_with(hops, self.facts, index, w) != right for w in wrong) >= len(wrong)

    def _by_kind(
        self, ways: Sequence[_Way], kind_of: Callable[[_Way], str], rarity_of: Callable[[_Way], float] | None
    ) -> list[_Way]:
        # Kinds first, then members: otherwise the kind with the most members would crowd out the others.
        kinds: dict[str, list[_Way]] = {}
        for way in ways:
            kinds.setdefault(kind_of(way), []).append(way)
        names = sorted(kinds)
        self.rng.shuffle(names)
        for name in names:
            # Shuffled, what is rare mostly last, which is taken first.
            kinds[name].sort(key=lambda way: self.rng.random() ** (1 / rarity_of(way) if rarity_of else 1.0))
        ordered: list[_Way] = []
        while any(kinds.values()):
            ordered += [kinds[name].pop() for name in names if kinds[name]]
        return ordered

    def is_good(self, draft: Draft) -> bool:
        """The draft is a chain after the paper and every step of it counts."""
        total = draft.outputs[-1]
        if not isinstance(total, Decimal) or not 0 < total <= MOST_TOTAL:
            return self.refuse("total_out_of_range")
        if not LEAST_INSTANCES <= len(draft.named) <= MOST_INSTANCES:
            return self.refuse("instances_out_of_range")
        if len({s.move for s in draft.steps if s.move.startswith("gate")}) < sum(
            s.move.startswith("gate") and s.is_conditional for s in draft.steps
        ):
            return self.refuse("same_question_twice")
        if draft.steps[0].level is draft.steps[1].level and len({s.level for s in draft.steps}) == 1:
            return self.refuse("one_level_only")
        return self._every_hop_counts(draft)

    def _every_hop_counts(self, draft: Draft) -> bool:
        hops = bare_hops(draft)
        answer = draft.outputs[-1]
        conditional = [i for i, s in enumerate(draft.steps, start=1) if s.is_conditional]
        totals = set()
        for outcome in product((True, False), repeat=len(conditional)):
            run = run_program(hops, self.facts, forced=dict(zip(conditional, outcome, strict=True)))
            totals.add(run.answer)
        if len(totals) < 2 ** len(conditional):
            return self.refuse("wrong_branch_unnoticed")
        for index in range(1, len(draft.outputs)):
            wrong = draft.look_alikes(index)
            if not wrong:
                continue
            noticed = sum(_last_with(hops, self.facts, index, other) != answer for other in wrong)
            if noticed < LEAST_EFFECT * len(wrong):
                return self.refuse("wrong_instance_unnoticed")
        return True

    def refuse(self, reason: str) -> bool:
        """Counts a refusal; always False, so that a check can end with it."""
        self.refused[reason] = self.refused.get(reason, 0) + 1
        return False


def _last_with(hops: Sequence[Hop], facts: PictureFacts, index: int, value: Seen) -> Value | None:
    try:
        return run_program(hops, facts, override={index: value}).outputs[-1]
    except ProgramError:
        return None


def bare_hops(draft: Draft) -> tuple[Hop, ...]:
    """The draft's operations as hops without words, enough to run them."""
    return tuple(
        Hop(
            index=i,
            level=step.level,
            sub_question="",
            uses=(),
            establishes=(),
            needs=(),
            output="",
            operation=step.operation,
        )
        for i, step in enumerate(draft.steps, start=1)
    )
