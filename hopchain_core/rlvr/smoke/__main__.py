"""``python -m hopchain_core.rlvr.smoke EXPORT WORK``, in TRL's environment: says on its output how it goes, as JSON."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import traceback
from dataclasses import asdict
from pathlib import Path

from hopchain_core.rlvr.smoke import MARK
from hopchain_core.rlvr.smoke.run import smoke


def main() -> int:
    """Gives 0 when all of it was done, whatever was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("export", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    out = sys.stdout

    def say(**line: object) -> None:
        out.write(f"{MARK}{json.dumps(line)}\n")
        out.flush()

    with contextlib.redirect_stdout(sys.stderr):
        try:
            seen = smoke(given.export, given.work, lambda text: say(did=text), most=given.most, seed=given.seed)
        except Exception as error:
            traceback.print_exc()
            say(failed=f"{type(error).__name__}: {error}")
            return 1
    say(seen=asdict(seen), problems=seen.problems)
    return 0


if __name__ == "__main__":
    sys.exit(main())
