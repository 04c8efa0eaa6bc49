"""Runs every `bench_*.py` beside this file and writes docs/benchmarks.md: ``python -m tests.benchmarks``.

A module's `run()` gives rows: ``name``, ``ours``, ``other_name``, ``other`` (None where there is nothing to compare
with), ``unit`` and ``note``. Each module is run several times and the median of each row is kept.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
TARGET = FOLDER.parents[1] / "docs" / "benchmarks.md"
PACKAGES = ("numpy", "opencv-python-headless", "pillow", "pycocotools", "sqlalchemy")

Row = dict[str, Any]


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", help="names of modules without bench_, all if none is given")
    parser.add_argument("--repeat", type=int, default=3, help="how often each module runs (default 3)")
    parser.add_argument("--out", type=Path, default=TARGET, help="the file to write")
    arguments = parser.parse_args()
    names = sorted(p.stem for p in FOLDER.glob("bench_*.py"))
    if arguments.only:
        unknown = [n for n in arguments.only if f"bench_{n}" not in names]
        if unknown:
            parser.error(f"there is no bench_{unknown[0]}.py; there are: {', '.join(n[6:] for n in names)}")
        names = [f"bench_{n}" for n in arguments.only]
    for name in names:
        module = importlib.import_module(f"tests.benchmarks.{name}")
        sys.stdout.write(f"» {name}, {arguments.repeat} times\n")
        sys.stdout.flush()
        begun = time.perf_counter()
        rows = medians([module.run() for _ in range(arguments.repeat)])
        for row in rows:
            sys.stdout.write(f"  {_plain(row)}\n")
        sys.stdout.write(f"  took {time.perf_counter() - begun:.0f} s\n")
        # At once: what was measured stays, whatever becomes of those that follow.
        _put(arguments.out, title_of(module.__doc__), rows, arguments.repeat)
    sys.stdout.write(f"» wrote {arguments.out}\n")


def _put(page: Path, title: str, rows: list[Row], repeat: int) -> None:
    earlier = parts_of(page.read_text(encoding="utf-8")) if page.exists() else {}
    titles = {title_of(ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))) for p in FOLDER.glob("bench_*.py")}
    kept = {name: part for name, part in earlier.items() if name in titles}
    page.write_text(document(kept | {title: part_of(title, rows, repeat)}), encoding="utf-8")


def medians(runs: list[list[Row]]) -> list[Row]:
    """One row for each name, with the median of its figures over all runs."""
    by_name: dict[str, list[Row]] = {}
    for run in runs:
        for row in run:
            by_name.setdefault(str(row["name"]), []).append(row)
    return [
        {**rows[-1], "ours": _median([r["ours"] for r in rows]), "other": _median([r.get("other") for r in rows])}
        for rows in by_name.values()
    ]


def _median(values: list[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return statistics.median(known) if known else None


def document(parts: Mapping[str, str]) -> str:
    """The page, its parts in order of their titles."""
    head = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on {_machine()}.",
        f"{_versions()}.",
        "",
        "A ratio is the other figure through ours for times and ours through the other for rates, so above 1 ours is "
        "the faster.",
    ]
    return "\n".join([*head, *(f"\n{parts[title].strip()}" for title in sorted(parts))]) + "\n"


def part_of(title: str, rows: Iterable[Row], repeat: int) -> str:
    """One module's part of the page."""
    how = f"medians of {repeat} runs" if repeat > 1 else "one run"
    lines = [f"## {title}", "", f"{datetime.now(UTC).date().isoformat()}, {how}.", ""]
    lines += ["| what | ours | compared with | ratio | note |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *(_markdown(row) for row in rows)])


def parts_of(page: str) -> dict[str, str]:
    """The parts of a page by their titles."""
    found = page.split("\n## ")[1:]
    return {part.split("\n", 1)[0].strip(): f"## {part}" for part in found}


def title_of(text: str | None) -> str:
    """The first sentence of a module's description."""
    first = " ".join((text or "Measurements.").strip().split("\n\n")[0].split())
    return first.split(". ")[0].rstrip(".")


def ratio(row: Row) -> float | None:
    """How much faster ours is; None where there is nothing to compare with."""
    ours, other = row["ours"], row.get("other")
    if not ours or not other:
        return None
    is_rate = "/" in str(row["unit"]) and not str(row["unit"]).startswith(("ms", "µs", "s/", "ns"))
    return float(ours / other if is_rate else other / ours)


def _markdown(row: Row) -> str:
    unit = row["unit"]
    other = "–" if row.get("other") is None else f"{row['other_name']}: {_figure(row['other'])} {unit}"
    quotient = ratio(row)
    shown = "–" if quotient is None else f"{quotient:.2f}"
    return f"| {row['name']} | {_figure(row['ours'])} {unit} | {other} | {shown} | {row.get('note', '')} |"


def _plain(row: Row) -> str:
    other = "" if row.get("other") is None else f"; {row['other_name']}: {_figure(row['other'])} {row['unit']}"
    return f"{row['name']}: {_figure(row['ours'])} {row['unit']}{other}"


def _figure(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _machine() -> str:
    return f"{_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.machine()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "an unnamed processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "memory unknown"
    return f"{size / 1024**3:.0f} GB"


def _versions() -> str:
    found = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


if __name__ == "__main__":
    main()
