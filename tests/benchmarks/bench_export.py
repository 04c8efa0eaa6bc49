"""Exporting 100,000 records, beside a plain loop that writes the same lines: time, memory, killed and resumed.

The plain loop is what people write themselves: read the finished records, `json.dumps` each into one file, copy the pictures.
It decides nothing, checks nothing and begins again when it is killed. Run alone: ``python -m tests.benchmarks.bench_export``
prints the table of docs/export.md; among all benchmarks it runs at a tenth of the size.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from hopchain_core.domain.chains import Chain, chain_from_json, chain_to_json
from hopchain_core.domain.images import Category, Image
from hopchain_core.domain.keys import ImageKey, RunId, canonical_json
from hopchain_core.domain.provenance import BackendSpec, WorkStatus
from hopchain_core.domain.review import Verdict, VerdictOutcome
from hopchain_core.export.admission import Terms
from hopchain_core.export.formats.names import Format
from hopchain_core.pipeline.audit import AuditStage, audit_key
from hopchain_core.pipeline.contents import facts_content
from hopchain_core.project import Project
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_chains import write_chains, write_findings, write_verdict
from hopchain_core.store.rows_runs import start_run, write_work
from hopchain_core.store.rows_sources import write_categories, write_image, write_instances
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.export import birds

RECORDS = 100_000
AMONG_ALL = 10_000
PER_PICTURE = 10
STAGES = ("categorize", "segment", "compose", "audit", "decide")
CATEGORIES = (Category(name="bear"), Category(name="bird"))
TERMS = Terms(accept_by_construction=True, format=Format.VERL)


def main() -> None:
    """Measures in full and prints the table."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--export"]:
        _export(Path(arguments[1]), Path(arguments[2]))
        return
    if arguments[:1] == ["--preview"]:
        _preview(Path(arguments[1]))
        return
    sizes = [int(n) for n in arguments] or [RECORDS // 10, RECORDS]
    print("| | " + " | ".join(f"{n:,} records" for n in sizes) + " |")
    print("|---" * (len(sizes) + 1) + "|")
    columns = [measured(n) for n in sizes]
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(column[name] for column in columns) + " |", flush=True)


def run() -> list[dict[str, Any]]:
    """The measurement among all others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, AMONG_ALL)
        ours, peak = _timed("--export", str(folder / "p.hopchain"), str(folder / "out"))
        plain = plain_loop(folder / "out", folder / "plain")
        return [
            {
                "name": f"export {AMONG_ALL:,} records in verl's rows, each read back and checked",
                "ours": ours,
                "other_name": "a loop that copies finished records",
                "other": plain,
                "unit": "s",
                "note": f"peak of {peak:.0f} MB; the loop decides nothing and checks nothing",
            }
        ]


def measured(records: int) -> dict[str, str]:
    """Every row of the table for one size, as text."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, records)
        project, out = folder / "p.hopchain", folder / "out"
        begun = time.perf_counter()
        first_s, preview_cpu_s, preview_kb = map(float, _printed("--preview", str(project)))
        preview_s = time.perf_counter() - begun
        whole_s, whole_mb = _timed("--export", str(project), str(out))
        whole = _bytes(out)
        plain_s = plain_loop(out, folder / "plain")
        shutil.rmtree(out)
        killed_s = _killed(project, out, whole_s / 2)
        rest_s, rest_mb = _timed("--export", str(project), str(out))
        is_same = _bytes(out) == whole
    return {
        "export, all in all": f"{whole_s:.0f} s ({1000 * whole_s / records:.2f} ms a record)",
        "its peak of memory": f"{whole_mb:.0f} MB",
        "killed half-way, then the rest": f"{killed_s:.0f} s, then {rest_s:.0f} s",
        "time lost by the kill": f"{killed_s + rest_s - whole_s:.1f} s",
        "peak of memory of the rest": f"{rest_mb:.0f} MB",
        "same bytes": "yes" if is_same else "NO",
        "preview": f"{preview_s:.1f} s, {preview_cpu_s:.1f} s of them on a processor",
        "its first answer": f"after {first_s:.2f} s",
        "peak of memory of the preview": f"{preview_kb / 1024:.0f} MB",
        "beside a loop that copies finished records": f"{whole_s / plain_s:.0f} times its {plain_s:.1f} s",
    }


def plain_loop(export: Path, target: Path) -> float:
    """Seconds that it takes to write the records of an export as plain lines and copy its pictures."""
    with (export / "records.jsonl").open(encoding="utf-8") as stream:
        records = [json.loads(line) for line in stream]
    begun = time.perf_counter()
    (target / "images").mkdir(parents=True)
    seen = set()
    with (target / "train.jsonl").open("w", encoding="utf-8") as stream:
        for record in records:
            file = record["images"][0]["file"]
            if file not in seen:
                seen.add(file)
                shutil.copyfile(export / file, target / file)
            row = {"prompt": record["question"], "images": [str(target / file)], "answer": record["answer"]}
            stream.write(json.dumps({**row, "record": record}, ensure_ascii=False) + "\n")
    return time.perf_counter() - begun


def make(folder: Path, records: int) -> None:
    """A project of the worked example over many pictures, ten questions each."""
    (folder / "pictures").mkdir(parents=True)
    noise = Pillow.effect_noise((birds.IMAGE.width_px, birds.IMAGE.height_px), 60).convert("RGB")
    stream = BytesIO()
    noise.save(stream, "JPEG", quality=60)
    data = stream.getvalue()
    with ProjectFile.create(folder / "p.hopchain") as file:
        runs: dict[str, RunId] = {}
        pictures = records // PER_PICTURE
        for first in range(0, pictures, 500):
            numbers = range(first, min(first + 500, pictures))
            file.writer.submit(partial(_fill, folder=folder, numbers=numbers, data=data, runs=runs)).result()


def _fill(uow: UnitOfWork, folder: Path, numbers: range, data: bytes, runs: dict[str, RunId]) -> None:
    for stage in () if runs else STAGES:
        backend = BackendSpec(role="composer", name="program", model="") if stage == "compose" else None
        version = AuditStage.version if stage == "audit" else 1
        runs[stage] = start_run(
            uow, stage=stage, stage_version=version, fingerprint=stage, options={}, backend=backend, seed=0
        )

    def work(stage: str, subject: str, item_key: str = "") -> int:
        return write_work(
            uow,
            stage=stage,
            fingerprint=stage,
            item_key=item_key or subject,
            subject=subject,
            run_id=runs[stage],
            status=WorkStatus.DONE,
            seconds=0.0,
        )

    for number in numbers:
        # A comment makes each file another one; the export takes it out again.
        text = b"picture %08d" % number
        own = data[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + data[2:]
        path = folder / "pictures" / f"{number:06d}.jpg"
        path.write_bytes(own)
        key = ImageKey(hashlib.sha256(own).hexdigest())
        image: Image = replace(birds.IMAGE, key=key, path=f"pictures/{path.name}", split_group=key, licence="CC0")
        write_image(uow, image)
        write_categories(uow, work("categorize", key), key, CATEGORIES)
        instances = tuple(replace(i, image=key) for i in birds.INSTANCES)
        write_instances(uow, work("segment", key), instances)
        chains = list(_chains(key, {o.key: n.key for o, n in zip(birds.INSTANCES, instances, strict=True)}))
        write_chains(uow, work("compose", key), chains)
        for chain in chains:
            audited = audit_key(chain.key, facts_content(CATEGORIES, instances))
            write_findings(uow, work("audit", chain.key, audited), chain.key, ())
            verdict = Verdict(
                chain=chain.key,
                outcome=VerdictOutcome.BY_CONSTRUCTION,
                label=chain.answer,
                votes=(),
                policy="unanimous-4/1",
            )
            write_verdict(uow, work("decide", chain.key), verdict)


def _chains(key: ImageKey, keys: dict[Any, Any]) -> Iterator[Chain]:
    text = canonical_json(chain_to_json(birds.CHAIN)).replace(birds.CHAIN.images[0], key)
    for old, new in keys.items():
        text = text.replace(old, new)
    moved = chain_from_json(json.loads(text))
    for n in range(PER_PICTURE):
        yield replace(moved, question=f"{moved.question} (Way {n} of asking.)")


def _export(project: Path, out: Path) -> None:
    with Project.open(project, read_only=True) as opened:
        opened.export(out, TERMS)
    print(_peak_kb())


def _preview(project: Path) -> None:
    first: list[float] = []
    with Project.open(project, read_only=True) as opened:
        begun, used = time.perf_counter(), time.process_time()
        found = opened.export_preview(TERMS, first=lambda _: first.append(time.perf_counter() - begun))
    assert found is not None
    print(f"{first[0] if first else 0:.2f} {time.process_time() - used:.2f} {_peak_kb()}")


def _peak_kb() -> int:
    # `getrusage` would count what the parent held when it started this process.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.bench_export", *arguments]


def _timed(*arguments: str) -> tuple[float, float]:
    """Seconds and megabytes of a process of its own."""
    begun = time.perf_counter()
    (kilobytes,) = _printed(*arguments)
    return time.perf_counter() - begun, int(kilobytes) / 1024


def _printed(*arguments: str) -> list[str]:
    done = subprocess.run(_command(*arguments), check=True, capture_output=True, text=True)
    return done.stdout.split()


def _killed(project: Path, out: Path, after_s: float) -> float:
    begun = time.perf_counter()
    process = subprocess.Popen(_command("--export", str(project), str(out)), stdout=subprocess.DEVNULL)
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return time.perf_counter() - begun


def _bytes(out: Path) -> str:
    """One hash of all files but the manifest's moment."""
    digest = hashlib.sha256()
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if path.name == "manifest.json":
            data = b"\n".join(line for line in data.splitlines() if b'"exported_at"' not in line)
        digest.update(path.name.encode() + hashlib.sha256(data).digest())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
