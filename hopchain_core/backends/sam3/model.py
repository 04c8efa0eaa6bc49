"""SAM 3 as transformers (5.6 and later) has it. Imported in the worker's process only.

Source: SAM 3 (arXiv 2511.16719). One pass of the vision encoder serves all the phrases asked of a picture; features of
phrases serve all pictures. torchvision is not needed: its one use in the model (pooling over boxes) is replaced.
"""

from __future__ import annotations

import math
import sys
import types
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import avg_pool2d, grid_sample, interpolate
from transformers import AutoTokenizer, Sam3Model
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.models.sam3.modeling_sam3 import Sam3VisionEncoderOutput

from hopchain_core.backends.sam3.found import BoxPrompt, Found
from hopchain_core.domain.geometry import Box, Mask

PHRASE_TOKENS = 32
"""What the text encoder takes; longer phrases are cut."""
NO_PHRASE = "visual"
"""What the model is told where boxes alone say what is meant; its processor does the same."""
PICTURES_KEPT = 2
"""Encoded pictures in memory: about 120 MB each in bfloat16 at 1008 x 1008."""
PHRASES_KEPT = 4096


class Sam3:
    """The model on one device.

    Args:
        source: A local folder, or a name on the hub.
        device: Such as ``cuda:0``.
        dtype: float32, bfloat16 or float16.

    Raises:
        OSError: There is no such model, or it is gated and no access was given.
    """

    def __init__(self, source: str, device: str, dtype: str) -> None:
        _replace_box_pooling()
        self.device = torch.device(device)
        self.dtype: torch.dtype = getattr(torch, dtype)
        self._model = Sam3Model.from_pretrained(source, dtype=self.dtype, use_safetensors=True).to(self.device).eval()
        self._tokenizer = AutoTokenizer.from_pretrained(source)
        self.side_px = int(self._model.config.vision_config.backbone_config.image_size)
        self._pictures: OrderedDict[Hashable, Sam3VisionEncoderOutput] = OrderedDict()
        self._phrases: OrderedDict[str, tuple[torch.Tensor, torch.Tensor]] = OrderedDict()

    def find(
        self,
        pixels: NDArray[np.uint8],
        phrases: Sequence[str],
        *,
        key: Hashable = None,
        score_from: float = 0.5,
        mask_from: float = 0.5,
        phrases_at_once: int = 8,
    ) -> list[list[Found]]:
        """Every instance of each phrase.

        Args:
            pixels: The picture.
            phrases: Short noun phrases.
            key: Tells the picture, so that it is encoded once; None to keep nothing.
            score_from: Least score.
            mask_from: Least probability of a pixel that belongs.
            phrases_at_once: In one pass of the heads; memory grows with it.

        Shapes:
            pixels: uint8, (H, W, 3), RGB

        Returns:
            For each phrase what was found, by falling score.
        """
        height, width = pixels.shape[:2]
        found: list[list[Found]] = []
        with torch.inference_mode():
            vision = self._encoded(pixels, key)
            for first in range(0, len(phrases), phrases_at_once):
                some = phrases[first : first + phrases_at_once]
                text, attention = self._understood(some)
                seen = self._model(
                    vision_embeds=_for_each(vision, len(some)), text_embeds=text, attention_mask=attention
                )
                found += [self._read(seen, row, height, width, score_from, mask_from) for row in range(len(some))]
        return found

    def find_like(
        self,
        pixels: NDArray[np.uint8],
        boxes: Sequence[BoxPrompt],
        *,
        phrase: str = "",
        key: Hashable = None,
        score_from: float = 0.5,
        mask_from: float = 0.5,
    ) -> list[Found]:
        """Everything of the kind that boxes show, and a phrase names if one is given.

        Shapes:
            pixels: uint8, (H, W, 3), RGB
        """
        height, width = pixels.shape[:2]
        relative = [prompt.relative(width, height) for prompt in boxes]
        with torch.inference_mode():
            text, attention = self._understood([phrase or NO_PHRASE])
            seen = self._model(
                vision_embeds=self._encoded(pixels, key),
                text_embeds=text,
                attention_mask=attention,
                input_boxes=torch.tensor([relative], dtype=self.dtype, device=self.device),
                input_boxes_labels=torch.tensor([[int(b.is_inside) for b in boxes]], device=self.device),
            )
            return self._read(seen, 0, height, width, score_from, mask_from)

    def features(self, pixels: NDArray[np.uint8], key: Hashable) -> torch.Tensor:
        """What the vision backbone makes of a picture: the same pass serves words, boxes and points.

        Shapes:
            pixels: uint8, (H, W, 3), RGB
            returns: (1, patches, width of the backbone)
        """
        with torch.inference_mode():
            features: torch.Tensor = self._encoded(pixels, key).last_hidden_state
        return features

    def encode(self, pictures: Sequence[tuple[NDArray[np.uint8], Hashable]], *, keep: int = PICTURES_KEPT) -> None:
        """Looks at several pictures in one pass, and keeps what it made of them for the questions that follow.

        Args:
            pictures: Pixels, uint8, (H, W, 3), RGB, each with its key.
            keep: How many pictures are kept at most, these and those before.
        """
        new = {key: pixels for pixels, key in pictures if key not in self._pictures}
        if not new:
            return
        with torch.inference_mode():
            prepared = torch.cat([prepared_picture(pixels, self.side_px) for pixels in new.values()])
            encoded = self._model.get_vision_features(pixel_values=prepared.to(self.device, self.dtype))
            for place, key in enumerate(new):
                self._keep(key, _one_of(encoded, place), most=max(keep, len(pictures)))

    def _encoded(self, pixels: NDArray[np.uint8], key: Hashable) -> Sam3VisionEncoderOutput:
        if key is not None and key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key]
        prepared = prepared_picture(pixels, self.side_px).to(self.device, self.dtype)
        encoded = self._model.get_vision_features(pixel_values=prepared)
        if key is not None:
            self._keep(key, encoded, most=PICTURES_KEPT)
        return encoded

    def _keep(self, key: Hashable, encoded: Sam3VisionEncoderOutput, *, most: int) -> None:
        self._pictures[key] = encoded
        while len(self._pictures) > most:
            self._pictures.popitem(last=False)

    def _understood(self, phrases: Sequence[str]) -> tuple[Any, torch.Tensor]:
        """Features and attention of phrases together; those not met before are worked out in one pass."""
        new = [phrase for phrase in dict.fromkeys(phrases) if phrase not in self._phrases]
        if new:
            tokens = self._tokenizer(
                new, padding="max_length", max_length=PHRASE_TOKENS, truncation=True, return_tensors="pt"
            ).to(self.device)
            understood = self._model.get_text_features(**tokens)
            for row, phrase in enumerate(new):
                self._phrases[phrase] = understood.pooler_output[row : row + 1], tokens["attention_mask"][row : row + 1]
        kept = [self._phrases[phrase] for phrase in phrases]
        for phrase in phrases:
            self._phrases.move_to_end(phrase)
        while len(self._phrases) > PHRASES_KEPT:
            self._phrases.popitem(last=False)
        # The model wants the whole output of its text encoder, and looks at this part of it.
        features = BaseModelOutputWithPooling(pooler_output=torch.cat([each for each, _ in kept]))
        return features, torch.cat([attention for _, attention in kept])

    def _read(self, seen: Any, row: int, height: int, width: int, score_from: float, mask_from: float) -> list[Found]:
        scores = (seen.pred_logits[row].sigmoid() * seen.presence_logits[row].sigmoid()).float()
        order = torch.argsort(scores, descending=True)
        kept = [int(place) for place in order if float(scores[place]) > score_from]
        size = torch.tensor([width, height, width, height])
        found = []
        for place in kept:
            x0, y0, x1, y1 = (seen.pred_boxes[row][place].float().cpu() * size).tolist()
            # One at a time: a hundred masks of 12 megapixels together would take gigabytes.
            mask = full_mask(seen.pred_masks[row][place], height, width, mask_from)
            box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            found.append(Found(float(scores[place]), mask, box))
        return found


def prepared_picture(pixels: NDArray[np.uint8], side_px: int) -> torch.Tensor:
    """A picture as the encoder takes it: square whatever its shape, values in [-1, 1].

    Shapes:
        pixels: uint8, (H, W, 3), RGB
        returns: float32, (1, 3, side_px, side_px)
    """
    image = torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)[None].float()
    small = interpolate(image, size=(side_px, side_px), mode="bilinear", align_corners=False, antialias=True)
    # Its own processor shrinks whole numbers and rounds.
    return (small.round().clamp(0, 255) / 255.0 - 0.5) / 0.5


def full_mask(logits: torch.Tensor, height: int, width: int, mask_from: float) -> Mask:
    """The mask of one instance in pixels of the picture.

    Shapes:
        logits: (h, w), of the model's own grid
    """
    probabilities = logits.float().sigmoid()[None, None]
    full = interpolate(probabilities, size=(height, width), mode="bilinear", align_corners=False)[0, 0]
    return Mask.from_bitmap((full > mask_from).cpu().numpy())


def _one_of(vision: Sam3VisionEncoderOutput, place: int) -> Sam3VisionEncoderOutput:
    """The features of one picture of several, on their own, so that the others' memory can be given back."""
    own = slice(place, place + 1)
    return Sam3VisionEncoderOutput(
        last_hidden_state=vision.last_hidden_state[own].clone(),
        fpn_hidden_states=tuple(level[own].clone() for level in vision.fpn_hidden_states),
        # The same for every picture.
        fpn_position_encoding=tuple(level[:1] for level in vision.fpn_position_encoding),
    )


def _for_each(vision: Sam3VisionEncoderOutput, count: int) -> Sam3VisionEncoderOutput:
    """One picture's features, seen by several phrases; nothing is copied."""
    return Sam3VisionEncoderOutput(
        last_hidden_state=vision.last_hidden_state,
        fpn_hidden_states=tuple(level.expand(count, -1, -1, -1) for level in vision.fpn_hidden_states),
        fpn_position_encoding=tuple(level.expand(count, -1, -1, -1) for level in vision.fpn_position_encoding),
    )


def box_pooling(features: torch.Tensor, boxes: Sequence[torch.Tensor], side: int) -> torch.Tensor:
    """Averages features over a grid of `side` x `side` cells in each box.

    What torchvision calls `roi_align` with ``aligned=False`` and adaptive sampling.

    Shapes:
        features: (B, C, H, W)
        boxes: B tensors (N, 4), x0 y0 x1 y1 in cells of the features
        returns: (sum of N, C, side, side)
    """
    side = int(side)
    height, width = features.shape[-2:]
    plain = features.float()
    pooled = []
    for place, own in enumerate(boxes):
        for x0, y0, x1, y1 in own.float().tolist():
            step_x, step_y = max(x1 - x0, 1.0) / side, max(y1 - y0, 1.0) / side
            count_x, count_y = max(math.ceil(step_x), 1), max(math.ceil(step_y), 1)
            xs = x0 + (torch.arange(side * count_x, device=features.device) + 0.5) * (step_x / count_x)
            ys = y0 + (torch.arange(side * count_y, device=features.device) + 0.5) * (step_y / count_y)
            is_in = ((ys >= -1) & (ys <= height))[:, None] & ((xs >= -1) & (xs <= width))[None, :]
            grid_y, grid_x = torch.meshgrid(
                2 * ys / max(height - 1, 1) - 1, 2 * xs / max(width - 1, 1) - 1, indexing="ij"
            )
            sampled = grid_sample(
                plain[place : place + 1],
                torch.stack([grid_x, grid_y], dim=-1)[None],
                mode="bilinear",
                padding_mode="border",
                align_corners=True,
            )
            pooled.append(avg_pool2d(sampled * is_in, (count_y, count_x))[0])
    whole = torch.stack(pooled) if pooled else plain.new_zeros((0, features.shape[1], side, side))
    return whole.to(features.dtype)


def _replace_box_pooling() -> None:
    """Gives the model our pooling where torchvision is not installed."""
    module = sys.modules[Sam3Model.__module__]
    if not hasattr(module, "torchvision"):
        module.torchvision = types.SimpleNamespace(ops=types.SimpleNamespace(roi_align=box_pooling))  # type: ignore[attr-defined]
