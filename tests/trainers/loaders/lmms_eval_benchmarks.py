"""Runs tasks of lmms-eval for benchmarks of the paper over made-up rows, and prints what each credits.

The rows have the columns that a task reads; nothing is fetched, and replies stand in for a model. What is shown is
which form of a right reply a task gives credit for.
"""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import datasets
from lmms_eval.api.model import lmms
from lmms_eval.evaluator import simple_evaluate
from lmms_eval.tasks import TaskManager
from PIL import Image

PICTURE = Image.new("RGB", (64, 48), (200, 30, 30))
OPTIONS = "Which one? A. a cat B. a dog C. a hen D. none"
REALWORLD = {"image": PICTURE}
MMMU = {"id": "test_Art_1", "options": "['a cat', 'a dog', 'a hen']", "subject": "Art", "answer": "B"}
ROWS: dict[tuple[str, str | None], tuple[str, list[dict[str, Any]]]] = {
    ("lmms-lab-encoder/RealWorldQA", None): (
        "test",
        [REALWORLD | {"question": OPTIONS, "answer": "B"}, REALWORLD | {"question": "How many?", "answer": "3"}],
    ),
    ("FlagEval/ERQA", None): (
        "test",
        [{"question_id": "1", "question": OPTIONS, "question_type": "t", "images": [PICTURE], "answer": "C"}],
    ),
    ("MathLLMs/MathVision", None): (
        "test",
        [{"question": "What is x?", "options": [], "decoded_image": PICTURE, "answer": "12"}],
    ),
    ("MMMU/MMMU_Pro", "standard (10 options)"): (
        "test",
        [MMMU | {"question": "Which <image 1>?", "image_1": PICTURE}],
    ),
    ("MMMU/MMMU_Pro", "vision"): ("test", [MMMU | {"image": PICTURE}]),
    ("lmms-lab-encoder/DocVQA", "InfographicVQA"): (
        "validation",
        [{"questionId": "1", "question": "How many?", "image": PICTURE, "answers": ["12"]}],
    ),
    ("jonathan-roberts1/zerobench", None): (
        "zerobench",
        [
            {
                "question_id": "1",
                "question_text": "How many?",
                "question_images_decoded": [PICTURE],
                "question_answer": "12",
            }
        ],
    ),
}
TASKS = ["realworldqa", "erqa", "mmmu_pro_standard", "mmmu_pro_vision", "infovqa_val", "zerobench"]
# Its task scores with this package, which lmms-eval does not ask for.
if importlib.util.find_spec("latex2sympy2"):
    TASKS.append("mathvision_test")
FORMS = {
    "alone": "{}",
    "asked": "I look at the picture and count: one, two and so on.\n\n<answer>\\boxed{{{}}}</answer>",
    "wrong": "<answer>\\boxed{{77}}</answer>",
}


def load(path: str, name: str | None = None, **_: Any) -> datasets.DatasetDict:
    split, rows = ROWS[path, name]
    return datasets.DatasetDict({split: datasets.Dataset.from_list(rows)})


class Saying(lmms):  # type: ignore[misc]
    """Says the right answer of each row in one form."""

    is_simple = True

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form
        self.pictures: dict[str, list[int]] = {}

    def generate_until(self, requests: list[Any]) -> list[str]:
        replies = []
        for request in requests:
            _text, _, visuals_of, number, task, split = request.args
            row = self.task_dict[task][split][number]
            self.pictures.setdefault(task, []).append(len(visuals_of(row)))
            answer = row.get("answer") or row.get("question_answer") or row["answers"][0]
            replies.append(self.form.format(answer))
        return replies

    def generate_until_multi_round(self, requests: list[Any]) -> list[str]:
        raise NotImplementedError

    def loglikelihood(self, requests: list[Any]) -> list[Any]:
        raise NotImplementedError


datasets.load_dataset = load
manager = TaskManager()
credited: dict[str, dict[str, float]] = {task: {} for task in TASKS}
for name, form in FORMS.items():
    model = Saying(form)
    found = simple_evaluate(model=model, tasks=TASKS, task_manager=manager, batch_size=1, bootstrap_iters=0)
    for task in TASKS:
        numbers = [
            value
            for key, value in found["results"][task].items()
            if isinstance(value, int | float) and key.endswith(",none") and "_stderr" not in key
        ]
        (credited[task][name],) = numbers
print("rows: " + json.dumps({"credited": credited, "pictures": model.pictures}))
