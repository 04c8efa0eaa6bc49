"""Loads an export through `RLHFDataset` of an EasyR1 checkout, its filter on, and scores replies by its reward managers."""

import hashlib
import json
import sys
from pathlib import Path

import datasets
import numpy as np
import torch
from stand_ins import without_torchvision
from transformers.models.qwen3_vl import modeling_qwen3_vl

import hopchain_core.rlvr
from hopchain_core.rlvr.smoke import tiny

file, cache = sys.argv[1:]
datasets.disable_progress_bars()
datasets.config.HF_DATASETS_CACHE = cache
processor = tiny.processor()
without_torchvision()
# EasyR1 is written for transformers 4; what it takes from there for a model's forward pass is not needed here.
for name in ("Qwen3VLCausalLMOutputWithPast", "Qwen3VLModelOutputWithPast"):
    if not hasattr(modeling_qwen3_vl, name):
        setattr(modeling_qwen3_vl, name, object)

import verl.workers.reward as managers  # noqa: E402
from verl.utils.dataset import RLHFDataset, process_image  # noqa: E402
from verl.workers.reward.config import RewardConfig  # noqa: E402


class Batch:
    """What a reward manager reads of a `DataProto`."""

    def __init__(self, replies, labels):
        coded = [processor.tokenizer.encode(reply) for reply in replies]
        longest = max(map(len, coded))
        self.batch = {
            "responses": torch.tensor([ids + [0] * (longest - len(ids)) for ids in coded]),
            "response_mask": torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids in coded]),
        }
        self.non_tensor_batch = {"ground_truth": np.array(labels, dtype=object)}

    def __len__(self):
        return len(self.batch["responses"])


def rewards(module, batch):
    """The sum of each reply's rewards, by the manager that the checkout has for this kind of function."""
    config = RewardConfig(reward_function=f"{Path(hopchain_core.rlvr.__path__[0]) / module}.py:compute_score")
    config.post_init()
    older = "SequentialFunctionRewardManager" if "sequential" in module else "BatchFunctionRewardManager"
    made = getattr(managers, "AutoRewardManager", None) or getattr(managers, older)
    tensor, metrics = made(config, processor.tokenizer).compute_reward(batch)
    assert tensor.sum(-1).tolist() == metrics["overall"] == metrics["accuracy"]
    return metrics["overall"]


dataset = RLHFDataset(
    file,
    processor.tokenizer,
    processor,
    prompt_key="problem",
    max_prompt_length=16_000,
    filter_overlong_prompts=True,
    filter_overlong_prompts_workers=1,
)
number = processor.tokenizer.convert_tokens_to_ids
rows = []
for n in range(len(dataset)):
    row = dataset[n]
    paths = row["multi_modal_data"]["images"]
    pictures = [process_image(path, None, None) for path in paths]
    grids = processor.image_processor(pictures)["image_grid_thw"]
    ids = row["input_ids"]
    assert row["position_ids"].shape == (4, len(ids))
    assert int((ids == number("<|image_pad|>")).sum()) == sum(int(np.prod(grid)) // 4 for grid in grids)
    rows.append(
        {
            "id": row["id"],
            "answer": row["ground_truth"],
            "dialog": processor.tokenizer.decode(row["raw_prompt_ids"]),
            "sizes": [list(picture.size) for picture in pictures],
            "pixels": [hashlib.sha256(picture.tobytes()).hexdigest() for picture in pictures],
            "placeholders": int((ids == number("<|vision_start|>")).sum()),
        }
    )
labels = [row["answer"] for row in rows]
right = [rf"I count. <answer>\boxed{{{label}}}</answer>" for label in labels]
wrong = [rf"I count. <answer>\boxed{{{label}}}</answer>".replace("{", "{1", 1) for label in labels]
batch = Batch([*right, *wrong], [*labels, *labels])
seen = {"rows": rows, "rewards": [rewards("easyr1", batch), rewards("easyr1_sequential", batch)]}
print("rows: " + json.dumps(seen))
