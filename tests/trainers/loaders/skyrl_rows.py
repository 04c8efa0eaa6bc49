"""Loads an export through SkyRL's own `PromptDataset`."""

import base64
import io
import json
import sys
from importlib.metadata import version

from PIL import Image
from skyrl.train.dataset.dataset import PromptDataset

from hopchain_core.rlvr.smoke import tiny

file = sys.argv[1]
dataset = PromptDataset(file, tiny.tokenizer(), max_prompt_length=16_384, num_workers=1)
rows = []
for number in range(len(dataset)):
    [message], env_class, extra, _uid = dataset[number]
    assert env_class == "hopchain"
    pictures = [block["image_url"]["url"] for block in message["content"] if block["type"] == "image_url"]
    opened = [Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) for url in pictures]
    rows.append(
        {
            "id": extra["extra_info"]["id"],
            "answer": extra["reward_spec"]["ground_truth"],
            "prompt": "".join(block["text"] for block in message["content"] if block["type"] == "text"),
            "sizes": [list(picture.size) for picture in opened],
        }
    )
print("rows: " + json.dumps({"version": version("skyrl"), "rows": rows}))
