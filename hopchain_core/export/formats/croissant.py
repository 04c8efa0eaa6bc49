"""Croissant metadata as plain JSON-LD. Source: https://docs.mlcommons.org/croissant/docs/croissant-spec.html, 1.0."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hopchain_core.export.formats.facts import Facts, Told

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "samplingRate": "cr:samplingRate",
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TEXTS = ("id", "question", "prompt", "answer", "answer_type", "agreement", "variant", "licence", "record")


def croissant(facts: Facts, folder: Path, files: Mapping[str, list[Path]], told: Told | None = None) -> str:
    """The text of croissant.json.

    Args:
        facts: Counted over the records.
        folder: The export's.
        files: Parquet by split.
        told: What is said of the project; None leaves it out.
    """
    paths = [path for named in files.values() for path in named]
    fields = [_field(name, "sc:Text") for name in _TEXTS]
    fields += [_field("hops", "sc:Integer"), _field("bucket", "sc:Integer"), _field("pass_rate", "sc:Float")]
    data = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "hopchain",
        "description": f"{facts.records} multi-hop questions over {len(facts.pictures)} pictures, each with one number "
        "as its answer.",
        "version": "1.0.0",
        "citeAs": "HopChain, arXiv 2603.17024",
        "license": sorted(facts.by["licence"]),
        "rai:dataCollection": "Objects of pictures are marked, chains of steps are written over them, rules check them.",
        "rai:dataAnnotationProtocol": "The column agreement says whether people agreed on an answer or it was computed.",
        "rai:dataLimitation": list(told.notices) if told is not None else [],
        "distribution": [*(_file_object(path, folder) for path in paths), _file_set()],
        "recordSet": [
            {"@type": "cr:RecordSet", "@id": "questions", "name": "questions", "field": fields},
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _file_object(path: Path, folder: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    name = path.relative_to(folder).as_posix()
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": path.name,
        "contentUrl": name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": digest,
    }


def _file_set() -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": "parquet",
        "name": "parquet",
        "encodingFormat": "application/x-parquet",
        "includes": "data/*.parquet",
    }


def _field(name: str, kind: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"questions/{name}",
        "name": name,
        "dataType": kind,
        "source": {"fileSet": {"@id": "parquet"}, "extract": {"column": name}},
    }
