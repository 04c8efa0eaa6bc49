"""Runs the recipe's command line up to the trainer, which here only says what it was given."""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import trl

from hopchain_core.rlvr.recipes import trl_sapo

given = {}


class Trainer:
    def __init__(self, **arguments):
        given.update(arguments)

    def train(self, **arguments):
        given["train"] = arguments

    def save_model(self, folder):
        given["saved"] = folder


trl.GRPOTrainer = Trainer
# TRL computes in bfloat16 by its own choice, which it refuses without a card.
settings_on_a_card = trl_sapo.settings
trl_sapo.settings = lambda out, **changes: settings_on_a_card(out, use_cpu=True, bf16=False, **changes)
file = Path(sys.argv[1])
out = file.parent / "run"
trl_sapo.main([str(file.parent), "--model", "some-model", "--out", str(out), "--steps", "3", "--vllm"])
settings = given["args"]
[reward] = given["reward_funcs"]
right, wrong = (rf"<answer>\boxed{{{n}}}</answer>" for n in (12, 13))
print(
    "rows: "
    + json.dumps(
        {
            "version": version("trl"),
            "model": given["model"],
            "rows": len(given["train_dataset"]),
            "loss_type": settings.loss_type,
            "temperatures": [settings.sapo_temperature_pos, settings.sapo_temperature_neg],
            "steps": settings.max_steps,
            "vllm": [settings.use_vllm, settings.vllm_mode],
            "scores": reward(completions=[right, wrong], solution=["12", "12"]),
            "train": given["train"],
            "saved": given["saved"],
        }
    )
)
