"""Backends that compute, taken off the event loop."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.backends import registry
from hopchain_core.backends.protocols import Composed, ComposeRequest
from hopchain_core.errors import BackendError
from hopchain_core.jobs.offloaded import OffloadedBackend
from hopchain_core.jobs.workers import WorkerPool, compute_in_thread
from hopchain_core.pipeline.options import BackendChoice
from hopchain_core.pipeline.stage import Compute
from tests.core.jobs import synthetic


def _offloaded(choice: BackendChoice, compute: Compute) -> OffloadedBackend:
    made = registry.create("composer", choice.name, choice.options)
    return OffloadedBackend(made, registry.registration("composer", choice.name), choice, compute)


def _request(number: int, wanted: int = 2) -> ComposeRequest:
    image = synthetic.picture(number)
    segmented = synthetic.instances(number)
    return ComposeRequest(image=image, path=Path(image.path), categories=(), instances=segmented, wanted=wanted, seed=3)


def test_that_the_program_composer_gives_the_same_here_in_a_thread_and_in_processes() -> None:
    choice = BackendChoice(name="program")
    here = registry.create("composer", "program")

    async def everywhere() -> list[list[Composed]]:
        pool = WorkerPool(2)
        try:
            backends: list[Any] = [here, _offloaded(choice, compute_in_thread), _offloaded(choice, pool.compute)]
            return [await asyncio.gather(*(b.compose(_request(n)) for n in range(3))) for b in backends]
        finally:
            pool.close()

    direct, thread, processes = asyncio.run(everywhere())
    assert direct == thread == processes
    assert any(c.chains for c in direct)


def test_that_options_and_errors_travel() -> None:
    refusing = BackendChoice(name="fixture", options={"fail": ["00001.png"]})

    async def use() -> tuple[Composed, list[BaseException]]:
        pool = WorkerPool(1)
        try:
            backend = _offloaded(refusing, pool.compute)
            good = await backend.compose(_request(0))
            return good, await asyncio.gather(backend.compose(_request(1)), return_exceptions=True)
        finally:
            pool.close()

    good, (error,) = asyncio.run(use())
    assert len(good.chains) == 2
    assert isinstance(error, BackendError)
    assert (error.kind, str(error)) == ("refused", "the server said no")


def test_that_a_backend_that_waits_is_told_apart_from_one_that_computes() -> None:
    waiting = BackendChoice(name="fixture", options={"fail": ["*"], "how": "pause"})
    with pytest.raises(RuntimeError, match="must not wait"):
        asyncio.run(_offloaded(waiting, compute_in_thread).compose(_request(0)))


def test_that_the_spec_is_the_backends_own() -> None:
    choice = BackendChoice(name="fixture", options={"flavour": "sweet"})
    assert _offloaded(choice, compute_in_thread).spec.options == {"flavour": "sweet"}
