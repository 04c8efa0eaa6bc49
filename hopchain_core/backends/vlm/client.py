"""A client of OpenAI-compatible servers: vLLM first of all, and what speaks like it.

Retries only where they help. A 500 is tried once more unchanged (vLLM loses a picture from one of its two caches after
a refused request and says 500 once); a server that is busy, restarting or out of reach is tried again after a pause; a
refusal never.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import httpx2

from hopchain_core.backends.protocols import Urgency
from hopchain_core.backends.vlm.admission import Admission
from hopchain_core.backends.vlm.chat import (
    ChatReply,
    ChatRequest,
    Choice,
    Message,
    Part,
    PicturePart,
    TextPart,
)
from hopchain_core.backends.vlm.endpoint import Endpoint
from hopchain_core.backends.vlm.refusals import refusal_of
from hopchain_core.domain.rollouts import FinishReason
from hopchain_core.errors import BackendError

MOST_TRIES = 6
MOST_BUSY_TRIES = 24
"""For 429 alone: the server lives and works off what is there, and we let fewer through meanwhile."""
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 20.0
BUSY = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""It may go well in a while."""
PRIORITY = {Urgency.PERSON: 0, Urgency.BATCH: 20}
"""vLLM serves the lower number first."""


@dataclass(slots=True)
class Usage:
    """What has gone through a client so far."""

    requests: int = 0
    retries: int = 0
    samples: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    pictures: int = 0


@dataclass(slots=True)
class Tries:
    """How often one request was tried.

    Attributes:
        busy: Times the server said that it is too much.
        others: Times it was restarting or out of reach.
        has_failed: It said 500 once.
    """

    busy: int = 0
    others: int = 0
    has_failed: bool = False

    def is_last(self, status: int | None) -> bool:
        """Counts a try that came to nothing; True when there is no other.

        Args:
            status: What was replied; None where nothing was.
        """
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self.busy += 1
            return self.busy >= MOST_BUSY_TRIES
        self.others += 1
        return self.others >= MOST_TRIES

    def pause_s(self) -> float:
        """Before the next try; spread, so that those who failed together do not come back together."""
        longest_s = FIRST_PAUSE_S * 2.0 ** (self.busy + self.others - 1)
        return min(LONGEST_PAUSE_S, longest_s) * random.uniform(0.5, 1.0)


class ChatClient:
    """Talks to one endpoint. It belongs to the event loop that it is first used on.

    Args:
        endpoint: Where, and what the server can do.
        transport: In place of the network.
        sleep: Waits between two tries.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.endpoint = endpoint
        self.usage = Usage()
        self.admission = Admission(endpoint.most_in_flight)
        self._sleep = sleep
        self._http = httpx2.AsyncClient(
            base_url=endpoint.url.rstrip("/") + "/",
            headers={
                "Content-Type": "application/json",
                **({"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}),
            },
            transport=transport,
            # Our own admission decides how many go at once.
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=endpoint.most_in_flight),
            # Local servers must not be looked for behind a company's proxy, and redirects could lead anywhere.
            trust_env=False,
            follow_redirects=False,
        )

    @property
    def model(self) -> str:
        """The model's name as records show it."""
        return self.endpoint.name

    @property
    def settings(self) -> Mapping[str, Any]:
        """The fields that the profile adds to every request."""
        return self.endpoint.body

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def chat(self, request: ChatRequest) -> ChatReply:
        """See `ChatModel.chat`."""
        if request.n > 1 and not self.endpoint.can.n:
            return await self._one_by_one(request)
        return await self._ask(request)

    async def models(self) -> tuple[dict[str, Any], ...]:
        """What the server says it serves.

        Raises:
            BackendError: It cannot be reached, or does not know the question.
        """
        try:
            response = await self._http.get("models", timeout=self.endpoint.connect_timeout_s)
        except httpx2.HTTPError as error:
            raise self._out_of_reach(error) from error
        if response.status_code != HTTPStatus.OK:
            raise refusal_of(response.status_code, response.text, self.endpoint)
        found = _json(response).get("data")
        return tuple(row for row in found if isinstance(row, dict)) if isinstance(found, list) else ()

    async def _one_by_one(self, request: ChatRequest) -> ChatReply:
        seeds = [None if request.seed is None else request.seed + index for index in range(request.n)]
        tasks = [asyncio.ensure_future(self.chat(replace(request, n=1, seed=seed))) for seed in seeds]
        try:
            replies = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        return ChatReply(
            choices=tuple(choice for reply in replies for choice in reply.choices),
            prompt_tokens=sum(reply.prompt_tokens for reply in replies),
            completion_tokens=sum(reply.completion_tokens for reply in replies),
        )

    async def _ask(self, request: ChatRequest) -> ChatReply:
        # Off the loop: a picture makes it half a megabyte of text.
        content = await asyncio.to_thread(lambda: json.dumps(self._body(request)).encode())
        patience = httpx2.Timeout(
            self.endpoint.least_timeout_s + self.endpoint.token_timeout_s * request.max_tokens,
            connect=self.endpoint.connect_timeout_s,
        )
        tries = Tries()
        while True:
            # Each try is let through anew: one that was too much waits until fewer are in flight, and keeps no place.
            async with self.admission.samples(request.n, request.urgency):
                outcome = await self._try(request, content, patience, tries)
            if isinstance(outcome, ChatReply):
                return outcome
            if outcome > 0:
                await self._sleep(outcome)

    async def _try(
        self, request: ChatRequest, content: bytes, patience: httpx2.Timeout, tries: Tries
    ) -> ChatReply | float:
        """Asks once: the reply, or the seconds to wait before the next try."""
        self.usage.requests += 1
        try:
            response = await self._http.post("chat/completions", content=content, timeout=patience)
        except httpx2.ReadTimeout as error:
            # Whether it would ever have come, nobody knows; asking again would double the load.
            self.admission.troubled()
            raise BackendError(
                f"{self.endpoint.url} did not answer within {patience.read:.0f} s.", kind="timeout"
            ) from error
        except httpx2.HTTPError as error:
            self.admission.troubled()
            if tries.is_last(None):
                raise self._out_of_reach(error) from error
            return self._again(tries.pause_s())
        status = response.status_code
        if status == HTTPStatus.OK:
            reply = self._read(response, request)
            self._count(request, reply)
            return reply
        if status in BUSY and not tries.is_last(status):
            self.admission.troubled()
            asked_s = _retry_after_s(response)
            return self._again(tries.pause_s() if asked_s is None else asked_s)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR and not tries.has_failed:
            tries.has_failed = True
            return self._again(0.0)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.admission.troubled()
        raise refusal_of(status, response.text, self.endpoint)

    def _again(self, pause_s: float) -> float:
        self.usage.retries += 1
        return pause_s

    def _out_of_reach(self, error: Exception) -> BackendError:
        return BackendError(
            f"{self.endpoint.url} cannot be reached ({type(error).__name__}: {error or 'no reply'}). "
            "Start the server, or correct the address in its profile.",
            kind="out_of_reach",
        )

    def _body(self, request: ChatRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.endpoint.model,
            "messages": [_message(message) for message in request.messages],
            # vLLM refuses to be asked for more than its context, and sees to it itself that prompt and reply fit in.
            "max_tokens": min(request.max_tokens, self.endpoint.can.context_tokens or request.max_tokens),
            "temperature": request.temperature,
            "top_p": request.top_p,
            **self.endpoint.body,
        }
        if request.n > 1:
            body["n"] = request.n
        if request.seed is not None:
            body["seed"] = request.seed
        if request.schema is not None and self.endpoint.can.json_schema:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "reply", "schema": dict(request.schema), "strict": True},
            }
        if self.endpoint.can.priority:
            body["priority"] = PRIORITY[request.urgency]
        return body

    def _read(self, response: httpx2.Response, request: ChatRequest) -> ChatReply:
        data = _json(response)
        rows = data.get("choices")
        if not isinstance(rows, list) or len(rows) != request.n or not all(isinstance(row, dict) for row in rows):
            found = len(rows) if isinstance(rows, list) else "no"
            raise BackendError(
                f"{self.endpoint.url} gave {found} replies and not {request.n}. Check the profile: "
                "the server may not know `n`.",
                kind="wrong_count",
            )
        usage = data.get("usage")
        usage = usage if isinstance(usage, dict) else {}
        ordered = sorted(rows, key=lambda row: row.get("index") or 0)
        return ChatReply(
            choices=tuple(_choice(row) for row in ordered),
            prompt_tokens=int(usage.get("prompt_tokens") or 0),
            completion_tokens=int(usage.get("completion_tokens") or 0),
        )

    def _count(self, request: ChatRequest, reply: ChatReply) -> None:
        self.admission.succeeded(request.n)
        self.usage.samples += request.n
        self.usage.prompt_tokens += reply.prompt_tokens
        self.usage.completion_tokens += reply.completion_tokens
        self.usage.pictures += sum(not isinstance(part, TextPart) for m in request.messages for part in m.parts)


def _message(message: Message) -> dict[str, Any]:
    if all(isinstance(part, TextPart) for part in message.parts):
        return {
            "role": message.role.value,
            "content": "".join(p.text for p in message.parts if isinstance(p, TextPart)),
        }
    return {"role": message.role.value, "content": [_part(part) for part in message.parts]}


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, TextPart):
        return {"type": "text", "text": part.text}
    return {"type": "image_url", "image_url": {"url": _data_url(part)}}


@lru_cache(maxsize=32)
def _data_url(part: PicturePart) -> str:
    """Kept for the questions that follow about the same picture."""
    return f"data:{part.media_type};base64,{base64.b64encode(part.content).decode('ascii')}"


def _choice(row: dict[str, Any]) -> Choice:
    message = row.get("message")
    message = message if isinstance(message, dict) else {}
    return Choice(
        text=str(message.get("content") or ""),
        # Servers differ in what they call it.
        thinking=str(message.get("reasoning_content") or message.get("reasoning") or ""),
        finish_reason=FinishReason.LENGTH if row.get("finish_reason") == "length" else FinishReason.STOP,
        # vLLM tells them when it is asked to (`return_token_ids`).
        tokens=len(row["token_ids"]) if isinstance(row.get("token_ids"), list) else None,
    )


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        data = response.json()
    except ValueError as error:
        raise BackendError(
            "The server's reply is no JSON. Is this an OpenAI-compatible address?", kind="not_json"
        ) from error
    if not isinstance(data, dict):
        raise BackendError("The server's reply is no JSON object.", kind="not_json")
    return data


def _retry_after_s(response: httpx2.Response) -> float | None:
    try:
        return min(LONGEST_PAUSE_S, max(0.0, float(response.headers.get("retry-after", ""))))
    except ValueError:
        return None
