"""A backend that computes, taken off the event loop: each request goes to a worker, which makes the backend itself."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any

from hopchain_core.backends import registry
from hopchain_core.backends.protocols import Backend
from hopchain_core.backends.registry import Registration
from hopchain_core.domain.keys import canonical_json
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.pipeline.options import BackendChoice
from hopchain_core.pipeline.stage import Compute

Address = tuple[str, str, str, str]
"""Where a backend is registered, its role, its name, and its options as JSON."""


class OffloadedBackend:
    """Speaks all four protocols of `backends.protocols` for a backend that `Registration.is_cpu_bound` says computes.

    Args:
        backend: The backend as made here; only its spec is used.
        registered: How it is made.
        choice: With which options.
        compute: Where requests go.
    """

    def __init__(self, backend: Backend, registered: Registration, choice: BackendChoice, compute: Compute) -> None:
        self._backend = backend
        self._address: Address = (
            registered.module,
            registered.role,
            registered.name,
            canonical_json(choice.options),
        )
        self._compute = compute

    @property
    def spec(self) -> BackendSpec:
        """The backend's own."""
        return self._backend.spec

    async def categorize(self, request: Any) -> Any:
        """See `Categorizer`."""
        return await self._ask("categorize", request)

    async def segment(self, request: Any) -> Any:
        """See `Segmenter`."""
        return await self._ask("segment", request)

    async def compose(self, request: Any) -> Any:
        """See `ChainComposer`."""
        return await self._ask("compose", request)

    async def solve(self, request: Any) -> Any:
        """See `Solver`."""
        return await self._ask("solve", request)

    async def aclose(self) -> None:
        """Gives back what the backend made here holds."""
        await self._backend.aclose()

    async def _ask(self, method: str, request: Any) -> Any:
        return await self._compute(answer_request, self._address, method, request)


def answer_request(address: Address, method: str, request: Any) -> Any:
    """Makes the backend, unless this process has it, and one request of it.

    Raises:
        RuntimeError: The backend waits for something, although it is registered as one that only computes.
    """
    return _value_of(getattr(_made(address), method)(request))


@lru_cache(maxsize=8)
def _made(address: Address) -> Backend:
    module, role, name, options = address
    registry.load_module(module)
    return registry.create(role, name, json.loads(options))


def _value_of(coroutine: Coroutine[Any, Any, Any]) -> Any:
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise RuntimeError("a backend registered as one that only computes must not wait for anything")
