"""Runs the task of the recipe with lmms-eval's own evaluator over a tiny model of random weights, and prints what came out.

The first question is answered rightly in place of the model, so that both verdicts come about.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from lmms_eval.api.model import lmms
from lmms_eval.evaluator import simple_evaluate
from lmms_eval.tasks import TaskManager

import hopchain_core.rlvr.recipes
from hopchain_core.rlvr.smoke import tiny

LIMIT = 3


class Tiny(lmms):  # type: ignore[misc]
    """A Qwen3-VL of random weights that replies with a few letters."""

    is_simple = True

    def __init__(self) -> None:
        super().__init__()
        self.model, self.processor = tiny.model().eval(), tiny.processor()
        self.asked: list[tuple[str, int, str]] = []

    def generate_until(self, requests: list[Any]) -> list[str]:
        replies = []
        for request in requests:
            text, _, visuals_of, number, task, split = request.args
            doc = self.task_dict[task][split][number]
            visuals = visuals_of(doc)
            content = [{"type": "image"} for _ in visuals] + [{"type": "text", "text": text}]
            words = self.processor.apply_chat_template(
                [{"role": "user", "content": content}], add_generation_prompt=True
            )
            inputs = self.processor(text=[words], images=visuals, return_tensors="pt")
            with torch.no_grad():
                made = self.model.generate(**inputs, max_new_tokens=8, do_sample=False)
            said = self.processor.tokenizer.decode(made[0][inputs["input_ids"].shape[1] :])
            self.asked.append((text, len(visuals), said))
            right = f"<answer>\\boxed{{{doc['answer']}}}</answer>"
            replies.append(right if len(self.asked) == 1 else said)
        return replies

    def generate_until_multi_round(self, requests: list[Any]) -> list[str]:
        raise NotImplementedError

    def loglikelihood(self, requests: list[Any]) -> list[Any]:
        raise NotImplementedError


def main(shard: Path, work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    task = work / "task"
    shutil.rmtree(task, ignore_errors=True)
    shutil.copytree(Path(hopchain_core.rlvr.recipes.__path__[0]) / "evaluation" / "lmms_task", task)
    described = task / "hopchain_validation.yaml"
    described.write_text(described.read_text().replace("OUT/data/validation-*.parquet", str(shard)))
    model = Tiny()
    found = simple_evaluate(
        model=model,
        tasks=["hopchain_validation"],
        task_manager=TaskManager(include_path=str(task)),
        limit=LIMIT,
        batch_size=1,
        bootstrap_iters=0,
    )
    results = {name.partition(",")[0]: value for name, value in found["results"]["hopchain_validation"].items()}
    prompts, pictures, said = zip(*model.asked, strict=True)
    print(
        "rows: "
        + json.dumps({"accuracy": results["hopchain_accuracy"], "prompts": prompts, "pictures": pictures, "said": said})
    )


main(Path(sys.argv[1]), Path(sys.argv[2]))
