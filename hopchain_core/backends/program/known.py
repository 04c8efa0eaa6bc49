"""What everybody knows of a category without looking, and what nobody agrees on."""

from __future__ import annotations

ONE_SHAPE = frozenset(
    {
        "ball",
        "banana",
        "bench",
        "bottle",
        "bowl",
        "bus",
        "candle",
        "car",
        "clock",
        "couch",
        "lamp",
        "orange",
        "person",
        "refrigerator",
    }
    | {
        "sign",
        "sports ball",
        "stop sign",
        "tie",
        "toy car",
        "traffic light",
        "train",
        "truck",
        "umbrella",
        "vase",
        "wine glass",
    }
)
"""Categories of which everybody knows whether they are wide or tall. Chosen."""

ONE_COLOUR = frozenset({"banana", "broccoli", "carrot", "orange", "plant", "potted plant"})
"""Categories of which everybody knows the colour. Chosen."""

VAGUE = frozenset({"dining table"})
"""Categories of which people do not agree where one ends: a table under its plates, tables pushed together. Chosen."""
