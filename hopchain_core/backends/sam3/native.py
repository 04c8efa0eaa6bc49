"""SAM 3 as Meta's own package `sam3` has it. Imported in the worker's process only.

Source: github.com/facebookresearch/sam3, and its repackaging 0.1.4 as far as their interfaces go. Transformers is the usual way; this one is for who has the original checkpoint or trained with that package. It keeps the
features of a picture for all its phrases, takes one phrase at a time, and makes all masks of a phrase at full size
before we see them, so that large pictures with many instances need gigabytes. Points are asked of transformers. It
computes on a CUDA card only: parts of it are made on ``cuda`` whatever device is asked for.
"""

from __future__ import annotations

import contextlib
import sys
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as Pillow

from hopchain_core.backends.sam3.found import BoxPrompt, Found
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.errors import PrerequisiteError

CHECKPOINT = "sam3.pt"
"""Name of the original weights in a folder and on the hub."""
ON_THE_HUB = "facebook/sam3"
PICTURES_KEPT = 2
SIDE_PX = 1008


class NativeSam3:
    """The model on one device; see `model.Sam3`, whose `find` and `find_like` it has.

    Args:
        source: A checkpoint, a folder with ``sam3.pt``, or ``facebook/sam3`` for the hub.
        device: Such as ``cuda:0``.
        dtype: float32, bfloat16 or float16; but for float32 it computes under autocast, as Meta's examples do.

    Raises:
        PrerequisiteError: The package is not installed, lacks what it imports, or finds no card.
        OSError: There is no such checkpoint, or it is gated and no access was given.
    """

    side_px = SIDE_PX

    def __init__(self, source: str, device: str, dtype: str) -> None:
        build, processor = _package()
        self.device = torch.device(device)
        self.dtype: torch.dtype = getattr(torch, dtype)
        checkpoint = checkpoint_of(source)
        if self.device.type == "cuda":
            # It knows the word "cuda" alone, which is the card chosen here; of "cuda:1" it would leave its weights
            # on the processor.
            torch.cuda.set_device(self.device)
        place = self.device.type
        try:
            model = build(
                device=place,
                eval_mode=True,
                checkpoint_path=checkpoint,
                load_from_HF=checkpoint is None,
                enable_segmentation=True,
                enable_inst_interactivity=False,
            )
        except (AssertionError, RuntimeError) as error:
            if torch.cuda.is_available():
                raise
            raise PrerequisiteError(
                f"The package sam3 computes on a CUDA card, and there is none ({str(error).splitlines()[0]}).",
                hint="Set the profile's package to transformers, which computes on the processor too.",
            ) from error
        self._processor = processor(model, resolution=SIDE_PX, device=place)
        self._pictures: OrderedDict[Hashable, dict[str, Any]] = OrderedDict()

    def encode(self, pictures: Sequence[tuple[NDArray[np.uint8], Hashable]], *, keep: int = PICTURES_KEPT) -> None:
        """Nothing is gained together here: the package asks its prompts of the first picture of a batch only."""

    def find(
        self,
        pixels: NDArray[np.uint8],
        phrases: Sequence[str],
        *,
        key: Hashable = None,
        score_from: float = 0.5,
        mask_from: float = 0.5,
        phrases_at_once: int = 1,
    ) -> list[list[Found]]:
        """Every instance of each phrase; `phrases_at_once` is 1 whatever is asked. See `model.Sam3.find`.

        Shapes:
            pixels: uint8, (H, W, 3), RGB
        """
        found = []
        with self._computing():
            state = self._seen(pixels, key)
            self._processor.set_confidence_threshold(score_from)
            for phrase in phrases:
                self._processor.reset_all_prompts(state)
                found.append(_read(self._processor.set_text_prompt(prompt=phrase, state=state), mask_from))
            self._processor.reset_all_prompts(state)
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
        """Everything of the kind that boxes show, and a phrase names if one is given. See `model.Sam3.find_like`.

        Shapes:
            pixels: uint8, (H, W, 3), RGB
        """
        height, width = pixels.shape[:2]
        with self._computing():
            state = self._seen(pixels, key)
            self._processor.set_confidence_threshold(score_from)
            self._processor.reset_all_prompts(state)
            if phrase:
                state = self._processor.set_text_prompt(prompt=phrase, state=state)
            for prompt in boxes:
                state = self._processor.add_geometric_prompt(
                    box=prompt.relative(width, height), label=prompt.is_inside, state=state
                )
            found = _read(state, mask_from)
            self._processor.reset_all_prompts(state)
        return found

    def _seen(self, pixels: NDArray[np.uint8], key: Hashable) -> dict[str, Any]:
        if key is not None and key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key]
        # As Pillow: of an array the package reads height and width from the wrong ends.
        state: dict[str, Any] = self._processor.set_image(Pillow.fromarray(pixels))
        if key is not None:
            self._pictures[key] = state
            while len(self._pictures) > PICTURES_KEPT:
                self._pictures.popitem(last=False)
        return state

    def _computing(self) -> contextlib.AbstractContextManager[Any]:
        if self.dtype is torch.float32:
            return contextlib.nullcontext()
        computing: contextlib.AbstractContextManager[Any] = torch.autocast(self.device.type, dtype=self.dtype)
        return computing


def checkpoint_of(source: str) -> str | None:
    """The file of weights that a source means; None for those on the hub.

    Raises:
        OSError: The folder holds none.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        if not (path / CHECKPOINT).is_file():
            raise FileNotFoundError(f"there is no {CHECKPOINT} in it; model.safetensors is for transformers")
        return str(path / CHECKPOINT)
    if path.is_file():
        return str(path)
    if source != ON_THE_HUB:
        raise FileNotFoundError(f"it is neither a checkpoint, nor a folder with {CHECKPOINT}, nor {ON_THE_HUB}")
    return None


def _read(state: dict[str, Any], mask_from: float) -> list[Found]:
    """What stands in a state after a prompt, by falling score."""
    scores = state["scores"].float().cpu()
    found = []
    for place in torch.argsort(scores, descending=True).tolist():
        # Called logits there, and probabilities in truth.
        bitmap = (state["masks_logits"][place, 0] > mask_from).cpu().numpy()
        x0, y0, x1, y1 = state["boxes"][place].float().cpu().tolist()
        box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        found.append(Found(float(scores[place]), Mask.from_bitmap(bitmap), box))
    return found


def _package() -> tuple[Any, Any]:
    try:
        from sam3.model.sam3_image_processor import Sam3Processor
        from sam3.model_builder import build_sam3_image_model
    except ImportError as error:
        raise PrerequisiteError(
            f"The package sam3 cannot be imported by {sys.executable} ({error}).",
            hint="Run: hopchain models setup sam3-native --from FOLDER, with a checkout of github.com/facebookresearch/sam3;"
            " or set the profile's package to transformers.",
        ) from error
    return build_sam3_image_model, Sam3Processor
