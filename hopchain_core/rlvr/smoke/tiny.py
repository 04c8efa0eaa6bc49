"""A Qwen3-VL of 0.2 million random weights and its processor, made here: nothing is fetched."""

from __future__ import annotations

from typing import Any

_SPECIALS = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>",
)  # fmt: skip
_TEMPLATE = (
    "{%- for message in messages -%}{{- '<|im_start|>' + message.role + '\\n' -}}"
    "{%- if message.content is string -%}{{- message.content -}}{%- else -%}{%- for part in message.content -%}"
    "{%- if part.type == 'image' -%}{{- '<|vision_start|><|image_pad|><|vision_end|>' -}}"
    "{%- elif 'text' in part -%}{{- part.text -}}{%- endif -%}{%- endfor -%}{%- endif -%}"
    "{{- '<|im_end|>\\n' -}}{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"
)
CONTEXT_TOKENS = 16_384
"""A token is a byte, so that a long question is some thousand of them."""
_PATCH_PX = 16
_SIDE_PX = 64
"""Pictures are made as small as this allows: what is shown is that they arrive, not that they are seen."""


def model(seed: int = 0, context_tokens: int = CONTEXT_TOKENS) -> Any:
    """The model, float32, on the processor.

    Args:
        seed: Of its weights.
        context_tokens: Prompt and reply together.
    """
    import torch
    from transformers import GenerationConfig, Qwen3VLConfig, Qwen3VLForConditionalGeneration

    words = tokenizer()
    number = words.convert_tokens_to_ids
    config = Qwen3VLConfig(
        text_config={
            "vocab_size": len(words),
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
            "head_dim": 32,
            "max_position_embeddings": context_tokens,
            "pad_token_id": number("<|endoftext|>"),
            "eos_token_id": number("<|im_end|>"),
            "bos_token_id": None,
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 10000.0,
                "mrope_section": [6, 5, 5],
                "mrope_interleaved": True,
            },
        },
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_heads": 2,
            "patch_size": _PATCH_PX,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
            "out_hidden_size": 64,
            "num_position_embeddings": 64,
            "deepstack_visual_indexes": [0],
        },
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
        tie_word_embeddings=False,
    )
    torch.manual_seed(seed)
    made = Qwen3VLForConditionalGeneration(config).to(torch.float32)
    made.generation_config = GenerationConfig(eos_token_id=number("<|im_end|>"), pad_token_id=number("<|endoftext|>"))
    return made


def tokenizer() -> Any:
    """Every byte is a token, so that any text can be said."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE(vocab={letter: number for number, letter in enumerate(letters)}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(word, special=True, normalized=False) for word in _SPECIALS])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=made,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        padding_side="left",
        model_max_length=CONTEXT_TOKENS,
    )
    fast.chat_template = _TEMPLATE
    return fast


def processor() -> Any:
    """Its processor, for texts and pictures; without the part for videos, which needs torchvision."""
    from transformers import Qwen2VLImageProcessor, Qwen3VLProcessor
    from transformers.processing_utils import ProcessorMixin

    class StillProcessor(Qwen3VLProcessor):  # type: ignore[misc]
        @classmethod
        def get_attributes(cls) -> list[str]:
            return ["image_processor", "tokenizer"]

        def __init__(
            self, image_processor: Any = None, tokenizer: Any = None, chat_template: str | None = None
        ) -> None:
            self.image_token, self.video_token = "<|image_pad|>", "<|video_pad|>"
            self.vision_start_token, self.vision_end_token = "<|vision_start|>", "<|vision_end|>"
            for name in ("image", "video", "vision_start", "vision_end"):
                setattr(self, f"{name}_token_id", tokenizer.convert_tokens_to_ids(getattr(self, f"{name}_token")))
            ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)
            self.video_processor = None

    # The name is how trainers and transformers tell a family of models.
    StillProcessor.__name__ = Qwen3VLProcessor.__name__
    pictures = Qwen2VLImageProcessor(
        patch_size=_PATCH_PX,
        temporal_patch_size=2,
        merge_size=2,
        size={"shortest_edge": 32 * 32, "longest_edge": _SIDE_PX * _SIDE_PX},
    )
    return StillProcessor(image_processor=pictures, tokenizer=tokenizer(), chat_template=_TEMPLATE)
