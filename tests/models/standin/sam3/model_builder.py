"""As the package's own builder is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any


class Model:
    def __init__(self, device: str) -> None:
        self.device = device
        self.looked_at = 0


def build_sam3_image_model(
    bpe_path: str | None = None,
    device: str = "cuda",
    eval_mode: bool = True,
    checkpoint_path: str | None = None,
    load_from_HF: bool = True,  # noqa: N803 - its name there
    enable_segmentation: bool = True,
    enable_inst_interactivity: bool = False,
    compile: bool = False,
) -> Any:
    if checkpoint_path is None:
        raise OSError("the hub cannot be reached")
    if Path(checkpoint_path).read_bytes() != b"weights":
        raise ValueError("these are no weights")
    return Model(device)
