"""A short report beside an export: what is in it, what was left out, and some chains to read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hopchain_core.export.contact_sheet import draw_contact_sheet
from hopchain_core.export.folder import whole_file
from hopchain_core.export.record import Record
from hopchain_core.export.target import MANIFEST

REPORT = "report.md"
CONTACT_SHEET = "contact_sheet.png"
CHAINS_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An export as it lies on the disk."""

    folder: Path
    records: tuple[Record, ...]
    manifest: dict[str, Any]


def read_export(folder: Path) -> Export:
    """Reads an export back, each record checked against the schema.

    Raises:
        OSError: There is none, or it cannot be read.
        ValueError: A line is no record.
    """
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    with (folder / "records.jsonl").open(encoding="utf-8") as stream:
        records = tuple(Record.model_validate_json(line) for line in stream)
    return Export(folder=folder, records=records, manifest=manifest)


def write_report(export: Export, target: Path, title: str) -> None:
    """Writes `report.md` and `contact_sheet.png` into a folder.

    Args:
        export: What is reported on.
        target: The folder; it lies above the export's.
        title: Of both.

    Raises:
        OSError: The folder cannot be written to.
    """
    sheet = draw_contact_sheet(export.folder, export.records, title)
    with whole_file(target / CONTACT_SHEET) as partial:
        sheet.save(partial, "PNG", optimize=False)
    with whole_file(target / REPORT) as partial:
        partial.write_text(report_text(export, target, title), encoding="utf-8")


def report_text(export: Export, target: Path, title: str) -> str:
    """The report's text, in Markdown."""
    counts = export.manifest["counts"]
    folder = export.folder.relative_to(target).as_posix()
    parts = [
        f"# {title}",
        "",
        f"{counts['records']} questions over {counts['images']} pictures, in [{folder}]({folder}/records.jsonl).",
        "",
        *(f"* {notice}" for notice in export.manifest["notices"]),
        "",
        f"![One question for each picture]({CONTACT_SHEET})",
        "",
        "## What was left out",
        "",
        *_left_out(export.manifest),
        "",
        "## What is in it",
        "",
        *_table("Answer", counts["by_answer"], most=12),
        "",
        *_table("Steps", counts["by_hops"]),
        "",
        *_table("Split", counts["by_split"]),
        "",
        "## Some chains",
        "",
    ]
    for record in _spread(export.records, CHAINS_SHOWN):
        parts += _chain(record, folder)
    return "\n".join(parts) + "\n"


def _left_out(manifest: dict[str, Any]) -> list[str]:
    lines = ["| chains left | after |", "|---|---|"]
    meaning = manifest["left_out_by_reason"]
    for step in manifest["funnel"]:
        after = step["after"]
        said = "composed" if after == "chains" else f"without {after}: {meaning[after]['means']}"
        lines.append(f"| {step['left']} | {said} |")
    drafts = manifest["drafts_refused"]
    if drafts:
        shown = ", ".join(f"{reason} {n}" for reason, n in drafts.items())
        lines += ["", f"Drafts the composer did not keep, by reason: {shown}."]
    return lines


def _table(name: str, counts: dict[str, int], most: int | None = None) -> list[str]:
    total = sum(counts.values())
    shown = sorted(counts.items(), key=lambda item: -item[1])[:most]
    lines = [f"| {name} | questions | share |", "|---|---|---|"]
    lines += [f"| {value} | {n} | {n / total:.0%} |" for value, n in shown]
    rest = len(counts) - len(shown)
    return [*lines, f"| {rest} others | {total - sum(n for _, n in shown)} | |"] if rest else lines


def _spread(records: Sequence[Record], n: int) -> list[Record]:
    step = max(1, len(records) // n)
    return list(records[::step][:n])


def _chain(record: Record, folder: str) -> list[str]:
    lines = [
        f"### {record.id}",
        "",
        f'<img src="{folder}/{record.images[0].file}" width="480">',
        "",
        f"> {record.question}",
        "",
        "| step | question | result |",
        "|---|---|---|",
    ]
    lines += [f"| {h.index} | {_cell(h.sub_question)} | {_cell(h.output)} |" for h in record.hops]
    return [*lines, "", f"Answer: **{record.answer}**", ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
