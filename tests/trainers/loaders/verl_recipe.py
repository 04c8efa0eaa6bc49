"""Has verl and hydra read our configuration as they do at a start, and load the reward it names."""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import torch
from hydra import compose, initialize_config_dir
from verl.trainer.ppo.core_algos import get_policy_loss_fn
from verl.trainer.ppo.reward import get_custom_reward_fn
from verl.utils.config import omega_conf_to_dataclass

import hopchain_core.rlvr.recipes as recipes

folder = Path(next(iter(recipes.__path__))) / "verl"
file = sys.argv[1]
with initialize_config_dir(config_dir=str(folder), version_base=None):
    files = [f"data.train_files={file}", f"data.val_files={file}", "actor_rollout_ref.model.path=none"]
    config = compose(config_name="hopchain_sapo", overrides=files)
actor = omega_conf_to_dataclass(config.actor_rollout_ref.actor)
algorithm = omega_conf_to_dataclass(config.algorithm)
reward = get_custom_reward_fn(config)
assert reward is not None

# One reply with an advantage and one with its opposite, of three and two tokens, some way from the policy before.
old = torch.zeros(2, 3)
new = torch.tensor([[0.3, -0.2, 0.1], [0.2, 0.4, 0.0]])
advantages = torch.tensor([[1.0, 1.0, 1.0], [-1.0, -1.0, -1.0]])
mask = torch.tensor([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
# As its trainer fills it in before a step.
actor.global_batch_info.update({"dp_size": 1, "batch_num_tokens": 5, "global_batch_size": 2, "loss_scale_factor": None})
loss, _ = get_policy_loss_fn(actor.policy_loss.loss_mode)(
    old_log_prob=old, log_prob=new, advantages=advantages, response_mask=mask,
    loss_agg_mode=actor.loss_agg_mode, config=actor,
)  # fmt: skip
print(
    "rows: "
    + json.dumps(
        {
            "version": version("verl"),
            "loss_mode": actor.policy_loss.loss_mode,
            "temperatures": [actor.tau_pos, actor.tau_neg],
            "filter": [algorithm.filter_groups.enable, algorithm.filter_groups.metric],
            "scores": [reward("hopchain", rf"<answer>\boxed{{{n}}}</answer>", "12", {}) for n in (12, 13)],
            "loss": float(loss),
        }
    )
)
