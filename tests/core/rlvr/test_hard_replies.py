"""Replies as models give them, each with the verdict of a person: the number it means, or none where it is in doubt."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hopchain_core.rlvr.reward import Answer, read_answer, score

LINES = Path(__file__).with_name("hard_replies.jsonl").read_text(encoding="utf-8").splitlines()
REPLIES = [(line["reply"], line["number"]) for line in map(json.loads, LINES)]
_DIGITS = re.compile(r"[0-9]+")


@pytest.mark.parametrize(("reply", "number"), REPLIES)
def test_that_a_hard_reply_is_read_as_a_person_reads_it(reply: str, number: str | None) -> None:
    read = read_answer(reply)
    assert (read.text if isinstance(read, Answer) else None) == number
    # No other number in it earns anything.
    for other in {*_DIGITS.findall(reply), "0", "12", "13", "7", "8"}:
        assert score(reply, other) == (1.0 if number is not None and Answer.of(other) == Answer.of(number) else 0.0)
