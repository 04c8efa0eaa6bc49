"""Measures the rates of docs/probes.md: ``python -m tests.core.probes.rates SCENES [--seed N] [--coco FOLDER]``."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from hopchain_core.cli.probing import summary_lines
from hopchain_core.domain.probes import Probe, TrialKind
from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import EndpointProfile, ServerAbilities
from hopchain_core.project import ProbeOptions, Project, RunOptions
from hopchain_core.scenes import write_scenes
from tests.core.backends.vlm.fake_server import MODEL, FakeServer, serving
from tests.core.probes.oracles import Reader

STAGES = ("categorize", "segment", "compose", "audit", "decide")


def measure(project: Project, name: str) -> None:
    """Composes, probes with the two readers, and prints what came out."""
    project.run(STAGES, RunOptions(chains_per_image=3))
    print(f"== {name}")
    reader = Reader.of(project, is_settled=True)
    readers = (("settled", reader, (Probe.BLIND, Probe.SKIP)), ("drawing", reader.drawing(), (Probe.BLIND,)))
    for profile, reader, probes in readers:
        with serving(FakeServer(speak=reader.speak)) as fake:
            can = ServerAbilities(json_schema=True, seed=True)
            ProfileBook().put(EndpointProfile(name=profile, url=fake.url, model=MODEL, label=profile, can=can))
            project.probe(ProbeOptions(profile=profile, probes=probes, samples=8))
        with project.read() as read:
            print("\n".join(summary_lines(read.probe_summary())))
    shares = [max(worlds.values()) / worlds.total() for worlds in reader.blind.values()]
    print(f"likeliest answer over the imagined pictures: {100 * sum(shares) / len(shares):.1f} % on average")
    for kind in (TrialKind.LAST, TrialKind.HALF):
        guessed = reader.guessed_late
        print(f"likeliest answer right without the first hops, {kind}: {guessed[f'{kind} right']} of {guessed[kind]}")


def main() -> None:
    """Over rendered scenes, and over annotated photographs where a folder of them is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", type=int)
    parser.add_argument("--seed", type=int, default=0, help="of the scenes")
    parser.add_argument("--coco", type=Path, help="a folder with images/ and instances.json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ[FILE] = str(folder / "profiles.json")
        write_scenes(folder / "scenes", asked.scenes, seed=asked.seed)
        with Project.create(folder / "scenes.hopchain", seed=0) as project:
            project.ingest([folder / "scenes"], scenes=folder / "scenes")
            measure(project, f"{asked.scenes} rendered scenes")
        if asked.coco is not None:
            with Project.create(folder / "photos.hopchain", seed=0) as project:
                project.ingest([asked.coco / "images"], coco=asked.coco / "instances.json")
                measure(project, "photographs")


if __name__ == "__main__":
    main()
