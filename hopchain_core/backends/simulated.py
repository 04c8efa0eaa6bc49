"""The simulated solver: goes through a chain's program and errs with a stated chance at each operation.

It looks at no picture and asks no model. It is there to try the flow, the studio and the exports without one, and its
rollouts are called simulated everywhere. What it says of difficulty is a guess from how many operations a chain has,
how near to ties they are and how many objects they choose among, not a measurement.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.backends.simulated_attempt import Attempt
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey, content_key
from hopchain_core.domain.programs.execution import Execution, ProgramError, run_program
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.rollouts import HopTrace, Rollout
from hopchain_core.errors import BackendError

VERSION = 1


class ErrorRates(BaseModel):
    """Chance to err at one operation of a plain kind (clear by twice what it takes, three objects to choose among).

    Chosen, after the order of error kinds in HopChain (perception about two thirds, counting the commonest of it).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    unique: float = Field(default=0.03, ge=0, le=1, description="Takes another object for the only one of its kind.")
    filter: float = Field(default=0.08, ge=0, le=1, description="Misses a member of a set, or adds one.")
    extreme: float = Field(default=0.06, ge=0, le=1, description="Takes the runner-up for the first of an order.")
    nearest: float = Field(default=0.09, ge=0, le=1, description="Takes the runner-up for the nearest.")
    relation: float = Field(default=0.09, ge=0, le=1, description="Takes the next but one for the next.")
    count: float = Field(default=0.16, ge=0, le=1, description="Miscounts by one, seldom by two.")
    attribute: float = Field(default=0.08, ge=0, le=1, description="Misreads a colour, a letter or a digit.")
    compare: float = Field(default=0.09, ge=0, le=1, description="Sees a comparison the wrong way round.")
    branch: float = Field(default=0.06, ge=0, le=1, description="Follows the wrong side of a condition.")
    arithmetic: float = Field(default=0.06, ge=0, le=1, description="Slips in a sum.")


class SimulatedOptions(BaseModel):
    """Options of the simulated solver."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    error_rates: ErrorRates = Field(default_factory=ErrorRates, description="Chance to err at each kind of operation.")
    spread: float = Field(
        default=1.4,
        ge=0,
        le=5,
        description="How much chains differ for reasons that a program does not show (clutter, light, wording): standard "
        "deviation, in logits, of one shift of all chances of a chain. 0 piles pass rates up round their mean.",
    )
    closeness: float = Field(
        default=0.6, ge=0, le=5, description="Logits added for each halving of the margin of a choice."
    )
    crowding: float = Field(
        default=0.35, ge=0, le=5, description="Logits added for each doubling of the objects to choose among."
    )


class SimulatedSolver:
    """Solves chains all of whose hops have operations. The same seed, chain and index give the same attempt."""

    def __init__(self, options: SimulatedOptions | None = None) -> None:
        self.options = options or SimulatedOptions()

    @property
    def spec(self) -> BackendSpec:
        """Name, version and options; says that it is simulated."""
        return BackendSpec(
            role="solver",
            name="simulated",
            version=VERSION,
            model="simulated",
            options=self.options.model_dump(),
            is_simulated=True,
        )

    async def aclose(self) -> None:
        """Holds nothing."""

    async def solve(self, request: SolveRequest) -> Sequence[Rollout]:
        """Tries the chain once for each index.

        Raises:
            BackendError: ``not_executable``: a hop has no operation, or the program does not give the chain's answer
                over these instances. Guessing at what cannot be followed would only look like a difficulty.
        """
        return solve(request, self.options)


def solve(request: SolveRequest, options: SimulatedOptions) -> tuple[Rollout, ...]:
    """The same as `SimulatedSolver.solve`, as a plain function.

    Raises:
        BackendError: As there.
    """
    facts = PictureFacts.of(request.image, request.categories, request.instances)
    truth = _truth(request, facts)
    key = request.chain.key
    drawn = random.Random(content_key(["chain", request.seed, key], 32)).gauss(0.0, options.spread)
    rollouts = []
    for index in request.indices:
        rng = random.Random(content_key(["rollout", request.seed, key, index], 32))
        rollouts.append(_rollout(request, key, index, truth, Attempt(facts, _Chances(options, drawn), rng)))
    return tuple(rollouts)


def _truth(request: SolveRequest, facts: PictureFacts) -> Execution:
    chain = request.chain
    if not chain.is_executable:
        bare = [h.index for h in chain.hops if h.operation is None]
        raise BackendError(
            f"The simulated solver follows operations, and {f'hop {bare[0]}' if bare else 'the chain'} has none. "
            "Let a model solve this chain.",
            kind="not_executable",
        )
    try:
        truth = run_program(chain.hops, facts)
    except ProgramError as problem:
        raise BackendError(f"The program has no value: {problem}.", kind="not_executable") from problem
    if truth.answer != chain.answer.value:
        raise BackendError(
            f"The program gives {truth.answer} and not the chain's answer {chain.answer.text}.", kind="not_executable"
        )
    return truth


class _Chances:
    """The chance to err at an operation, by how it stands."""

    def __init__(self, options: SimulatedOptions, shift: float) -> None:
        self._rates: dict[str, float] = options.error_rates.model_dump()
        self._options = options
        self._shift = shift

    def __call__(self, operation: str, margin: float, candidates: int) -> float:
        rate = self._rates[operation]
        if rate in (0.0, 1.0):
            return rate
        logit = math.log(rate / (1 - rate)) + self._shift
        logit -= self._options.closeness * math.log2(min(max(margin, 0.25), 8.0) / 2)
        logit += self._options.crowding * math.log2(max(candidates, 2) / 3)
        return 1 / (1 + math.exp(-logit))


def _rollout(request: SolveRequest, key: ChainKey, index: int, truth: Execution, attempt: Attempt) -> Rollout:
    chain = request.chain
    trace, lines = [], []
    for hop, right in zip(chain.hops, truth.outputs, strict=True):
        value = attempt.hop(hop, right)
        shown = attempt.shown(value)
        trace.append(HopTrace(hop=hop.index, output=shown, is_correct=value == right))
        lines.append(f"{hop.index}. {hop.sub_question} {shown}.")
    answer = Answer(attempt.number(value))
    is_correct = answer == chain.answer
    text = "\n".join(["Simulated attempt, made without looking at the picture.", *lines, _final(answer)])
    return Rollout(
        chain=key,
        index=index,
        text=text,
        answer=answer,
        is_correct=is_correct,
        error_kind=None if is_correct else attempt.error_kind,
        trace=tuple(trace),
    )


def _final(answer: Answer) -> str:
    return f"<answer>\\boxed{{{answer.text}}}</answer>"
