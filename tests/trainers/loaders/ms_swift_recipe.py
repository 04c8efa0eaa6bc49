"""Has ms-swift load the reward as a plugin, and says which of the recipe's flags it knows."""

import dataclasses
import importlib.util
import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

import swift.rewards
from swift.arguments import RLHFArguments

import hopchain_core.rlvr.ms_swift as entry
import hopchain_core.rlvr.recipes as recipes

script = (Path(next(iter(recipes.__path__))) / "ms_swift" / "grpo_sapo.sh").read_text(encoding="utf-8")
flags = re.findall(r"^    --(\w+)", script, re.MULTILINE)
fields = {field.name for field in dataclasses.fields(RLHFArguments)}
# As swift's import_external_file does: by the file, under its name.
spec = importlib.util.spec_from_file_location("ms_swift", entry.__file__)
assert spec is not None
assert spec.loader is not None
module = importlib.util.module_from_spec(spec)
sys.modules["ms_swift"] = module
spec.loader.exec_module(module)
reward = swift.rewards.orms["hopchain"](None)
replies = [rf"<answer>\boxed{{{n}}}</answer>" for n in (12, 13)]
print(
    "rows: "
    + json.dumps(
        {
            "version": version("ms-swift"),
            "flags": flags,
            "unknown": sorted(set(flags) - fields),
            "scores": reward(replies, solution=["12", "12"]),
        }
    )
)
