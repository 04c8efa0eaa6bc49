"""The client of OpenAI-compatible servers, against a real one on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from hopchain_core.backends.protocols import Urgency
from hopchain_core.backends.vlm.admission import Admission
from hopchain_core.backends.vlm.chat import ChatReply, ChatRequest, Message, PicturePart, Role, TextPart
from hopchain_core.backends.vlm.client import MOST_TRIES, ChatClient
from hopchain_core.backends.vlm.endpoint import Endpoint
from hopchain_core.domain.rollouts import FinishReason
from hopchain_core.errors import BackendError, PrerequisiteError
from hopchain_core.profiles.profile import ServerAbilities
from tests.core.backends.vlm.fake_server import MODEL, FakeServer, Trouble, serving

T = TypeVar("T")
PICTURE = PicturePart(content=b"\xff\xd8pixels", media_type="image/jpeg", width_px=4, height_px=3)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with serving() as fake:
        yield fake


def asked(text: str = "How many?", **changes: Any) -> ChatRequest:
    return ChatRequest(messages=(Message(Role.USER, (PICTURE, TextPart(text))),), **changes)


def ask(
    server: FakeServer,
    *requests: ChatRequest,
    can: ServerAbilities | None = None,
    then: Callable[[ChatClient], None] = lambda client: None,
    **endpoint: Any,
) -> list[ChatReply]:
    """Asks all at once, with pauses left out."""
    pauses: list[float] = []

    async def rest(seconds: float) -> None:
        pauses.append(seconds)

    async def run() -> list[ChatReply]:
        at = Endpoint(**{"url": server.url, "model": MODEL, "can": can or ServerAbilities(), **endpoint})
        client = ChatClient(at, sleep=rest)
        try:
            return list(await asyncio.gather(*(client.chat(request) for request in requests)))
        finally:
            then(client)
            await client.aclose()

    return run_async(run())


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coroutine)


def test_that_the_continuations_come_in_the_order_of_their_seeds(server: FakeServer) -> None:
    (reply,) = ask(server, asked(n=3, seed=100))
    assert [choice.text for choice in reply.choices] == ["seed 100", "seed 101", "seed 102"]
    assert (reply.prompt_tokens, reply.completion_tokens) == (10, 6)


def test_that_a_picture_goes_before_the_words_as_it_is(server: FakeServer) -> None:
    ask(server, asked("What is it?", temperature=0.5, max_tokens=7))
    (body,) = server.requests
    picture, words = body["messages"][0]["content"]
    assert picture["image_url"]["url"].startswith("data:image/jpeg;base64,/9hwaXhlbHM")
    assert words == {"type": "text", "text": "What is it?"}
    assert (body["temperature"], body["max_tokens"], "n" in body, "seed" in body) == (0.5, 7, False, False)


def test_that_a_server_without_n_is_asked_once_for_each_seed(server: FakeServer) -> None:
    server.knows_n = False
    (reply,) = ask(server, asked(n=3, seed=7), can=ServerAbilities(n=False))
    assert [choice.text for choice in reply.choices] == ["seed 7", "seed 8", "seed 9"]
    assert [body.get("n") for body in server.requests] == [None] * 3


def test_that_too_few_continuations_are_an_error_and_not_fewer_samples(server: FakeServer) -> None:
    server.knows_n = False
    with pytest.raises(BackendError, match="gave 1 replies and not 4") as raised:
        ask(server, asked(n=4))
    assert raised.value.kind == "wrong_count"


def test_that_no_more_is_asked_for_than_the_context_holds(server: FakeServer) -> None:
    ask(server, asked(max_tokens=9000), can=ServerAbilities(context_tokens=4096))
    ask(server, asked(max_tokens=9000), can=ServerAbilities())
    assert [body["max_tokens"] for body in server.requests] == [4096, 9000]


def test_that_a_schema_is_sent_only_where_it_is_kept(server: FakeServer) -> None:
    schema = {"type": "object"}
    ask(server, asked(schema=schema))
    ask(server, asked(schema=schema), can=ServerAbilities(json_schema=True))
    assert "response_format" not in server.requests[0]
    assert server.requests[1]["response_format"]["json_schema"]["schema"] == schema


def test_that_what_was_thought_is_kept_apart_and_can_be_had_together(server: FakeServer) -> None:
    server.thinking = "two and two"
    (reply,) = ask(server, asked(seed=4))
    assert (reply.choices[0].text, reply.choices[0].thinking) == ("seed 4", "two and two")
    assert reply.choices[0].whole == "<think>\ntwo and two\n</think>\nseed 4"


def test_that_a_continuation_that_was_cut_off_says_so(server: FakeServer) -> None:
    server.finish = "length"
    (reply,) = ask(server, asked())
    assert reply.choices[0].finish_reason is FinishReason.LENGTH


@pytest.mark.parametrize("status", [429, 502, 503, 504, 0, -1])
def test_that_a_busy_or_restarting_server_is_asked_again(server: FakeServer, status: int) -> None:
    server.trouble = [Trouble(status, times=3)]
    (reply,) = ask(server, asked(seed=1))
    assert reply.choices[0].text == "seed 1"
    assert len(server.requests) == 4


def test_that_asking_again_ends(server: FakeServer) -> None:
    server.trouble = [Trouble(503, "still loading", times=None)]
    with pytest.raises(BackendError, match="still loading") as raised:
        ask(server, asked())
    assert raised.value.kind == "server_error"
    assert len(server.requests) == MOST_TRIES


def test_that_a_500_is_tried_once_more_unchanged(server: FakeServer) -> None:
    server.trouble = [Trouble(500)]
    (reply,) = ask(server, asked(seed=3))
    assert reply.choices[0].text == "seed 3"
    assert server.requests[0] == server.requests[1]
    server.trouble = [Trouble(500, "EngineCore encountered an issue", times=None)]
    with pytest.raises(BackendError, match="EngineCore"):
        ask(server, asked())
    assert len(server.requests) == 4


def test_that_a_picture_lost_by_a_refused_request_costs_no_answer(server: FakeServer) -> None:
    server.most_pictures = 0
    with pytest.raises(BackendError, match="limit-mm-per-prompt") as raised:
        ask(server, asked())
    assert raised.value.kind == "too_many_pictures"
    assert len(server.requests) == 1
    server.most_pictures = 8
    (reply,) = ask(server, asked(seed=5))
    assert reply.choices[0].text == "seed 5"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("This model's maximum context length is 4096 tokens.", "too_long"),
        ("max_tokens=5000 cannot be greater than max_model_len=1024. (parameter=max_tokens)", "too_long"),
        ("Grammar error: unknown keyword", "schema_refused"),
        ("top_k is no good", "refused_request"),
    ],
)
def test_that_a_refusal_is_told_and_not_repeated(server: FakeServer, text: str, kind: str) -> None:
    server.trouble = [Trouble(400, text, times=None)]
    with pytest.raises(BackendError, match=text[:12]) as raised:
        ask(server, asked())
    assert raised.value.kind == kind
    assert len(server.requests) == 1


def test_that_a_wrong_key_or_model_is_not_the_pictures_fault(server: FakeServer) -> None:
    server.key = "right"
    with pytest.raises(PrerequisiteError, match="refuses the key"):
        ask(server, asked(), key="wrong")
    assert ask(server, asked(seed=2), key="right")[0].choices[0].text == "seed 2"
    with pytest.raises(PrerequisiteError, match="does not serve other"):
        ask(server, asked(), key="right", model="other")


def test_that_a_server_that_never_answers_is_given_up_in_time(server: FakeServer) -> None:
    server.trouble = [Trouble(-2)]
    with pytest.raises(BackendError, match=r"did not answer within") as raised:
        ask(server, asked(max_tokens=1), least_timeout_s=0.2, token_timeout_s=0.0)
    assert raised.value.kind == "timeout"
    assert len(server.requests) == 1


def test_that_an_address_where_nobody_listens_is_named() -> None:
    with serving() as gone:
        pass
    with pytest.raises(BackendError, match="cannot be reached") as raised:
        ask(gone, asked())
    assert raised.value.kind == "out_of_reach"


def test_that_no_more_samples_are_in_flight_than_allowed(server: FakeServer) -> None:
    server.latency_s = 0.02
    replies = ask(server, *(asked(n=4, seed=10 * i) for i in range(10)), most_in_flight=8)
    assert [reply.choices[0].text for reply in replies] == [f"seed {10 * i}" for i in range(10)]
    assert server.most_at_once == 8


def test_that_a_person_does_not_wait_behind_a_batch(server: FakeServer) -> None:
    server.latency_s = 0.02
    batch = [asked(seed=i) for i in range(6)]
    ask(server, *batch, asked(seed=99, urgency=Urgency.PERSON), most_in_flight=1, can=ServerAbilities(priority=True))
    assert [body["seed"] for body in server.requests][:2] == [0, 99]
    assert {body["seed"]: body["priority"] for body in server.requests}[99] == 0


def test_that_trouble_lets_fewer_through_and_success_more_again() -> None:
    now = 0.0
    admission = Admission(8, clock=lambda: now)
    admission.troubled()
    admission.troubled()
    assert admission.limit == 6
    now = 2.0
    admission.troubled()
    assert admission.limit == 4
    admission.succeeded(24)
    assert admission.limit == 4
    admission.succeeded(26)
    assert admission.limit == 6
    admission.succeeded(1000)
    assert admission.limit == 8


def test_that_a_server_that_bears_little_gets_less_and_answers_everything(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hopchain_core.backends.vlm.admission.COOL_DOWN_S", 0.02)
    server.latency_s, server.bears = 0.01, 4
    limits: list[int] = []

    async def run() -> list[ChatReply]:
        client = ChatClient(Endpoint(url=server.url, model=MODEL, most_in_flight=48))
        replies = await asyncio.gather(*(client.chat(asked(n=1, seed=seed)) for seed in range(160)))
        limits.append(client.admission.limit)
        assert client.admission.in_flight == client.admission.waiting == 0
        await client.aclose()
        return list(replies)

    replies = run_async(run())
    assert [reply.choices[0].text for reply in replies] == [f"seed {seed}" for seed in range(160)]
    assert server.most_at_once <= 4
    # Far from the 48 it began with, and not so many refusals that most work was for nothing.
    assert limits[0] <= 12
    assert len(server.requests) < 160 * 3


def test_that_what_was_too_much_keeps_no_place_while_it_waits(server: FakeServer) -> None:
    server.trouble = [Trouble(429, headers={"Retry-After": "7"})]
    seen: list[tuple[float, int]] = []

    async def run() -> None:
        async def sleep(seconds: float) -> None:
            seen.append((seconds, client.admission.in_flight))

        client = ChatClient(Endpoint(url=server.url, model=MODEL, most_in_flight=1), sleep=sleep)
        await client.chat(asked())
        await client.aclose()

    run_async(run())
    assert seen == [(7.0, 0)]


def test_that_a_request_for_more_than_may_go_goes_alone() -> None:
    async def run() -> list[int]:
        admission = Admission(4)
        seen = []
        async with admission.samples(16):
            waiting = asyncio.create_task(admission._enter(1, Urgency.BATCH))
            await asyncio.sleep(0)
            seen.append(admission.waiting)
        await waiting
        seen.append(admission.in_flight)
        return seen

    assert run_async(run()) == [1, 1]


def test_that_giving_up_the_wait_gives_up_the_place() -> None:
    async def run() -> tuple[int, int]:
        admission = Admission(1)
        async with admission.samples(1):
            first, second = (asyncio.create_task(admission._enter(1, Urgency.BATCH)) for _ in range(2))
            await asyncio.sleep(0)
            first.cancel()
            await asyncio.sleep(0)
        await second
        return admission.in_flight, admission.waiting

    assert run_async(run()) == (1, 0)


def test_that_an_address_without_a_chat_is_named(server: FakeServer) -> None:
    with pytest.raises(PrerequisiteError, match="does not serve tiny"):
        ask(server, asked(), url=server.url.removesuffix("/v1") + "/elsewhere")


def test_that_cancelling_hangs_up(server: FakeServer) -> None:
    server.trouble = [Trouble(-2)]

    async def run() -> int:
        client = ChatClient(Endpoint(url=server.url, model=MODEL))
        task = asyncio.create_task(client.chat(asked()))
        await asyncio.to_thread(server.arrived.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        in_flight = client.admission.in_flight
        await client.aclose()
        return in_flight

    assert run_async(run()) == 0
