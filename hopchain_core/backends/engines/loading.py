"""Loads a model in a worker, with what can go wrong there said in words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from hopchain_core.errors import PrerequisiteError

Model = TypeVar("Model")


def loaded(
    name: str,
    kind: Callable[[], Callable[[str, str, str], Model]],
    source: str,
    device: str,
    dtype: str,
    *,
    engine: str,
    hint: str,
) -> Model:
    """Makes a model.

    Args:
        name: What it is called in errors.
        kind: Imports its class, which takes source, device and dtype.
        source: A local folder, or a name on the hub.
        device: Such as ``cuda:0``; ``auto`` takes a card where there is one.
        dtype: ``auto`` takes bfloat16 on a card and float32 on the processor.
        engine: Whose environment brings what it needs.
        hint: What to do when it cannot be loaded.

    Raises:
        PrerequisiteError: Its packages are not installed here, or there is no such model.
    """
    try:
        import torch

        make = kind()
    except ImportError as error:
        raise PrerequisiteError(
            f"{name} needs torch and transformers, and {sys.executable} cannot import them ({error}).",
            hint=f"Set up an environment (hopchain models setup {engine}), or correct the Python of the profile.",
        ) from error
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if dtype == "auto":
        dtype = "bfloat16" if device.startswith("cuda") else "float32"
    try:
        return make(source, device, dtype)
    except (OSError, ValueError) as error:
        raise PrerequisiteError(
            f"{name} cannot be loaded from {source}: {str(error).splitlines()[0]}", hint=hint
        ) from error
