"""A made-up author, categorizer and solver for the fake server: what it says follows from what it is asked."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

from tests.core.backends.vlm.fake_server import Body, words_of

ANSWER = "4"
_LISTED = re.compile(r"^([a-z]): [\w' -]+, box", re.MULTILINE)


def speak(body: Body, seed: int) -> str:
    """Whatever the prompt asks for."""
    words = words_of(body)
    if '"categories"' in words:
        return categories()
    if '"puzzles"' in words:
        return json.dumps({"puzzles": [puzzle(_LISTED.findall(words), place) for place in range(_wanted(words))]})
    return attempt(seed)


def categories() -> str:
    rows = [{"name": name, "count": 2, "countable": True} for name in ("cup", "book", "lamp")]
    return json.dumps({"categories": rows, "complexity": 6, "quality": "high"})


def attempt(seed: int) -> str:
    """Right for two seeds of three."""
    return f"I look and count. <answer>\\boxed{{{ANSWER if seed % 3 else 9}}}</answer>"


def puzzle(names: list[str], place: int) -> dict[str, Any]:
    """A chain over the objects that breaks no rule and has six hops at most; another one for each place."""
    names = names[:5]
    first = {
        "level": 1,
        "question": "Which thing stands farthest to the left?",
        "uses": [],
        "finds": [names[0]],
        "needs": [],
        "output": "the one at the very edge",
    }
    steps = [
        {
            "level": 2,
            "question": "Which of the things on its right is nearest to it?",
            "uses": [before],
            "finds": [name],
            "needs": [number],
            "output": "the one beside it",
        }
        for number, (before, name) in enumerate(itertools.pairwise(names), start=1)
    ]
    last = {
        "level": 1,
        "question": "How many corners has its outline?",
        "uses": [names[-1]],
        "finds": [],
        "value": ANSWER,
        "needs": [len(names)],
        "output": ANSWER,
    }
    way = (
        " Then take the thing on its right that is nearest to it, and go on so from thing to thing until the last one."
    )
    start = ("Find the thing", "Begin with the thing", "Look for the thing", "Start with the thing")[place % 4]
    question = f"{start} that stands farthest to the left.{way} How many corners has the outline of that last thing?"
    return {"question": question, "objects": names, "hops": [first, *steps, last], "answer": ANSWER}


def _wanted(words: str) -> int:
    return int(re.search(r"Write (\d+) puzzles", words)[1])  # type: ignore[index]
