"""SAM 3's tracker as transformers has it: points and a box say which one thing is meant. Imported in the worker only.

It shares the vision encoder of the model for words, and with it the pass over a picture: only its neck and its decoder
are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoConfig, Sam3TrackerConfig, Sam3TrackerModel
from transformers.modeling_outputs import BaseModelOutput

from hopchain_core.backends.sam3.found import Found
from hopchain_core.backends.sam3.model import full_mask
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.errors import PrerequisiteError

if TYPE_CHECKING:
    from hopchain_core.backends.sam3.model import Sam3

NAMES = {
    r"^detector_model\.vision_encoder\.backbone\.": "vision_encoder.backbone.",
    r"^tracker_neck\.": "vision_encoder.neck.",
    r"^tracker_model\.": "",
}
"""What the tracker's weights are called in a whole folder; transformers itself knows it from some versions on only."""


@dataclass(frozen=True, slots=True)
class PointPrompt:
    """A place that belongs to what is meant, or does not."""

    at: Point
    is_inside: bool


class _Passed(torch.nn.Module):  # type: ignore[misc]
    """Stands in for the vision backbone, and gives what it gave before."""

    def __init__(self) -> None:
        super().__init__()
        self.features: torch.Tensor | None = None

    def forward(self, pixel_values: torch.Tensor, **more: Any) -> BaseModelOutput:
        return BaseModelOutput(last_hidden_state=self.features)


class Sam3Points:
    """The tracker beside the model for words, from the same weights.

    Args:
        sam3: Whose vision encoder it shares.
        source: A local folder, or a name on the hub: the same as of `sam3`.

    Raises:
        PrerequisiteError: The weights hold no tracker.
    """

    def __init__(self, sam3: Sam3, source: str) -> None:
        self._sam3 = sam3
        loaded, told = Sam3TrackerModel.from_pretrained(
            source,
            config=tracker_config(source),
            dtype=sam3.dtype,
            use_safetensors=True,
            output_loading_info=True,
            key_mapping=NAMES,
        )
        # Of the backbone only these weights are looked at: it is that of the model for words.
        own = [name for name in told["missing_keys"] if not name.startswith("vision_encoder.backbone.")]
        if own:
            raise PrerequisiteError(
                f"The weights in {source} have no tracker, so points cannot be used.",
                hint="Use a word or a box, or a folder with all of facebook/sam3.",
            )
        self._passed = _Passed()
        loaded.vision_encoder.backbone = self._passed
        self._model = loaded.to(sam3.device).eval()

    def find(
        self,
        pixels: NDArray[np.uint8],
        points: Sequence[PointPrompt],
        *,
        box: Box | None = None,
        key: str | None = None,
        mask_from: float = 0.5,
    ) -> list[Found]:
        """The one thing that is meant.

        Args:
            pixels: The picture.
            points: In pixels of the picture; at least one, or a box.
            box: Round what is meant.
            key: Tells the picture, so that it is encoded once.
            mask_from: Least probability of a pixel that belongs.

        Shapes:
            pixels: uint8, (H, W, 3), RGB

        Returns:
            The best mask, with the overlap the model believes it has as its score; empty where it covers nothing.
        """
        height, width = pixels.shape[:2]
        side = self._sam3.side_px
        scale = np.array([side / width, side / height])
        asked: dict[str, torch.Tensor] = {}
        if points:
            places = np.array([(p.at.x, p.at.y) for p in points]) * scale
            asked["input_points"] = self._tensor([[places.tolist()]])
            labels = [[[int(p.is_inside) for p in points]]]
            asked["input_labels"] = torch.tensor(labels, dtype=torch.int32, device=self._sam3.device)
        if box is not None:
            corners = np.array(box.as_tuple()).reshape(2, 2) * scale
            asked["input_boxes"] = self._tensor([[corners.ravel().tolist()]])
        with torch.inference_mode():
            # One point alone may mean a part or the whole: the model gives three masks, and the surest is taken.
            is_vague = len(points) == 1 and box is None
            seen = self._model(image_embeddings=self._embedded(pixels, key), multimask_output=is_vague, **asked)
            scores = seen.iou_scores[0, 0].float()
            best = int(scores.argmax())
            mask = full_mask(seen.pred_masks[0, 0, best], height, width, mask_from)
        score = min(1.0, max(0.0, float(scores[best])))
        return [Found(score, mask, mask.box())] if mask.area else []

    def _embedded(self, pixels: NDArray[np.uint8], key: str | None) -> list[torch.Tensor]:
        side = self._sam3.side_px
        self._passed.features = self._sam3.features(pixels, key)
        # Only the shape of the picture is looked at here.
        blank = torch.empty((1, 3, side, side), device="meta")
        try:
            embeddings: list[torch.Tensor] = self._model.get_image_embeddings(blank)
            return embeddings
        finally:
            self._passed.features = None

    def _tensor(self, values: object) -> torch.Tensor:
        return torch.tensor(values, dtype=self._sam3.dtype, device=self._sam3.device)


def tracker_config(source: str) -> Sam3TrackerConfig | None:
    """The tracker's part of a folder's configuration, under the tracker's own name; None where it says nothing of it."""
    whole = AutoConfig.from_pretrained(source)
    part = getattr(whole, "tracker_config", None)
    if part is None:
        return Sam3TrackerConfig.from_pretrained(source) if whole.model_type == "sam3_tracker" else None
    known = part if isinstance(part, dict) else part.to_dict()
    parts = ("vision_config", "prompt_encoder_config", "mask_decoder_config")
    return Sam3TrackerConfig(**{name: known[name] for name in parts})
