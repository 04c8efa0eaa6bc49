"""As the package's own processor answers: results stand in the state, and a new phrase overwrites the last.

A phrase of n letters is found n times: as columns of the picture, the first with the highest score. A box shows one
thing: itself.
"""

from __future__ import annotations

from typing import Any

import PIL.Image
import torch


class Sam3Processor:
    def __init__(
        self, model: Any, resolution: int = 1008, device: str = "cuda", confidence_threshold: float = 0.5
    ) -> None:
        self.model = model
        self.device = device
        self.confidence_threshold = confidence_threshold

    def set_image(self, image: Any, state: dict[str, Any] | None = None) -> dict[str, Any]:
        if not isinstance(image, PIL.Image.Image):
            raise ValueError("Image must be a PIL image or a tensor")
        self.model.looked_at += 1
        width, height = image.size
        return {"original_height": height, "original_width": width, "backbone_out": {}}

    def set_text_prompt(self, prompt: str, state: dict[str, Any]) -> dict[str, Any]:
        state["backbone_out"]["language_features"] = prompt
        state.setdefault("geometric_prompt", [])
        return self._forward_grounding(state)

    def add_geometric_prompt(self, box: list[float], label: bool, state: dict[str, Any]) -> dict[str, Any]:
        state["backbone_out"].setdefault("language_features", "visual")
        state.setdefault("geometric_prompt", []).append((box, label))
        return self._forward_grounding(state)

    def reset_all_prompts(self, state: dict[str, Any]) -> None:
        state["backbone_out"].pop("language_features", None)
        for key in ("geometric_prompt", "boxes", "masks", "masks_logits", "scores"):
            state.pop(key, None)

    def set_confidence_threshold(self, threshold: float, state: dict[str, Any] | None = None) -> Any:
        self.confidence_threshold = threshold
        return state if state is None or "boxes" not in state else self._forward_grounding(state)

    def _forward_grounding(self, state: dict[str, Any]) -> dict[str, Any]:
        height, width = state["original_height"], state["original_width"]
        shown = [box for box, label in state["geometric_prompt"] if label]
        if shown:
            boxes = torch.tensor([[x - w / 2, y - h / 2, x + w / 2, y + h / 2] for x, y, w, h in shown])
        else:
            count = len(state["backbone_out"]["language_features"])
            boxes = torch.tensor([[n / count, 0.25, (n + 0.75) / count, 0.75] for n in range(count)]).reshape(-1, 4)
        boxes = boxes * torch.tensor([width, height, width, height])
        scores = 0.9 - 0.1 * torch.arange(len(boxes), dtype=torch.float32)
        masks = torch.zeros((len(boxes), 1, height, width))
        for place, (x0, y0, x1, y1) in enumerate(boxes.round().int().tolist()):
            masks[place, 0, y0:y1, x0:x1] = 0.8
        keep = scores > self.confidence_threshold
        state["masks_logits"] = masks[keep].to(torch.bfloat16)
        state["masks"] = masks[keep] > 0.5
        state["boxes"], state["scores"] = boxes[keep], scores[keep]
        return state
