"""A 50-megapixel picture with many instances: the case that canvases are measured with, for each of them in its format."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.canvas import CanvasInstance, PictureSource
from app.canvas.crops import mask_of
from app.canvas.values import Crop, Region
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.pictures.decode import read_rgb

WIDTH, HEIGHT = 8660, 5774
CORNERS = 100
COVERED = 0.8
"""Area of all instances together, as a share of the picture; many of them overlap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasCase:
    """The same picture and outlines, as files and as values.

    Attributes:
        picture: JPEG file.
        labelme_file: The picture's outlines as labelme saves them.
        source: The picture for our canvas.
        instances: The outlines as masks.
    """

    picture: Path
    labelme_file: Path
    source: PictureSource
    instances: tuple[CanvasInstance, ...]


def make(folder: Path, count: int) -> CanvasCase:
    """Writes the files of a case; the picture is the same for all."""
    picture = folder / "fifty.jpg"
    if not picture.exists():
        _write_picture(picture)
    outlines = _outlines(count)
    labelme_file = folder / f"fifty-{count}.json"
    shapes = [
        {
            "label": f"kind {i % 17}",
            "points": o.round(2).tolist(),
            "group_id": None,
            "shape_type": "polygon",
            "flags": {},
        }
        for i, o in enumerate(outlines)
    ]
    record = {
        "version": "5.5.0",
        "flags": {},
        "shapes": shapes,
        "imagePath": picture.name,
        "imageData": None,
        "imageHeight": HEIGHT,
        "imageWidth": WIDTH,
    }
    labelme_file.write_text(json.dumps(record), encoding="utf-8")
    source = PictureSource(name=picture.name, width_px=WIDTH, height_px=HEIGHT, read=partial(read_rgb, picture))
    instances = tuple(_instance(i, outline) for i, outline in enumerate(outlines))
    return CanvasCase(picture=picture, labelme_file=labelme_file, source=source, instances=instances)


def _write_picture(path: Path) -> None:
    rng = np.random.default_rng(0)
    coarse = rng.integers(40, 220, (HEIGHT // 64 + 2, WIDTH // 64 + 2, 3), dtype=np.uint8)
    smooth = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    grain = rng.integers(-14, 15, (HEIGHT, WIDTH, 1), dtype=np.int16)
    cv2.imwrite(str(path), np.clip(smooth + grain, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 90])


def _outlines(count: int) -> list[NDArray[np.float64]]:
    """Rough blobs of many sizes, float64, (CORNERS, 2) as x, y."""
    rng = np.random.default_rng(count)
    typical = np.sqrt(COVERED * WIDTH * HEIGHT / count / 3.3)
    turn = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    found = []
    for index in range(count):
        radius = typical * rng.uniform(0.4, 1.5)
        radii = radius * (1 + 0.2 * np.sin(5 * turn + index) + 0.04 * rng.standard_normal(CORNERS))
        x = np.clip(rng.uniform(0, WIDTH) + radii * np.cos(turn), 0, WIDTH - 1)
        y = np.clip(rng.uniform(0, HEIGHT) + radii * np.sin(turn), 0, HEIGHT - 1)
        found.append(np.column_stack((x, y)))
    return found


def _instance(index: int, outline: NDArray[np.float64]) -> CanvasInstance:
    x0, y0 = (int(v) for v in np.floor(outline.min(axis=0)))
    x1, y1 = (int(v) + 1 for v in np.ceil(outline.max(axis=0)))
    bitmap = np.zeros((y1 - y0, x1 - x0), dtype=np.uint8)
    cv2.fillPoly(bitmap, [(outline - (x0, y0)).round().astype(np.int32)], 1)
    mask = mask_of(
        Crop(Region(x0, y0, min(x1, WIDTH), min(y1, HEIGHT)), bitmap[: HEIGHT - y0, : WIDTH - x0] > 0), HEIGHT, WIDTH
    )
    kind = f"kind {index % 17}"
    return CanvasInstance(
        key=InstanceKey(f"i{index}"),
        name=f"{kind} {index}",
        category=kind,
        box=mask.box(),
        mask=mask,
        colour_index=index,
        score=0.5,
    )
