"""SAM 3 over k categories of a picture, beside a whole pass for each category.

On the processor, with random weights and a vision encoder that costs most of a pass, as in the real model: what the
ratio shows is how much of a pass is shared. Runs in the environment that `make test-models` makes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-models" / "bin" / "python"


def run() -> list[dict[str, Any]]:
    """One row for each k; none, said aloud, where there is no torch."""
    if not PYTHON.exists():
        sys.stdout.write("  left out: there is no .venv-models; run make test-models first\n")
        return []
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [PYTHON, "-m", "tests.benchmarks.sam3_case"], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    return [
        {
            "name": f"{kinds} {'category' if kinds == 1 else 'categories'} of one picture",
            "ours": ours * 1000,
            "other_name": "a pass for each",
            "other": plain * 1000,
            "unit": "ms",
            "note": "336 x 336, 12 layers, random weights, 2 threads",
        }
        for kinds, ours, plain in json.loads(done.stdout)
    ]


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}: {row['ours']:.0f} ms against {row['other']:.0f} ms")
