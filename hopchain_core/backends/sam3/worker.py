"""The process that SAM 3 runs in: ``python -m hopchain_core.backends.sam3.worker``."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hopchain_core.backends.engines.loading import loaded
from hopchain_core.backends.engines.serving import serve
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.pictures.decode import read_rgb

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hopchain_core.backends.sam3.model import Found, Sam3
    from hopchain_core.backends.sam3.points import Sam3Points


@functools.lru_cache(maxsize=1)
def _model(source: str, device: str, dtype: str) -> Sam3:
    def kind() -> type[Sam3]:
        from hopchain_core.backends.sam3.model import Sam3

        return Sam3

    hint = "Name the folder that holds its model.safetensors. Its weights are gated: ask for them at huggingface.co/facebook/sam3."
    return loaded("SAM 3", kind, source, device, dtype, engine="sam3", hint=hint)


@functools.lru_cache(maxsize=1)
def _points(source: str, device: str, dtype: str) -> Sam3Points:
    model = _model(source, device, dtype)
    from hopchain_core.backends.sam3.points import Sam3Points

    return Sam3Points(model, source)


@functools.lru_cache(maxsize=2)
def _picture(path: str, key: str) -> NDArray[np.uint8]:
    return read_rgb(Path(path))


def _find(call: dict[str, Any]) -> dict[str, Any]:
    model = _model(*call["model"])
    pixels = _picture(call["path"], call["key"])
    boxes = call.get("boxes")
    how = {"key": call["key"], "score_from": call["score_from"], "mask_from": call["mask_from"]}
    if boxes is not None:
        from hopchain_core.backends.sam3.model import BoxPrompt

        prompts = [BoxPrompt(Box(*box), is_inside) for box, is_inside in boxes]
        found = [model.find_like(pixels, prompts, phrase=call["phrases"][0], **how)]
    else:
        found = _in_memory(model, pixels, call["phrases"], call["phrases_at_once"], how)
    return {"found": [[_as_json(one) for one in of_phrase] for of_phrase in found]}


def _find_at(call: dict[str, Any]) -> dict[str, Any]:
    model = _points(*call["model"])
    from hopchain_core.backends.sam3.points import PointPrompt

    points = [PointPrompt(Point(x, y), bool(is_inside)) for x, y, is_inside in call["points"]]
    box = Box(*call["box"]) if call["box"] is not None else None
    pixels = _picture(call["path"], call["key"])
    found = model.find(pixels, points, box=box, key=call["key"], mask_from=call["mask_from"])
    return {"found": [[_as_json(one) for one in found]]}


def _in_memory(
    model: Sam3, pixels: NDArray[np.uint8], phrases: list[str], at_once: int, how: dict[str, Any]
) -> list[list[Found]]:
    """Asks for as many phrases at once as the card has room for."""
    import torch

    while True:
        try:
            return model.find(pixels, phrases, phrases_at_once=at_once, **how)
        except torch.cuda.OutOfMemoryError:
            if at_once == 1:
                raise
            at_once = max(1, at_once // 2)
            torch.cuda.empty_cache()


def _load(call: dict[str, Any]) -> dict[str, Any]:
    model = _model(*call["model"])
    return {"device": str(model.device), "dtype": str(model.dtype).removeprefix("torch."), "side_px": model.side_px}


def _as_json(found: Found) -> dict[str, Any]:
    return {
        "score": found.score,
        "box": list(found.box.as_tuple()),
        "size": [found.mask.height_px, found.mask.width_px],
        "counts": found.mask.counts,
    }


if __name__ == "__main__":
    serve({"find": _find, "find_at": _find_at, "load": _load})
