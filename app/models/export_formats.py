"""What each format is for, what lies in its folder, and how its rows name pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hopchain_core.exporting import EMBEDDED, Format


@dataclass(frozen=True, slots=True)
class FormatWords:
    """How a format is shown.

    Attributes:
        name: As its makers write it.
        purpose: Who reads it, and what they have to set.
    """

    name: str
    purpose: str


FORMATS: Mapping[Format, FormatWords] = {
    Format.NATIVE: FormatWords("Records alone", "Everything that is known of each question. Any program can read it."),
    Format.VERL: FormatWords(
        "verl", "For verl. The label is reward_model.ground_truth; the reward is rlvr/verl.py, compute_score."
    ),
    Format.TRL: FormatWords(
        "TRL", "For GRPOTrainer of TRL. The label is solution; the reward is rlvr.trl.hopchain_reward."
    ),
    Format.EASYR1: FormatWords(
        "EasyR1", "For EasyR1. The label is answer; the reward is rlvr/easyr1.py. Set data.format_prompt to null."
    ),
    Format.OPENRLHF: FormatWords(
        "OpenRLHF", "For OpenRLHF. The label is answer; the reward is rlvr/openrlhf.py, given as remote_url."
    ),
    Format.MS_SWIFT: FormatWords(
        "ms-swift", "For ms-swift. The label is solution; the reward is rlvr/ms_swift.py, a plugin named hopchain."
    ),
    Format.ROLL: FormatWords(
        "ROLL", "For ROLL. The label is reward_model.ground_truth; the reward worker is in rlvr.recipes.roll."
    ),
    Format.SKYRL: FormatWords("SkyRL", "For SkyRL. The label is reward_spec.ground_truth; an environment calls score."),
    Format.VERIFIERS: FormatWords("verifiers", "For verifiers. The label is answer; the reward is rlvr.verifiers."),
    Format.NEMO_RL: FormatWords(
        "NeMo-RL", "For NeMo-RL. The label is answer; data set and environment are in rlvr.recipes.nemo_rl."
    ),
    Format.HF: FormatWords(
        "Hugging Face", "Parquet for load_dataset and the hubs, with a card and Croissant metadata."
    ),
}


def files_of(form: Format) -> tuple[tuple[str, str], ...]:
    """What will lie in the folder: names, and what each holds."""
    always = (
        ("records.jsonl", "each question whole"),
        ("images/", "each picture once"),
        ("manifest.json", "terms, counts and hashes"),
    )
    if form is Format.NATIVE:
        return always
    if form is Format.HF:
        return (
            ("data/*.parquet", "rows with their pictures"),
            ("README.md", "the data set card"),
            ("croissant.json", "metadata"),
            *always,
        )
    return (("train.jsonl", "rows to train on"), ("validation.jsonl", "rows held back"), *always)


def paths_text(form: Format, *, is_relative: bool) -> str:
    """How the rows name pictures, and what follows for the folder."""
    if form is Format.NATIVE:
        return ""
    if form in EMBEDDED:
        return "Rows hold the pictures themselves, so the folder can be moved."
    if not is_relative:
        return "Rows name pictures by absolute paths: export again rather than move the folder."
    setting = "data.image_dir" if form is Format.EASYR1 else "ROOT_IMAGE_DIR"
    return f"The folder can be moved. Set {setting} to it where you train."
