"""What is shown of an export: its rows load, its prompts and pictures reach a model, the reward scores, weights move."""

from __future__ import annotations

import importlib.metadata
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hopchain_core.rlvr.completions import completion_text
from hopchain_core.rlvr.recipes.trl_sapo import load, settings
from hopchain_core.rlvr.smoke import tiny
from hopchain_core.rlvr.smoke.labels import SelfCheck, check_labels
from hopchain_core.rlvr.trl import hopchain_reward

PROMPTS = 2
REPLIES = 4
"""To each prompt: the fewest that make a group with some spread. Chosen."""
REPLY_TOKENS = 24
STEPS = 2
PACKAGES = ("torch", "transformers", "trl", "datasets", "accelerate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoke:
    """What was seen.

    Attributes:
        records: Rows that the loader gave.
        prompts: Rows whose prompt and pictures went through the processor.
        pictures: Opened for them.
        prompt_tokens: Of the longest prompt, pictures included.
        reward_calls: How often the trainer called the reward.
        completions: Replies of the model that it scored.
        right: Of those, how many are right; a model of random weights gives none.
        losses: Of each step.
        gradients: Their norms.
        parameters: Tensors of weights in the model.
        changed: Of those, how many the steps changed.
        changed_in_vision: Of these, how many are in the part that sees.
        self_check: Of the reward.
        versions: Of the packages.
        seconds: From the first row to the last step.
    """

    records: int
    prompts: int
    pictures: int
    prompt_tokens: int
    reward_calls: int
    completions: int
    right: int
    losses: tuple[float, ...]
    gradients: tuple[float, ...]
    parameters: int
    changed: int
    changed_in_vision: int
    self_check: SelfCheck
    versions: dict[str, str]
    seconds: float

    @property
    def problems(self) -> tuple[str, ...]:
        """What speaks against training on this export; empty when nothing does."""
        found = [f"The reward is wrong on {mistake}." for mistake in self.self_check.mistakes]
        if len(self.losses) < STEPS or not all(math.isfinite(loss) for loss in self.losses):
            found.append(f"The losses are {list(self.losses)}; {STEPS} finite ones were to come.")
        if not self.completions:
            found.append("The trainer never called the reward.")
        if not self.changed or not self.changed_in_vision:
            found.append("The steps changed no weights, or none in the part that sees.")
        return tuple(found)


def smoke(export: Path, work: Path, tell: Callable[[str], None], *, most: int = 200, seed: int = 0) -> Smoke:
    """Loads an export as TRL does and takes two SAPO steps on it with a tiny model, on the processor.

    Args:
        export: Folder of an export for TRL.
        work: Folder for what is left over.
        tell: Told each step in a sentence.
        most: Rows whose prompts and pictures are looked at; all labels are.
        seed: Of weights and replies.

    Raises:
        FileNotFoundError: There are no rows, or a picture is gone.
        ValueError: A prompt and its pictures do not fit together.
    """
    begun = time.monotonic()
    rows = load(export, cache=work / "cache")
    tell(f"loaded {len(rows)} records")
    checked = check_labels(list(rows["solution"]))
    tell(f"scored {checked.replies} made-up replies to {checked.labels} records: {len(checked.mistakes)} mistakes")
    processor = tiny.processor()
    looked = rows.select(range(min(most, len(rows))))
    pictures, longest = _prompts(looked, processor)
    tell(f"put {len(looked)} prompts with {pictures} pictures through the processor")
    model = tiny.model(seed)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    counted = _Counted()
    history = _train(model, processor, rows, counted, work, seed)
    moved = [name for name, weight in model.named_parameters() if not bool((before[name] == weight.detach()).all())]
    tell(f"took {STEPS} steps: {len(moved)} of {len(before)} tensors of weights changed")
    return Smoke(
        records=len(rows),
        prompts=len(looked),
        pictures=pictures,
        prompt_tokens=longest,
        reward_calls=counted.calls,
        completions=counted.replies,
        right=counted.right,
        losses=tuple(line["loss"] for line in history if "loss" in line),
        gradients=tuple(line["grad_norm"] for line in history if "grad_norm" in line),
        parameters=len(before),
        changed=len(moved),
        changed_in_vision=sum(".visual." in f".{name}" for name in moved),
        self_check=checked,
        versions={name: importlib.metadata.version(name) for name in PACKAGES},
        seconds=time.monotonic() - begun,
    )


class _Counted:
    """Our reward, with a count of what it was asked."""

    __name__ = "hopchain_reward"

    def __init__(self) -> None:
        self.calls = 0
        self.replies = 0
        self.right = 0

    def __call__(self, **columns: Any) -> list[float]:
        scores = hopchain_reward(**columns)
        self.calls += 1
        self.replies += len(scores)
        self.right += sum(score == 1.0 for score in scores)
        return scores


def _spread(completions: Sequence[Any], **columns: Any) -> list[float]:
    """The share of letters and digits in a reply.

    All replies of a model of random weights are wrong, so that our reward alone gives no gradient. This one stands in
    for it here, and nowhere else.
    """
    texts = [completion_text(completion) for completion in completions]
    return [sum(sign.isalnum() for sign in text) / max(1, len(text)) for text in texts]


def _prompts(rows: Any, processor: Any) -> tuple[int, int]:
    """Pictures seen, and tokens of the longest prompt."""
    from trl.data_utils import prepare_multimodal_messages

    pictures = longest = 0
    for row in rows:
        messages = prepare_multimodal_messages(row["prompt"], images=row["images"])
        made = processor.apply_chat_template(
            messages, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
        )
        seen = len(made["image_grid_thw"])
        tokens = made["input_ids"][0]
        places = int((tokens == processor.image_token_id).sum())
        owed = int(made["image_grid_thw"].prod(dim=1).sum()) // processor.image_processor.merge_size**2
        if seen != len(row["images"]) or places != owed:
            raise ValueError(f"record {row['id']}: {len(row['images'])} pictures, of which {seen} reach the model")
        pictures, longest = pictures + seen, max(longest, len(tokens))
    return pictures, longest


def _train(model: Any, processor: Any, rows: Any, reward: _Counted, work: Path, seed: int) -> list[dict[str, Any]]:
    from trl import GRPOTrainer

    batch = PROMPTS * REPLIES
    trainer = GRPOTrainer(
        model=model,
        processing_class=processor,
        train_dataset=rows,
        reward_funcs=[reward, _spread],
        args=settings(
            work / "run",
            per_device_train_batch_size=batch,
            gradient_accumulation_steps=1,
            num_generations=REPLIES,
            max_completion_length=REPLY_TOKENS,
            max_steps=STEPS,
            learning_rate=1e-3,
            use_cpu=True,
            bf16=False,
            dataloader_pin_memory=False,
            save_strategy="no",
            disable_tqdm=True,
            log_unique_prompts=False,
            seed=seed,
        ),
    )
    trainer.train()
    return list(trainer.state.log_history)
