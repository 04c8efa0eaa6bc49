"""A project on disk that holds the worked example."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image as Pillow

from hopchain_core.domain.chains import Chain
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ChainKey, ImageKey, RunId
from hopchain_core.domain.provenance import BackendSpec, WorkStatus
from hopchain_core.domain.review import Verdict, VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_chains import write_chains, write_difficulty, write_findings, write_verdict
from hopchain_core.store.rows_runs import start_run, write_work
from hopchain_core.store.rows_sources import write_categories, write_image, write_instances
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.export import birds

STAGES = ("categorize", "segment", "compose", "audit", "decide")


class Filled(NamedTuple):
    """A project with one picture and one chain, and what it takes to add more."""

    file: ProjectFile
    folder: Path
    image: Image
    chain: Chain
    add_chain: Callable[..., Chain]


def _moved(chain: Chain, image: ImageKey, keys: dict[str, str]) -> Chain:
    """The chain over another picture's instances."""
    from hopchain_core.domain.chains import chain_from_json, chain_to_json
    from hopchain_core.domain.keys import canonical_json

    text = canonical_json(chain_to_json(chain)).replace(chain.images[0], image)
    for old, new in keys.items():
        text = text.replace(old, new)
    import json

    return chain_from_json(json.loads(text))


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Filled]:
    folder = tmp_path / "project"
    (folder / "pictures").mkdir(parents=True)
    path = folder / "pictures" / "birds.png"
    Pillow.new("RGB", (birds.IMAGE.width_px, birds.IMAGE.height_px), "#88aacc").save(path)
    key = ImageKey(hashlib.sha256(path.read_bytes()).hexdigest())
    image = replace(birds.IMAGE, key=key, split_group=key)
    instances = tuple(replace(i, image=key) for i in birds.INSTANCES)
    keys = {old.key: new.key for old, new in zip(birds.INSTANCES, instances, strict=True)}
    chain = _moved(birds.CHAIN, key, keys)
    with ProjectFile.create(folder / "birds.hopchain") as file:
        runs: dict[str, RunId] = {}

        def fill(uow: UnitOfWork) -> None:
            write_image(uow, image)
            for stage in STAGES:
                backend = BackendSpec(role="composer", name="program", model="") if stage == "compose" else None
                runs[stage] = start_run(
                    uow,
                    stage=stage,
                    stage_version=1,
                    fingerprint=stage,
                    options={},
                    backend=backend,
                    seed=0,
                )
            write_categories(uow, work(uow, "categorize", key), key, (Category(name="bear"), Category(name="bird")))
            write_instances(uow, work(uow, "segment", key), instances)

        def work(uow: UnitOfWork, stage: str, subject: str) -> int:
            return write_work(
                uow,
                stage=stage,
                fingerprint=stage,
                item_key=subject,
                subject=subject,
                run_id=runs[stage],
                status=WorkStatus.DONE,
                seconds=0.0,
            )

        composed: list[Chain] = []

        def add_chain(
            question: str,
            *,
            findings: tuple[Finding, ...] = (),
            outcome: VerdictOutcome | None = VerdictOutcome.BY_CONSTRUCTION,
            difficulty: Difficulty | None = None,
        ) -> Chain:
            made = replace(chain, question=question)
            composed.append(made)

            def write(uow: UnitOfWork) -> None:
                write_chains(uow, work(uow, "compose", key), composed)
                write_findings(uow, work(uow, "audit", made.key), made.key, findings)
                decided = work(uow, "decide", made.key)
                if outcome is not None:
                    has_label = outcome in (VerdictOutcome.AGREED, VerdictOutcome.BY_CONSTRUCTION)
                    label = made.answer if has_label else None
                    votes = (("22", 4),) if outcome is VerdictOutcome.AGREED else ()
                    write_verdict(
                        uow,
                        decided,
                        Verdict(chain=made.key, outcome=outcome, label=label, votes=votes, policy="unanimous-4/1"),
                    )
                if difficulty is not None:
                    write_difficulty(uow, decided, replace(difficulty, chain=made.key))

            file.writer.submit(write).result()
            return made

        file.writer.submit(fill).result()
        first = add_chain(birds.CHAIN.question)
        yield Filled(file, folder, image, first, add_chain)


@pytest.fixture
def simulated() -> Difficulty:
    return Difficulty(
        chain=ChainKey(""), n=8, n_correct=3, interval=(0.1, 0.7), model="sim", is_simulated=True, is_kept=True
    )


__all__ = ["Filled", "Instance"]
