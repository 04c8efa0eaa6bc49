"""The whole flow on the embedded backends, through the one door: pictures in, records out."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import SourceObject
from hopchain_core.domain.keys import ImageKey
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import InputError
from hopchain_core.export.admission import Terms
from hopchain_core.project import Project
from hopchain_core.store.rows_sources import write_image, write_source_objects
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.jobs import synthetic

PICTURES = 3
CELL_PX = 100


def _objects(number: int) -> list[SourceObject]:
    """Boxes of clearly different sizes, spread over the picture so that no two are in line."""
    rng = random.Random(number)
    cells = rng.sample([(x, y) for x in range(6) for y in range(4)], 9)
    found = []
    for n, (x, y) in enumerate(cells):
        left, top, side = x * CELL_PX + rng.randint(0, 40), y * CELL_PX + rng.randint(0, 40), 25 + 4 * n
        box = Box(left, top, left + side, top + rng.choice([0.6, 1.5]) * side)
        found.append(SourceObject(source_id=str(n), category=synthetic.CATEGORIES[n % 3], box=box, mask=None))
    return found


def _fill(project: Project) -> None:
    (project.folder / "pictures").mkdir(exist_ok=True)

    def write(uow: UnitOfWork) -> None:
        for number in range(PICTURES):
            image = synthetic.picture(number)
            path = project.folder / image.path
            drawn = Pillow.new("RGB", (synthetic.WIDTH, synthetic.HEIGHT), (200, 210, number))
            for source in _objects(number):
                ImageDraw.Draw(drawn).rectangle(source.box.as_tuple(), fill=(20, 40, 60))
            drawn.save(path)
            image = replace(image, key=ImageKey(hashlib.sha256(path.read_bytes()).hexdigest()), licence="CC0-1.0")
            write_image(uow, image)
            write_source_objects(uow, image.key, _objects(number))

    project.file.writer.submit(write).result()


def _exported(folder: Path) -> tuple[bytes, dict[str, object]]:
    folder.mkdir()
    with Project.create(folder / "p.hopchain", seed=11) as project:
        _fill(project)
        project.run()
        summary = project.export(folder / "out", Terms(accept_by_construction=True, allow_simulated=True))
        assert summary.records == sum(n for s, n in project.status().chains.items() if s is ChainStatus.BY_CONSTRUCTION)
    records = (folder / "out" / "records.jsonl").read_bytes()
    return records, json.loads((folder / "out" / "manifest.json").read_text())


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, object]]:
    return _exported(tmp_path_factory.mktemp("whole") / "a")


def test_that_every_record_says_that_a_program_wrote_it_and_that_its_difficulty_is_simulated(
    exported: tuple[bytes, dict[str, object]],
) -> None:
    records = [json.loads(line) for line in exported[0].splitlines()]
    assert records
    assert {r["composer"] for r in records} == {"program"}
    assert {r["agreement"]["kind"] for r in records} == {"by_construction"}
    assert {(r["difficulty"]["simulated"], r["difficulty"]["n"]) for r in records} == {(True, 8)}


def test_that_the_manifest_names_every_stage_with_its_backend(exported: tuple[bytes, dict[str, object]]) -> None:
    stages = exported[1]["stages"]
    assert isinstance(stages, list)
    assert [(s["stage"], s["backend"] and s["backend"]["name"]) for s in stages] == [
        ("categorize", "annotations"), ("segment", "annotations"), ("compose", "program"), ("audit", None),
        ("solve", "simulated"), ("decide", None),
    ]  # fmt: skip
    policy = exported[1]["policy"]
    assert isinstance(policy, dict)
    assert policy["people"] == 4


def test_that_the_same_seed_gives_the_same_bytes(exported: tuple[bytes, dict[str, object]], tmp_path: Path) -> None:
    assert _exported(tmp_path / "b")[0] == exported[0]


def test_that_nothing_is_let_through_without_people_unless_allowed(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.hopchain", seed=11) as project:
        _fill(project)
        project.run()
        with pytest.raises(InputError, match="left out"):
            project.export(tmp_path / "out")
        assert not (tmp_path / "out").exists()
