"""The process that SAM 3 runs in: ``python -m hopchain_core.backends.sam3.worker``."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hopchain_core.backends.engines.loading import loaded
from hopchain_core.backends.engines.serving import serve
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.errors import ItemError, PrerequisiteError
from hopchain_core.pictures.decode import read_rgb

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hopchain_core.backends.sam3.found import Found
    from hopchain_core.backends.sam3.model import Sam3
    from hopchain_core.backends.sam3.native import NativeSam3
    from hopchain_core.backends.sam3.points import Sam3Points

NATIVE = "native"
Picture = tuple["NDArray[np.uint8]", str]


@functools.lru_cache(maxsize=1)
def _model(source: str, device: str, dtype: str, package: str = "") -> Sam3 | NativeSam3:
    if package == NATIVE:
        hint = (
            "Name its sam3.pt, the folder that holds it, or facebook/sam3. Its weights are gated: ask for them there."
        )
        return loaded("SAM 3", _native, source, device, dtype, engine="sam3-native --from FOLDER", hint=hint)
    hint = "Name the folder that holds its model.safetensors. Its weights are gated: ask for them at huggingface.co/facebook/sam3."
    return loaded("SAM 3", _usual, source, device, dtype, engine="sam3", hint=hint)


def _usual() -> type[Sam3]:
    from hopchain_core.backends.sam3.model import Sam3

    return Sam3


def _native() -> type[NativeSam3]:
    from hopchain_core.backends.sam3.native import NativeSam3

    return NativeSam3


@functools.lru_cache(maxsize=1)
def _points(source: str, device: str, dtype: str, package: str = "") -> Sam3Points:
    if package == NATIVE:
        raise PrerequisiteError(
            "Points are not asked of the package sam3.", hint="Set the profile's package to transformers, or use a box."
        )
    model = _model(source, device, dtype)
    from hopchain_core.backends.sam3.model import Sam3
    from hopchain_core.backends.sam3.points import Sam3Points

    assert isinstance(model, Sam3)
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
        from hopchain_core.backends.sam3.found import BoxPrompt

        prompts = [BoxPrompt(Box(*box), is_inside) for box, is_inside in boxes]
        found = [model.find_like(pixels, prompts, phrase=call["phrases"][0], **how)]
    else:
        found = _in_memory(model, pixels, call["phrases"], call["phrases_at_once"], how)
    return {"found": [[_as_json(one) for one in of_phrase] for of_phrase in found]}


def _find_many(call: dict[str, Any]) -> dict[str, Any]:
    """The phrases of several pictures, each its own; a picture that cannot be read is said so and costs no other."""
    model = _model(*call["model"])
    how = {"score_from": call["score_from"], "mask_from": call["mask_from"]}
    opened: dict[str, NDArray[np.uint8]] = {}
    replies: list[dict[str, Any]] = []
    for asked in call["pictures"]:
        try:
            opened[asked["key"]] = read_rgb(Path(asked["path"]))
        except ItemError as error:
            replies.append({"error": {"kind": error.kind, "message": str(error)}})
        else:
            replies.append({})
    _encode(model, [(pixels, key) for key, pixels in opened.items()])
    for asked, reply in zip(call["pictures"], replies, strict=True):
        if not reply:
            pixels, at_once = opened[asked["key"]], call["phrases_at_once"]
            found = _in_memory(model, pixels, asked["phrases"], at_once, {**how, "key": asked["key"]})
            reply["found"] = [[_as_json(one) for one in of_phrase] for of_phrase in found]
    return {"pictures": replies}


def _encode(model: Sam3 | NativeSam3, pictures: list[Picture]) -> None:
    """Looks at as many pictures at once as the card has room for; where not even two fit, at none ahead."""
    import torch

    at_once = len(pictures)
    while at_once > 1:
        try:
            for first in range(0, len(pictures), at_once):
                model.encode(pictures[first : first + at_once], keep=len(pictures))
        except torch.cuda.OutOfMemoryError:
            at_once //= 2
            torch.cuda.empty_cache()
        else:
            return


def _find_at(call: dict[str, Any]) -> dict[str, Any]:
    model = _points(*call["model"])
    from hopchain_core.backends.sam3.points import PointPrompt

    points = [PointPrompt(Point(x, y), bool(is_inside)) for x, y, is_inside in call["points"]]
    box = Box(*call["box"]) if call["box"] is not None else None
    pixels = _picture(call["path"], call["key"])
    found = model.find(pixels, points, box=box, key=call["key"], mask_from=call["mask_from"])
    return {"found": [[_as_json(one) for one in found]]}


def _in_memory(
    model: Sam3 | NativeSam3, pixels: NDArray[np.uint8], phrases: list[str], at_once: int, how: dict[str, Any]
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
    serve({"find": _find, "find_many": _find_many, "find_at": _find_at, "load": _load})
