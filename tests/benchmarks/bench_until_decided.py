"""Attempts that trying until it is decided asks for, beside a full count of eight.

The same made-up chains are tried in both ways in one run, by a solver that is right as often as said, through the stage
that asks it. The decisions are compared, too: one that differs ends the run.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.deciding import count_right, until_decided, wrong_to_keep
from hopchain_core.domain.images import Image
from hopchain_core.domain.policy import Policy, measure
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.domain.rollouts import Rollout
from hopchain_core.jobs.workers import compute_in_thread
from hopchain_core.pipeline.solve import SolveItem, SolveStage, Tries
from hopchain_core.pipeline.stage import Tools
from tests.core.domain.chain_examples import BIRDS, PICTURE

CHAINS = 100
ROLLOUTS = 8
PASS_RATES = tuple(tenth / 10 for tenth in range(1, 10))
IMAGE = Image(key=PICTURE, path="birds.png", width_px=640, height_px=480)


class Coin:
    """Right as often as said; the same chain and index give the same attempt."""

    spec = BackendSpec(role="solver", name="coin")

    def __init__(self, pass_rate: float) -> None:
        self._pass_rate = pass_rate
        self.attempts = 0

    async def solve(self, request: SolveRequest) -> Sequence[Rollout]:
        self.attempts += len(request.indices)
        return [self._attempt(request.chain, index) for index in request.indices]

    async def aclose(self) -> None:
        """Holds nothing."""

    def _attempt(self, chain: Chain, index: int) -> Rollout:
        is_right = random.Random(f"{chain.key} {index}").random() < self._pass_rate
        answer = chain.answer if is_right else None
        return Rollout(chain=chain.key, index=index, text="", answer=answer, is_correct=is_right)


def run() -> list[dict[str, Any]]:
    """Attempts for a chain, by how often the solver is right."""
    return [
        {
            "name": f"attempts for a chain that is solved {pass_rate:.0%} of the time",
            "ours": ours / CHAINS,
            "other_name": "full count",
            "other": full / CHAINS,
            "unit": "attempts",
            "note": f"{1 - ours / full:.0%} saved; of {CHAINS} chains {dropped} dropped, the same ones",
        }
        for pass_rate in PASS_RATES
        for ours, full, dropped in [asyncio.run(_both(pass_rate))]
    ]


async def _both(pass_rate: float) -> tuple[int, int, int]:
    policy = Policy()
    short, full = Coin(pass_rate), Coin(pass_rate)
    dropped = 0
    for number in range(CHAINS):
        chain = replace(BIRDS, question=f"{BIRDS.question} ({number})")
        wrong = wrong_to_keep(policy.drop, ROLLOUTS)
        few = await _tried(chain, Tries(chain.key, ROLLOUTS, wrong), short)
        every = await _tried(chain, Tries(chain.key, ROLLOUTS), full)
        decided = until_decided(measure(chain, few, policy, Coin.spec), ROLLOUTS, policy)
        counted = measure(chain, every, policy, Coin.spec)
        if decided.is_kept != counted.is_kept or count_right(few, chain.answer) > counted.n_correct:
            raise AssertionError("trying until decided decided otherwise")
        dropped += not counted.is_kept
    return short.attempts, full.attempts, dropped


async def _tried(chain: Chain, tries: Tries, solver: Coin) -> tuple[Rollout, ...]:
    item = SolveItem(
        image=IMAGE, chain=chain, instances=(), categories=(), tries=tries, indices=tuple(range(tries.rollouts))
    )
    tools = Tools(backend=solver, seed=0, project_dir=Path(), compute=compute_in_thread)
    return (await SolveStage(rollouts=tries.rollouts, seed=0).run(item, tools)).outputs


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}: {row['ours']:.2f} against {row['other']:.2f} ({row['note']})")
