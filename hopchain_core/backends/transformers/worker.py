"""The process that a model runs in: ``python -m hopchain_core.backends.transformers.worker``."""

from __future__ import annotations

import base64
import functools
from typing import TYPE_CHECKING, Any

from hopchain_core.backends.engines.loading import loaded
from hopchain_core.backends.engines.serving import serve
from hopchain_core.errors import BackendError

if TYPE_CHECKING:
    from hopchain_core.backends.transformers.model import Vlm


@functools.lru_cache(maxsize=1)
def _model(source: str, device: str, dtype: str) -> Vlm:
    def kind() -> type[Vlm]:
        from hopchain_core.backends.transformers.model import Vlm

        return Vlm

    hint = "Name a folder with a vision-language model in safetensors, or one on the hub."
    return loaded("The model", kind, source, device, dtype, engine="transformers", hint=hint)


def _chat(call: dict[str, Any]) -> dict[str, Any]:
    model = _model(*call["model"])
    messages = [{"role": m["role"], "content": [_decoded(part) for part in m["content"]]} for m in call["messages"]]
    how = {name: call[name] for name in ("n", "max_tokens", "temperature", "top_p", "seed", "schema")}
    try:
        made, prompt_tokens = model.chat(messages, **how)
    except ValueError as error:
        said = str(error)
        kind = "too_long" if "context length" in said else "schema_refused" if "grammar" in said else "refused_request"
        raise BackendError(said, kind=kind) from error
    return {
        "choices": [{"text": c.text, "tokens": c.tokens, "is_whole": c.is_whole} for c in made],
        "prompt_tokens": prompt_tokens,
    }


def _load(call: dict[str, Any]) -> dict[str, Any]:
    model = _model(*call["model"])
    return {"device": str(model.device), "context_tokens": model.context_tokens, "keeps_schema": model.keeps_schema}


def _decoded(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "image": base64.b64decode(part["image"])} if part["type"] == "image" else part


if __name__ == "__main__":
    serve({"chat": _chat, "load": _load})
