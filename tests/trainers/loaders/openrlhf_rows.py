"""Loads an export through OpenRLHF's own `PromptDataset`, and makes tensors of prompts and pictures as it does."""

import json
import sys
from importlib.metadata import version
from types import SimpleNamespace

from openrlhf.datasets.prompts_dataset import PromptDataset
from openrlhf.datasets.utils import blending_datasets
from openrlhf.utils.vlm_utils import process_prompt_with_images

from hopchain_core.rlvr.smoke import tiny

file = sys.argv[1]
processor = tiny.processor()
data = SimpleNamespace(input_key="prompt", label_key="answer", apply_chat_template=True, image_key="images")
strategy = SimpleNamespace(args=SimpleNamespace(data=data, use_ms=False), is_rank_0=lambda: True, print=lambda *_: None)
dataset = PromptDataset(blending_datasets(file, strategy=strategy), processor, strategy)
rows = []
for number in range(len(dataset)):
    source, prompt, label, images = dataset[number]
    tokens, tensors, pictures = process_prompt_with_images(processor, prompt, images)
    assert tensors is not None
    assert len(tensors["image_grid_thw"]) == len(images)
    assert processor.image_token_id in tokens
    said = prompt.split("<|vision_end|>")[-1].split("<|im_end|>")[0]
    rows.append(
        {
            "id": None,
            "answer": label,
            "prompt": said,
            "sizes": [list(picture.size) for picture in pictures],
            "source": source,
        }
    )
print("rows: " + json.dumps({"version": version("openrlhf"), "rows": rows}))
