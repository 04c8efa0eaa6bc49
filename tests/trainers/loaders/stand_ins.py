"""What the programs beside it put in the place of packages that are not needed for pictures."""

import importlib
import sys
import types


def without_torchvision():
    """Lets `qwen_vl_utils` be imported, which wants torchvision for videos only.

    The torchvision on PyPI does not go with a torch for the processor. Call it after transformers and datasets have
    looked for the real one.
    """
    io, transforms = types.ModuleType("torchvision.io"), types.ModuleType("torchvision.transforms")
    transforms.InterpolationMode = types.SimpleNamespace(BICUBIC="bicubic")
    sys.modules |= {
        "torchvision": types.ModuleType("torchvision"),
        "torchvision.io": io,
        "torchvision.transforms": transforms,
    }
    sys.modules["torchvision"].io, sys.modules["torchvision"].transforms = io, transforms


def resizing_without_torchvision():
    """Lets Qwen's `smart_resize` be imported from where trainers look for it, next to code that wants torchvision."""
    home = "transformers.models.qwen2_vl.image_processing"
    sys.modules[f"{home}_qwen2_vl"] = importlib.import_module(f"{home}_pil_qwen2_vl")
