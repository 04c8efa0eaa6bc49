"""Where a model is served."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hopchain_core.profiles.profile import ServerAbilities


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An OpenAI-compatible server.

    Attributes:
        url: Its base, such as ``http://127.0.0.1:8000/v1``.
        model: The name it serves the model under.
        label: The model's name as records show it.
        key: Sent as a bearer token; empty for none.
        can: What its server was found to do.
        most_in_flight: Samples at once at most.
        connect_timeout_s: For reaching it.
        least_timeout_s: For any reply.
        token_timeout_s: Added for each token a reply may have.
        body: Fields added to each request, for what only this server knows.
    """

    url: str
    model: str
    label: str = ""
    key: str = field(default="", repr=False)
    can: ServerAbilities = field(default_factory=ServerAbilities)
    most_in_flight: int = 64
    connect_timeout_s: float = 10.0
    least_timeout_s: float = 60.0
    token_timeout_s: float = 0.1
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The model's name as records show it."""
        return self.label or self.model
