"""Loads an export through the loader, the filter and the collator of a ROLL checkout, and scores by the recipe's worker."""

import hashlib
import json
import sys
from dataclasses import fields
from functools import partial
from types import SimpleNamespace

import datasets
import numpy as np
import torch
from stand_ins import resizing_without_torchvision, without_torchvision

from hopchain_core.rlvr.smoke import tiny

file, cache = sys.argv[1:]
datasets.disable_progress_bars()
datasets.config.HF_DATASETS_CACHE = cache
processor = tiny.processor()
resizing_without_torchvision()
without_torchvision()

from roll.configs.data_args import DataArguments  # noqa: E402
from roll.datasets import dataset as readers  # noqa: E402
from roll.datasets.collator import DataCollatorWithPaddingForMM  # noqa: E402
from roll.datasets.vlm_dataset_utils import create_pipeline_data_kwargs  # noqa: E402
from roll.distributed.scheduler.protocol import DataProto  # noqa: E402

from hopchain_core.rlvr.recipes.roll import HopChainRewardWorker  # noqa: E402

DOMAIN = "hopchain"
arguments = DataArguments(file_name=[file], dataset_dir="./")
# More than any picture has: what is shown is that pictures arrive whole.
arguments.image_min_pixels, arguments.image_max_pixels = 56 * 56, 10**8
made = create_pipeline_data_kwargs(arguments, processor.tokenizer, processor, max_prompt_length=16_000)
loaded = made["dataset"].map(partial(readers.update_dataset_domain, {"hopchain": DOMAIN}))
loaded = loaded.filter(lambda row: row["domain"] == DOMAIN)

known = {field.name for field in fields(DataCollatorWithPaddingForMM)}
kwargs = {name: value for name, value in made["collect_fn_kwargs"].items() if name in known}
kwargs["extra_unpadded_keys"] = [*kwargs["extra_unpadded_keys"], "domain"]
# The tiny processor makes small pictures of large ones, or a prompt would be too long for the test.
processor.image_processor.min_pixels = processor.image_processor.max_pixels = None
collate = DataCollatorWithPaddingForMM(tokenizer=processor.tokenizer, processor=processor, **kwargs)
number = processor.tokenizer.convert_tokens_to_ids

rows = []
for row in loaded:
    batch = collate([row])
    ids = batch["input_ids"][0]
    grids = batch["multi_modal_inputs"][0]["image_grid_thw"]
    assert int((ids == number("<|image_pad|>")).sum()) == sum(int(np.prod(grid)) // 4 for grid in grids.tolist())
    assert batch["ground_truth"][0] == row["ground_truth"] == row["reward_model"]["ground_truth"]
    pictures = batch["multi_modal_data"][0]["multi_modal_data"]["image"]
    rows.append(
        {
            "answer": batch["ground_truth"][0],
            "dialog": row["prompt"],
            "sizes": [list(picture.size) for picture in pictures],
            "pixels": [hashlib.sha256(picture.convert("RGB").tobytes()).hexdigest() for picture in pictures],
            "placeholders": int((ids == number("<|vision_start|>")).sum()),
        }
    )

labels = [row["answer"] for row in rows]
right = [rf"I count. <answer>\boxed{{{label}}}</answer><|im_end|>" for label in labels]
wrong = [rf"I count. <answer>\boxed{{1{label}}}</answer><|im_end|>" for label in labels]
coded = [processor.tokenizer.encode(reply) for reply in (*right, *wrong)]
longest = max(map(len, coded))
pad = processor.tokenizer.pad_token_id
replies = torch.tensor([ids + [pad] * (longest - len(ids)) for ids in coded])
config = SimpleNamespace(model_args=processor.tokenizer)
data = DataProto.from_dict(tensors={"responses": replies})
data.non_tensor_batch["ground_truth"] = np.array([*labels, *labels], dtype=object)
out = HopChainRewardWorker(config).compute_rewards(data).batch
assert out["token_level_rewards"].shape == replies.shape
assert out["scores"].tolist() == out["response_level_rewards"].tolist()
print("rows: " + json.dumps({"rows": rows, "rewards": [out["scores"].tolist()]}))
