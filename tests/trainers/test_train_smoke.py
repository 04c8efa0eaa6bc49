"""Two SAPO steps in a real TRL from an exported file. Set HOPCHAIN_TRL_PYTHON to run it."""

from __future__ import annotations

import json
import math
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.cli.commands.train_smoke import PYTHON, SmokeFailedError, run_smoke
from tests.trainers.conftest import Exported, records

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not os.environ.get(PYTHON), reason=f"{PYTHON} names no environment with TRL"),
]


def smoked(out: Path) -> tuple[dict[str, Any], list[str]]:
    return run_smoke(out, os.environ[PYTHON], most=200, seed=0)


def test_that_two_sapo_steps_on_an_export_change_the_weights_of_a_vision_language_model(exported: Exported) -> None:
    out = exported("trl")
    meant = records(out)
    seen, problems = smoked(out)
    assert problems == []
    assert seen["records"] == seen["prompts"] == seen["self_check"]["labels"] == len(meant)
    assert seen["pictures"] == sum(len(record["images"]) for record in meant)
    assert seen["self_check"]["replies"] == 7 * len(meant)
    assert seen["completions"] == 8
    assert seen["reward_calls"] >= 1
    assert len(seen["losses"]) == 2
    assert all(math.isfinite(loss) and loss != 0 for loss in seen["losses"])
    assert seen["changed_in_vision"] > 0
    print(json.dumps(seen))


def test_that_a_picture_that_is_gone_is_said_in_one_line(exported: Exported, tmp_path: Path) -> None:
    out = tmp_path / "trl"
    shutil.copytree(exported("trl"), out)
    lines = (out / "train.jsonl").read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[0])
    row["images"] = [str(out / "images" / "gone.png")]
    (out / "train.jsonl").write_text("\n".join([json.dumps(row), *lines[1:]]) + "\n", encoding="utf-8")
    with pytest.raises(SmokeFailedError, match=r"gone\.png") as caught:
        smoked(out)
    assert "export again" in caught.value.hint


def test_that_labels_which_the_loader_turns_into_numbers_are_reported(exported: Exported, tmp_path: Path) -> None:
    out = tmp_path / "trl"
    shutil.copytree(exported("trl"), out)
    rows = [json.loads(line) for line in (out / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["solution"] = float(row["solution"])
    (out / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    _seen, problems = smoked(out)
    assert problems
    assert "the loader made" in problems[0]
