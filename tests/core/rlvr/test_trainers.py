"""The entry points of trainers: their signatures, what they import, and what they say."""

from __future__ import annotations

import inspect
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from hopchain_core.rlvr import easyr1, easyr1_sequential, ms_swift, openrlhf, trl, verifiers, verl
from hopchain_core.rlvr.asked import ASKED_FORM, prompt_text
from hopchain_core.rlvr.completions import completion_text

RIGHT, WRONG = r"<answer>\boxed{12}</answer>", r"<answer>\boxed{13}</answer>"
MODULES = ("verl", "trl", "easyr1", "easyr1_sequential", "openrlhf", "ms_swift", "verifiers", "asked", "reward")
HEAVY = ("PySide6", "torch", "sqlalchemy", "numpy", "pydantic", "PIL", "cv2", "click", "swift", "httpx2")


@pytest.mark.parametrize("name", MODULES)
def test_that_an_entry_point_needs_the_standard_library_only(name: str) -> None:
    code = (
        "import sys\n"
        f"blocked = {HEAVY!r}\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in blocked:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Block())\n"
        f"import hopchain_core.rlvr.{name}\n"
        "assert not [m for m in sys.modules if m.partition('.')[0] in blocked]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_that_the_first_parameters_are_those_the_trainers_pass() -> None:
    def names(function: Any) -> list[str]:
        return [p.name for p in inspect.signature(function).parameters.values() if p.kind is not p.VAR_KEYWORD]

    assert names(verl.compute_score) == ["data_source", "solution_str", "ground_truth", "extra_info"]
    assert names(trl.hopchain_reward)[:3] == ["prompts", "completions", "completion_ids"]
    assert names(easyr1.compute_score) == ["reward_inputs"]
    assert names(openrlhf.reward_func) == ["queries", "prompts", "labels"]
    assert names(ms_swift.HopChainORM.__call__)[:2] == ["self", "completions"]
    assert names(verifiers.hopchain_reward) == ["completion", "answer"]


def test_that_verl_gets_a_float() -> None:
    given: dict[str, Any] = {"data_source": "hopchain", "ground_truth": "12", "extra_info": {"index": 1}}
    assert verl.compute_score(solution_str=RIGHT, **given) == 1.0
    assert verl.compute_score(solution_str=WRONG, **given) == 0.0
    assert verl.compute_score("hopchain", RIGHT, r"\boxed{12}") == 1.0


@pytest.mark.parametrize("shape", [lambda t: t, lambda t: [{"role": "assistant", "content": t}]])
def test_that_trl_gets_a_list_for_texts_and_for_messages(shape: Any) -> None:
    completions = [shape(RIGHT), shape(WRONG)]
    assert trl.hopchain_reward(
        prompts=["Q", "Q"],
        completions=completions,
        completion_ids=[[1], [2]],
        trainer_state=None,
        solution=["12", "12"],
    ) == [1.0, 0.0]


def test_that_a_missing_label_is_said_and_not_scored() -> None:
    with pytest.raises(ValueError, match="zip"):
        trl.hopchain_reward(completions=[RIGHT, RIGHT], solution=["12"])


def test_that_easyr1_gets_overall_in_a_batch_and_one_by_one() -> None:
    one: dict[str, Any] = {"response": RIGHT, "response_length": 9, "ground_truth": "12"}
    assert easyr1.compute_score([one, {**one, "response": WRONG}]) == [
        {"overall": 1.0, "accuracy": 1.0},
        {"overall": 0.0, "accuracy": 0.0},
    ]
    assert easyr1_sequential.compute_score(one)["overall"] == 1.0
    assert (easyr1.REWARD_TYPE, easyr1_sequential.REWARD_TYPE) == ("batch", "sequential")
    with pytest.raises(ValueError, match="sequential"):
        easyr1.compute_score(one)  # type: ignore[arg-type]


def test_that_openrlhf_reads_the_reply_and_not_the_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    prompt = "user: " + prompt_text("The answer is 12. How many?") + "\nassistant: "
    found = openrlhf.reward_func([prompt + RIGHT, prompt + "I do not know"], [prompt, prompt], ["12", "12"])
    assert found["rewards"] == found["scores"] == [1.0, 0.0]
    changed = prompt.replace("user:", "<|pad|><|pad|>user:")
    assert openrlhf.reward_func([changed + "I do not know"], [prompt], ["12"])["rewards"] == [0.0]
    assert openrlhf.reward_func([changed + RIGHT], [prompt], ["12"])["rewards"] == [1.0]


def test_that_openrlhf_gets_tensors_where_torch_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = ModuleType("torch")
    torch.float32 = "float32"  # type: ignore[attr-defined]
    torch.tensor = lambda values, dtype: ("tensor", values, dtype)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)
    assert openrlhf.reward_func([RIGHT], [""], ["12"])["rewards"] == ("tensor", [1.0], "float32")


def test_that_ms_swift_finds_the_class_where_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ms_swift.HopChainORM()([RIGHT, WRONG], solution=["12", "12"], images=[None, None]) == [1.0, 0.0]
    swift = ModuleType("swift.rewards")
    swift.orms = {}  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "swift.rewards", swift)
    ms_swift._register()
    assert swift.orms == {"hopchain": ms_swift.HopChainORM}


async def _scored(trace: Any) -> float:
    return await verifiers.score_trace(trace, "12")


def test_that_verifiers_scores_completions_and_traces() -> None:
    import asyncio

    messages = [{"role": "user", "content": "?"}, {"role": "assistant", "content": [{"type": "text", "text": RIGHT}]}]
    assert verifiers.hopchain_reward(messages, "12", state={}) == 1.0
    assert asyncio.run(_scored(SimpleNamespace(messages=[SimpleNamespace(content=WRONG)]))) == 0.0
    with pytest.raises(TypeError, match="neither"):
        asyncio.run(_scored(SimpleNamespace()))


def test_that_an_unknown_completion_is_refused() -> None:
    with pytest.raises(TypeError, match="int"):
        completion_text(12)


def test_that_the_asked_form_alone_is_no_answer() -> None:
    from hopchain_core.rlvr.reward import score

    assert ASKED_FORM in prompt_text("Q")
    assert score(prompt_text("How many birds are there?"), "1") == 0.0
