"""Composing and auditing chains over rendered scenes: in one process without a project, and by the stages of one."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from hopchain_core.backends.program.composer import ProgramComposerOptions, compose
from hopchain_core.backends.protocols import ComposeRequest
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.domain.rules import audit_chain
from hopchain_core.project import Project, RunOptions
from hopchain_core.scenes import Scene, render_scene
from hopchain_core.store.rows_sources import write_image, write_source_objects
from hopchain_core.store.unit_of_work import UnitOfWork

SCENES = 6
COPIES = 8
"""The composer mixes a picture's key into its seed, so a copy under another key gives other chains."""
WANTED = 3


def run() -> list[dict[str, Any]]:
    """Pictures a second, and chains audited a second."""
    scenes = [render_scene(seed, width_px=800, height_px=600) for seed in range(SCENES)]
    pictures = [(_image(scene, copy), scene) for scene in scenes for copy in range(COPIES)]
    began = time.perf_counter()
    requests = [_request(image, scene) for image, scene in pictures]
    composed = [(request, compose(request, ProgramComposerOptions()).chains) for request in requests]
    compose_s = time.perf_counter() - began
    began = time.perf_counter()
    chains = 0
    for request, found in composed:
        facts = PictureFacts.of(request.image, request.categories, request.instances)
        for chain in found:
            audit_chain(chain, facts)
            chains += 1
    audit_s = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        staged_s = _by_stages(Path(folder), pictures)
    bare = len(pictures) / (compose_s + audit_s)
    return [
        {
            "name": "compose and audit, by the stages of a project",
            "ours": len(pictures) / staged_s,
            "other_name": "the same functions in a bare loop, one process",
            "other": bare,
            "unit": "pictures/s",
            "note": f"{len(pictures)} pictures, {WANTED} chains wanted of each; the stages use {os.cpu_count()} processes"
            " and keep everything",
        },
        {
            "name": "compose alone",
            "ours": len(pictures) / compose_s,
            "other_name": "",
            "other": None,
            "unit": "pictures/s",
            "note": f"one process; {chains} chains kept",
        },
        {
            "name": "audit alone",
            "ours": chains / audit_s,
            "other_name": "",
            "other": None,
            "unit": "chains/s",
            "note": "one process; every rule",
        },
    ]


def _image(scene: Scene, copy: int) -> Image:
    height, width = scene.pixels.shape[:2]
    key = ImageKey(hashlib.sha256(scene.pixels.tobytes() + bytes([copy])).hexdigest())
    return Image(
        key=key,
        path=f"{scene.seed:03d}-{copy}.png",
        width_px=width,
        height_px=height,
        split_group=key,
        file_format="PNG",
    )


def _request(image: Image, scene: Scene) -> ComposeRequest:
    instances = tuple(
        Instance(
            image=image.key,
            category=o.category,
            box=o.box,
            mask=o.mask,
            score=None,
            origin=Origin.SCENE,
            attributes=o.attributes,
        )
        for o in scene.objects
    )
    categories = tuple(Category(name=name) for name in sorted({i.category for i in instances}))
    return ComposeRequest(
        image=image, path=Path(image.path), categories=categories, instances=instances, wanted=WANTED, seed=0
    )


def _by_stages(folder: Path, pictures: list[tuple[Image, Scene]]) -> float:
    with Project.create(folder / "bench.hopchain") as project:

        def fill(uow: UnitOfWork) -> None:
            for image, scene in pictures:
                write_image(uow, image)
                write_source_objects(uow, image.key, [replace(o, origin=Origin.SCENE) for o in scene.objects])

        project.file.writer.submit(fill).result()
        options = RunOptions(chains_per_image=WANTED)
        project.run(["categorize", "segment"], options)
        began = time.perf_counter()
        project.run(["compose", "audit"], options)
        return time.perf_counter() - began
