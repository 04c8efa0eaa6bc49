"""Trainers that are on no package index read our files through their own classes, from checkouts of their sources.

Optional: ``HOPCHAIN_EASYR1_SOURCE``, ``HOPCHAIN_ROLL_SOURCE`` and ``HOPCHAIN_NEMO_RL_SOURCE`` name a checkout each, and
``HOPCHAIN_VERL_PYTHON`` a Python that has what they import. `docs/formats.md` says which versions were tried.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hopchain_core.rlvr.asked import prompt_text
from tests.trainers.conftest import Exported, records, told

PYTHON = "HOPCHAIN_VERL_PYTHON"
VARIABLES = {
    "easyr1": "HOPCHAIN_EASYR1_SOURCE",
    "roll": "HOPCHAIN_ROLL_SOURCE",
    "nemo-rl": "HOPCHAIN_NEMO_RL_SOURCE",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not os.environ.get(PYTHON), reason=f"{PYTHON} names no environment to run the sources in"),
]


def checkout(form: str) -> object:
    variable = VARIABLES[form]
    skip = pytest.mark.skipif(not os.environ.get(variable), reason=f"{variable} names no checkout of {form}")
    return pytest.param(form, marks=skip, id=form)


def read(form: str, out: Path, work: Path) -> dict[str, Any]:
    name = f"{form.replace('-', '_')}_rows"
    return told(os.environ[PYTHON], name, out / "train.jsonl", work, os.environ[VARIABLES[form]])


def dialog(record: dict[str, Any]) -> str:
    """What the model is to see, by the template of the processor in the tests: one turn, pictures first, nothing more."""
    pictures = "<|vision_start|><|image_pad|><|vision_end|>" * len(record["images"])
    return f"<|im_start|>user\n{pictures}{prompt_text(record['question'])}<|im_end|>\n<|im_start|>assistant\n"


def pixels(file: Path) -> str:
    with Image.open(file) as picture:
        return hashlib.sha256(picture.convert("RGB").tobytes()).hexdigest()


@pytest.mark.parametrize("form", [checkout(form) for form in VARIABLES])
def test_that_a_checkout_loads_every_row_as_it_was_meant_and_scores_with_our_reward(
    form: str, exported: Exported, tmp_path: Path
) -> None:
    out = exported(form)
    meant = records(out)
    assert len(meant) > 5
    seen = read(form, out, tmp_path)
    rows = seen["rows"]
    # A label that arrives as a number is not the text that was written.
    assert [row["answer"] for row in rows] == [record["answer"] for record in meant]
    assert [row["dialog"] for row in rows] == [dialog(record) for record in meant]
    assert [row["placeholders"] for row in rows] == [len(record["images"]) for record in meant]
    assert [row["sizes"] for row in rows] == [
        [[image["width"], image["height"]] for image in record["images"]] for record in meant
    ]
    # A white picture in place of one that is gone has another size or other pixels.
    assert [row["pixels"] for row in rows] == [
        [pixels(out / image["file"]) for image in record["images"]] for record in meant
    ]
    assert seen["rewards"]
    for rewards in seen["rewards"]:
        assert rewards == [1.0] * len(meant) + [0.0] * len(meant)
