"""The data set card: README.md with the head that hubs read and what a reader should know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from hopchain_core.export.formats.facts import Facts
from hopchain_core.rlvr.asked import ASKED_FORM

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_SAYS = {
    "people": "people solved it alone and agreed",
    "by_construction": "computed from annotations; no person has answered it",
    "adjudicated": "people did not agree; one person decided",
}


def card(facts: Facts, folder: Path, files: Mapping[str, list[Path]]) -> str:
    """The text of README.md.

    Args:
        facts: Counted over the records.
        folder: The export's.
        files: Parquet by split.
    """
    return "\n".join([*_head(facts, folder, files), *_body(facts)]) + "\n"


def _head(facts: Facts, folder: Path, files: Mapping[str, list[Path]]) -> Iterable[str]:
    size = next((name for most, name in _SIZES if facts.records < most), "1M<n<10M")
    yield from ("---", "license: other", "task_categories:", "- visual-question-answering", "language:", "- en")
    yield from ("tags:", "- rlvr", "- multi-hop", "- hopchain", "- croissant", "size_categories:", f"- {size}")
    yield from ("configs:", "- config_name: default", "  data_files:")
    for split, named in files.items():
        if named:
            yield f"  - split: {split}"
            yield f"    path: {named[0].parent.relative_to(folder).as_posix()}/{split}-*.parquet"
    yield from ("---", "")


def _body(facts: Facts) -> Iterable[str]:
    yield from ("# Multi-hop questions over pictures", "")
    yield f"{facts.records} questions over {len(facts.pictures)} pictures, each a chain of steps with one number as its answer."
    yield f"A prompt asks for `{ASKED_FORM}`; a reply is right when its final number equals the answer exactly."
    yield from ("", "## Counts", "", *_table("split", facts.by["split"]), "", *_table("steps", facts.by["steps"]))
    yield from ("", *_table("composer", facts.by["composer"]), "", "## Funnel", "")
    yield "`manifest.json` says how many chains each rule left out, and names every one of them with its reason."
    yield from ("", "## Agreement", "", "| where the answer comes from | records | meaning |", "|---|---|---|")
    for kind, n in sorted(facts.by["agreement"].items()):
        yield f"| {kind} | {n} | {_SAYS.get(kind, '')} |"
    yield from ("", *_table("people counted", {str(k): n for k, n in sorted(facts.n_people.items())}))
    yield from ("", "## Difficulty", "")
    if facts.pass_rates:
        rates = {
            f"{t / 10:.1f}" + ("" if t == 10 else f"–{(t + 1) / 10:.1f}"): n
            for t, n in sorted(facts.pass_rates.items())
        }
        yield from (*_table("pass rate of a weaker model", rates), "", *_table("model", facts.models), "")
    if facts.simulated:
        yield f"The rates of {facts.simulated} records are simulated: no model was asked, and they say nothing about any."
    if facts.without_rate:
        yield f"{facts.without_rate} records have no pass rate."
    yield from ("", "## Licences", "", *_table("licence of the picture, as its source states it", facts.by["licence"]))
    yield from ("", "The licence of each picture is in the column `licence`; there is none for the set as a whole.")
    yield from ("", "## Method", "")
    yield "After HopChain (arXiv 2603.17024): objects are found in a picture, chains are written over a few of them so that no"
    yield "step can be skipped, rules look for what makes such data bad, people answer alone, and what a weaker model always"
    yield "solves is dropped. Near-duplicates of a picture never part between train and validation."
    yield from (
        "",
        "## Columns",
        "",
        "`record` is the whole record as JSON (schema `hopchain/1`): steps, objects, history.",
    )


def _table(name: str, counts: Mapping[str, int]) -> Iterable[str]:
    yield from (f"| {name} | records |", "|---|---|")
    for key, n in sorted(counts.items(), key=lambda item: (item[0].rjust(40), item[1])):
        yield f"| {key.replace('|', '/')} | {n} |"
