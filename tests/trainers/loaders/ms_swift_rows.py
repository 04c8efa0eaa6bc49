"""Loads an export through ms-swift's own `load_dataset`, as its GRPO does: with the columns for the reward."""

import json
import sys
from importlib.metadata import version

from PIL import Image
from swift.dataset import load_dataset

file = sys.argv[1]
dataset, _ = load_dataset(file, remove_unused_columns=False)
rows = []
for row in dataset:
    [message] = row["messages"]
    rows.append(
        {
            "id": row["id"],
            "answer": row["solution"],
            "prompt": message["content"].removeprefix("<image>"),
            "sizes": [list(Image.open(picture["path"]).size) for picture in row["images"]],
        }
    )
print("rows: " + json.dumps({"version": version("ms-swift"), "rows": rows}))
