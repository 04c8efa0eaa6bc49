"""The row of each trainer, as its loader reads it; `docs/formats.md` says from which source.

Labels are texts everywhere: `datasets` makes numbers of numerals in a column of mixed kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hopchain_core.export.formats.names import Format
from hopchain_core.export.formats.row import SOURCE, Row

Shaped = dict[str, Any]


def shape(row: Row, form: Format) -> Shaped:
    """The row as the trainer reads it, plain JSON.

    Raises:
        KeyError: The format has no rows of JSON.
        OSError: A picture to embed cannot be read.
    """
    return _SHAPES[form](row)


def _user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def _names(row: Row) -> list[str]:
    return [p.named for p in row.pictures]


def _standing(row: Row) -> Shaped:
    """What keeps sets and buckets apart, for loaders that have no place of their own for such things."""
    return {"variant": row.variant, "bucket": row.bucket}


def _verl(row: Row) -> Shaped:
    return {
        "data_source": SOURCE,
        "prompt": [_user(row.tagged_prompt)],
        # 0.7.1 to 0.8 read no bare path; every later version reads this as well.
        "images": [{"image": name} for name in _names(row)],
        "ability": "multihop",
        "reward_model": {"style": "rule", "ground_truth": row.answer},
        "extra_info": row.extra,
    }


def _trl(row: Row) -> Shaped:
    return {
        "prompt": [_user(row.prompt)],
        "images": _names(row),
        "solution": row.answer,
        "id": row.id,
        "hops": len(row.record["hops"]),
        **_standing(row),
    }


def _easyr1(row: Row) -> Shaped:
    return {"problem": row.tagged_prompt, "images": _names(row), "answer": row.answer, "id": row.id, **_standing(row)}


def _openrlhf(row: Row) -> Shaped:
    return {
        "prompt": [_user(row.tagged_prompt)],
        "images": _names(row),
        "answer": row.answer,
        "datasource": SOURCE,
        "id": row.id,
        **_standing(row),
    }


def _ms_swift(row: Row) -> Shaped:
    return {
        "messages": [_user(row.tagged_prompt)],
        "images": _names(row),
        "solution": row.answer,
        "id": row.id,
        **_standing(row),
    }


def _roll(row: Row) -> Shaped:
    return {
        "data_source": SOURCE,
        "prompt": [_user(row.tagged_prompt)],
        "images": _names(row),
        "ability": "math",
        "reward_model": {"style": "rule", "ground_truth": row.answer, "accuracy_ratio": 1.0, "format_ratio": 0.0},
        "extra_info": row.extra,
    }


def _url_blocks(row: Row) -> list[Shaped]:
    pictures: list[Shaped] = [{"type": "image_url", "image_url": {"url": p.data_uri()}} for p in row.pictures]
    return [*pictures, {"type": "text", "text": row.prompt}]


def _skyrl(row: Row) -> Shaped:
    return {
        "prompt": [_user(_url_blocks(row))],
        "env_class": SOURCE,
        "reward_spec": {"method": "rule", "ground_truth": row.answer},
        "extra_info": row.extra,
    }


def _verifiers(row: Row) -> Shaped:
    return {"prompt": [_user(_url_blocks(row))], "answer": row.answer, "info": row.extra}


def _nemo_rl(row: Row) -> Shaped:
    # Flat: a column of messages holds blocks and texts, of which `datasets` 5 makes JSON and of the label a number.
    return {"images": _names(row), "question": row.prompt, "answer": row.answer, "id": row.id, **_standing(row)}


_SHAPES: dict[Format, Callable[[Row], Shaped]] = {
    Format.VERL: _verl,
    Format.TRL: _trl,
    Format.EASYR1: _easyr1,
    Format.OPENRLHF: _openrlhf,
    Format.MS_SWIFT: _ms_swift,
    Format.ROLL: _roll,
    Format.SKYRL: _skyrl,
    Format.VERIFIERS: _verifiers,
    Format.NEMO_RL: _nemo_rl,
}
