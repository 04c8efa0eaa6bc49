"""How a question is put to a model: the text of a prompt and the form of the answer that the reward reads first."""

from __future__ import annotations

ASKED_FORM = r"<answer>\boxed{N}</answer>"
INSTRUCTION = (
    f"Think step by step. Give the final answer as one number in the form {ASKED_FORM}, where N is the number alone: "
    "no unit, no other text."
)
"""What a prompt says after the question. `<answer>` around `\\boxed` is the one form of six tried that eight of nine
stock checkers read (math-verify, TRL, ms-swift, verl's and EasyR1's among them), so that a run without our reward
still trains."""


def prompt_text(question: str) -> str:
    """The question and what is asked of the reply."""
    return f"{question}\n\n{INSTRUCTION}"


def reply_in(query: str, prompt: str) -> str:
    """The reply within a text of prompt and reply, as OpenRLHF hands it over.

    A processor may have changed the prompt on the way (picture tokens); then the reply begins after the instruction.
    """
    if query.startswith(prompt):
        return query[len(prompt) :]
    _before, found, after = query.rpartition(INSTRUCTION)
    return after if found else query
