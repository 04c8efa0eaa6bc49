"""The reward beside math-verify: verdicts over hard replies, and time for one reply.

math-verify runs in a process of its own, because some replies freeze it: name the Python of an environment that has it
in MATH_VERIFY_PYTHON (math-verify 0.9.0 with antlr4-python3-runtime 4.13.2 was tried). Without it only ours is measured.
``python -m tests.benchmarks.bench_reward`` prints the table of docs/reward.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

from hopchain_core.rlvr.reward import score

LIMIT_S = 8.0
"""For one reply; then math-verify's process is ended."""
CASES: tuple[tuple[str, str, bool], ...] = (
    (r"<answer>\boxed{12}</answer>", "12", True),
    (r"so \boxed{12}", "12", True),
    ("<answer>12</answer>", "12", True),
    ("The answer is 12.", "12", True),
    (r"\boxed{13} then \boxed{12}", "12", True),
    ("<answer>13</answer> I first thought 12", "12", False),
    ("<answer>12</answer> Total 5 steps.", "5", False),
    ("12 or 13", "13", False),
    ("<answer>12 or 13</answer>", "13", False),
    (r"\boxed{75\%}", "0.75", False),
    ("75%", "75", False),
    ("12:30", "12", False),
    ("\N{MINUS SIGN}3", "-3", True),
    ("1,234", "1234", True),
    (r"\boxed{1{,}234}", "1234", True),
    (r"\boxed{1e3}", "1000", True),
    ("\N{VULGAR FRACTION ONE HALF}", "0.5", True),
    (r"\boxed{\frac{3}{4}}", "0.75", True),
    ("3/4", "0.75", True),
    ("1/3", "0.333333", False),
    ("twelve", "12", True),
    ("\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}", "12", True),
    ("\N{ARABIC-INDIC DIGIT THREE}", "3", True),
    ("12.0", "12", True),
    ("12.0000001", "12", False),
    ("+12", "12", True),
    ("", "12", False),
    ("NaN", "12", False),
    ("1" * 10_000, "1" * 10_000, True),
    (r"\boxed{9^{9^{9^{9}}}}", "12", False),
    ("12 " * 20_000, "12", False),
)
"""Reply, label, and whether it is right."""
_PEER = """
import json, sys, time
from importlib.metadata import version
from math_verify import parse, verify
verify(parse("1"), parse("\\boxed{1}"))
print(json.dumps(version("math-verify")), flush=True)
for line in sys.stdin:
    reply, label = json.loads(line)
    begun = time.perf_counter()
    try:
        said = bool(verify(parse(label), parse(reply)))
    except Exception:
        said = False
    print(json.dumps([said, time.perf_counter() - begun]), flush=True)
"""


def ours() -> list[tuple[bool, float]]:
    """Verdict and seconds of each case."""
    found = []
    for reply, label, _ in CASES:
        begun = time.perf_counter()
        said = score(reply, label) == 1.0
        found.append((said, time.perf_counter() - begun))
    return found


def peer(python: str) -> tuple[str, list[tuple[bool | None, float]]]:
    """math-verify's version, and verdict and seconds of each case; None where it did not end in time."""
    version, found = "", []
    for reply, label, _ in CASES:
        process = subprocess.Popen(
            [python, "-c", _PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdin is not None
        assert process.stdout is not None
        version = json.loads(process.stdout.readline())
        try:
            out, _ = process.communicate(json.dumps([reply, label]) + "\n", timeout=LIMIT_S)
            found.append(tuple(json.loads(out)))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            found.append((None, LIMIT_S))
    return version, found


def run() -> list[dict[str, Any]]:
    """Rows for docs/benchmarks.md."""
    python = os.environ.get("MATH_VERIFY_PYTHON", "")
    version, other = peer(python) if python else ("", [])
    mine = ours()
    middle = len(CASES) // 2
    name = f"math-verify {version}" if version else "math-verify, not given"
    right = sum(said == wanted for (said, _), (_, _, wanted) in zip(mine, CASES, strict=True))
    right_other = sum(said == wanted for (said, _), (_, _, wanted) in zip(other, CASES, strict=False))
    return [
        {
            "name": f"right verdicts of {len(CASES)}",
            "ours": float(right),
            "other_name": name,
            "other": float(right_other) if other else None,
            "unit": "replies",
            "note": "hard replies, see docs/reward.md",
        },
        {
            "name": "one reply, median",
            "ours": 1e6 * sorted(s for _, s in mine)[middle],
            "other_name": name,
            "other": 1e6 * sorted(s for _, s in other)[middle] if other else None,
            "unit": "µs",
            "note": "each in a warm process",
        },
    ]


def table() -> str:
    """The table of docs/reward.md."""
    python = os.environ.get("MATH_VERIFY_PYTHON", "")
    version, other = peer(python) if python else ("", [(None, 0.0)] * len(CASES))
    lines = [f"| reply | label | should be | ours | math-verify {version} |", "|---|---|---|---|---|"]
    for (reply, label, wanted), (mine, _), (theirs, _) in zip(CASES, ours(), other, strict=True):
        said = "no verdict in 8 s" if theirs is None else _word(theirs, wanted)
        lines.append(f"| {_cell(reply)} | {_cell(label)} | {_word(wanted, wanted)} | {_word(mine, wanted)} | {said} |")
    return "\n".join(lines)


def _word(said: bool, wanted: bool) -> str:
    word = "right" if said else "wrong"
    return word if said == wanted else f"**{word}**"


def _cell(text: str) -> str:
    if not text:
        return "(empty)"
    return f"`{text}`" if len(text) < 60 else f"`{text[:12]}…` ({len(text):,} characters)"


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
