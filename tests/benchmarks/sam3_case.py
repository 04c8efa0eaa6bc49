"""What bench_sam3 runs in the environment of `make test-models`: prints a JSON list of (k, ours, plain) in seconds."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoTokenizer, Sam3Config, Sam3Model

from hopchain_core.backends.sam3.model import Sam3, full_mask, prepared_picture
from tests.models.conftest import byte_tokenizer

SIDE_PX = 336
WIDTH = 192
KINDS = (1, 2, 4, 8, 16)


def build(folder: Path) -> None:
    """A SAM 3 of random weights whose vision encoder costs most of a pass, as in the real one."""
    narrow = {"hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 2}
    backbone = {"hidden_size": WIDTH, "intermediate_size": 4 * WIDTH, "num_attention_heads": 6, "num_hidden_layers": 12}
    backbone |= {"model_type": "sam3_vit_model", "image_size": SIDE_PX, "patch_size": 14, "window_size": 12}
    backbone |= {"global_attn_indexes": [5, 11], "pretrain_image_size": SIDE_PX}
    cells = SIDE_PX // 14
    config = Sam3Config(
        vision_config={
            "backbone_config": backbone,
            "fpn_hidden_size": 64,
            "scale_factors": [4.0, 2.0, 1.0, 0.5],
            "backbone_feature_sizes": [[4 * cells] * 2, [2 * cells] * 2, [cells] * 2],
        },
        text_config={
            **narrow,
            "model_type": "clip_text_model",
            "vocab_size": 600,
            "projection_dim": 64,
            "num_hidden_layers": 4,
            "max_position_embeddings": 32,
            "hidden_act": "gelu",
            "bos_token_id": 0,
            "eos_token_id": 1,
            "pad_token_id": 1,
        },
        geometry_encoder_config={**narrow, "num_layers": 1, "roi_size": 7},
        detr_encoder_config={**narrow, "num_layers": 2},
        detr_decoder_config={**narrow, "num_layers": 2, "num_queries": 32},
        mask_decoder_config={"hidden_size": 64, "num_upsampling_stages": 3, "num_attention_heads": 2},
    )
    torch.manual_seed(0)
    Sam3Model(config).eval().save_pretrained(folder)
    byte_tokenizer().save_pretrained(folder)


def main() -> None:
    """Measures and prints."""
    torch.set_num_threads(2)
    pixels = np.random.default_rng(0).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    with tempfile.TemporaryDirectory() as name:
        build(Path(name))
        ours, plain = Sam3(name, "cpu", "float32"), Sam3Model.from_pretrained(name).eval()
        tokenizer = AutoTokenizer.from_pretrained(name)
        rows = []
        for kinds in KINDS:
            phrases = [f"thing {number}" for number in range(kinds)]
            rows.append(
                (
                    kinds,
                    _seconds(lambda p=phrases: ours.find(pixels, p, score_from=0.3)),
                    _seconds(lambda p=phrases: _one_by_one(plain, tokenizer, pixels, p)),
                )
            )
    sys.stdout.write(json.dumps(rows))


def _one_by_one(model: Sam3Model, tokenizer: AutoTokenizer, pixels: NDArray[np.uint8], phrases: list[str]) -> None:
    for phrase in phrases:
        tokens = tokenizer(phrase, padding="max_length", max_length=32, truncation=True, return_tensors="pt")
        with torch.inference_mode():
            seen = model(pixel_values=prepared_picture(pixels, SIDE_PX), **tokens)
            scores = seen.pred_logits[0].sigmoid() * seen.presence_logits[0].sigmoid()
            for place in torch.nonzero(scores > 0.3).flatten():
                full_mask(seen.pred_masks[0][place], 480, 640, 0.5)


def _seconds(work: Callable[[], object]) -> float:
    work()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
