"""Loads an export through verl's own `RLHFDataset`, with its filter on, which drops what fails without an error."""

import json
import sys
import types
from importlib.metadata import version

import datasets
from omegaconf import OmegaConf

from hopchain_core.rlvr.smoke import tiny

file, cache = sys.argv[1:]
datasets.disable_progress_bars()
processor = tiny.processor()
# qwen_vl_utils imports torchvision for videos only. The one on PyPI does not go with a torch for the processor, and
# without it verl drops every row. transformers and datasets have looked for it by now.
io, transforms = types.ModuleType("torchvision.io"), types.ModuleType("torchvision.transforms")
transforms.InterpolationMode = types.SimpleNamespace(BICUBIC="bicubic")
sys.modules |= {
    "torchvision": types.ModuleType("torchvision"),
    "torchvision.io": io,
    "torchvision.transforms": transforms,
}
sys.modules["torchvision"].io, sys.modules["torchvision"].transforms = io, transforms

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
