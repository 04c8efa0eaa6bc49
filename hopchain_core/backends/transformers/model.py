"""A vision-language model as transformers has it. Imported in the worker's process only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image as Pillow
from transformers import (
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
    LogitsProcessor,
    LogitsProcessorList,
)

from hopchain_core.backends.transformers.grammar import grammars_of


@dataclass(frozen=True, slots=True)
class Continuation:
    """One continuation.

    Attributes:
        text: Without special tokens.
        tokens: How many were made, the one that ends it included.
        is_whole: It ended by itself and was not cut off.
    """

    text: str
    tokens: int
    is_whole: bool


class Vlm:
    """The model on one device.

    Args:
        source: A local folder, or a name on the hub.
        device: Such as ``cuda:0``.
        dtype: float32, bfloat16 or float16.

    Raises:
        OSError: There is no such model.
        ValueError: It is of a kind that transformers cannot load.
    """

    def __init__(self, source: str, device: str, dtype: str) -> None:
        self.device = torch.device(device)
        self._model = (
            AutoModelForImageTextToText.from_pretrained(source, dtype=getattr(torch, dtype), use_safetensors=True)
            .to(self.device)
            .eval()
        )
        self._processor = _processor(source)
        self._ends = _ends_of(self._model.generation_config.eos_token_id)
        self._grammars = grammars_of(
            self._processor.tokenizer, self._ends, int(self._model.get_output_embeddings().weight.shape[0])
        )

    @property
    def context_tokens(self) -> int:
        """Prompt and continuation together at most."""
        config = self._model.config
        return int(getattr(config, "text_config", config).max_position_embeddings)

    @property
    def keeps_schema(self) -> bool:
        """Continuations can be held to a JSON schema: the package for it is installed."""
        return self._grammars is not None

    def chat(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        n: int,
        max_tokens: int,
        temperature: float,
        top_p: float,
        seed: int,
        schema: dict[str, Any] | None = None,
    ) -> tuple[list[Continuation], int]:
        """Continues a conversation n times; continuation i depends on ``seed + i`` and not on the others.

        Args:
            messages: Of ``role`` and ``content``; content is a list of ``{"type": "text", "text": …}`` and
                ``{"type": "image", "image": bytes}``.
            n: How many.
            max_tokens: Of each, as far as the context has room.
            temperature: 0 for the likeliest.
            top_p: Share of probability that is sampled from.
            seed: Of the first.
            schema: JSON schema they are held to, as far as `keeps_schema`; thinking comes before it, unbound.

        Returns:
            The continuations, and how many tokens the conversation has.

        Raises:
            ValueError: The conversation is longer than the model's context, or the schema holds what no grammar is
                known for.
        """
        inputs = self._processor.apply_chat_template(
            [_opened(message) for message in messages],
            tokenize=True,
            add_generation_prompt=True,
            return_dict=True,
            return_tensors="pt",
        ).to(self.device)
        length = int(inputs["input_ids"].shape[1])
        if length >= self.context_tokens:
            raise ValueError(f"maximum context length is {self.context_tokens} tokens, and the prompt has {length}")
        # As vLLM does: what does not fit in is cut off.
        max_tokens = min(max_tokens, self.context_tokens - length)
        rows = n if temperature > 0 else 1
        held = LogitsProcessorList()
        if schema is not None and self._grammars is not None:
            held.append(self._grammars.held(schema, rows, inputs["input_ids"][0].tolist()))
        how: dict[str, Any] = {"do_sample": False}
        if temperature > 0:
            held.append(_Drawn([seed + i for i in range(rows)], temperature, top_p))
            # The processor leaves one token to each row, so that "sampling" takes it. The picture is encoded once.
            how = {"do_sample": True, "num_return_sequences": rows, "temperature": 1.0, "top_k": 0, "top_p": 1.0}
        with torch.inference_mode():
            made = self._model.generate(**inputs, max_new_tokens=max_tokens, logits_processor=held, **how)
        read = [self._read(row[length:].tolist()) for row in made]
        return (read if temperature > 0 else read * n), length

    def _read(self, tokens: list[int]) -> Continuation:
        end = next((place for place, token in enumerate(tokens) if token in self._ends), None)
        own = tokens if end is None else tokens[: end + 1]
        text = self._processor.tokenizer.decode(own, skip_special_tokens=True)
        return Continuation(text=text, tokens=len(own), is_whole=end is not None)


class _Drawn(LogitsProcessor):  # type: ignore[misc]
    """Draws the next token of each row from a generator of its own, so that a row does not depend on its neighbours.

    By the Gumbel-max trick: the largest of logits plus Gumbel noise is a draw from their distribution.
    """

    def __init__(self, seeds: Sequence[int], temperature: float, top_p: float) -> None:
        # On the processor, so that a seed means the same on every card.
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._temperature = temperature
        self._top_p = top_p

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        logits = self._likeliest((scores.float() / self._temperature).cpu())
        noise = torch.stack([torch.rand(logits.shape[1], generator=g) for g in self._generators])
        gumbel = -torch.log(-torch.log(noise.clamp_(1e-20, 1 - 1e-7)))
        chosen = (logits + gumbel).argmax(dim=-1, keepdim=True).to(scores.device)
        return torch.full_like(scores, float("-inf")).scatter_(1, chosen, 0.0)

    def _likeliest(self, logits: torch.Tensor) -> torch.Tensor:
        if self._top_p >= 1:
            return logits
        ordered, order = logits.sort(dim=-1, descending=True)
        before = ordered.softmax(dim=-1).cumsum(dim=-1) - ordered.softmax(dim=-1)
        return logits.masked_fill((before >= self._top_p).gather(1, order.argsort(dim=-1)), float("-inf"))


def _opened(message: dict[str, Any]) -> dict[str, Any]:
    parts = []
    for part in message["content"]:
        if part["type"] == "image":
            parts.append({"type": "image", "image": Pillow.open(io.BytesIO(part["image"])).convert("RGB")})
        else:
            parts.append(part)
    return {"role": message["role"], "content": parts}


def _processor(source: str) -> Any:
    """The model's processor; without torchvision, one for pictures alone (its video half cannot be loaded then)."""
    try:
        return AutoProcessor.from_pretrained(source)
    except ImportError:
        from transformers import Qwen2VLImageProcessorPil, Qwen3VLProcessor

        class PicturesOnly(Qwen3VLProcessor):  # type: ignore[misc]
            def check_argument_for_proper_class(self, argument_name: str, argument: Any) -> Any:
                if argument_name == "video_processor":
                    return None
                return super().check_argument_for_proper_class(argument_name, argument)

        tokenizer = AutoTokenizer.from_pretrained(source)
        return PicturesOnly(
            image_processor=Qwen2VLImageProcessorPil.from_pretrained(source),
            tokenizer=tokenizer,
            video_processor=None,
            chat_template=tokenizer.chat_template,
        )


def _ends_of(tokens: int | Sequence[int] | None) -> frozenset[int]:
    if tokens is None:
        return frozenset()
    return frozenset([tokens] if isinstance(tokens, int) else tokens)
