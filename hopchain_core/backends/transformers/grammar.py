"""Holds what a model in transformers says to a JSON schema, token by token. Imported in the worker's process only.

By llguidance (MIT, no packages of its own), which vLLM uses, too, and which keeps bounds of numbers and lengths.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from transformers import LogitsProcessor

_THINKING, _THOUGHT = "<think>", "</think>"
_TAIL_TOKENS = 8
"""Of the prompt; a template that makes the model think ends with the tag and a line's end."""


class Grammars:
    """Makes what holds continuations to a schema.

    Args:
        tokenizer: The model's, a fast one.
        ends: Tokens that end a continuation.
        width: How many tokens the model gives a score.
    """

    def __init__(self, tokenizer: Any, ends: Collection[int], width: int) -> None:
        import llguidance.hf

        self._words = tokenizer
        self._width = width
        self._ends = sorted(ends)
        self._tokens = llguidance.hf.from_tokenizer(tokenizer, n_vocab=width, eos_token=self._ends or None)
        number = tokenizer.convert_tokens_to_ids(_THOUGHT)
        self._thought = number if number not in (None, tokenizer.unk_token_id) else None

    def held(self, schema: dict[str, Any], rows: int, prompt: Sequence[int]) -> Held:
        """What holds so many continuations of a prompt to a schema; for one call of `generate`.

        Raises:
            ValueError: No grammar is known for the schema.
        """
        from llguidance import LLMatcher

        grammar = _grammar(json.dumps(schema))
        matchers = [LLMatcher(self._tokens, grammar, log_level=0) for _ in range(rows)]
        if matchers[0].is_error():
            raise ValueError(f"no grammar for the schema: {matchers[0].get_error()}")
        thinks = self._words.decode(prompt[-_TAIL_TOKENS:]).rstrip().endswith(_THINKING)
        return Held(matchers, len(prompt), self._width, self._ends, self._thought if thinks else None)


class Held(LogitsProcessor):  # type: ignore[misc]
    """Takes every token from each row that its grammar does not allow next.

    Args:
        matchers: Of each row.
        length: Of the prompt.
        width: How many tokens there are.
        ends: Tokens that end a continuation.
        thought: A row is bound only once it has said this token; None to bind it from the first.
    """

    def __init__(
        self, matchers: Sequence[Any], length: int, width: int, ends: Sequence[int], thought: int | None
    ) -> None:
        self._matchers = matchers
        self._read = length
        self._thought = thought
        self._thinks = [thought is not None] * len(matchers)
        self._bits = np.zeros((len(matchers), (width + 31) // 32), np.int32)
        self._end = np.zeros_like(self._bits[0])
        for token in ends:
            self._end[token // 32] |= np.int32(1 << token % 32 if token % 32 < 31 else -(2**31))
        self._ends = frozenset(ends)
        self._has_ended = [False] * len(matchers)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """See `transformers.LogitsProcessor`."""
        new = input_ids[:, self._read :].tolist()
        self._read = input_ids.shape[1]
        for row, matcher in enumerate(self._matchers):
            for token in new[row]:
                if self._thinks[row]:
                    self._thinks[row] = token != self._thought
                elif token in self._ends:
                    self._has_ended[row] = True
                elif not matcher.is_stopped():
                    matcher.consume_token(token)
            self._allow(row, matcher)
        bits = torch.from_numpy(self._bits)[:, :, None] >> torch.arange(32, dtype=torch.int32)
        is_allowed = (bits & 1).bool().flatten(1)[:, : scores.shape[1]].to(scores.device)
        return scores.masked_fill(~is_allowed, float("-inf"))

    def _allow(self, row: int, matcher: Any) -> None:
        from llguidance.numpy import fill_next_token_bitmask

        if self._thinks[row] or self._has_ended[row]:
            # What has ended is padded by `generate`, and needs something to be padded with.
            self._bits[row] = -1
        elif matcher.is_stopped():
            self._bits[row] = self._end if self._ends else -1
        else:
            fill_next_token_bitmask(matcher, self._bits, row)


@lru_cache(maxsize=16)
def _grammar(schema: str) -> str:
    from llguidance import LLMatcher

    # Without room for blanks a model cannot lose itself in them.
    grammar: str = LLMatcher.grammar_from_json_schema(schema, overrides={"whitespace_flexible": False})
    return grammar


def grammars_of(tokenizer: Any, ends: Collection[int], width: int) -> Grammars | None:
    """Grammars for a model; None where llguidance is not installed, or its tokenizer is none that it can read."""
    try:
        return Grammars(tokenizer, ends, width)
    except (ModuleNotFoundError, ValueError):
        return None
