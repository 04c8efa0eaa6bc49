"""The reward for ROLL: ``rewards.hopchain.worker_cls=hopchain_core.rlvr.recipes.roll.HopChainRewardWorker``.

ROLL hands a row to the worker of the domain that its tag belongs to, and our rows have the tag ``hopchain``, so the
domain needs ``tag_included: [hopchain]`` and a share in ``domain_interleave_probs``; rows of other domains are left out.
Source of the interface: ROLL's own ``geo3k_reward_worker.py`` and ``math_rule_reward_worker.py``; ``docs/formats.md``
says which versions.
"""

from __future__ import annotations

from typing import Any

import torch  # noqa: TID253 - it is imported by the trainer alone
from roll.configs.worker_config import WorkerConfig
from roll.distributed.executor.worker import Worker
from roll.distributed.scheduler.decorator import Dispatch, register
from roll.distributed.scheduler.protocol import DataProto
from roll.models.model_providers import default_tokenizer_provider

from hopchain_core.rlvr.completions import label_text
from hopchain_core.rlvr.reward import score


class HopChainRewardWorker(Worker):  # type: ignore[misc]
    """1.0 for the right number and 0.0 for anything else, once for each reply."""

    def __init__(self, worker_config: WorkerConfig) -> None:
        super().__init__(worker_config=worker_config)
        self.rank_info.dp_rank = self.rank_info.rank
        self.rank_info.dp_size = self.rank_info.world_size
        self.tokenizer = default_tokenizer_provider(model_args=worker_config.model_args)

    @register(dispatch_mode=Dispatch.ONE_TO_ALL)  # type: ignore[untyped-decorator]
    def initialize(self, pipeline_config: Any) -> None:
        """There is no model to load."""
        super().initialize(pipeline_config)

    @register(dispatch_mode=Dispatch.DP_MP_COMPUTE, clear_cache=False)  # type: ignore[untyped-decorator]
    def compute_rewards(self, data: DataProto) -> DataProto:
        """Scores every reply of a batch.

        Args:
            data: ``responses`` of shape (replies, tokens) and ``ground_truth``, a label for each.

        Raises:
            ValueError: A label is not one number.
        """
        tokens = data.batch["responses"]
        replies = self.tokenizer.batch_decode(tokens, skip_special_tokens=True)
        labels = data.non_tensor_batch["ground_truth"]
        verdicts = [score(reply, label_text(label)) for reply, label in zip(replies, labels, strict=True)]
        scores = torch.tensor(verdicts, dtype=torch.float32)
        return DataProto.from_dict(
            tensors={
                "scores": scores,
                "response_level_rewards": scores.clone(),
                "token_level_rewards": torch.zeros_like(tokens, dtype=torch.float32),
            }
        )
