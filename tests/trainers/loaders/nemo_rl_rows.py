"""Sets up data and environment as a NeMo-RL checkout does for pictures, with the recipe's data set and environment."""

import hashlib
import json
import sys
from types import SimpleNamespace

import datasets
import numpy as np

from hopchain_core.rlvr.smoke import tiny

file, cache = sys.argv[1:]
datasets.disable_progress_bars()
datasets.config.HF_DATASETS_CACHE = cache
processor = tiny.processor()
# NeMo-RL asks whatever part for videos there is for its names; the tiny processor has an empty place for one.
del processor.video_processor

from nemo_rl.data.utils import setup_response_data  # noqa: E402

from hopchain_core.rlvr.recipes import nemo_rl as recipe  # noqa: E402

recipe.install()
# The environment's own class instead of an actor of it: a cluster is not what is tried here.
environment = recipe.HopChainEnvironment.__ray_metadata__.modified_class
recipe.HopChainEnvironment.options = lambda **_: SimpleNamespace(remote=environment)
settings = {
    "train": {
        "dataset_name": f"{recipe.MODULE}.HopChainDataset",
        "data_path": file,
        "env_name": "hopchain",
        "processor": "vlm_hf_data_processor",
        "prompt_file": None,
        "system_prompt_file": None,
    },
    "use_multiple_dataloader": False,
    "max_input_seq_length": 16_000,
}
loaded, _, environments, _ = setup_response_data(processor, settings, {"hopchain": {}}, is_vlm=True)
(scorer,) = environments.values()
number = processor.tokenizer.convert_tokens_to_ids
rows = []
for n in range(len(loaded)):
    row = loaded[n]
    (message,) = row["message_log"]
    ids = message["token_ids"]
    grids = processor.image_processor(row["vllm_images"])["image_grid_thw"]
    assert int((ids == number("<|image_pad|>")).sum()) == sum(int(np.prod(grid)) // 4 for grid in grids)
    assert "pixel_values" in message
    # Below 1 a row is left out of the loss, as one that is too long is.
    assert row["loss_multiplier"] == 1.0
    rows.append(
        {
            "answer": row["extra_env_info"]["ground_truth"],
            "dialog": row["vllm_content"],
            "sizes": [list(picture.size) for picture in row["vllm_images"]],
            "pixels": [hashlib.sha256(picture.tobytes()).hexdigest() for picture in row["vllm_images"]],
            "placeholders": int((ids == number("<|vision_start|>")).sum()),
        }
    )

labels = [row["answer"] for row in rows]
right = [rf"I count. <answer>\boxed{{{label}}}</answer>" for label in labels]
wrong = [rf"I count. <answer>\boxed{{1{label}}}</answer>" for label in labels]
logs = [[{"role": "user", "content": "?"}, {"role": "assistant", "content": reply}] for reply in (*right, *wrong)]
step = scorer.step(logs, [{"ground_truth": label} for label in (*labels, *labels)])
assert step.terminateds.tolist() == [1.0] * len(logs)
assert len(step.observations) == len(step.next_stop_strings) == len(logs)
print("rows: " + json.dumps({"rows": rows, "rewards": [step.rewards.tolist()]}))
