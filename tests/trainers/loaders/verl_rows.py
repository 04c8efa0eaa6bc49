"""Loads an export through verl's own `RLHFDataset`, with its filter on, which drops what fails without an error."""

import json
import sys
from importlib.metadata import version

import datasets
from omegaconf import OmegaConf
from stand_ins import without_torchvision

from hopchain_core.rlvr.smoke import tiny

file, cache = sys.argv[1:]
datasets.disable_progress_bars()
processor = tiny.processor()
# Without torchvision verl drops every row.
without_torchvision()

from verl.utils.dataset.rl_dataset import RLHFDataset  # noqa: E402

config = OmegaConf.create(
    {
        "cache_dir": cache,
        "prompt_key": "prompt",
        "image_key": "images",
        "max_prompt_length": 16_384,
        "filter_overlong_prompts": True,
        "filter_overlong_prompts_workers": 1,
        "truncation": "error",
        "return_raw_chat": True,
    }
)
dataset = RLHFDataset(data_files=file, tokenizer=processor.tokenizer, config=config, processor=processor)
rows = []
for n in range(len(dataset)):
    row = dataset[n]
    messages = row["raw_prompt"]
    blocks = [block for message in messages for block in message["content"]]
    pictures, _videos, _audios = dataset._process_multi_modal_info(messages, dataset.image_patch_size, dataset.config)
    rows.append(
        {
            "id": row["extra_info"]["id"],
            "answer": row["reward_model"]["ground_truth"],
            "prompt": "".join(block["text"] for block in blocks if block["type"] == "text"),
            "sizes": [list(picture.size) for picture in pictures],
        }
    )
print("rows: " + json.dumps({"version": version("verl"), "rows": rows}))
