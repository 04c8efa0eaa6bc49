"""Drafts of chains as plain JSON, as they are kept on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.models.chain_draft import Draft
from hopchain_core.domain.chains import chain_from_json, chain_to_json, hop_from_json, hop_to_json
from hopchain_core.domain.keys import InstanceKey


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """Plain JSON; `draft_from_json` reads it back."""
    return {
        "number": draft.number,
        "base": chain_to_json(draft.base),
        "question": draft.question,
        "answer": draft.answer_text,
        "instances": list(draft.instances),
        "hops": [hop_to_json(h) for h in draft.hops],
        "ids": list(draft.ids),
        "choices": {str(index): fits for index, fits in draft.choices.items()},
    }


def draft_from_json(data: Mapping[str, Any]) -> Draft:
    """Reads what `draft_to_json` wrote.

    Raises:
        ValueError: A field is missing or of the wrong kind.
    """
    try:
        hops = tuple(hop_from_json(h) for h in data["hops"])
        # Drafts were written without ids while hops could neither come nor go.
        ids = tuple(int(i) for i in data.get("ids", [h.index for h in hops]))
        if len(set(ids)) != len(hops) or len(ids) != len(hops):
            raise ValueError("not a draft: each hop has an id of its own")
        return Draft(
            number=int(data["number"]),
            base=chain_from_json(data["base"]),
            question=str(data["question"]),
            answer_text=str(data["answer"]),
            instances=tuple(InstanceKey(str(i)) for i in data["instances"]),
            hops=hops,
            ids=ids,
            choices={int(index): bool(fits) for index, fits in data["choices"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a draft: {error!r}") from error
