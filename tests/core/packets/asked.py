"""A project whose people are asked something, with answers that would show wherever they leaked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, Composer, Hop, InstanceReference, Level, SetReference, ValueReference
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ChainKey, ImageKey, RunId
from hopchain_core.domain.provenance import WorkStatus
from hopchain_core.project import Project
from hopchain_core.store.rows_chains import write_chains
from hopchain_core.store.rows_runs import start_run, write_work
from hopchain_core.store.rows_sources import write_categories, write_image, write_instances
from hopchain_core.store.unit_of_work import UnitOfWork

PEOPLE = ("ann", "bob", "cat", "dan")
PICTURES = 3
CATEGORIES = ("xylophone", "quagga", "zither")
"""Words that stand in no question, so that finding one in a packet means that an instance leaked."""


@contextmanager
def asked(folder: Path, chains: int = 6, people: tuple[str, ...] = PEOPLE) -> Iterator[Asking]:
    """A new project with pictures, chains that await people, and annotators; no round is open yet."""
    folder.mkdir(parents=True, exist_ok=True)
    with Asking.create(folder / "p.hopchain", seed=3) as project:
        images = [_image(folder, number) for number in range(PICTURES)]
        project.file.writer.submit(lambda uow: _fill(uow, images, chains)).result()
        for name in people:
            project.add_annotator(name)
        yield project


class Asking(Project):
    """A project, with what its tests ask of it."""

    def chains(self) -> list[Chain]:
        """All that are seen, by question."""
        with self.read() as read:
            found = [stored.chain for image in read.images() for stored in read.chains(image.key)]
        return sorted(found, key=lambda chain: chain.question)

    def answers(self) -> dict[tuple[ChainKey, str], tuple[str, str]]:
        """What stands: by chain and person the answer or outcome, and when it was given."""
        with self.read() as read:
            rows = read.answer_rows()
        return {(row.chain_key, row.annotator): (row.answer or row.outcome.value, row.answered_at) for row in rows}


def question(number: int) -> str:
    """As it is asked; no word of it is in a hop."""
    return f"Question {number:03d}: which value do you reach?"


def proposed(number: int) -> int:
    """A number that is nowhere else."""
    return 7_351_900 + number


def _image(folder: Path, number: int) -> Image:
    path = folder / "pictures" / f"picture {number}.png"
    path.parent.mkdir(exist_ok=True)
    Pillow.new("RGB", (64, 48), (40 * number, 90, 200)).save(path)
    key = ImageKey(hashlib.sha256(path.read_bytes()).hexdigest())
    return Image(key=key, path=f"pictures/{path.name}", width_px=64, height_px=48, split_group=key)


def _fill(uow: UnitOfWork, images: list[Image], chains: int) -> None:
    runs = {
        stage: start_run(uow, stage=stage, stage_version=1, fingerprint=stage, options={}, backend=None)
        for stage in ("categorize", "segment", "compose", "audit")
    }
    for image in images:
        write_image(uow, image)
        instances = [_instance(image, place, name) for place, name in enumerate(CATEGORIES)]
        write_categories(
            uow, _work(uow, runs, "categorize", image.key), image.key, tuple(Category(name=c) for c in CATEGORIES)
        )
        write_instances(uow, _work(uow, runs, "segment", image.key), instances)
        made = [_chain(image, instances, n) for n in range(chains) if n % len(images) == images.index(image)]
        if made:
            write_chains(uow, _work(uow, runs, "compose", image.key), made)
        for chain in made:
            _work(uow, runs, "audit", chain.key)


def _work(uow: UnitOfWork, runs: dict[str, RunId], stage: str, subject: str) -> int:
    return write_work(
        uow,
        stage=stage,
        fingerprint=stage,
        item_key=subject,
        subject=subject,
        run_id=runs[stage],
        status=WorkStatus.DONE,
        seconds=0.1,
    )


def _instance(image: Image, place: int, category: str) -> Instance:
    bitmap = np.zeros((image.height_px, image.width_px), dtype=bool)
    bitmap[place : place + 9, 7 * place : 7 * place + 5] = True
    box = Box(7 * place, place, 7 * place + 5, place + 9)
    return Instance(
        image=image.key, category=category, box=box, mask=Mask.from_bitmap(bitmap), score=0.8, origin=Origin.MODEL
    )


def _chain(image: Image, instances: list[Instance], number: int) -> Chain:
    keys = tuple(i.key for i in instances)
    output = str(6_660_000 + number)
    first = Hop(
        index=1,
        level=Level.SEVERAL,
        sub_question=f"How many {CATEGORIES[0]}s stand left of the {CATEGORIES[1]}?",
        uses=(InstanceReference(keys[0]), InstanceReference(keys[1])),
        establishes=(SetReference(keys[:2]), ValueReference(output)),
        needs=(),
        output=output,
    )
    last = Hop(
        index=2,
        level=Level.ONE_OBJECT,
        sub_question=f"What follows from the {CATEGORIES[2]}?",
        uses=(InstanceReference(keys[2]),),
        establishes=(ValueReference(str(proposed(number))),),
        needs=(1,),
        output=str(proposed(number)),
    )
    return Chain(
        images=(image.key,),
        instances=keys,
        question=question(number),
        hops=(first, last),
        answer=Answer.of(proposed(number)),
        composer=Composer.VLM,
    )
