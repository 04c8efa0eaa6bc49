"""The reward for OpenRLHF: ``--reward.remote_url …/hopchain_core/rlvr/openrlhf.py``.

Source of the signature: OpenRLHF 0.11.2, examples/python/reward_func.py. A query is prompt and reply in one text, and
the prompt names the asked form, so it is cut off first.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from hopchain_core.rlvr.asked import reply_in
from hopchain_core.rlvr.completions import label_text
from hopchain_core.rlvr.reward import score


def reward_func(queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any], **kwargs: Any) -> dict[str, Any]:
    """``rewards`` and ``scores`` (for filtering groups) as tensors where torch is loaded, else as lists.

    Raises:
        ValueError: The three differ in length, or a label is not one number.
    """
    scores = [
        score(reply_in(query, prompt), label_text(label))
        for query, prompt, label in zip(queries, prompts, labels, strict=True)
    ]
    torch = sys.modules.get("torch")  # a trainer has loaded it; nobody else needs it
    values = scores if torch is None else torch.tensor(scores, dtype=torch.float32)
    return {"rewards": values, "scores": values, "extra_logs": {"accuracy": values}}
