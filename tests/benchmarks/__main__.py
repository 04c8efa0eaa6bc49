"""Runs every `bench_*.py` beside this file and writes docs/benchmarks.md: ``python -m tests.benchmarks``.

A module's `run()` gives rows: ``name``, ``ours``, ``other_name``, ``other`` (None where there is nothing to compare
with), ``unit`` and ``note``. Each module is run several times and the median of each row is kept.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sqlite3
import statistics
import sys
import time
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
    tables = []
    for name in names:
        module = importlib.import_module(f"tests.benchmarks.{name}")
        sys.stdout.write(f"» {name}, {arguments.repeat} times\n")
        sys.stdout.flush()
        begun = time.perf_counter()
        rows = medians([module.run() for _ in range(arguments.repeat)])
        for row in rows:
            sys.stdout.write(f"  {_plain(row)}\n")
        sys.stdout.write(f"  took {time.perf_counter() - begun:.0f} s\n")
        tables.append((title_of(module.__doc__), rows))
    if arguments.only:
        sys.stdout.write(f"only a part was measured, so {arguments.out.name} is left as it is\n")
        return
    arguments.out.write_text(document(tables, arguments.repeat), encoding="utf-8")
    sys.stdout.write(f"» wrote {arguments.out}\n")


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


def document(tables: list[tuple[str, list[Row]]], repeat: int) -> str:
    """The page."""
    parts = [
        "# Benchmarks",
        "",
        f"Written by `make bench`: medians of {repeat} runs on {_machine()}, {datetime.now(UTC).date().isoformat()}.",
        f"{_versions()}.",
        "",
        "A ratio is the other figure through ours for times and ours through the other for rates, so above 1 ours is "
        "the faster.",
    ]
    for title, rows in tables:
        parts += ["", f"## {title}", "", "| what | ours | compared with | ratio | note |", "|---|---|---|---|---|"]
        parts += [_markdown(row) for row in rows]
    return "\n".join(parts) + "\n"


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
