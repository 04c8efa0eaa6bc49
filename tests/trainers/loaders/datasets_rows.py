"""Reads rows for EasyR1, ROLL and NeMo-RL with `datasets`, as all three do, and takes of them what each reads.

Those trainers are on no package index. EasyR1 parts `problem` at its tags; ROLL takes the first message of `prompt` and
the label of `reward_model`; NeMo-RL's class for MMPR-Tiny takes `images`, `question` and `answer`.
"""

import json
import sys

import datasets
from PIL import Image

TAG = "<image>"


def without_tag(text):
    before, after = text.split(TAG)
    assert not before
    return after.lstrip("\n")


def taken(row):
    if "problem" in row:
        return without_tag(row["problem"]), row["answer"]
    if "reward_model" in row:
        return without_tag(row["prompt"][0]["content"]), row["reward_model"]["ground_truth"]
    assert TAG not in row["question"]
    return row["question"], row["answer"]


rows = []
for row in datasets.load_dataset("json", data_files=sys.argv[1], split="train", cache_dir=sys.argv[2]):
    prompt, answer = taken(row)
    sizes = [Image.open(path).size for path in row["images"]]
    rows.append({"id": row.get("id"), "prompt": prompt, "answer": answer, "sizes": sizes})
print("rows: " + json.dumps({"version": datasets.__version__, "rows": rows}))
