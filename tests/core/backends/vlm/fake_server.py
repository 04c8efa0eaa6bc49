"""An OpenAI-compatible server on loopback that behaves as vLLM 0.32 was seen to, and fails when told to.

Child i of a request with `n` is drawn with ``seed + i``. A request that is refused after its pictures were looked at
makes the next one with the same picture fail once with 500 (the drift of vLLM's two picture caches).
"""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = Mapping[str, Any]
Speak = Callable[[Body, int], str]
"""What the model says to a request when it is drawn with this seed."""
MODEL = "tiny"


@dataclass
class Trouble:
    """What goes wrong with the next requests.

    Attributes:
        status: Replied; 0 closes the connection without a word, -1 in the middle of a reply, -2 never replies.
        text: Of the error.
        times: How often; None for ever.
        headers: Of the reply.
    """

    status: int
    text: str = "trouble"
    times: int | None = 1
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class FakeServer:
    """The server, as a test sees it.

    Attributes:
        speak: What the model says.
        trouble: What goes wrong next.
        most_pictures: In one request.
        knows_n: It makes several continuations; else one, whatever is asked.
        keeps_schema: With a schema it says `schema_reply`, else what it would say anyway.
        key: Needed, unless empty.
        finish: Why continuations end.
        latency_s: Of each request.
        bears: Samples at once; for more it says 429. None bears everything.
        is_asleep: Whether it sleeps; None where it cannot.
        thinking: Given apart from what is said.
        requests: Bodies of all chats asked for, in order.
        most_at_once: Samples that were in flight together at most.
    """

    speak: Speak = lambda body, seed: f"seed {seed}"
    trouble: list[Trouble] = field(default_factory=list)
    most_pictures: int = 8
    knows_n: bool = True
    keeps_schema: bool = True
    schema_reply: str | None = None
    key: str = ""
    finish: str = "stop"
    latency_s: float = 0.0
    bears: int | None = None
    thinking: str = ""
    context_tokens: int = 4096
    is_asleep: bool | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    most_at_once: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)
    _in_flight: int = 0
    _drifted: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def samples(self) -> int:
        """How many continuations were asked for."""
        return sum(body.get("n", 1) for body in self.requests)

    def next_trouble(self) -> Trouble | None:
        with self._lock:
            if not self.trouble:
                return None
            trouble = self.trouble[0]
            if trouble.times is not None:
                trouble.times -= 1
                if trouble.times <= 0:
                    self.trouble.pop(0)
            return trouble

    def count(self, samples: int) -> bool:
        """Notes that so many more are in flight; False if that is more than it bears."""
        with self._lock:
            self._in_flight += samples
            is_borne = self.bears is None or self._in_flight <= self.bears
            if is_borne:
                self.most_at_once = max(self.most_at_once, self._in_flight)
            return is_borne

    def note(self, body: dict[str, Any]) -> None:
        with self._lock:
            self.requests.append(body)
        self.arrived.set()

    def drift(self, body: Body) -> None:
        with self._lock:
            self._drifted |= pictures_of(body)

    def has_drifted(self, body: Body) -> bool:
        with self._lock:
            hit = self._drifted & pictures_of(body)
            self._drifted -= hit
            return bool(hit)


def pictures_of(body: Body) -> set[str]:
    """Hashes of the pictures in a request."""
    return {
        hashlib.sha256(part["image_url"]["url"].encode()).hexdigest()
        for message in body.get("messages", ())
        if isinstance(message["content"], list)
        for part in message["content"]
        if part["type"] == "image_url"
    }


def words_of(body: Body) -> str:
    """All the words of a request."""
    words = []
    for message in body["messages"]:
        content = message["content"]
        words += [content] if isinstance(content, str) else [p["text"] for p in content if p["type"] == "text"]
    return "\n".join(words)


@contextmanager
def serving(fake: FakeServer | None = None, port: int = 0) -> Iterator[FakeServer]:
    """Serves on loopback until the block ends; on a free port if none is named."""
    fake = fake or FakeServer()

    class Handler(_Handler):
        server_side = fake

    server = _Server(("127.0.0.1", port), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="fake-server")
    thread.start()
    try:
        yield fake
    finally:
        fake.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_side: FakeServer

    def log_message(self, format: str, *arguments: Any) -> None:
        """Silent."""

    def do_GET(self) -> None:
        fake = self.server_side
        if self.path == "/v1/models":
            row = {"id": MODEL, "object": "model", "max_model_len": fake.context_tokens}
            self._send(200, {"object": "list", "data": [row]})
        elif self.path == "/is_sleeping" and fake.is_asleep is not None:
            self._send(200, {"is_sleeping": fake.is_asleep})
        elif self.path == "/metrics" and fake.requests:
            self._send_text('# HELP\nvllm:num_requests_running{engine="0"} 3.0\nvllm:num_requests_waiting 1\n')
        elif self.path in ("/health", "/metrics"):
            self._send(200, {})
        else:
            self._send(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        fake = self.server_side
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or b"{}")
        if fake.is_asleep is not None and self.path.partition("?")[0] in ("/sleep", "/wake_up"):
            fake.is_asleep = self.path.startswith("/sleep")
            return self._send(200, {})
        if self.path != "/v1/chat/completions":
            return self._send(404, {"detail": "Not Found"})
        fake.note(body)
        samples = body.get("n", 1)
        if not fake.count(samples):
            fake.count(-samples)
            return self._send(429, {"error": {"message": "too many requests"}})
        try:
            self._answer(fake, body)
        finally:
            fake.count(-samples)
        return None

    def _answer(self, fake: FakeServer, body: dict[str, Any]) -> None:
        if fake.key and self.headers.get("Authorization") != f"Bearer {fake.key}":
            return self._send(401, {"error": "Unauthorized"})
        trouble = fake.next_trouble()
        if trouble is not None and trouble.status <= 0:
            return self._break_off(fake, trouble.status)
        if trouble is not None:
            return self._send(trouble.status, _error(trouble.text, trouble.status), trouble.headers)
        if body["model"] != MODEL:
            return self._send(404, _error(f"The model `{body['model']}` does not exist.", 404))
        if len(pictures_of(body)) > fake.most_pictures:
            fake.drift(body)
            text = f"At most {fake.most_pictures} image(s) may be provided in one prompt."
            return self._send(400, _error(text, 400))
        if fake.has_drifted(body):
            return self._send(500, _error("P0/P1 cache drift; returning a retryable response", 500))
        if fake.latency_s:
            time.sleep(fake.latency_s)
        return self._send(200, _completion(fake, body))

    def _break_off(self, fake: FakeServer, how: int) -> None:
        self.close_connection = True
        if how == -2:
            fake.closing.wait(30)
        elif how == -1:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"choices": [')
        self.connection.shutdown(socket.SHUT_RDWR)

    def _send_text(self, text: str) -> None:
        content = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send(self, status: int, data: Any, headers: Mapping[str, str] | None = None) -> None:
        content = json.dumps(data).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _error(text: str, status: int) -> dict[str, Any]:
    return {"error": {"message": text, "type": "BadRequestError", "code": status}}


def _completion(fake: FakeServer, body: dict[str, Any]) -> dict[str, Any]:
    seed = body.get("seed", 0)
    has_schema = "response_format" in body and fake.keeps_schema and fake.schema_reply is not None
    texts = [
        (fake.schema_reply or "") if has_schema else fake.speak(body, seed + i)
        for i in range(body.get("n", 1) if fake.knows_n else 1)
    ]
    choices = []
    for index, text in enumerate(texts):
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if fake.thinking:
            message["reasoning_content"] = fake.thinking
        choices.append({"index": index, "message": message, "finish_reason": fake.finish})
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": MODEL,
        # Out of order, as a server may give them.
        "choices": choices[::-1],
        "usage": {"prompt_tokens": 10, "completion_tokens": sum(len(t.split()) for t in texts)},
    }
