"""Trainers read our files through their own data set classes, row for row. Optional: each in its own environment.

The variables name a Python in whose environment the trainer is installed; `docs/formats.md` says which versions were
tried and how the environments were made.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hopchain_core.cli.commands.train_smoke import PYTHON
from hopchain_core.rlvr.asked import prompt_text
from tests.trainers.conftest import Exported, records, told

VARIABLES = {
    "verl": "HOPCHAIN_VERL_PYTHON",
    "ms-swift": "HOPCHAIN_MS_SWIFT_PYTHON",
    "openrlhf": "HOPCHAIN_OPENRLHF_PYTHON",
    "verifiers": "HOPCHAIN_VERIFIERS_PYTHON",
    "skyrl": "HOPCHAIN_SKYRL_PYTHON",
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def trainer(form: str) -> object:
    variable = VARIABLES[form]
    skip = pytest.mark.skipif(not os.environ.get(variable), reason=f"{variable} names no environment with {form}")
    return pytest.param(form, marks=skip, id=form)


@pytest.mark.parametrize("form", [trainer(form) for form in VARIABLES])
def test_that_a_trainer_loads_every_row_with_its_picture_and_label(
    form: str, exported: Exported, tmp_path: Path
) -> None:
    out = exported(form)
    seen = told(os.environ[VARIABLES[form]], f"{form.replace('-', '_')}_rows", out / "train.jsonl", tmp_path)
    meant = records(out)
    assert len(meant) > 5
    assert [row["answer"] for row in seen["rows"]] == [record["answer"] for record in meant]
    assert [row["prompt"] for row in seen["rows"]] == [prompt_text(record["question"]) for record in meant]
    for row, record in zip(seen["rows"], meant, strict=True):
        sizes = [(image["width"], image["height"]) for image in record["images"]]
        assert len(row["sizes"]) == len(sizes)
        for arrived, whole in zip(row["sizes"], sizes, strict=True):
            # verl rounds sides to whole patches of the model while it loads.
            assert arrived == pytest.approx(whole, abs=28 if form == "verl" else 0)
    if any(row["id"] is not None for row in seen["rows"]):
        assert [row["id"] for row in seen["rows"]] == [record["id"] for record in meant]


@pytest.mark.skipif(not os.environ.get(PYTHON), reason=f"{PYTHON} names no environment with datasets")
@pytest.mark.parametrize("form", ["easyr1", "roll", "nemo-rl"])
def test_that_rows_of_trainers_on_no_index_pass_through_the_reader_they_share(
    form: str, exported: Exported, tmp_path: Path
) -> None:
    out = exported(form)
    seen = told(os.environ[PYTHON], "datasets_rows", out / "train.jsonl", tmp_path)
    meant = records(out)
    # A label that arrives as a number is not the text that was written.
    assert [row["answer"] for row in seen["rows"]] == [record["answer"] for record in meant]
    assert [row["prompt"] for row in seen["rows"]] == [prompt_text(record["question"]) for record in meant]
    assert [row["sizes"] for row in seen["rows"]] == [
        [[image["width"], image["height"]] for image in record["images"]] for record in meant
    ]
