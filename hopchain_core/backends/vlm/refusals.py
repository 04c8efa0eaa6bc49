"""What a server's refusal means, in words that say what to do. Texts as vLLM 0.32 and 0.33 say them."""

from __future__ import annotations

import json
import re
from http import HTTPStatus

from hopchain_core.backends.vlm.endpoint import Endpoint
from hopchain_core.errors import BackendError, PrerequisiteError

_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        r"at most \d+ image",
        "too_many_pictures",
        "The server takes fewer pictures in one request. Start it with a larger --limit-mm-per-prompt.",
    ),
    (
        r"maximum (?:context|model) length|longer than the maximum|cannot be greater than max_model_len",
        "too_long",
        "The request is longer than the model's context. Start the server with a larger --max-model-len, "
        "send smaller pictures, or ask for shorter replies (max_tokens).",
    ),
    (r"grammar error|json_schema|structured output", "schema_refused", "The server cannot follow the reply's schema."),
    (
        r"multimodal|image input|does not support image",
        "no_pictures",
        "The model takes no pictures. Serve another one.",
    ),
)
_LONGEST = 300


def refusal_of(status: int, text: str, endpoint: Endpoint) -> BackendError | PrerequisiteError:
    """The error for a reply that is no success.

    Args:
        status: HTTP status.
        text: What the server said.
        endpoint: Who said it.

    Returns:
        PrerequisiteError where no other request could go better, else BackendError.
    """
    said = _said(text)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return PrerequisiteError(f"{endpoint.url} refuses the key ({status}).", hint="Set the key of this profile.")
    if status == HTTPStatus.NOT_FOUND:
        return PrerequisiteError(
            f"{endpoint.url} does not serve {endpoint.model}: {said}",
            hint="Correct the model or address of the profile.",
        )
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        for pattern, kind, advice in _KNOWN:
            if re.search(pattern, said, re.IGNORECASE):
                return BackendError(f"{advice} ({said})", kind=kind)
        return BackendError(f"The server refused the request ({status}): {said}", kind="refused_request")
    return BackendError(f"The server failed ({status}): {said}", kind="server_error")


def _said(text: str) -> str:
    """The message inside an error reply, in one line and not too long."""
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if isinstance(data, dict):
        inner = data.get("error", data)
        text = str(inner.get("message") or inner) if isinstance(inner, dict) else str(inner)
    line = " ".join(text.split()) or "no reason given"
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
