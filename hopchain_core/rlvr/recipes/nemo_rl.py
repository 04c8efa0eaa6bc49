"""Rows and reward for NeMo-RL, whose own script is started through this file.

``python -m hopchain_core.rlvr.recipes.nemo_rl examples/run_vlm_grpo.py --config …`` with `HopChainDataset` as
``dataset_name``. That script knows one environment for pictures, and that one only rewards of its own by their names;
`install` puts ours in its place, which has to happen before the environments are made. Source of the interfaces:
``docs/formats.md`` says which versions.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import ray  # noqa: TID253 - it is imported by the trainer alone
import torch  # noqa: TID253 - it is imported by the trainer alone
from datasets import load_dataset
from nemo_rl.data.datasets.raw_dataset import RawDataset
from nemo_rl.distributed.ray_actor_environment_registry import ACTOR_ENVIRONMENT_REGISTRY
from nemo_rl.environments.interfaces import EnvironmentInterface, EnvironmentReturn
from nemo_rl.environments.utils import ENV_REGISTRY

from hopchain_core.rlvr.completions import completion_text, label_text
from hopchain_core.rlvr.reward import score

MODULE = "hopchain_core.rlvr.recipes.nemo_rl"
STOCK = "nemo_rl.environments.vlm_environment.VLMEnvironment"
TASK = "mmpr-tiny"
"""The name by which NeMo-RL's processor for pictures tells how to read a row; ours have the columns of that set."""


class HopChainDataset(RawDataset):  # type: ignore[misc]
    """The rows of a file exported with ``--format nemo-rl``."""

    is_multimodal = True

    def __init__(self, data_path: str, **kwargs: Any) -> None:
        """Reads the rows.

        Args:
            data_path: ``train.jsonl`` or ``validation.jsonl`` of an export.
            **kwargs: The rest of the settings of a data set, for NeMo-RL's own use.

        Raises:
            ValueError: A row has not one picture; NeMo-RL shows the first alone.
        """
        self.task_name = TASK
        rows = load_dataset("json", data_files=data_path, split="train").select_columns(
            ["images", "question", "answer"]
        )
        if any(len(images) != 1 for images in rows["images"]):
            raise ValueError(f"{data_path}: a row has not one picture, and NeMo-RL shows the first alone")
        self.dataset = rows.add_column("task_name", [TASK] * len(rows))
        self.val_dataset = None


@ray.remote(max_restarts=-1, max_task_retries=-1)
class HopChainEnvironment(EnvironmentInterface):  # type: ignore[misc]
    """One turn: 1.0 for the right number and 0.0 for anything else."""

    def __init__(self, cfg: Mapping[str, Any]) -> None:
        self.cfg = cfg

    def step(
        self, message_log_batch: Sequence[Sequence[Mapping[str, Any]]], metadata: Sequence[Mapping[str, Any]], *_: Any
    ) -> EnvironmentReturn:
        """Scores the replies of a batch.

        Args:
            message_log_batch: Of each conversation its messages.
            metadata: Of each conversation what belongs to its row; ``ground_truth`` is the label.

        Raises:
            ValueError: A label is not one number.
        """
        verdicts = [
            score(
                "".join(completion_text(message) for message in log if message["role"] == "assistant"),
                label_text(about["ground_truth"]),
            )
            for log, about in zip(message_log_batch, metadata, strict=True)
        ]
        rewards = torch.tensor(verdicts)
        said = ["Environment: correct" if verdict else "Environment: incorrect" for verdict in verdicts]
        return EnvironmentReturn(
            observations=[{"role": "environment", "content": text} for text in said],
            metadata=metadata,
            next_stop_strings=[None] * len(verdicts),
            rewards=rewards,
            terminateds=torch.ones_like(rewards),
            answers=None,
        )

    def global_post_process_and_metrics(self, batch: Any) -> tuple[Any, dict[str, float]]:
        """Takes the reward of replies that were cut off, and sums up."""
        batch["rewards"] = batch["rewards"] * batch["is_end"]
        return batch, {
            "accuracy": batch["rewards"].float().mean().item(),
            "fraction_of_samples_properly_ended": batch["is_end"].float().mean().item(),
        }


def install() -> None:
    """Makes `HopChainEnvironment` the environment for pictures, in the Python that the stock one has."""
    name = f"{MODULE}.HopChainEnvironment"
    ACTOR_ENVIRONMENT_REGISTRY[name] = ACTOR_ENVIRONMENT_REGISTRY[STOCK]
    ENV_REGISTRY["vlm"] = {"actor_class_fqn": name}


if __name__ == "__main__":
    install()
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
