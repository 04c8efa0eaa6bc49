"""The ready configurations are read by the trainers that they are for. Optional, as the loaders are."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from hopchain_core.cli.commands.train_smoke import PYTHON
from tests.trainers.conftest import Exported, records, told
from tests.trainers.test_loaders import VARIABLES as OTHERS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


VARIABLES = {**OTHERS, "trl": PYTHON, "lmms-eval": "HOPCHAIN_LMMS_EVAL_PYTHON"}


def needs(form: str) -> pytest.MarkDecorator:
    variable = VARIABLES[form]
    return pytest.mark.skipif(not os.environ.get(variable), reason=f"{variable} names no environment with {form}")


def gate(ratio: float, advantage: float) -> float:
    """SAPO's weight of a token; source: arXiv 2511.20347."""
    temperature = 1.0 if advantage > 0 else 1.05
    return 4 / temperature / (1 + math.exp(-temperature * (ratio - 1))) * advantage


@needs("verl")
def test_that_verl_reads_the_recipe_and_its_loss_is_sapo_with_our_temperatures(
    exported: Exported, tmp_path: Path
) -> None:
    seen = told(os.environ[VARIABLES["verl"]], "verl_recipe", exported("verl") / "train.jsonl", tmp_path)
    assert seen["loss_mode"] == "sapo"
    assert seen["temperatures"] == [1.0, 1.05]
    assert seen["filter"] == [True, "acc"]
    assert seen["scores"] == [1.0, 0.0]
    right = [gate(math.exp(change), 1.0) for change in (0.3, -0.2, 0.1)]
    wrong = [gate(math.exp(change), -1.0) for change in (0.2, 0.4)]
    assert seen["loss"] == pytest.approx(-(sum(right) / 3 + sum(wrong) / 2) / 2, rel=1e-5)


@needs("ms-swift")
def test_that_ms_swift_knows_every_flag_of_the_recipe_and_loads_the_reward(exported: Exported, tmp_path: Path) -> None:
    out = exported("ms-swift") / "train.jsonl"
    seen = told(os.environ[VARIABLES["ms-swift"]], "ms_swift_recipe", out, tmp_path)
    assert "loss_type" in seen["flags"]
    assert seen["unknown"] == []
    assert seen["scores"] == [1.0, 0.0]


@needs("trl")
def test_that_the_command_line_for_trl_hands_over_rows_sapo_and_our_reward_alone(
    exported: Exported, tmp_path: Path
) -> None:
    out = exported("trl")
    seen = told(os.environ[PYTHON], "trl_recipe", out / "train.jsonl", tmp_path)
    assert seen["model"] == "some-model"
    assert seen["rows"] == len(records(out))
    assert seen["loss_type"] == "sapo"
    assert seen["temperatures"] == [1.0, 1.05]
    assert seen["steps"] == 3
    assert seen["vllm"] == [True, "colocate"]
    assert seen["scores"] == [1.0, 0.0]
    assert seen["train"] == {"resume_from_checkpoint": None}
    assert seen["saved"].endswith("run/final")


@needs("lmms-eval")
def test_that_lmms_eval_asks_shows_and_scores_what_was_exported(exported: Exported, tmp_path: Path) -> None:
    shard = next((exported("hf") / "data").glob("train-*.parquet"))
    seen = told(os.environ[VARIABLES["lmms-eval"]], "lmms_eval_run", shard, tmp_path)
    asked = [record["question"] for record in records(exported("hf"))][: len(seen["prompts"])]
    assert [prompt.startswith(question) for prompt, question in zip(seen["prompts"], asked, strict=True)] == [True] * 3
    assert seen["pictures"] == [1, 1, 1]
    # The first is answered rightly in the model's place; random weights hit no number.
    assert seen["accuracy"] == pytest.approx(1 / 3)


@needs("lmms-eval")
def test_that_tasks_of_benchmarks_credit_what_the_recipe_says(tmp_path: Path) -> None:
    seen = told(os.environ[VARIABLES["lmms-eval"]], "lmms_eval_benchmarks", tmp_path, tmp_path)
    credited = seen["credited"]
    assert all(counts and set(counts) == {1} for counts in seen["pictures"].values())
    assert {task for task, by_form in credited.items() if by_form["alone"] in (1, 100)} == set(credited)
    # These compare the whole reply, so that thoughts before a right answer cost it; with letters the first does not.
    assert {task: by_form["asked"] for task, by_form in credited.items() if by_form["asked"] not in (1, 100)} == {
        "realworldqa": 0.5,
        "mmmu_pro_vision": 0,
        "infovqa_val": 0,
        "zerobench": 0,
    }
    # Where a reply holds no letter, this one draws a letter by lot.
    assert {
        task: by_form["wrong"] for task, by_form in credited.items() if task != "mmmu_pro_standard"
    } == dict.fromkeys(set(credited) - {"mmmu_pro_standard"}, 0)
