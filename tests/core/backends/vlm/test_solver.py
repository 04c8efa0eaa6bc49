"""A model tries questions over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.backends.registry import create
from hopchain_core.backends.vlm.sampling import SEEDS_OF_ONE_QUESTION, first_seed
from hopchain_core.backends.vlm.solver import VlmSolver
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.rollouts import FinishReason, Rollout
from hopchain_core.errors import BackendError
from hopchain_core.profiles.book import ProfileBook
from tests.core.backends.vlm.fake_server import FakeServer, Trouble, pictures_of, words_of
from tests.core.domain.chain_examples import BIRDS


def solve(
    picture: tuple[Image, Path], *indices: int, chain: Chain | None = None, seed: int = 5, **options: Any
) -> Sequence[Rollout]:
    image, path = picture
    request = SolveRequest(
        image=image, path=path, chain=chain or BIRDS, instances=(), categories=(), indices=indices, seed=seed
    )

    async def run() -> Sequence[Rollout]:
        solver = create("solver", "vlm", options)
        assert isinstance(solver, VlmSolver)
        try:
            return await solver.solve(request)
        finally:
            await solver.aclose()

    return asyncio.run(run())


@pytest.mark.usefixtures("book")
def test_that_it_sees_the_whole_picture_and_the_question_and_nothing_else(
    server: FakeServer, picture: tuple[Image, Path]
) -> None:
    solve(picture, 0, 1, 2)
    (body,) = server.requests
    assert len(pictures_of(body)) == 1
    words = words_of(body)
    assert words.startswith(BIRDS.question)
    for hop in BIRDS.hops:
        assert hop.sub_question not in words
    assert f"boxed{{{BIRDS.answer.text}}}" not in words
    assert [part["type"] for part in body["messages"][0]["content"]] == ["image_url", "text"]


@pytest.mark.usefixtures("book")
def test_that_replies_are_read_by_the_reward_and_compared_exactly(
    server: FakeServer, picture: tuple[Image, Path]
) -> None:
    right = BIRDS.answer.text
    said = [f"<answer>\\boxed{{{right}}}</answer>", f"It is {right} or 7.", "<answer>\\boxed{1}</answer>", ""]
    server.speak = lambda body, seed: said[seed % len(said)]
    rollouts = solve(picture, *range(4))
    by_text = {r.text: r for r in rollouts}
    assert by_text[said[0]].is_correct
    assert [by_text[text].answer for text in said[1:]] == [None, Answer.of(1), None]
    assert not any(by_text[text].is_correct for text in said[1:])


@pytest.mark.usefixtures("book")
def test_that_a_cut_off_attempt_is_wrong_whatever_it_says(server: FakeServer, picture: tuple[Image, Path]) -> None:
    server.finish = "length"
    server.speak = lambda body, seed: f"<answer>\\boxed{{{BIRDS.answer.text}}}</answer>"
    (rollout,) = solve(picture, 0)
    assert (rollout.is_correct, rollout.answer, rollout.finish_reason) == (False, None, FinishReason.LENGTH)


@pytest.mark.usefixtures("book")
def test_that_a_top_up_gives_the_attempts_that_one_go_would_have_given(picture: tuple[Image, Path]) -> None:
    whole = solve(picture, *range(16))
    assert [*solve(picture, *range(8)), *solve(picture, *range(8, 16))] == list(whole)
    # Of a single attempt the server tells the tokens, of several together only their sum.
    single, *others = solve(picture, 3, 9, 10)
    assert [replace(single, tokens=None), *others] == [whole[3], whole[9], whole[10]]
    assert single.tokens == 2
    assert list(solve(picture, *range(15), samples_per_request=5)) == list(whole[:15])


def test_that_no_two_chains_share_a_seed() -> None:
    seeds = {first_seed("solve", 0, ChainKey(f"{n:016x}")) for n in range(20_000)}
    assert len(seeds) == 20_000
    assert all(seed % SEEDS_OF_ONE_QUESTION == 0 and seed < 2**53 for seed in seeds)


@pytest.mark.usefixtures("book")
def test_that_a_failing_server_counts_for_nothing(server: FakeServer, picture: tuple[Image, Path]) -> None:
    server.trouble = [Trouble(500, times=None)]
    with pytest.raises(BackendError):
        solve(picture, 0)


@pytest.mark.usefixtures("book")
def test_that_the_model_is_named_and_the_address_is_not(server: FakeServer, book: ProfileBook) -> None:
    spec = create("solver", "vlm", {}).spec
    assert spec.model == "weak of tests"
    assert spec.prompt_hash
    assert "127.0.0.1" not in str(spec.to_json())
    assert spec == create("solver", "vlm", {"profile": "weak", "samples_per_request": 3}).spec
    book.put(replace_url(book, "weak", "http://127.0.0.1:1/v1"))
    assert spec == create("solver", "vlm", {}).spec
    assert spec != create("solver", "vlm", {"temperature": 0.5}).spec


@pytest.mark.usefixtures("server")
def test_that_fields_added_to_every_request_are_other_attempts(book: ProfileBook) -> None:
    before = create("solver", "vlm", {}).spec
    book.put(book.get("weak").model_copy(update={"body": {"top_k": 20}}))
    after = create("solver", "vlm", {}).spec
    assert after != before
    assert after.options["settings"] == {"top_k": 20}


def replace_url(book: ProfileBook, name: str, url: str) -> Any:
    return book.get(name).model_copy(update={"url": url})


@pytest.mark.usefixtures("book")
def test_that_pictures_larger_than_it_looks_at_are_shrunk(server: FakeServer, picture: tuple[Image, Path]) -> None:
    import base64
    import io

    from PIL import Image as Pillow

    solve(picture, 0, most_pixels=10_000)
    url = server.requests[0]["messages"][0]["content"][0]["image_url"]["url"]
    with Pillow.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as sent:
        assert sent.width * sent.height <= 10_000
        assert sent.width / sent.height == pytest.approx(640 / 480, rel=0.02)


@pytest.mark.usefixtures("book")
def test_that_another_version_of_a_chain_has_other_seeds(server: FakeServer, picture: tuple[Image, Path]) -> None:
    solve(picture, 0)
    solve(picture, 0, chain=replace(BIRDS, question="How many?"))
    assert len({body["seed"] for body in server.requests}) == 2
