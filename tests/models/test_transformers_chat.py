"""A vision-language model in transformers, in its own process and through the real loading code."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.backends.transformers.chat import TransformersChat
from hopchain_core.backends.transformers.model import Vlm
from hopchain_core.backends.vlm.categorizer import Reply
from hopchain_core.backends.vlm.chat import ChatReply, ChatRequest, Message, Role, TextPart
from hopchain_core.backends.vlm.pictures import encoded
from hopchain_core.backends.vlm.puzzles import WrittenPuzzles
from hopchain_core.backends.vlm.solver import SolverOptions, VlmSolver
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.rollouts import FinishReason, Rollout
from hopchain_core.errors import BackendError, PrerequisiteError
from hopchain_core.jobs.workers import compute_in_thread
from hopchain_core.pictures.decode import sha256_of
from hopchain_core.pipeline.solve import SolveItem, SolveStage, Tries
from hopchain_core.pipeline.stage import Tools
from hopchain_core.profiles.profile import TransformersProfile
from tests.core.domain.chain_examples import BIRDS
from tests.models.tiny_qwen3vl import CONTEXT_TOKENS


def profile(folder: Path) -> TransformersProfile:
    return TransformersProfile(name="weak", model=str(folder), label="tiny", device="cpu", dtype="float32")


def asked(photo: NDArray[np.uint8], text: str = "How many?", **changes: Any) -> ChatRequest:
    how = {"max_tokens": 12, "temperature": 1.0, "seed": 5, **changes}
    return ChatRequest(messages=(Message(Role.USER, (encoded(photo), TextPart(text))),), **how)


def chat(folder: Path, *requests: ChatRequest) -> list[ChatReply]:
    async def run() -> list[ChatReply]:
        model = TransformersChat(profile(folder))
        try:
            return list(await asyncio.gather(*(model.chat(request) for request in requests)))
        finally:
            await model.aclose()

    return asyncio.run(run())


def test_that_a_continuation_follows_from_its_own_seed_alone(tiny_qwen3vl: Path, photo: NDArray[np.uint8]) -> None:
    whole, first, rest, single = chat(
        tiny_qwen3vl,
        asked(photo, n=10),
        asked(photo, n=4),
        asked(photo, n=6, seed=9),
        asked(photo, n=1, seed=7),
    )
    texts = [choice.text for choice in whole.choices]
    assert [c.text for c in first.choices] + [c.text for c in rest.choices] == texts
    assert single.choices[0].text == texts[2]
    assert len(set(texts)) > 5
    assert whole.prompt_tokens > 10
    assert whole.completion_tokens == sum(choice.tokens or 0 for choice in whole.choices)


def test_that_another_picture_or_question_is_another_conversation(tiny_qwen3vl: Path, photo: NDArray[np.uint8]) -> None:
    replies = chat(
        tiny_qwen3vl,
        asked(photo, temperature=0.0),
        asked(255 - photo, temperature=0.0),
        asked(photo, "Which?", temperature=0.0),
        asked(photo, temperature=0.0, n=2),
    )
    texts = [reply.choices[0].text for reply in replies]
    assert len(set(texts[:3])) == 3
    assert [choice.text for choice in replies[3].choices] == [texts[0]] * 2


def test_that_greedy_equals_the_plain_way(tiny_qwen3vl: Path, photo: NDArray[np.uint8]) -> None:
    import io

    import torch
    from PIL import Image as Pillow

    model = Vlm(str(tiny_qwen3vl), "cpu", "float32")
    request = asked(photo, temperature=0.0)
    picture = request.messages[0].parts[0]
    assert not isinstance(picture, TextPart)
    opened = Pillow.open(io.BytesIO(picture.content))
    content = [{"type": "image", "image": opened}, {"type": "text", "text": "How many?"}]
    inputs = model._processor.apply_chat_template(
        [{"role": "user", "content": content}],
        tokenize=True,
        add_generation_prompt=True,
        return_dict=True,
        return_tensors="pt",
    )
    with torch.inference_mode():
        made = model._model.generate(**inputs, max_new_tokens=12, do_sample=False)
    plain = model._processor.tokenizer.decode(made[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    (reply,) = chat(tiny_qwen3vl, request)
    assert reply.choices[0].text == plain


def test_that_a_narrow_share_of_probability_is_the_likeliest_token(
    tiny_qwen3vl: Path, photo: NDArray[np.uint8]
) -> None:
    greedy, narrow = chat(tiny_qwen3vl, asked(photo, temperature=0.0), asked(photo, n=3, top_p=1e-6))
    assert {choice.text for choice in narrow.choices} == {greedy.choices[0].text}


def test_that_what_is_cut_off_says_so(tiny_qwen3vl: Path, photo: NDArray[np.uint8]) -> None:
    (reply,) = chat(tiny_qwen3vl, asked(photo, n=4, max_tokens=3))
    assert all(choice.finish_reason is FinishReason.LENGTH for choice in reply.choices if choice.tokens == 3)
    assert {choice.tokens for choice in reply.choices} <= {1, 2, 3}


def test_that_too_long_a_conversation_is_refused_and_the_next_is_answered(
    tiny_qwen3vl: Path, photo: NDArray[np.uint8]
) -> None:
    async def run() -> ChatReply:
        model = TransformersChat(profile(tiny_qwen3vl))
        try:
            with pytest.raises(BackendError, match="context length") as raised:
                await model.chat(asked(photo, "Why? " * 500))
            assert raised.value.kind == "too_long"
            return await model.chat(asked(photo))
        finally:
            await model.aclose()

    assert asyncio.run(run()).choices


def test_that_a_reply_ends_where_the_context_does(tiny_qwen3vl: Path, photo: NDArray[np.uint8]) -> None:
    (reply,) = chat(tiny_qwen3vl, asked(photo, "Why? " * 390, max_tokens=100_000, n=3))
    room = CONTEXT_TOKENS - reply.prompt_tokens
    assert 0 < room < 100
    for choice in reply.choices:
        assert choice.tokens is not None
        assert choice.tokens <= room
        assert choice.finish_reason is (FinishReason.LENGTH if choice.tokens == room else FinishReason.STOP)


def test_that_a_folder_without_a_model_says_what_to_do(tmp_path: Path, photo: NDArray[np.uint8]) -> None:
    with pytest.raises(PrerequisiteError, match="cannot be loaded"):
        chat(tmp_path, asked(photo))


def test_that_it_tries_questions_as_any_other_model(
    tiny_qwen3vl: Path, photo: NDArray[np.uint8], tmp_path: Path
) -> None:
    from PIL import Image as Pillow

    path = tmp_path / "photo.png"
    Pillow.fromarray(photo).save(path)
    image = Image(key=ImageKey(sha256_of(path)), path=path.name, width_px=320, height_px=240)
    request = SolveRequest(
        image=image, path=path, chain=BIRDS, instances=(), categories=(), indices=tuple(range(9)), seed=1
    )

    async def run() -> Sequence[Rollout]:
        solver = VlmSolver(TransformersChat(profile(tiny_qwen3vl)), SolverOptions(max_tokens=16))
        try:
            return await solver.solve(request)
        finally:
            await solver.aclose()

    rollouts = asyncio.run(run())
    assert [r.index for r in rollouts] == list(range(9))
    assert all(r.tokens for r in rollouts)
    assert not any(r.is_correct for r in rollouts)


STRICT = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "minimum": 3, "maximum": 12},
        "word": {"type": "string", "pattern": "^[a-z]{1,6}$"},
        "seen": {"type": "array", "items": {"enum": ["cup", "bird"]}, "maxItems": 2},
    },
    "required": ["count", "word", "seen"],
    "additionalProperties": False,
}


def test_that_what_is_said_keeps_to_a_schema(tiny_qwen3vl: Path, photo: NDArray[np.uint8]) -> None:
    free, held, again, greedy = chat(
        tiny_qwen3vl,
        asked(photo, n=8, max_tokens=80),
        asked(photo, n=8, max_tokens=80, schema=STRICT),
        asked(photo, n=4, max_tokens=80, schema=STRICT, seed=9),
        asked(photo, temperature=0.0, max_tokens=80, schema=STRICT),
    )
    for choice in (*held.choices, *greedy.choices):
        said = json.loads(choice.text)
        assert list(said) == ["count", "word", "seen"]
        assert 3 <= said["count"] <= 12
        assert set(said["seen"]) <= {"cup", "bird"}
        assert choice.finish_reason is FinishReason.STOP
    assert len({choice.text for choice in held.choices}) > 4
    # A row still depends on its own seed alone.
    assert [c.text for c in again.choices] == [c.text for c in held.choices][4:]
    assert not any(c.text.startswith('{"count"') for c in free.choices)


def test_that_a_schema_without_a_grammar_is_refused(tiny_qwen3vl: Path, photo: NDArray[np.uint8]) -> None:
    with pytest.raises(BackendError) as raised:
        chat(tiny_qwen3vl, asked(photo, schema={"type": "of a kind unheard of"}))
    assert raised.value.kind == "schema_refused"


@pytest.mark.parametrize("schema", [WrittenPuzzles.model_json_schema(), Reply.model_json_schema()])
def test_that_there_is_a_grammar_for_what_we_ask_of_authors(tiny_qwen3vl: Path, schema: dict[str, Any]) -> None:
    from transformers import AutoTokenizer

    from hopchain_core.backends.transformers.grammar import grammars_of

    words = AutoTokenizer.from_pretrained(tiny_qwen3vl)
    grammars = grammars_of(words, [words.eos_token_id], 320)
    assert grammars is not None
    assert grammars.held(schema, 1, [1, 2, 3])


def test_that_a_model_may_think_before_it_keeps_to_the_schema(tiny_qwen3vl: Path) -> None:
    import torch
    from transformers import AutoTokenizer

    from hopchain_core.backends.transformers.grammar import grammars_of

    words = AutoTokenizer.from_pretrained(tiny_qwen3vl)
    words.add_tokens(["<think>", "</think>"])
    grammars = grammars_of(words, [words.eos_token_id], 320)
    assert grammars is not None
    prompt = words("How many?<think>\n")["input_ids"]
    held = grammars.held(STRICT, 2, prompt)
    ids = torch.tensor([prompt, prompt])

    def allowed(*said: str) -> list[str]:
        nonlocal ids
        new = (
            torch.tensor([words.convert_tokens_to_ids(list(said))]).T if said else torch.empty((2, 0), dtype=torch.long)
        )
        ids = torch.cat([ids, new], dim=1)
        rows = held(ids, torch.zeros((2, 320))).isfinite()
        return ["any" if bool(row.all()) else words.decode(row.nonzero().flatten().tolist()) for row in rows]

    assert allowed() == ["any", "any"]
    assert allowed("w", "</think>") == ["any", "{"]
    assert allowed("</think>", "{") == ["{", '"']


def test_that_trying_until_decided_gives_the_first_attempts_of_a_full_count(
    tiny_qwen3vl: Path, photo: NDArray[np.uint8], tmp_path: Path
) -> None:
    from PIL import Image as Pillow

    path = tmp_path / "photo.png"
    Pillow.fromarray(photo).save(path)
    image = Image(key=ImageKey(sha256_of(path)), path=path.name, width_px=320, height_px=240)

    async def run(*asked_for: Tries) -> list[tuple[Rollout, ...]]:
        solver = VlmSolver(TransformersChat(profile(tiny_qwen3vl)), SolverOptions(max_tokens=16))
        tools = Tools(backend=solver, seed=1, project_dir=tmp_path, compute=compute_in_thread)
        try:
            return [
                (
                    await SolveStage(rollouts=tries.rollouts, seed=1).run(
                        SolveItem(
                            image=image,
                            chain=BIRDS,
                            instances=(),
                            categories=(),
                            tries=tries,
                            indices=tuple(range(tries.rollouts)),
                        ),
                        tools,
                    )
                ).outputs
                for tries in asked_for
            ]
        finally:
            await solver.aclose()

    full, one, three = asyncio.run(run(Tries(BIRDS.key, 6), Tries(BIRDS.key, 6, 1), Tries(BIRDS.key, 6, 3)))
    assert not any(r.is_correct for r in full)
    assert one == full[:1]
    assert three == full[:3]
