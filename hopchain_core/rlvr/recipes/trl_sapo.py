"""GRPO with SAPO in TRL on a set exported with ``--format trl``, scored by our reward and nothing else.

``accelerate launch -m hopchain_core.rlvr.recipes.trl_sapo EXPORT --model MODEL --out RUN``. `train-smoke` runs the same
`load` and `settings` with a tiny model. Tried with TRL 1.16.0, transformers 5.23.0, torch 2.13.0, datasets 5.2.0.

TRL cannot leave out groups that are all right or all wrong (its docs/source/paper_index.md, "Dynamic Sampling"), so a set
for it should be calibrated before: `hopchain export --need-difficulty`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TEMPERATURE_POSITIVE = 1.0
TEMPERATURE_NEGATIVE = 1.05
"""Of the gate where the advantage is above zero and elsewhere; source: SAPO (arXiv 2511.20347), and TRL's defaults."""


def load(export: Path, split: str = "train", cache: Path | None = None) -> Any:
    """The rows of a split, pictures decoded as they are asked for.

    Args:
        export: Folder of an export for TRL.
        split: ``train`` or ``validation``.
        cache: Where `datasets` keeps what it makes of them; its usual place if not given.

    Raises:
        FileNotFoundError: The folder holds no rows of that split.
    """
    import datasets

    files = sorted(str(path) for path in (*export.glob(f"{split}.jsonl"), *export.glob(f"{split}-*-of-*.jsonl")))
    if not files:
        raise FileNotFoundError(f"{export} holds no rows for {split}")
    rows = datasets.load_dataset(
        "json", data_files=files, split="train", cache_dir=None if cache is None else str(cache)
    )
    return rows.cast_column("images", datasets.List(datasets.Image()))


def settings(out: Path, **changes: Any) -> Any:
    """A `GRPOConfig` with SAPO. Batch, length and rate are a choice; the paper does not tell its own.

    Args:
        out: Where the run is kept.
        **changes: Of any field.
    """
    from trl import GRPOConfig

    chosen: dict[str, Any] = {
        "output_dir": str(out),
        "loss_type": "sapo",
        "sapo_temperature_pos": TEMPERATURE_POSITIVE,
        "sapo_temperature_neg": TEMPERATURE_NEGATIVE,
        "scale_rewards": "group",
        "beta": 0.0,
        "num_generations": 8,
        # The gate only matters once the policy has moved on from the one that made the replies.
        "num_iterations": 2,
        "per_device_train_batch_size": 8,
        "gradient_accumulation_steps": 8,
        "max_completion_length": 8192,
        "temperature": 1.0,
        "learning_rate": 1e-6,
        # bf16 and checkpointing of activations are on by TRL's own choice.
        "logging_steps": 1,
        "save_steps": 50,
        "log_unique_prompts": True,
        "report_to": "none",
    }
    return GRPOConfig(**{**chosen, **changes})


def train(arguments: argparse.Namespace) -> None:
    """Trains as the command line says."""
    from trl import GRPOTrainer

    from hopchain_core.rlvr.trl import hopchain_reward

    changes: dict[str, Any] = (
        {"max_steps": arguments.steps} if arguments.steps else {"num_train_epochs": arguments.epochs}
    )
    if arguments.vllm:
        changes |= {"use_vllm": True, "vllm_mode": "colocate", "vllm_gpu_memory_utilization": 0.3}
    trainer = GRPOTrainer(
        model=arguments.model,
        args=settings(arguments.out, **changes),
        train_dataset=load(arguments.export),
        reward_funcs=[hopchain_reward],
    )
    trainer.train(resume_from_checkpoint=True if arguments.resume else None)
    trainer.save_model(str(arguments.out / "final"))


def main(words: Sequence[str] | None = None) -> None:
    """Entry point.

    Args:
        words: Of the command line; those of the process when None.
    """
    parser = argparse.ArgumentParser(description="GRPO with SAPO on a set of `hopchain export --format trl`.")
    parser.add_argument("export", type=Path, help="folder of the export")
    parser.add_argument("--model", required=True, help="such as Qwen/Qwen3-VL-8B-Instruct, or a folder")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--steps", type=int, default=0, help="in place of epochs")
    parser.add_argument("--vllm", action="store_true", help="sample with vLLM on the same cards")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    train(parser.parse_args(words))


if __name__ == "__main__":
    main()
