"""Tiny models with random weights, made here and loaded as real ones are, without a network.

They run in the environment that `make test-models` makes; elsewhere they are not collected.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

if importlib.util.find_spec("torch") is None or importlib.util.find_spec("transformers") is None:
    collect_ignore_glob = ["test_*.py"]

WIDTH = 16
"""Of everything inside the tiny SAM 3."""
SIDE_PX = 56


def tiny_sam3_config() -> Any:
    from transformers import Sam3Config

    narrow = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_attention_heads": 2}
    backbone = {
        **narrow,
        "model_type": "sam3_vit_model",
        "num_hidden_layers": 1,
        "image_size": SIDE_PX,
        "patch_size": 14,
        "window_size": 4,
        "global_attn_indexes": [0],
        "pretrain_image_size": SIDE_PX,
    }
    return Sam3Config(
        vision_config={
            "backbone_config": backbone,
            "fpn_hidden_size": WIDTH,
            "scale_factors": [4.0, 2.0, 1.0, 0.5],
            "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]],
        },
        text_config={
            **narrow,
            "model_type": "clip_text_model",
            "vocab_size": 600,
            "projection_dim": WIDTH,
            "num_hidden_layers": 1,
            "max_position_embeddings": 32,
            "hidden_act": "gelu",
            "bos_token_id": 0,
            "eos_token_id": 1,
            "pad_token_id": 1,
        },
        geometry_encoder_config={**narrow, "num_layers": 1, "roi_size": 7},
        detr_encoder_config={**narrow, "num_layers": 1},
        detr_decoder_config={**narrow, "num_layers": 1, "num_queries": 8},
        mask_decoder_config={"hidden_size": WIDTH, "num_upsampling_stages": 3, "num_attention_heads": 2},
    )


def byte_tokenizer() -> Any:
    """CLIP's tokenizer without merges: every byte is a token."""
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import CLIPTokenizer

    letters = sorted(ByteLevel.alphabet())
    tokens = ["<|startoftext|>", "<|endoftext|>", *letters, *(letter + "</w>" for letter in letters)]
    return CLIPTokenizer(vocab={token: number for number, token in enumerate(tokens)}, merges=[], model_max_length=32)


@pytest.fixture(scope="session")
def tiny_sam3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a SAM 3 of 74,000 random weights."""
    import torch
    from transformers import Sam3Model

    folder = tmp_path_factory.mktemp("sam3")
    torch.manual_seed(0)
    Sam3Model(tiny_sam3_config()).eval().save_pretrained(folder)
    byte_tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_sam3_whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the released folder lies: the model for words and the tracker in one file, on one vision backbone."""
    import torch
    from transformers import Sam3VideoConfig, Sam3VideoModel

    detector = tiny_sam3_config().to_dict()
    vision = {**detector["vision_config"], "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]]}
    tracker = {
        "model_type": "sam3_tracker_video",
        "image_size": SIDE_PX,
        "vision_config": vision,
        "prompt_encoder_config": {"hidden_size": WIDTH, "image_size": SIDE_PX, "patch_size": 14},
        "mask_decoder_config": {
            "hidden_size": WIDTH,
            "mlp_dim": 2 * WIDTH,
            "num_attention_heads": 2,
            "iou_head_hidden_dim": WIDTH,
        },
        "memory_attention_hidden_size": WIDTH,
        "memory_attention_num_layers": 1,
        "memory_attention_feed_forward_hidden_size": WIDTH,
        "memory_attention_rope_feat_sizes": [4, 4],
        "memory_encoder_hidden_size": WIDTH,
        "memory_encoder_output_channels": 8,
        "memory_fuser_embed_dim": WIDTH,
        "memory_fuser_intermediate_dim": WIDTH,
        "mask_downsampler_embed_dim": WIDTH,
    }
    folder = tmp_path_factory.mktemp("sam3-whole")
    torch.manual_seed(0)
    config = Sam3VideoConfig(detector_config=detector, tracker_config=tracker)
    Sam3VideoModel(config).eval().save_pretrained(folder)
    byte_tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture
def photo() -> NDArray[np.uint8]:
    """320 x 240 pixels of coloured blocks."""
    rng = np.random.default_rng(0)
    return np.kron(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8), np.ones((20, 20, 1), np.uint8))


@pytest.fixture(scope="session")
def tiny_qwen3vl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a Qwen3-VL of random weights."""
    from tests.models import tiny_qwen3vl

    folder = tmp_path_factory.mktemp("qwen3vl")
    tiny_qwen3vl.build(folder)
    return folder
