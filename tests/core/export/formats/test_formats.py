"""Whole exports in each format, from a project on disk, checked against what each loader asks for."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.export.admission import Reason, Terms
from hopchain_core.export.exporter import ExportCancelledError, ExportSummary, export
from hopchain_core.export.formats import shapes, writer
from hopchain_core.export.formats.check import BadRowError
from hopchain_core.export.formats.names import EMBEDDED, TAKES_RELATIVE, Format
from hopchain_core.export.listed import Listed
from hopchain_core.export.manifest import ProjectFacts
from hopchain_core.export.preview import preview
from tests.core.export.conftest import Filled, filled

__all__ = ["filled"]

LINES = [f for f in Format if f not in (Format.NATIVE, Format.HF)]
STRING = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": STRING, "minItems": 1}
EXTRA = {"type": "object", "required": ["index", "split", "id"], "properties": {"index": {"type": "integer"}}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _messages(content: dict[str, Any]) -> dict[str, Any]:
    message = _object(role={"const": "user"}, content=content)
    return {"type": "array", "prefixItems": [message], "minItems": 1}


URI = {"type": "string", "pattern": "^data:image/(png|jpeg|webp);base64,"}
URL_BLOCKS = {"type": "array", "prefixItems": [_object(type={"const": "image_url"}, image_url=_object(url=URI))]}
TRUTH = _object(ground_truth=STRING)
SCHEMAS: dict[Format, dict[str, Any]] = {
    # verl/utils/dataset/rl_dataset.py; the dictionary of a path is read from 0.7.1 on
    Format.VERL: _object(
        data_source=STRING,
        prompt=_messages(STRING),
        images={"type": "array", "items": _object(image=STRING)},
        reward_model=_object(style={"const": "rule"}, ground_truth=STRING),
        extra_info=EXTRA,
    ),
    # trl/data_utils.py: prepare_multimodal_messages
    Format.TRL: _object(
        prompt=_messages({"type": "string", "not": {"pattern": "<image>"}}), images=TEXTS, solution=STRING
    ),
    # EasyR1 verl/utils/dataset.py (8700709): the prompt is parted at each tag, pictures are paths that Pillow opens; a
    # text in place of their list is taken apart into characters; a column `videos` is not looked at beside `images`
    Format.EASYR1: _object(problem=STRING, images=TEXTS, answer=STRING),
    # openrlhf/datasets/prompts_dataset.py
    Format.OPENRLHF: _object(prompt=_messages(STRING), images=TEXTS, answer=STRING, datasource=STRING),
    # swift/dataset/preprocessor/core.py; a column `prompt` would make the label an assistant's turn
    Format.MS_SWIFT: {
        **_object(messages=_messages(STRING), images=TEXTS, solution=STRING),
        "not": {"required": ["prompt"]},
    },
    # roll/datasets/vlm_dataset_utils.py (4b2678e): `data_source` becomes the tag by which reward workers are chosen, the
    # list of messages goes through the chat template, and then each tag is put for a picture
    Format.ROLL: _object(
        data_source=STRING,
        prompt=_messages(STRING),
        images=TEXTS,
        reward_model=_object(ground_truth=STRING, accuracy_ratio={"const": 1.0}, format_ratio={"const": 0.0}),
    ),
    # SkyRL docs/content/docs/tutorials/vision_language_rl.mdx
    Format.SKYRL: _object(prompt=_messages(URL_BLOCKS), env_class=STRING, reward_spec=TRUTH),
    # verifiers 0.4.0: messages of content parts, read by a task set
    Format.VERIFIERS: _object(prompt=_messages(URL_BLOCKS), answer=STRING, info=EXTRA),
    # nemo_rl/data/datasets/response_datasets/mmpr_tiny.py: the columns that its formatting function takes. A column
    # `task_name` is added by data set classes, which fails where there is one
    Format.NEMO_RL: {
        **_object(images=TEXTS, question={"type": "string", "not": {"pattern": "<image>"}}, answer=STRING),
        "not": {"anyOf": [{"required": ["messages"]}, {"required": ["task_name"]}]},
    },
}


def _export(filled: Filled, out: Path, form: Format, **more: Any) -> ExportSummary:
    facts = ProjectFacts(
        name="birds.hopchain", uuid="u", seed=0, policy=None, images=1, instances=6, drafts_refused={}, stages=()
    )
    terms = Terms(accept_by_construction=True, allow_simulated=True, format=form, **more)
    with filled.file.read() as read:
        return export(read, facts, filled.folder, out, terms)


def _lines(out: Path) -> list[dict[str, Any]]:
    found = sorted([*out.glob("train*.jsonl"), *out.glob("validation*.jsonl")])
    return [json.loads(line) for path in found for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("form", LINES)
def test_that_rows_have_the_shape_their_loader_reads(filled: Filled, tmp_path: Path, form: Format) -> None:
    filled.add_chain("How many birds stand apart?")
    out = tmp_path / "out"
    assert _export(filled, out, form).records == 2
    rows = _lines(out)
    assert len(rows) == 2
    for row in rows:
        jsonschema.validate(row, SCHEMAS[form])
        text = json.dumps(row)
        assert text.count("<image>") == (0 if form in EMBEDDED | {Format.TRL, Format.NEMO_RL} else 1)
        assert r"<answer>\\boxed{N}</answer>" in text
        assert '"22"' in text
        named = str(out / "images")
        assert (named in text) == (form not in EMBEDDED)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["terms"]["format"] == form.value
    for entry in manifest["files"]:
        assert hashlib.sha256((out / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
    assert {"records.jsonl"} < {f["path"] for f in manifest["files"]}
    assert _export(filled, out, form).records == 2  # its own files do not stand in the way


def test_that_a_data_uri_holds_the_bytes_of_the_picture(filled: Filled, tmp_path: Path) -> None:
    _export(filled, tmp_path / "out", Format.SKYRL)
    (row,) = _lines(tmp_path / "out")
    uri = row["prompt"][0]["content"][0]["image_url"]["url"]
    assert hashlib.sha256(base64.b64decode(uri.partition(",")[2])).hexdigest() == filled.image.key


def test_that_shards_say_how_many_they_are_and_hold_every_row(filled: Filled, tmp_path: Path) -> None:
    for n in range(4):
        filled.add_chain(f"Another question, number {n}?")
    _export(filled, tmp_path / "out", Format.VERL, shard_size=2)
    names = sorted(p.name for p in (tmp_path / "out").glob("*-of-*.jsonl"))
    assert [n.split("-", 1)[1] for n in names] == [f"0000{i}-of-00003.jsonl" for i in range(3)]
    assert [r["extra_info"]["index"] for r in _lines(tmp_path / "out")] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("form", LINES)
def test_that_relative_paths_are_only_for_those_that_find_them(filled: Filled, tmp_path: Path, form: Format) -> None:
    if form in TAKES_RELATIVE:
        _export(filled, tmp_path / "out", form, relative=True)
        assert str(tmp_path) not in json.dumps(_lines(tmp_path / "out"))
    else:
        with pytest.raises(InputError, match="folder it is started in"):
            _export(filled, tmp_path / "out", form, relative=True)
        assert not (tmp_path / "out").exists()


def _spoil(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    def spoiled(row: Any, form: Format) -> dict[str, Any]:
        shaped = shapes.shape(row, form)
        change(shaped)
        return shaped

    monkeypatch.setattr(writer, "shape", spoiled)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda r: r.update(problem="<image>" + r["problem"]), "2 tags and 1 pictures"),
        (lambda r: r.update(problem=r["problem"].replace("<image>", "")), "0 tags and 1 pictures"),
        (lambda r: r.update(answer=22), "not a canonical text"),
        (lambda r: r.update(answer="22.0"), "not a canonical text"),
        (lambda r: r.update(images=["/nowhere.png"]), "outside the export"),
        (lambda r: r.update(images=["images/none.png"]), "cannot be read"),
        (lambda r: r.update(problem=r["problem"] + "<|image_pad|>"), "replace by a picture"),
        (lambda r: r.pop("images"), "columns"),
        (lambda r: r.update(problem="<image>What?"), "prompt is not"),
    ],
)
def test_that_a_bad_row_fails_the_export(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Any, why: str
) -> None:
    _spoil(monkeypatch, change)
    with pytest.raises(BadRowError, match=why):
        _export(filled, tmp_path / "out", Format.EASYR1)
    assert [p.name for p in tmp_path.iterdir()] == ["project"]


def test_that_a_lost_row_fails_the_export(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.add_chain("How many birds stand apart?")
    lines = writer._lines
    monkeypatch.setattr(writer, "_lines", lambda paths: iter(list(lines(paths))[:-1]))
    with pytest.raises(BadRowError, match="missing"):
        _export(filled, tmp_path / "out", Format.TRL)


def test_that_an_export_can_be_cancelled_while_rows_are_written(filled: Filled, tmp_path: Path) -> None:
    asked: list[None] = []
    facts = ProjectFacts(name="b", uuid="u", seed=0, policy=None, images=1, instances=6, drafts_refused={}, stages=())
    terms = Terms(accept_by_construction=True, format=Format.TRL)

    def is_cancelled() -> bool:
        asked.append(None)
        return len(asked) > 1

    with filled.file.read() as read, pytest.raises(ExportCancelledError):
        export(read, facts, filled.folder, tmp_path / "out", terms, is_cancelled=is_cancelled)
    assert not (tmp_path / "out").exists()


def test_that_parquet_holds_the_pictures_with_a_card_and_croissant(filled: Filled, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    filled.add_chain("How many birds stand apart?")
    out = tmp_path / "out"
    _export(filled, out, Format.HF, shard_size=1)
    paths = sorted((out / "data").glob("*-of-00002.parquet"))
    assert len(paths) == 2
    table = parquet.read_table(paths[0])
    (row,) = table.to_pylist()
    assert hashlib.sha256(row["images"][0]["bytes"]).hexdigest() == filled.image.key
    assert (row["answer"], row["pass_rate"]) == ("22", None)
    assert json.loads(row["record"])["id"] == row["id"]
    assert b"Image" in table.schema.metadata[b"huggingface"]
    card = (out / "README.md").read_text(encoding="utf-8")
    for heading in ("Counts", "Funnel", "Agreement", "Difficulty", "Licences", "Method"):
        assert f"## {heading}\n" in card
    assert "| by_construction | 2 | computed from annotations; no person has answered it |" in card
    assert "2 records have no pass rate." in card
    metadata = json.loads((out / "croissant.json").read_text(encoding="utf-8"))
    jsonschema.validate(metadata, CROISSANT)
    columns = {f["source"]["extract"]["column"] for f in metadata["recordSet"][0]["field"]}
    assert columns == set(table.column_names) - {"images"}
    assert {d["@id"] for d in metadata["distribution"]} > {f"data/{p.name}" for p in paths}


# https://docs.mlcommons.org/croissant/docs/croissant-spec.html: what a data set, a file and a field must have
CROISSANT = _object(
    **{
        "@context": {"type": "object", "required": ["@vocab", "cr", "sc", "recordSet", "field", "source", "extract"]},
        "@type": {"const": "sc:Dataset"},
        "conformsTo": {"const": "http://mlcommons.org/croissant/1.0"},
        "name": STRING,
        "description": STRING,
        "license": {},
        "distribution": {
            "type": "array",
            "minItems": 2,
            "items": {
                "required": ["@type", "@id", "name", "encodingFormat"],
                "if": {"properties": {"@type": {"const": "cr:FileObject"}}},
                "then": {"required": ["contentUrl", "sha256"], "properties": {"sha256": {"pattern": "^[0-9a-f]{64}$"}}},
                "else": {"required": ["includes"]},
            },
        },
        "recordSet": {
            "type": "array",
            "items": {
                "required": ["@type", "@id", "field"],
                "properties": {"field": {"items": {"required": ["@type", "@id", "name", "dataType", "source"]}}},
            },
        },
    }
)


def test_that_a_missing_pyarrow_is_said(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(PrerequisiteError, match="pyarrow"):
        _export(filled, tmp_path / "out", Format.HF)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("bits", "is_listed"), [(0, True), (4, True), (5, False)])
def test_that_pictures_that_look_like_listed_ones_are_left_out(
    filled: Filled, tmp_path: Path, bits: int, is_listed: bool
) -> None:
    image = replace(filled.image, perceptual_hash="00ff00ff00ff00ff")
    listed = tmp_path / "benchmarks.txt"
    look = 0x00FF00FF00FF00FF ^ ((1 << bits) - 1)
    listed.write_text(f"# of a benchmark\n{look:016x}  picture.png\n", encoding="utf-8")
    why = Listed.read(listed).why(image)
    assert bool(why) == is_listed
    assert not is_listed or f"{bits} of 64 bits differ" in why


def test_that_a_listed_file_is_left_out_and_the_preview_says_so(filled: Filled, tmp_path: Path) -> None:
    listed = tmp_path / "benchmarks.txt"
    listed.write_text(f"{'0' * 64}\n{filled.image.key.upper()}\n", encoding="utf-8")
    with filled.file.read() as read:
        seen = preview(read, filled.folder, Terms(accept_by_construction=True, without=str(listed)))
    assert seen is not None
    assert seen.left_out == {Reason.LISTED_ELSEWHERE: 1}
    assert "the same file" in seen.rows[0].detail


def test_that_a_line_without_a_hash_is_refused(filled: Filled, tmp_path: Path) -> None:
    listed = tmp_path / "benchmarks.txt"
    listed.write_text("abc\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: 'abc' is no hash"):
        _export(filled, tmp_path / "out", Format.NATIVE, without=str(listed))
    with pytest.raises(InputError, match="cannot be read"):
        _export(filled, tmp_path / "out", Format.NATIVE, without=str(tmp_path / "none.txt"))
