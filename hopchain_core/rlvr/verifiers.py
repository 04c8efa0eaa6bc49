"""The reward for verifiers and prime-rl.

``vf.Rubric(funcs=[hopchain_reward])`` with the older API; in a `Taskset` of 0.4, ``@vf.reward`` over a coroutine that
calls `score_trace`. Source: verifiers 0.4.0 (docs/legacy for the rubric; read, not run in a trainer).
"""

from __future__ import annotations

from typing import Any

from hopchain_core.rlvr.completions import Completion, completion_text, label_text
from hopchain_core.rlvr.reward import score


def hopchain_reward(completion: Completion, answer: object, **kwargs: Any) -> float:
    """1.0 or 0.0.

    Args:
        completion: A text or messages.
        answer: The row's label.
        **kwargs: Prompt, state and the like, ignored.

    Raises:
        ValueError: The label is not one number.
    """
    return score(completion_text(completion), label_text(answer))


async def score_trace(trace: Any, answer: object) -> float:
    """1.0 or 0.0 for the last message of a trace, or for what it holds as ``completion``.

    Raises:
        TypeError: The trace holds neither messages nor a completion.
        ValueError: The label is not one number.
    """
    for name in ("completion", "messages"):
        held = getattr(trace, name, None)
        if held is not None:
            return hopchain_reward(held, answer)
    raise TypeError(f"{type(trace).__name__} holds neither a completion nor messages")
