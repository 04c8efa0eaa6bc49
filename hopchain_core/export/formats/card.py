"""The data set card: README.md with the head that hubs read and what a reader should know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from hopchain_core.export.formats.facts import Facts, Told
from hopchain_core.rlvr.asked import ASKED_FORM

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_SAYS = {
    "people": "people solved it alone and agreed",
    "by_construction": "computed from annotations; no person has answered it",
    "adjudicated": "people did not agree; one person decided",
}

_LIMITS = (
    "A question can be ambiguous to somebody although all who answered it agreed.",
    "Pass rates belong to the model and settings named; another model finds other questions hard.",
    "Pictures that look alike are kept on one side of the split as far as a 64-bit difference hash sees it: cropped and "
    "mirrored copies are not found.",
    "Pictures of benchmarks are left out only where a list of them was given.",
    "Questions are in English, and answers are numbers.",
)
_CITATION = (
    "@article{hopchain2026,",
    "  title = {HopChain},",
    "  journal = {arXiv preprint arXiv:2603.17024},",
    "  year = {2026}",
    "}",
)


def card(facts: Facts, folder: Path, files: Mapping[str, list[Path]], told: Told | None = None) -> str:
    """The text of README.md.

    Args:
        facts: Counted over the records.
        folder: The export's.
        files: Parquet by split.
        told: What is said of the project; None leaves it out.
    """
    return "\n".join([*_head(facts, folder, files), *_body(facts, told)]) + "\n"


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


def _body(facts: Facts, told: Told | None) -> Iterable[str]:
    yield from ("# Multi-hop questions over pictures", "")
    yield f"{facts.records} questions over {len(facts.pictures)} pictures, each a chain of steps with one number as its answer."
    yield f"A prompt asks for `{ASKED_FORM}`; a reply is right when its final number equals the answer exactly."
    yield from ("", "## Counts", "", *_table("split", facts.by["split"]), "", *_table("steps", facts.by["steps"]))
    yield from ("", *_table("composer", facts.by["composer"]), "", "## Funnel", "")
    if told is not None:
        yield from (*_funnel(facts, told), "")
    yield "`manifest.json` says how many chains each rule left out, and names every one of them with its reason."
    yield from ("", "## Agreement", "", "| where the answer comes from | records | meaning |", "|---|---|---|")
    for kind, n in sorted(facts.by["agreement"].items()):
        yield f"| {kind} | {n} | {_SAYS.get(kind, '')} |"
    yield from ("", *_table("people counted", {str(k): n for k, n in sorted(facts.n_people.items())}))
    if told is not None:
        yield from ("", *_agreement(told))
    yield from ("", "## Difficulty", "")
    rule = ((told.policy if told is not None else None) or {}).get("drop")
    if rule:
        yield from ("What was dropped for it: " + ", ".join(f"{k} {v}" for k, v in sorted(rule.items())) + ".", "")
    if facts.pass_rates:
        rates = {
            ("1.0 (always)" if t == 10 else f"{t / 10:.1f}–{(t + 1) / 10:.1f}"): n
            for t, n in sorted(facts.pass_rates.items())
        }
        yield from (*_table("pass rate of a weaker model", rates), "", *_table("model", facts.models), "")
    if facts.simulated:
        yield f"The rates of {facts.simulated} records are simulated: no model was asked, and they say nothing about any."
    if facts.without_rate:
        yield f"{facts.without_rate} records have no pass rate."
    yield from ("", "## Licences", "", *_table("licence of the picture, as its source states it", facts.by["licence"]))
    if told is not None and told.sources:
        yield from ("", "| pictures from | licence | pictures |", "|---|---|---|")
        for source in told.sources:
            yield f"| {_cell(source['source'] or 'not said')} | {_cell(source['licence'] or 'unknown')} | {source['pictures']} |"
    yield from ("", "The licence of each picture is in the column `licence`; there is none for the set as a whole.")
    yield from ("", "## Method", "")
    yield "After HopChain (arXiv 2603.17024): objects are found in a picture, chains are written over a few of them so that no"
    yield "step can be skipped, rules look for what makes such data bad, people answer alone, and what a weaker model always"
    yield "solves is dropped. Near-duplicates of a picture never part between train and validation."
    yield from ("", "## Known limits", "")
    for limit in (*_LIMITS, *(told.notices if told is not None else ())):
        yield f"- {limit}"
    yield from ("", "## Citation", "", "```bibtex", *_CITATION, "```")
    yield from (
        "",
        "## Columns",
        "",
        "`record` is the whole record as JSON (schema `hopchain/1`): steps, objects, history.",
    )


def _funnel(facts: Facts, told: Told) -> Iterable[str]:
    yield from ("| left | after |", "|---|---|")
    yield f"| {told.images} | pictures taken in |"
    yield f"| {told.instances} | objects seen in them |"
    drafts = sum(told.drafts_refused.values())
    kept = told.funnel[0][0]
    if drafts:
        reasons = ", ".join(f"{_cell(reason)} {n}" for reason, n in told.drafts_refused.items())
        yield f"| {kept + drafts} | questions drafted (not kept by the composer: {reasons}) |"
    for left, said in told.funnel:
        yield f"| {left} | {said} |"
    yield f"| {facts.records} | records, over {len(facts.pictures)} pictures |"


def _agreement(told: Told) -> Iterable[str]:
    found = told.agreement
    if found is None or found.get("alpha") is None:
        yield "Krippendorff's alpha: not defined; too few people have answered the same questions."
        return
    interval = found.get("interval")
    between = "" if interval is None else f", 95 % interval {interval[0]:.3f} to {interval[1]:.3f}"
    yield f"Krippendorff's alpha (nominal) over the whole project, before anything was left out: {found['alpha']:.3f}{between},"
    yield f"from {found['answers']} answers to {found['questions']} questions."


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


def _table(name: str, counts: Mapping[str, int]) -> Iterable[str]:
    yield from (f"| {name} | records |", "|---|---|")
    for key, n in sorted(counts.items(), key=lambda item: (item[0].rjust(40), item[1])):
        yield f"| {key.replace('|', '/')} | {n} |"
