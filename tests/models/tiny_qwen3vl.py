"""The tiny Qwen3-VL that `train-smoke` trains, as a folder on the disk that is loaded like a real one."""

from __future__ import annotations

import json
from pathlib import Path

from hopchain_core.rlvr.smoke import tiny

CONTEXT_TOKENS = 2048
"""Short, so that its end is reached."""


def build(folder: Path) -> None:
    """Writes the model with its tokenizer and processor."""
    tiny.model(context_tokens=CONTEXT_TOKENS).eval().save_pretrained(folder)
    words = tiny.tokenizer()
    words.save_pretrained(folder)
    (folder / "chat_template.jinja").write_text(words.chat_template)
    pictures = {
        "patch_size": 16,
        "temporal_patch_size": 2,
        "merge_size": 2,
        "image_mean": [0.5] * 3,
        "image_std": [0.5] * 3,
        "do_resize": True,
        "do_rescale": True,
        "do_normalize": True,
        "do_convert_rgb": True,
        "processor_class": "Qwen3VLProcessor",
        "size": {"shortest_edge": 64 * 64, "longest_edge": 128 * 128},
    }
    (folder / "preprocessor_config.json").write_text(
        json.dumps({**pictures, "image_processor_type": "Qwen2VLImageProcessor"})
    )
    (folder / "video_preprocessor_config.json").write_text(
        json.dumps({**pictures, "video_processor_type": "Qwen3VLVideoProcessor"})
    )
