"""Scenes as files: a folder of PNG pictures with ``scenes.json`` beside them.

Format of ``scenes.json``, version 1::

    {"format": "hopchain-scenes/1",
     "scenes": [{"file": "scene-000007.png",          name in the same folder
                 "sha256": "…",                       of the file's bytes
                 "seed": 7, "width_px": 1200, "height_px": 900,
                 "objects": [{"id": "1", "category": "mug",
                              "box": [x0, y0, x1, y1],  pixels, half-open
                              "rle": "…",               COCO's compressed counts of the visible mask
                              "attributes": {"colour": "red", "number": "42"}}]}]}
"""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import multiprocessing.process
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image

from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.images import SourceObject
from hopchain_core.domain.instances import Attribute, AttributeName, Origin
from hopchain_core.errors import InputError
from hopchain_core.scenes.render import Scene, render_scene
from hopchain_core.scenes.style import HEIGHT_PX, WIDTH_PX, SceneStyle

SCENES_FILE = "scenes.json"
FORMAT = "hopchain-scenes/1"
_COMPRESSION = 6
_NICE = 10
"""Steps below ordinary processes, as the processes of a run have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFile:
    """A rendered picture in a folder.

    Attributes:
        file: Its name in the folder.
        sha256: Of its bytes, hex.
        seed: What it was drawn from.
        width_px: Columns.
        height_px: Rows.
        objects: Its truth, origin `Origin.SCENE`.
    """

    file: str
    sha256: str
    seed: int
    width_px: int
    height_px: int
    objects: tuple[SourceObject, ...]


def write_scenes(
    folder: Path,
    count: int,
    seed: int,
    *,
    width_px: int = WIDTH_PX,
    height_px: int = HEIGHT_PX,
    style: SceneStyle | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[SceneFile]:
    """Renders scenes `seed` to `seed + count - 1` into a folder, with their truth in ``scenes.json``.

    Scenes written there before stay listed. The list is replaced in one step, after all pictures are in place.

    Args:
        folder: Made if it is not there.
        count: How many.
        seed: Of the first one; not negative.
        width_px: Columns.
        height_px: Rows.
        style: See `render_scene`.
        workers: Processes; None for one per core, 1 to stay in this process.
        progress: Told how many are in place, after each. What it raises stops the rendering at once; pictures in place
            stay, the list is not written.

    Raises:
        InputError: The folder cannot be written to, or its ``scenes.json`` is not one.
        ValueError: A count or seed below zero, or what `render_scene` raises it for.
    """
    if count < 0 or seed < 0:
        raise ValueError(f"a count and a seed are not negative: {count}, {seed}")
    draw = partial(_written, folder, width_px, height_px, style)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = read_scenes(folder) if (folder / SCENES_FILE).exists() else {}
        written = _in_parallel(draw, range(seed, seed + count), workers or os.cpu_count() or 1, progress)
        listed = {name: scene for name, scene in known.items() if (folder / name).is_file()}
        listed |= {scene.file: scene for scene in written}
        _replace(folder / SCENES_FILE, _to_text(listed.values()).encode())
    except OSError as error:
        raise InputError(
            f"cannot write scenes to {folder}: {error}", hint="Choose a folder that can be written to."
        ) from error
    return written


def read_scenes(folder: Path) -> dict[str, SceneFile]:
    """The scenes listed in a folder's ``scenes.json``, by file name.

    Raises:
        InputError: There is no such file, or it is not what `write_scenes` writes.
    """
    path = folder / SCENES_FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{folder} holds no {SCENES_FILE}", hint="Point to a folder of rendered scenes.") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InputError(f"{path} is not in the format {FORMAT}", hint="Render the scenes again with this version.")
    try:
        scenes = [_scene_from_json(entry) for entry in data["scenes"]]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} is damaged: {error!r}", hint="Render the scenes again.") from error
    return {scene.file: scene for scene in scenes}


def png_bytes(scene: Scene) -> bytes:
    """The scene's picture as a PNG file."""
    out = io.BytesIO()
    Image.fromarray(scene.pixels).save(out, "PNG", compress_level=_COMPRESSION)
    return out.getvalue()


def _written(folder: Path, width_px: int, height_px: int, style: SceneStyle | None, seed: int) -> SceneFile:
    scene = render_scene(seed, width_px=width_px, height_px=height_px, style=style)
    content = png_bytes(scene)
    name = f"scene-{seed:06d}.png"
    _replace(folder / name, content)
    return SceneFile(
        file=name,
        sha256=hashlib.sha256(content).hexdigest(),
        seed=seed,
        width_px=width_px,
        height_px=height_px,
        objects=scene.objects,
    )


def _begin() -> None:
    """Lets people's programs go first where both want a core, and ends when the program that asked is gone."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_NICE)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    # Killed, it cannot send anybody home; pictures are written beside first, so none is left half-written.
    parent.join()
    os._exit(1)


def _in_parallel(
    draw: Callable[[int], SceneFile], seeds: range, workers: int, progress: Callable[[int], None] | None
) -> list[SceneFile]:
    workers = min(workers, len(seeds))
    if workers <= 1:
        return _told(map(draw, seeds), progress)
    # Spawned, not forked: a window or a server that calls this has threads, and a fork would copy their locks.
    others = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin) as pool:
        try:
            drawn = [pool.submit(draw, seed) for seed in seeds]
            return _told((scene.result() for scene in drawn), progress)
        except BaseException:
            # Whoever stops does not wait for scenes that nobody wants any more; pictures are written beside first.
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def _told(drawn: Iterable[SceneFile], progress: Callable[[int], None] | None) -> list[SceneFile]:
    scenes = []
    for scene in drawn:
        scenes.append(scene)
        if progress is not None:
            progress(len(scenes))
    return scenes


def _replace(path: Path, content: bytes) -> None:
    """Writes beside, then renames: a file is whole or not there."""
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content)
    beside.replace(path)


def _to_text(scenes: Iterable[SceneFile]) -> str:
    ordered = sorted(scenes, key=lambda s: s.file)
    data = {"format": FORMAT, "scenes": [_scene_to_json(scene) for scene in ordered]}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _scene_to_json(scene: SceneFile) -> dict[str, Any]:
    return {
        "file": scene.file,
        "sha256": scene.sha256,
        "seed": scene.seed,
        "width_px": scene.width_px,
        "height_px": scene.height_px,
        "objects": [
            {
                "id": o.source_id,
                "category": o.category,
                "box": list(o.box.as_tuple()),
                "rle": o.mask.counts if o.mask else None,
                "attributes": {a.name.value: a.value for a in o.attributes},
            }
            for o in scene.objects
        ],
    }


def _scene_from_json(data: dict[str, Any]) -> SceneFile:
    name = data["file"]
    if not isinstance(name, str) or Path(name).name != name or name in ("", ".", ".."):
        raise ValueError(f"{name!r} is not a plain file name")
    width_px, height_px = int(data["width_px"]), int(data["height_px"])
    return SceneFile(
        file=name,
        sha256=str(data["sha256"]),
        seed=int(data["seed"]),
        width_px=width_px,
        height_px=height_px,
        objects=tuple(_object_from_json(entry, width_px, height_px) for entry in data["objects"]),
    )


def _object_from_json(data: dict[str, Any], width_px: int, height_px: int) -> SourceObject:
    if not isinstance(data["rle"], str):
        raise ValueError("an object of a scene has a mask")
    mask = Mask(height_px, width_px, data["rle"])
    mask.runs()  # raises when the text is no mask of this size
    facts = {AttributeName(name): str(value) for name, value in data["attributes"].items()}
    return SourceObject(
        source_id=str(data["id"]),
        category=str(data["category"]),
        box=Box(*(float(v) for v in data["box"])),
        mask=mask,
        attributes=tuple(Attribute(name, facts[name], Origin.SCENE) for name in sorted(facts)),
        origin=Origin.SCENE,
    )
